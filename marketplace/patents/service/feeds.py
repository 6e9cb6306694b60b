"""Calendar subscriptions: a secret address each, shown once, revocable."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from marketplace.accounts.passwords import token_digest
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.patents import policy
from marketplace.patents.models import CalendarFeed


@use_case
def open_feed(call: Call, organisation_id: int) -> str:
    """Make a subscription to an organisation's deadlines and return its token, which is stored nowhere."""
    policy.may_see_calendar(call.actor, organisation_id).require()
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    token = secrets.token_urlsafe(32)
    row = CalendarFeed(
        organisation_id=organisation_id,
        account_id=call.actor.account,
        token_digest=token_digest(token),
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "patents.open_feed", "organisation", organisation_id, {"feed": row.id})
    return token


@use_case
def revoke_feed(call: Call, feed_id: int) -> None:
    """End one's own subscription: its address answers like one that never was."""
    row = db.session.scalar(select(CalendarFeed).where(CalendarFeed.id == feed_id)) if feed_id < 2**63 else None
    if row is None or row.account_id != call.actor.account or row.revoked_at is not None:
        raise NotFound("feed")
    row.revoked_at = call.now
    audit.record(call, "patents.revoke_feed", "organisation", row.organisation_id, {"feed": row.id})
