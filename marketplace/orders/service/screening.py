"""An order on its way to the board: submitted, sent back or published, and then opened for bids by the clock."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders import policy, queries, readiness
from marketplace.orders.lifecycle import move
from marketplace.orders.mail import tell_enterprise
from marketplace.orders.models import Order


@use_case
def submit_order(call: Call, order_id: int) -> Order:
    """The enterprise hands the order to screening; gaps that block refuse it (``orders.not_ready``)."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_submit(call.actor, order).require()
    _require_member(order)
    _require_ready(call, order)
    move(call, order, "submit")
    audit.record(call, "orders.submit", "order", order.id, {"reference": order.reference})
    return order


@use_case
def send_back(call: Call, order_id: int, reason: str) -> Order:
    """A screener returns the order with words; the enterprise hears of it by mail."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_screen(call.actor, order).require()
    move(call, order, "send_back", reason)
    tell_enterprise(call, order, "order_sent_back")
    audit.record(call, "orders.send_back", "order", order.id, {"reason": order.reason})
    return order


@use_case
def publish_order(call: Call, order_id: int) -> Order:
    """A screener publishes the order; bidding starts at once unless the enterprise chose a later start.

    Time has passed since the submission, so readiness is asked again.
    """
    order = queries.get_order(call, order_id, lock=True)
    policy.may_screen(call.actor, order).require()
    _require_ready(call, order)
    move(call, order, "publish")
    if order.bidding_from is None or order.bidding_from <= call.now:
        move(call, order, "start_bidding")
    tell_enterprise(call, order, "order_published")
    audit.record(call, "orders.publish", "order", order.id, {"state": order.state})
    return order


@use_case
def start_bidding(call: Call, order_id: int) -> Order:
    """The clock starts the bidding of a published order (``orders.jobs``)."""
    order = queries.get_order(call, order_id, lock=True)
    if not call.actor.is_system:
        raise NotFound("order")
    if order.bidding_from is not None and order.bidding_from > call.now:
        raise Conflict("orders.too_early")
    move(call, order, "start_bidding")
    audit.record(call, "orders.start_bidding", "order", order.id)
    return order


def _require_member(order: Order) -> None:
    if not queries.is_member(order.organisation_id, order.alliance_id):
        raise Conflict("orders.not_member")


def _require_ready(call: Call, order: Order) -> None:
    gaps = readiness.check(queries.sheet_of(order, queries.confidential_text(order)), call.now)
    if blocking := readiness.blocking(gaps):
        raise Invalid("orders.not_ready", {"count": len(blocking)})
