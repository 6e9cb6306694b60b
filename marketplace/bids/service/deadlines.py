"""The deadline alone moves later, before it passes, and only when two distinct natural persons stand for it."""

from __future__ import annotations

from datetime import datetime

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.bids import openings, queries
from marketplace.bids.service.ordering import alive_bids, note_change
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import asking
from marketplace.orders import policy as orders_policy
from marketplace.orders import queries as orders
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import DeadlineChange, Order
from marketplace.orders.workflow import DEADLINE, DeadlineState
from marketplace.web.filters import CITY

SUBJECT = "deadline"
"""The kind under which approvals keep who asked for and who confirmed a later deadline."""


@use_case
def propose_deadline(call: Call, order_id: int, deadline: datetime, why: str) -> DeadlineChange:
    """The enterprise or a screener asks for a later deadline; nothing changes before a second person confirms."""
    order = orders.get_order(call, order_id, lock=True)
    orders_policy.may_propose_deadline(call.actor, order).require()
    before = _open_deadline(call, order)
    if deadline <= before:
        raise Invalid("orders.deadline_not_later", field="deadline")
    if order.delivery_on is not None and deadline.astimezone(CITY).date() >= order.delivery_on:
        raise Invalid("orders.deadline_after_delivery", field="deadline")
    if not why.strip():
        raise Invalid("orders.reason_needed", field="why")
    if call.actor.account is None:
        raise Forbidden("approvals.no_person")
    if asking.open_change(order) is not None:
        raise Conflict("orders.deadline_asked")
    change = DeadlineChange(
        order_id=order.id,
        state=DeadlineState.PROPOSED,
        deadline_before=before,
        deadline_after=deadline,
        why=why.strip(),
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    db.session.add(change)
    db.session.flush()
    approvals.propose(call, SUBJECT, change.id, fingerprint(change))
    audit.record(call, "orders.propose_deadline", "deadline", change.id, _detail(change))
    return change


@use_case
def approve_deadline(call: Call, change_id: int) -> DeadlineChange:
    """A screener, another natural person than who asked, confirms; the new deadline holds at once, bids stay as they are."""
    change, order = _locked(call, change_id)
    before = _open_deadline(call, order)
    if before != change.deadline_before:
        raise Conflict("orders.deadline_moved")
    _decide(call, change, "approve")
    approvals.approve(call, SUBJECT, change.id, fingerprint(change))
    order.bid_deadline = change.deadline_after
    order.changed_at = call.now
    note_change(call, order, change.why, before)
    for bid in alive_bids(order):
        tell(call, queries.correspondents(bid), order, "bid_deadline_moved", bid_id=bid.id)
    tell_enterprise(call, order, "order_deadline_moved")
    audit.record(call, "orders.approve_deadline", "deadline", change.id, _detail(change))
    return change


@use_case
def reject_deadline(call: Call, change_id: int, reason: str) -> DeadlineChange:
    """A screener keeps the deadline, with words."""
    change, _order = _locked(call, change_id)
    if not reason.strip():
        raise Invalid("orders.reason_needed", field="reason")
    _decide(call, change, "reject", reason.strip())
    audit.record(call, "orders.reject_deadline", "deadline", change.id, {"reason": change.reason})
    return change


@use_case
def lapse_deadline(call: Call, change_id: int) -> DeadlineChange:
    """The clock ends a request that came too late or was overtaken by another change."""
    change = db.session.get(DeadlineChange, change_id, populate_existing=True)
    if change is None or not call.actor.is_system:
        raise Forbidden("hidden")
    if change_id not in asking.void_changes(call.now):
        raise Conflict("orders.too_early")
    _decide(call, change, "lapse")
    audit.record(call, "orders.lapse_deadline", "deadline", change.id)
    return change


def fingerprint(change: DeadlineChange) -> str:
    """Return the hash of what two people stand for."""
    times = [change.deadline_before.isoformat(), change.deadline_after.isoformat()]
    return approvals.content_hash([change.order_id, *times, change.why])


def _locked(call: Call, change_id: int) -> tuple[DeadlineChange, Order]:
    """Return a request and its order under the order's lock, for somebody who may decide."""
    order = orders.get_order(call, asking.get_change(call, change_id).order_id, lock=True)
    orders_policy.may_screen(call.actor, order).require()
    return asking.get_change(call, change_id), order


def _open_deadline(call: Call, order: Order) -> datetime:
    if order.bid_deadline is None or not orders.is_open(order, call.now) or openings.is_requested(order):
        raise Conflict("orders.over")
    return order.bid_deadline


def _decide(call: Call, change: DeadlineChange, event: str, reason: str = "") -> None:
    change.state = DEADLINE.require(change.state, event)
    change.reason, change.decided_at = reason, call.now


def _detail(change: DeadlineChange) -> dict[str, str]:
    return {"before": change.deadline_before.isoformat(), "after": change.deadline_after.isoformat()}
