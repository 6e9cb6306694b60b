"""One step of an order's life: state and time stamps together. Plain, for use inside use cases of this and later rooms."""

from __future__ import annotations

from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid
from marketplace.orders.models import Order
from marketplace.orders.workflow import ORDER, OrderState

_STAMPS = {
    OrderState.PUBLISHED: "published_at",
    OrderState.CONCEPTS: "concepts_at",
    OrderState.OPENED: "opened_at",
    OrderState.APPROVED: "approved_at",
}
_NEED_REASON = frozenset(t.event for t in ORDER.transitions if t.needs_reason)


def move(call: Call, order: Order, event: str, reason: str = "") -> None:
    """Take ``order`` along ``event``; ``reason`` is kept for readers and cleared by events that need none.

    Raises Conflict ``workflow.not_now`` when the table does not allow it, Invalid ``orders.reason_needed`` without words.
    """
    target = ORDER.require(order.state, event)
    if event in _NEED_REASON and not reason.strip():
        raise Invalid("orders.reason_needed", field="reason")
    order.state = target
    order.reason = reason.strip()
    order.changed_at = call.now
    if target in _STAMPS:
        setattr(order, _STAMPS[target], call.now)
