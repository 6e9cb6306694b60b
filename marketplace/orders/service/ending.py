"""An order ends before an award, and an unsuccessful one is tendered again."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders import policy, queries
from marketplace.orders.lifecycle import move
from marketplace.orders.mail import tell_enterprise
from marketplace.orders.models import ConfidentialPart, Order, OrderAttachment, Target
from marketplace.orders.references import take_reference
from marketplace.orders.workflow import OrderState

AFTER_CANCEL = "bids.order_ended"
"""The job of the bids room that tells whoever answered; named, because this room knows no bids."""

_KEPT = (
    "organisation_id",
    "alliance_id",
    "visibility",
    "title",
    "title_en",
    "problem",
    "background",
    "field",
    "ipc",
    "trl_now",
    "trl_wanted",
    "own_funds",
    "price_ceiling",
    "budget_reason",
    "delivery_on",
    "contract_type",
    "ip_wish",
    "procedure",
    "procedure_reason",
)
"""What a re-tender keeps; dates of bidding must be set anew."""

_TARGET = ("position", "name", "comparator", "value", "value_to", "unit", "method", "must_have")


@use_case
def cancel_order(call: Call, order_id: int, reason: str) -> Order:
    """The enterprise or a screener ends the order before an award, with words; who has answered is told by the bids room."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_cancel(call.actor, order).require()
    was_published = order.published_at is not None
    move(call, order, "cancel", reason)
    if was_published:
        queue.enqueue(call, AFTER_CANCEL, order.id)
    if not policy.is_own(call.actor, order):
        tell_enterprise(call, order, "order_cancelled")
    audit.record(call, "orders.cancel", "order", order.id, {"reason": order.reason})
    return order


@use_case
def retender(call: Call, order_id: int) -> Order:
    """The enterprise tenders an unsuccessful order again: a new draft with text, targets, terms, secrets and files.

    One at a time: raises Conflict ``orders.retendered`` while an earlier re-tender goes on.
    """
    old = queries.get_order(call, order_id, lock=True)
    policy.may_retender(call.actor, old).require()
    if queries.live_retender(old) is not None:
        raise Conflict("orders.retendered")
    new = Order(
        reference=take_reference(call.now),
        state=OrderState.DRAFT,
        retender_of=old.id,
        lot_of=old.lot_of,
        lot_number=old.lot_number,
        created_by=call.actor.account,
        created_at=call.now,
        changed_at=call.now,
        targets=[Target(**{name: getattr(target, name) for name in _TARGET}) for target in old.targets],
        **{name: getattr(old, name) for name in _KEPT},
    )
    db.session.add(new)
    db.session.flush()
    _copy_secrets_and_files(old, new)
    audit.record(call, "orders.retender", "order", new.id, {"reference": new.reference, "of": old.reference})
    return new


def _copy_secrets_and_files(old: Order, new: Order) -> None:
    part = db.session.get(ConfidentialPart, old.id)
    if part is not None:
        db.session.add(ConfidentialPart(order_id=new.id, text=part.text))
    for row in queries.all_attachments(old):
        db.session.add(OrderAttachment(order_id=new.id, file_id=row.file_id, confidential=row.confidential))
