"""An order on its way to the board: submitted, sent back or published, and then opened for bids by the clock."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders import lots, policy, queries, readiness
from marketplace.orders.lifecycle import move
from marketplace.orders.mail import tell_enterprise
from marketplace.orders.models import Order
from marketplace.orders.service.inviting import tell_invited
from marketplace.orders.workflow import EDITABLE, OrderState


@use_case
def submit_order(call: Call, order_id: int) -> Order:
    """The enterprise hands the order to screening; gaps that block refuse it (``orders.not_ready``)."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_submit(call.actor, order).require()
    require_member(order)
    require_ready(call, order)
    _require_alone(order)
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
    require_ready(call, order)
    _require_alone(order)
    move(call, order, "publish")
    start_if_due(call, order)
    tell_invited(call, order)
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


def start_if_due(call: Call, order: Order) -> None:
    """Start the bidding of an order that was just published, unless the enterprise chose a later start."""
    if order.bidding_from is None or order.bidding_from <= call.now:
        move(call, order, "start_bidding")


def _require_alone(order: Order) -> None:
    """Refuse to move one lot without the others; after one was sent back, it may come again alone."""
    others = [lot for lot in lots.together(order) if lot.id != order.id]
    if (
        any(lot.state in EDITABLE | {OrderState.SCREENING} for lot in others)
        and order.state is not OrderState.NEEDS_WORK
    ):
        raise Conflict("orders.lots_together")


def require_member(order: Order) -> None:
    """Raise Conflict when the enterprise has left the alliance meanwhile."""
    if not queries.is_member(order.organisation_id, order.alliance_id):
        raise Conflict("orders.not_member")


def require_ready(call: Call, order: Order) -> None:
    """Raise Invalid with the number of gaps that block."""
    gaps = readiness.check(queries.sheet_of(order, queries.confidential_text(order)), call.now)
    if blocking := readiness.blocking(gaps):
        raise Invalid("orders.not_ready", {"count": len(blocking)})
