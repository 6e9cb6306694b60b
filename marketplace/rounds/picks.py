"""Reads for filling a round: what may be picked, what was picked, and what each opened bid's part in it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import joinedload

from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.evaluation.queries import is_judged
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundState
from marketplace.kernel.errors import NotFound
from marketplace.kernel.marks import mark_of
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds.models import Round, RoundBid, RoundFund, RoundOrder
from marketplace.talent.models import Team

PICKABLE = frozenset({OrderState.OPENED, OrderState.EVALUATING})
MOST_ADDABLE = 300


@dataclass(frozen=True, slots=True)
class BidInRound:
    """An opened bid and how it takes part (None = as any other)."""

    bid: Bid
    treatment: RoundBid | None


def pickable_orders(round_: Round, text: str = "") -> Select[Order]:
    """Orders with opened bids that the round may take in and has not, those opened first longest ago first."""
    taken = select(RoundOrder.order_id).where(RoundOrder.round_id == round_.id)
    query = _open(round_).where(Order.id.not_in(taken))
    if text:
        pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (Order.title, Order.title_en, Order.reference)
        query = query.where(or_(*(field.ilike(pattern, escape="\\") for field in fields)))
    return query.options(joinedload(Order.organisation), joinedload(Order.alliance)).order_by(Order.opened_at, Order.id)


def addable_orders(round_: Round, known: Collection[int]) -> Sequence[Order]:
    """Orders beyond the ``known`` ones that a scenario may try to add, whether the round has taken them in or not."""
    query = _open(round_).where(Order.id.not_in(known)).order_by(Order.opened_at, Order.id)
    return db.session.scalars(query.limit(MOST_ADDABLE)).all()


def _open(round_: Round) -> Select[Order]:
    sealed = select(Bid.order_id).where(Bid.state == BidState.TECHNICAL)  # their prices are opened first
    return select(Order).where(Order.state.in_(PICKABLE), Order.id.not_in(sealed), is_judged(), _within(round_))


def _within(round_: Round) -> ColumnElement[bool]:
    return true() if round_.alliance_id is None else Order.alliance_id == round_.alliance_id


def picked_orders(round_id: int) -> Sequence[RoundOrder]:
    return db.session.scalars(
        select(RoundOrder)
        .where(RoundOrder.round_id == round_id)
        .options(joinedload(RoundOrder.order).joinedload(Order.organisation))
        .order_by(RoundOrder.order_id)
    ).all()


def bid_counts(order_ids: Collection[int]) -> dict[int, int]:
    """How many opened bids each order has; once one of them won, how many it was chosen from."""
    rows = db.session.execute(
        select(Bid.order_id, func.count())
        .where(Bid.order_id.in_(order_ids), Bid.state.in_([BidState.OPENED, BidState.WON, BidState.LOST]))
        .group_by(Bid.order_id)
    )
    return {row[0]: row[1] for row in rows}


def bids_in(round_id: int) -> list[BidInRound]:
    """The opened bids of the round's orders, by order."""
    rows = db.session.execute(
        select(Bid, RoundBid)
        .join(RoundOrder, RoundOrder.order_id == Bid.order_id)
        .outerjoin(RoundBid, (RoundBid.bid_id == Bid.id) & (RoundBid.round_id == round_id))
        .where(RoundOrder.round_id == round_id, Bid.state == BidState.OPENED)
        .options(joinedload(Bid.order), joinedload(Bid.content), joinedload(Bid.team).joinedload(Team.organisation))
        .order_by(Bid.order_id, Bid.id)
    )
    return [BidInRound(bid, treatment) for bid, treatment in rows]


def get_bid(round_: Round, bid_id: int) -> BidInRound:
    """Raises NotFound for bids that do not take part in the round."""
    found = next((each for each in bids_in(round_.id) if each.bid.id == bid_id), None)
    if found is None:
        raise NotFound("bid")
    return found


def pickable_funds(round_: Round) -> Sequence[Fund]:
    """Open funds with money left that may pay for orders of this round."""
    query = select(Fund).where(Fund.state == FundState.OPEN, Fund.available > 0)
    if round_.alliance_id is not None:
        query = query.where(or_(Fund.alliance_id.is_(None), Fund.alliance_id == round_.alliance_id))
    return db.session.scalars(query.order_by(Fund.name, Fund.id)).all()


def funds_mark(ceilings: Mapping[int, int | None]) -> str:
    """Return a mark that changes with the funds of a round and their ceilings."""
    return mark_of(sorted(ceilings.items()))


def treatment_mark(part: RoundBid | None) -> str:
    """Return a mark that changes with how a bid takes part."""
    return mark_of((part.locked, part.forbidden, part.reason) if part else (False, False, ""))


def picked_funds(round_id: int) -> Sequence[RoundFund]:
    return db.session.scalars(
        select(RoundFund)
        .where(RoundFund.round_id == round_id)
        .options(joinedload(RoundFund.fund))
        .order_by(RoundFund.fund_id)
    ).all()
