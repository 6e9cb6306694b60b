"""The public board: search, filters and order of the published orders a reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload, load_only

from marketplace.alliances.models import Alliance
from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.kernel.fields import Field
from marketplace.orders.models import Order
from marketplace.orders.queries import visible_to
from marketplace.orders.terms import BoardFilter
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation

S = OrderState
STAGES: Mapping[str, frozenset[OrderState]] = {
    "open": frozenset({S.PUBLISHED, S.BIDDING}),
    "selecting": frozenset({S.CONCEPTS, S.OPENED, S.EVALUATING, S.PROPOSED}),
    "awarded": frozenset({S.APPROVED, S.STANDSTILL, S.CONTRACTING, S.IN_DELIVERY, S.COMPLETED}),
    "ended": frozenset({S.UNSUCCESSFUL, S.CANCELLED, S.TERMINATED}),
}
"""Groups of states that readers look for."""


def is_open(order: Order) -> bool:
    """True in the states in which days left until the deadline mean something to readers."""
    return order.state in STAGES["open"]


_WAN = 1_000_000
PRICES: Mapping[str, tuple[int, int | None]] = {
    "0-20": (0, 20 * _WAN),
    "20-50": (20 * _WAN, 50 * _WAN),
    "50-100": (50 * _WAN, 100 * _WAN),
    "100-300": (100 * _WAN, 300 * _WAN),
    "300-": (300 * _WAN, None),
}
"""Bands of the price ceiling in fen, named in 万 yuan; the upper end belongs to the next band."""

SORTS = ("newest", "deadline", "ceiling")
MAX_WORDS = 5

_SHOWN = load_only(
    Order.reference,
    Order.title,
    Order.title_en,
    Order.field,
    Order.trl_now,
    Order.trl_wanted,
    Order.own_funds,
    Order.price_ceiling,
    Order.bidding_from,
    Order.bid_deadline,
    Order.contract_type,
    Order.state,
    Order.published_at,
)
"""What a card shows; the long texts are searched, but never loaded."""


def list_board(
    actor: Actor, wanted: BoardFilter, now: datetime, named: Mapping[str, frozenset[Field]] | None = None
) -> Select[Order]:
    """Return the published orders that ``actor`` may see and ``wanted`` describes.

    ``named`` maps a word of the search to the fields whose name holds it in the reader's language.
    """
    query = visible_to(actor).where(
        Order.published_at.is_not(None), *_limits(wanted), *_search(wanted.text, named or {})
    )
    return query.options(
        _SHOWN,
        joinedload(Order.organisation).load_only(Organisation.name, Organisation.name_en),
        joinedload(Order.alliance).load_only(Alliance.name, Alliance.name_en),
    ).order_by(*_order(wanted.sort, now), Order.id.desc())


def _limits(wanted: BoardFilter) -> list[ColumnElement[bool]]:
    limits: list[ColumnElement[bool]] = []
    if wanted.fields:
        limits.append(Order.field.in_(sorted(wanted.fields)))
    if wanted.alliance is not None:
        limits.append(Order.alliance_id == wanted.alliance)
    if wanted.stage in STAGES:
        limits.append(Order.state.in_(sorted(STAGES[wanted.stage])))
    if wanted.contract_type is not None:
        limits.append(Order.contract_type == wanted.contract_type)
    if wanted.price is not None:
        low, high = wanted.price
        limits.append(Order.price_ceiling >= low)
        if high is not None:
            limits.append(Order.price_ceiling < high)
    return limits


def words_of(text: str) -> list[str]:
    """Return the words of a search, at most MAX_WORDS: each must occur somewhere."""
    return text.split()[:MAX_WORDS]


def _search(text: str, named: Mapping[str, frozenset[Field]]) -> list[ColumnElement[bool]]:
    columns = (Order.title, Order.title_en, Order.problem, Order.reference)
    found: list[ColumnElement[bool]] = []
    for word in words_of(text):
        places: list[ColumnElement[bool]] = [column.icontains(word, autoescape=True) for column in columns]
        if fields := named.get(word):
            places.append(Order.field.in_(sorted(fields)))
        found.append(or_(*places))
    return found


def _order(sort: str, now: datetime) -> list[ColumnElement[Any]]:
    if sort == "deadline":
        open_now = and_(Order.bid_deadline > now, Order.state.in_(sorted(STAGES["open"])))
        # Those one can still answer come first, the nearest deadline on top; the others follow, the latest first.
        return [
            case((open_now, 0), else_=1).asc(),
            case((open_now, Order.bid_deadline), else_=None).asc(),
            Order.bid_deadline.desc(),
        ]
    if sort == "ceiling":
        return [func.coalesce(Order.price_ceiling, 0).desc()]
    return [Order.published_at.desc()]


def alliances_on_board() -> list[Alliance]:
    """Return the alliances for the filter; their names are public."""
    return list(db.session.scalars(select(Alliance).order_by(Alliance.id)))
