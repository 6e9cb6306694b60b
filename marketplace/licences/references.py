"""The numbers that licences go by."""

from __future__ import annotations

from sqlalchemy import func, select

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.licences.models import Licence
from marketplace.patents import queries as patents


def take_reference(call: Call) -> str:
    """Return the next reference of the year, such as LIC-2027-0012."""
    prefix = f"LIC-{patents.today(call).year}-"
    last = db.session.scalar(select(func.max(Licence.reference)).where(Licence.reference.startswith(prefix)))
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
