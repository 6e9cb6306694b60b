"""Numbers people quote: HT-2027-0001, counted per year of the city's calendar without gaps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.db.base import db
from marketplace.web.filters import CITY

_LOCK = 7_041_031
"""Any number that nothing else locks by."""


def take_reference(now: datetime, prefix: str, column: InstrumentedAttribute[Any]) -> str:
    """Return ``prefix-year-serial`` after the highest in ``column``; nobody else gets one until the use case ends."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    start = f"{prefix}-{now.astimezone(CITY).year}-"
    serial = cast(func.substr(column, len(start) + 1), Integer)
    highest = db.session.scalar(select(func.max(serial)).where(column.like(f"{start}%"))) or 0
    return f"{start}{highest + 1:04d}"
