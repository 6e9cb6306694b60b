"""Reads of organisations."""

from __future__ import annotations

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import NotFound
from marketplace.organisations.directory import waiting_for
from marketplace.organisations.models import Organisation
from marketplace.organisations.policy import may_see

__all__ = ["get_organisation", "waiting_for"]

MAX_ID = 2**31 - 1


def get_organisation(call: Call, organisation_id: int) -> Organisation:
    """Return an organisation the caller may know; raise NotFound for others alike."""
    row = db.session.get(Organisation, organisation_id) if 0 < organisation_id <= MAX_ID else None
    if row is None or not may_see(call.actor, row):
        raise NotFound("organisation")
    return row
