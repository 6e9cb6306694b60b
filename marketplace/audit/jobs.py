"""The daily look at every invariant of the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from marketplace.audit import verify
from marketplace.audit.models import AuditRecord
from marketplace.audit.service import record
from marketplace.db.base import Base, db
from marketplace.db.transaction import use_case
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call, Role
from marketplace.outbox import service as outbox

COMMAND = "audit.verify"
HOUR = time(3, tzinfo=ZoneInfo("Asia/Shanghai"))
"""When few people work; a worker that was off then catches up as soon as it runs."""

KEPT = 20
"""Findings that the record keeps in words; the command names them all."""


@each_minute
def verify_daily(call: Call) -> None:
    """Check the whole site once a day, note the result, and tell auditors and administrators if anything is wrong."""
    last = db.session.scalar(select(func.max(AuditRecord.at)).where(AuditRecord.command == COMMAND))
    if last is None or last < due_before(call.now):
        note_verification(call, verify.findings())


def due_before(now: datetime) -> datetime:
    """Return the last time it was HOUR in the city."""
    today = datetime.combine(now.astimezone(HOUR.tzinfo).date(), HOUR)
    return today if today <= now else today - timedelta(days=1)


@use_case
def note_verification(call: Call, findings: Sequence[verify.Finding]) -> None:
    """Keep in the journal that everything was checked, and what was found."""
    detail = {"found": len(findings), "first": [str(finding) for finding in findings[:KEPT]]}
    record(call, COMMAND, "journal", None, detail)
    if findings:
        for email, locale in _watchers():
            outbox.enqueue(call, email, "audit_found", {"found": len(findings)}, locale)


def _watchers() -> Sequence[Any]:
    """Addresses and languages of auditors and administrators; the accounts' room stands above this one."""
    accounts, grants = Base.metadata.tables["accounts"].c, Base.metadata.tables["account_grants"].c
    return db.session.execute(
        select(accounts.email, accounts.locale)
        .distinct()
        .join_from(accounts.id.table, grants.id.table, accounts.id == grants.account_id)
        .where(
            accounts.state == "active",
            grants.state == "active",
            grants.role.in_([Role.AUDITOR, Role.ADMINISTRATOR]),
        )
        .order_by(accounts.email)
    ).all()
