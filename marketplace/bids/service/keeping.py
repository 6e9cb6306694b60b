"""The opener makes the keys of an order's openings before bids come, and proves every hour that they still open."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import update

from marketplace.audit import service as audit
from marketplace.bids import keyring, keys
from marketplace.bids.holders import Holder
from marketplace.bids.models import OrderKey
from marketplace.db.base import db
from marketplace.db.transaction import execute_alone, use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import AMENDABLE


@use_case
def prepare_keys(call: Call, order_id: int) -> Order:
    """The opener makes what keys an order's openings lack; a split one is shared out among the holders and forgotten.

    Raises Conflict ``bids.holders_missing`` where a key must be split and there are not three holders.
    """
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = orders.get_order(call, order_id, lock=True)
    if order.state not in AMENDABLE:
        raise Conflict("bids.not_open")
    keys.publish_verify_key(current_app.extensions["config"])
    present = keyring.rows_of(order)
    made = [keyring.make_row(order, part, call.now) for part in keyring.parts_of(order) if part not in present]
    db.session.add_all(made)
    detail = {str(row.part): {"key": row.public[:16], "scheme": str(row.scheme)} for row in made}
    audit.record(call, "bids.prepare_keys", "order", order.id, detail)
    return order


def prove(call: Call, row: OrderKey, present: Sequence[Holder] = ()) -> bool:
    """Let one key open its probe and note when; bookkeeping that no decision rests on, so there is no audit record."""
    proven = keyring.proves(row, present)
    mine = (OrderKey.order_id == row.order_id) & (OrderKey.part == row.part)
    values = {"proven_at": call.now, "failed_at": None} if proven else {"failed_at": call.now}
    execute_alone(update(OrderKey).where(mine).values(**values))
    return proven
