"""The opener at work, and what the clock and an order's end do to bids. Everything may run twice: then there is nothing to do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sqlalchemy import select

from marketplace.bids import keyring, openings, queries, service
from marketplace.bids.models import BidRepair
from marketplace.bids.service.opening import JOB, PRICE_JOB
from marketplace.bids.workflow import RepairState
from marketplace.db.base import db
from marketplace.jobs.queue import each_minute, job
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders import asking
from marketplace.orders.models import Order
from marketplace.orders.service import AFTER_CANCEL
from marketplace.orders.workflow import ORDER

log = logging.getLogger(__name__)


@job(JOB)
def open_confirmed(call: Call, argument: int | None) -> None:
    """Open the bids of one order unless that has been done or two holders must come first (``flask bids open-due``)."""
    order = db.session.get(Order, argument)
    if order is not None and ORDER.allows(order.state, "open_bids"):
        _unless_it_must_wait(call, order.id, service.open_bids)


@job(PRICE_JOB)
def open_confirmed_prices(call: Call, argument: int | None) -> None:
    """The same for the amounts."""
    order = db.session.get(Order, argument)
    if order is not None and openings.prices_wait(order):
        _unless_it_must_wait(call, order.id, service.open_prices)


def _unless_it_must_wait(call: Call, order_id: int, act: Callable[[Call, int], Order]) -> None:
    """A job that runs again after its work was done meets the next stage, whose deadline is still to come."""
    try:
        act(call, order_id)
    except Conflict as refused:
        if refused.code not in {"bids.needs_holders", "bids.too_early"}:
            raise
        log.info("order %s is not opened now: %s", order_id, refused.code)


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


@each_minute
def prepare(call: Call) -> None:
    """Make the keys of orders that were published since; one that cannot be made yet keeps no other from being made."""
    for order_id in keyring.unprepared():
        try:
            service.prepare_keys(call, order_id)
        except Conflict as refused:
            log.info("the key of order %s was not made: %s", order_id, refused.code)


@each_minute
def heartbeat(call: Call) -> None:
    """Let every key in the opener's files prove once an hour that it still opens; split ones are proven by their holders."""
    for row in keyring.due_for_proof(call.now):
        if not service.prove(call, row):
            log.error("the %s key of order %s did not open its probe", row.part, row.order_id)


@each_minute
def expire(call: Call) -> None:
    """End the windows of repair that passed unused, and those for bringing closed bids again."""
    query = select(BidRepair.bid_id).where(BidRepair.state == RepairState.ASKED, BidRepair.until <= call.now)
    for bid_id in list(db.session.scalars(query)):
        service.expire_repair(call, bid_id)
    for order_id in queries.recoveries_over(call.now):
        service.end_recovery(call, order_id)
