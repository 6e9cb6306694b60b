"""Where an order changes while bids may come in. These use cases live here because the orders room knows no bids."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.audit import service as audit
from marketplace.bids import openings, queries
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import policy as orders_policy
from marketplace.orders import queries as orders
from marketplace.orders.amending import deadline_after_change
from marketplace.orders.mail import tell
from marketplace.orders.models import Order, OrderAmendment
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import ORDER

ALIVE = frozenset({BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM})


@use_case
def amend_order(call: Call, order_id: int, terms: AmendTerms) -> Order:
    """The enterprise changes the public text while bids may come in.

    Every submitted bid must be confirmed again; close to the deadline it moves by the rule of ``orders.amending``; whoever
    has a bid or a draft is told by mail, without content. The record says nothing about bids.
    """
    order = orders.get_order(call, order_id, lock=True)
    orders_policy.may_amend(call.actor, order).require()
    before = order.bid_deadline
    if before is None or before <= call.now or openings.is_requested(order):
        raise Conflict("orders.over")
    if (order.title, order.problem, order.background) == (terms.title, terms.problem, terms.background):
        raise Invalid("orders.unchanged", field="note")
    order.title, order.problem, order.background = terms.title, terms.problem, terms.background
    order.bid_deadline = deadline_after_change(before, call.now)
    order.changed_at = call.now
    db.session.add(
        OrderAmendment(
            order_id=order.id,
            at=call.now,
            note=terms.note,
            deadline_before=before,
            deadline_after=order.bid_deadline,
            changed_by=call.actor.account,
        )
    )
    for bid in _alive(order):
        if bid.state is BidState.SUBMITTED:
            move(call, bid, "ask_reconfirm")
        tell(call, queries.correspondents(bid), order, "bid_order_changed", bid_id=bid.id)
    deadlines = [before.isoformat(), order.bid_deadline.isoformat()]
    audit.record(call, "orders.amend", "order", order.id, {"note": terms.note, "deadlines": deadlines})
    return order


@use_case
def lapse_bids(call: Call, order_id: int) -> None:
    """The bids of an order that was cancelled before their opening lapse; envelopes are destroyed, teams are told.

    The record names none of them: how many had answered stays unknown.
    """
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = orders.get_order(call, order_id, lock=True)
    if order.state not in ORDER.terminal:
        raise Conflict("bids.order_goes_on")
    for bid in _alive(order):
        move(call, bid, "lapse", "bids.order_cancelled")
        bid.envelope = None
        tell(call, queries.correspondents(bid), order, "bid_order_ended", bid_id=bid.id)
    audit.record(call, "bids.lapse", "order", order.id)


def _alive(order: Order) -> list[Bid]:
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_(ALIVE)).options(joinedload(Bid.team))
    return list(db.session.scalars(query.order_by(Bid.id)))
