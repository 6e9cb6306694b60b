"""The opener at work, and what follows the end of an order. Both may run twice: the second time there is nothing to do."""

from __future__ import annotations

from marketplace.bids import service
from marketplace.bids.service.opening import JOB
from marketplace.db.base import db
from marketplace.jobs.queue import each_minute, job
from marketplace.kernel.call import Call
from marketplace.orders import asking
from marketplace.orders.models import Order
from marketplace.orders.service import AFTER_CANCEL
from marketplace.orders.workflow import ORDER


@job(JOB)
def open_confirmed(call: Call, argument: int | None) -> None:
    """Open the bids of one order unless that has been done."""
    order = db.session.get(Order, argument)
    if order is not None and ORDER.allows(order.state, "open_bids"):
        service.open_bids(call, order.id)


@job(AFTER_CANCEL)
def lapse_after_cancel(call: Call, argument: int | None) -> None:
    """Let the bids of a cancelled order lapse."""
    if argument is not None:
        service.lapse_bids(call, argument)


@each_minute
def lapse_void_deadlines(call: Call) -> None:
    """End every request for a later deadline that came too late or was overtaken."""
    for change_id in asking.void_changes(call.now):
        service.lapse_deadline(call, change_id)
