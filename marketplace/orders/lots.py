"""Reads of umbrellas and their lots."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Call
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order, Umbrella
from marketplace.orders.queries import MAX_ID, visible_to
from marketplace.orders.workflow import OrderState


def get_umbrella(call: Call, umbrella_id: int) -> Umbrella:
    """Return an umbrella of the caller's enterprise or one with a lot that the caller may see; raises NotFound otherwise."""
    if not 0 < umbrella_id <= MAX_ID:
        raise NotFound("umbrella")
    query = select(Umbrella).where(Umbrella.id == umbrella_id).options(joinedload(Umbrella.organisation))
    row = db.session.scalar(query)
    if row is None or not (call.actor.has_for(row.organisation_id, *ENTERPRISE) or visible_lots(call, row)):
        raise NotFound("umbrella")
    return row


def visible_lots(call: Call, umbrella: Umbrella) -> list[Order]:
    """Return the lots that the caller may see, by number; a re-tendered lot follows the one it repeats."""
    query = visible_to(call.actor).where(Order.lot_of == umbrella.id)
    return list(db.session.scalars(query.order_by(Order.lot_number, Order.id)))


def together(order: Order) -> list[Order]:
    """Return the lots that are drafted and published together with ``order``, itself among them; [] for a single order.

    Lots that were cancelled take no part, and one that is tendered again goes its own way.
    """
    if order.lot_of is None or order.retender_of is not None:
        return []
    query = select(Order).where(
        Order.lot_of == order.lot_of, Order.retender_of.is_(None), Order.state != OrderState.CANCELLED
    )
    return list(db.session.scalars(query.order_by(Order.lot_number).with_for_update()))
