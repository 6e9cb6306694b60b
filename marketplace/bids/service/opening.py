"""The opening: an officer requests it, a different natural person confirms it, the opener does it (see ``unsealing``)."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.bids import openings, policy, queries
from marketplace.bids.workflow import Part
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import ORDER

JOB = "bids.open"
PRICE_JOB = "bids.open_prices"


@use_case
def request_opening(call: Call, order_id: int) -> Order:
    """An officer asks, after the deadline, that the bids of an order (in the first of two stages its concepts) be opened."""
    order = due(call, order_id)
    policy.may_request_opening(call.actor, order).require()
    approvals.propose(call, openings.KIND[openings.part_due(order)], order.id, openings.standing(order).fingerprint)
    audit.record(call, "bids.request_opening", "order", order.id)
    return order


@use_case
def confirm_opening(call: Call, order_id: int) -> Order:
    """A different natural person confirms; the opener then opens the bids in a job, because only it has the key."""
    order = due(call, order_id)
    policy.may_open(call.actor, order).require()
    approvals.approve(call, openings.KIND[openings.part_due(order)], order.id, openings.standing(order).fingerprint)
    queue.enqueue(call, JOB, order.id)
    audit.record(call, "bids.confirm_opening", "order", order.id)
    return order


def due(call: Call, order_id: int) -> Order:
    """Return an order whose bids may be opened now, locked; raises Conflict before the deadline and after the opening."""
    order = orders.get_order(call, order_id, lock=True)
    ORDER.require(order.state, "open_bids")
    if queries.is_open(order, call.now):
        raise Conflict("bids.too_early")
    return order


@use_case
def request_price_opening(call: Call, order_id: int) -> Order:
    """An officer asks, once the technical scores are locked, that the amounts of the remaining bids be opened."""
    order = prices_due(call, order_id)
    policy.may_request_opening(call.actor, order).require()
    approvals.propose(call, openings.PRICES, order.id, openings.standing(order, Part.PRICE).fingerprint)
    audit.record(call, "bids.request_price_opening", "order", order.id)
    return order


@use_case
def confirm_price_opening(call: Call, order_id: int) -> Order:
    """A different natural person confirms; the opener opens the amounts in a job."""
    order = prices_due(call, order_id)
    policy.may_open(call.actor, order).require()
    approvals.approve(call, openings.PRICES, order.id, openings.standing(order, Part.PRICE).fingerprint)
    queue.enqueue(call, PRICE_JOB, order.id)
    audit.record(call, "bids.confirm_price_opening", "order", order.id)
    return order


def prices_due(call: Call, order_id: int) -> Order:
    """Return an order whose price envelopes may be opened now, locked; raises Conflict until the technical scores are locked."""
    order = orders.get_order(call, order_id, lock=True)
    if not openings.prices_wait(order):
        raise Conflict("bids.prices_too_early")
    return order
