"""Filling a round with orders, bids and funds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from marketplace.audit import service as audit
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.kernel.marks import require_read
from marketplace.orders import lifecycle
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import picks, policy, queries
from marketplace.rounds.models import Round, RoundBid, RoundFund, RoundOrder
from marketplace.rounds.terms import BidTreatment, FundPick
from marketplace.rounds.workflow import ROUND

MOST_ORDERS = 5_000


@use_case
def add_orders(call: Call, round_id: int, order_ids: Sequence[int]) -> int:
    """Take orders into the round; those whose bids were just opened come under evaluation. Returns how many were added.

    Orders that may not be picked (any more) are refused together, so that nobody thinks they are in.
    """
    row = _open(call, round_id)
    wanted = sorted(set(order_ids))
    if not wanted:
        raise Invalid("rounds.nothing_picked", field="orders")
    if not 0 < wanted[0] <= wanted[-1] <= queries.MAX_ID:
        raise NotFound("order")
    if len(wanted) > MOST_ORDERS:
        raise Invalid("rounds.too_many", {"most": MOST_ORDERS}, field="orders")
    query = picks.pickable_orders(row).where(Order.id.in_(wanted)).with_for_update(of=Order)
    orders = db.session.scalars(query).all()
    if len(orders) != len(wanted):
        raise Conflict("rounds.not_pickable", {"count": len(wanted) - len(orders)})
    for order in orders:
        db.session.add(RoundOrder(round_id=row.id, order_id=order.id))
        if order.state is OrderState.OPENED:
            lifecycle.move(call, order, "evaluate")
    audit.record(call, "rounds.add_orders", "round", row.id, {"orders": wanted})
    return len(orders)


@use_case
def drop_order(call: Call, round_id: int, order_id: int) -> None:
    """Take an order out of the round again; it stays under evaluation for another one."""
    row = _open(call, round_id)
    picked = _picked(row, order_id)
    bids = select(Bid.id).where(Bid.order_id == order_id)
    db.session.execute(delete(RoundBid).where(RoundBid.round_id == row.id, RoundBid.bid_id.in_(bids)))
    db.session.delete(picked)
    audit.record(call, "rounds.drop_order", "round", row.id, {"order": order_id})


@use_case
def require_match(call: Call, round_id: int, order_id: int, required: bool) -> None:
    """Say that an order must (or need not) be matched; a must that cannot be met makes the run say why."""
    row = _open(call, round_id)
    _picked(row, order_id).must_match = required
    audit.record(call, "rounds.require_match", "round", row.id, {"order": order_id, "required": required})


@use_case
def treat_bid(call: Call, round_id: int, terms: BidTreatment, seen: str = "") -> None:
    """Lock a bid into the answer, or keep it out with a reason that its bidder will read, or neither. ``seen``: as in
    ``edit_round``."""
    row = _open(call, round_id)
    bid = db.session.scalar(
        select(Bid)
        .join(RoundOrder, RoundOrder.order_id == Bid.order_id)
        .where(RoundOrder.round_id == row.id, Bid.id == queries.sound(terms.bid_id), Bid.state == BidState.OPENED)
    )
    if bid is None:
        raise NotFound("bid")
    if terms.locked and terms.forbidden:
        raise Invalid("rounds.lock_or_forbid")
    if terms.forbidden and not terms.reason.strip():
        raise Invalid("rounds.reason_needed", field="reason")
    treated = db.session.get(RoundBid, (row.id, bid.id))
    before = picks.treatment_mark(treated)
    if treated is None:
        treated = RoundBid(round_id=row.id, bid_id=bid.id)
        db.session.add(treated)
    treated.locked, treated.forbidden = terms.locked, terms.forbidden
    treated.reason = terms.reason.strip() if terms.forbidden else ""
    require_read(seen, before, picks.treatment_mark(treated))
    detail = {"bid": bid.id, "locked": terms.locked, "forbidden": terms.forbidden, "reason": treated.reason}
    audit.record(call, "rounds.treat_bid", "round", row.id, detail)


@use_case
def set_funds(call: Call, round_id: int, chosen: Sequence[FundPick], seen: str = "") -> None:
    """Say which funds the round may draw on, and up to what each. ``seen``: as in ``edit_round``."""
    row = _open(call, round_id)
    now = {picked.fund_id: picked for picked in picks.picked_funds(row.id)}
    may = {fund.id for fund in picks.pickable_funds(row)} | set(now)
    ceilings = {pick.fund_id: pick.ceiling for pick in chosen}
    if not set(ceilings) <= may:
        raise NotFound("fund")
    before = {fund_id: picked.ceiling for fund_id, picked in now.items()}
    require_read(seen, picks.funds_mark(before), picks.funds_mark(ceilings))
    for fund_id, picked in now.items():
        if fund_id not in ceilings:
            db.session.delete(picked)
    for fund_id, ceiling in ceilings.items():
        if fund_id in now:
            now[fund_id].ceiling = ceiling
        else:
            db.session.add(RoundFund(round_id=row.id, fund_id=fund_id, ceiling=ceiling))
    detail = {"funds": [[pick.fund_id, pick.ceiling] for pick in sorted(chosen, key=lambda p: p.fund_id)]}
    audit.record(call, "rounds.set_funds", "round", row.id, detail)


def _open(call: Call, round_id: int) -> Round:
    """The round, if the caller may fill it and it is still open."""
    row = queries.get_round(call, round_id)
    policy.may_run(call.actor, row.alliance_id).require()
    ROUND.require(row.state, "close")
    return row


def _picked(row: Round, order_id: int) -> RoundOrder:
    picked = db.session.get(RoundOrder, (row.id, order_id)) if 0 < order_id <= queries.MAX_ID else None
    if picked is None:
        raise NotFound("order")
    return picked
