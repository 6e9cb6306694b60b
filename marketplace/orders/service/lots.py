"""An order is divided into lots, which are drafted together and handed in and published together."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.orders import lots, policy, queries
from marketplace.orders.lifecycle import move
from marketplace.orders.mail import tell_enterprise
from marketplace.orders.models import Order, Umbrella
from marketplace.orders.references import take_reference
from marketplace.orders.service.inviting import tell_invited
from marketplace.orders.service.screening import require_member, require_ready, start_if_due
from marketplace.orders.workflow import OrderState

MOST = 20
_SHARED = (
    "organisation_id",
    "alliance_id",
    "visibility",
    "background",
    "field",
    "ipc",
    "bidding_from",
    "bid_deadline",
    "delivery_on",
    "contract_type",
    "ip_wish",
    "procedure",
    "procedure_reason",
)
"""What a new lot takes over from the first one."""


@use_case
def divide(call: Call, order_id: int) -> Umbrella:
    """The enterprise makes a draft the first of several lots; the second begins empty, with the same terms."""
    order = queries.get_order(call, order_id, lock=True)
    policy.may_edit(call.actor, order).require()
    if order.lot_of is not None or order.retender_of is not None:
        raise Conflict("orders.is_lot")
    umbrella = Umbrella(
        organisation_id=order.organisation_id,
        title=order.title,
        title_en=order.title_en,
        created_by=call.actor.account,
        created_at=call.now,
    )
    db.session.add(umbrella)
    db.session.flush()
    order.lot_of, order.lot_number = umbrella.id, 1
    order.changed_at = call.now
    _new_lot(call, order, umbrella, 2)
    audit.record(call, "orders.divide", "umbrella", umbrella.id, {"order": order.id})
    return umbrella


@use_case
def add_lot(call: Call, umbrella_id: int) -> Order:
    """The enterprise adds a lot while all of them are drafts."""
    umbrella = lots.get_umbrella(call, umbrella_id)
    first, *others = _drafts(call, umbrella)
    if len(others) + 1 >= MOST:
        raise Conflict("orders.many_lots", {"most": MOST})
    number = max(lot.lot_number or 0 for lot in (first, *others)) + 1
    order = _new_lot(call, first, umbrella, number)
    audit.record(call, "orders.add_lot", "umbrella", umbrella.id, {"order": order.id})
    return order


@use_case
def submit_lots(call: Call, umbrella_id: int) -> Umbrella:
    """The enterprise hands all lots to screening at once; a gap in one of them keeps all of them back."""
    umbrella = lots.get_umbrella(call, umbrella_id)
    for order in _drafts(call, umbrella):
        policy.may_submit(call.actor, order).require()
        require_member(order)
        require_ready(call, order)
        move(call, order, "submit")
    audit.record(call, "orders.submit_lots", "umbrella", umbrella.id)
    return umbrella


@use_case
def publish_lots(call: Call, umbrella_id: int) -> Umbrella:
    """A screener publishes all lots at once; one that was sent back keeps the others waiting."""
    umbrella = lots.get_umbrella(call, umbrella_id)
    seen = lots.visible_lots(call, umbrella)
    if not seen:
        raise Forbidden("hidden")
    together = lots.together(next((lot for lot in seen if lot.retender_of is None), seen[0]))
    for order in together:
        policy.may_screen(call.actor, order).require()
        require_ready(call, order)
        move(call, order, "publish")
        start_if_due(call, order)
        tell_invited(call, order)
    if not together:
        raise Conflict("orders.no_lots")
    tell_enterprise(call, together[0], "order_published")
    audit.record(call, "orders.publish_lots", "umbrella", umbrella.id, {"lots": len(together)})
    return umbrella


def _drafts(call: Call, umbrella: Umbrella) -> list[Order]:
    """Return all lots as drafts of the caller's enterprise, locked; raises Conflict once one of them went on."""
    own = [lot for lot in lots.visible_lots(call, umbrella) if policy.is_own(call.actor, lot)]
    together = lots.together(own[0]) if own else []
    if not together:
        raise Forbidden("hidden")
    for order in together:
        policy.may_edit(call.actor, order).require()
    return together


def _new_lot(call: Call, first: Order, umbrella: Umbrella, number: int) -> Order:
    order = Order(
        reference=take_reference(call.now),
        state=OrderState.DRAFT,
        title="",
        lot_of=umbrella.id,
        lot_number=number,
        created_by=call.actor.account,
        created_at=call.now,
        changed_at=call.now,
        **{name: getattr(first, name) for name in _SHARED},
    )
    db.session.add(order)
    db.session.flush()
    return order
