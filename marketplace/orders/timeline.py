"""The life of one order as readers see it: what happened, what is now, what comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.orders import words
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts, asks_shortlist, rules_of
from marketplace.orders.workflow import OrderState
from marketplace.web.filters import moment
from marketplace.web.words import label

S = OrderState
_PATH = [S.DRAFT, S.SCREENING, S.PUBLISHED, S.BIDDING, S.OPENED, S.EVALUATING, S.PROPOSED, S.APPROVED]
_LATER = [S.STANDSTILL, S.CONTRACTING, S.IN_DELIVERY, S.COMPLETED]
_ENDS = frozenset({S.UNSUCCESSFUL, S.CANCELLED, S.TERMINATED})


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline; ``status`` is done, now or next."""

    title: str
    at: datetime | None = None
    detail: str = ""
    status: str = "next"


def timeline(order: Order) -> list[Moment]:
    """Return the moments of ``order``, the past first; an order that ended early shows where."""
    if order.state in _ENDS:
        return [*_past(order), Moment(label(order.state), order.changed_at, words.reason_text(order.reason), "now")]
    path = [*_path(order), *_LATER]
    here = path.index(S.SCREENING if order.state is S.NEEDS_WORK else order.state)
    if order.state is S.BIDDING and asks_shortlist(order):
        here = path.index(S.CONCEPTS) + 1
    return [
        Moment(
            title=_title(order, state, number) if number != here or state is S.BIDDING else label(order.state),
            at=_when(order, state) if number <= here else None,
            detail=_deadline(order) if state is S.BIDDING and _is_current(order, number) else "",
            status="done" if number < here else "now" if number == here else "next",
        )
        for number, state in enumerate(path)
    ]


def _path(order: Order) -> list[OrderState]:
    """In two stages bidding comes twice, with the choice of concepts between."""
    if not rules_of(order).concepts_first and order.state is not S.CONCEPTS:
        return _PATH
    place = _PATH.index(S.BIDDING)
    return [*_PATH[:place], S.BIDDING, S.CONCEPTS, *_PATH[place:]]


def _title(order: Order, state: OrderState, number: int) -> str:
    if state is not S.BIDDING or not rules_of(order).concepts_first:
        return label(state)
    first = number == _PATH.index(S.BIDDING)
    return str(_("Concepts") if first else _("Full bids of the shortlist"))


def _is_current(order: Order, number: int) -> bool:
    """Whether the order's deadline is that of this bidding: the first one's until its concepts were opened."""
    first = number == _PATH.index(S.BIDDING)
    return not rules_of(order).concepts_first or first == (asks_concepts(order) or order.state is S.CONCEPTS)


def _past(order: Order) -> Iterator[Moment]:
    for state in (S.DRAFT, S.PUBLISHED, S.CONCEPTS, S.OPENED, S.APPROVED):
        if at := _when(order, state):
            yield Moment(label(state), at, status="done")


def _when(order: Order, state: OrderState) -> datetime | None:
    return {
        S.DRAFT: order.created_at,
        S.PUBLISHED: order.published_at,
        S.CONCEPTS: order.concepts_at,
        S.OPENED: order.opened_at,
        S.APPROVED: order.approved_at,
    }.get(state)


def _deadline(order: Order) -> str:
    return _("Bids until %(day)s", day=moment(order.bid_deadline)) if order.bid_deadline else ""
