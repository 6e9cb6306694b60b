"""Numbers people quote: RD-2027-0001, counted per year of the city's calendar without gaps; and what orders are called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, cast, func, select

from marketplace.db.base import db
from marketplace.orders.models import Order
from marketplace.web.filters import CITY, in_language

_LOCK = 7_041_011
"""Any number that nothing else locks by."""


def take_reference(now: datetime) -> str:
    """Return the reference after the highest one of the year; nobody else gets one until the use case ends.

    SQLite's use cases write one after the other anyway; PostgreSQL's wait here for a lock that ends with the transaction.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    prefix = f"RD-{now.astimezone(CITY).year}-"
    serial = cast(func.substr(Order.reference, len(prefix) + 1), Integer)
    highest = db.session.scalar(select(func.max(serial)).where(Order.reference.like(f"{prefix}%"))) or 0
    return f"{prefix}{highest + 1:04d}"


def called(order: Order) -> str:
    """Return the reference and the title in the reader's language, as lists of tasks name an order."""
    return f"{order.reference} {in_language(order, 'title')}".rstrip()
