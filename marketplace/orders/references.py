"""Numbers people quote: RD-2027-0001, counted per year of the city's calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.exc import IntegrityError

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders.models import Order
from marketplace.web.filters import CITY

ATTEMPTS = 20


def insert_numbered(call: Call, order: Order) -> None:
    """Insert ``order`` under the next free reference of its year.

    Two enterprises may count at once on PostgreSQL: the unique constraint lets one of them through, the other counts again
    (its savepoint only is undone). Raises Conflict ``busy`` after ATTEMPTS.
    """
    for _ in range(ATTEMPTS):
        order.reference = next_reference(call.now)
        try:
            with db.session.begin_nested():
                db.session.add(order)
                db.session.flush()
        except IntegrityError as error:
            if "reference" not in str(error.orig):
                raise
            continue
        return
    raise Conflict("busy")


def next_reference(now: datetime) -> str:
    """Return the reference after the highest one of the year."""
    prefix = f"RD-{now.astimezone(CITY).year}-"
    serial = cast(func.substr(Order.reference, len(prefix) + 1), Integer)
    highest = db.session.scalar(select(func.max(serial)).where(Order.reference.like(f"{prefix}%"))) or 0
    return f"{prefix}{highest + 1:04d}"
