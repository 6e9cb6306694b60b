"""Writes of patent imports: a file is checked first, then all of it is written or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.defence import watching
from marketplace.imports import patents
from marketplace.imports.models import CheckedFile
from marketplace.imports.terms import Row
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.organisations.models import Organisation
from marketplace.patents import policy, queries, records
from marketplace.patents.models import Patent

KEPT = timedelta(days=1)


@use_case
def keep_checked(call: Call, organisation_id: int, content: bytes, ending: str, count: int) -> CheckedFile:
    """Keep a file that was found without mistakes, for a day at most."""
    policy.may_register(call.actor, organisation_id).require()
    db.session.execute(delete(CheckedFile).where(CheckedFile.created_at < call.now - KEPT))
    row = CheckedFile(
        account_id=call.actor.account,
        organisation_id=organisation_id,
        ending=ending,
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(call, "imports.check_patents", "organisation", organisation_id, {"file": row.digest, "patents": count})
    return row


@use_case
def import_checked(call: Call, file_id: int) -> int:
    """Write every patent of a file the caller checked; return how many."""
    row = db.session.scalar(select(CheckedFile).where(CheckedFile.id == file_id)) if file_id < 2**63 else None
    if row is None or row.account_id != call.actor.account or row.created_at < call.now - KEPT:
        raise NotFound("file")
    policy.may_register(call.actor, row.organisation_id).require()
    rows, troubles = patents.read(row.content, row.ending)
    if troubles:
        raise Invalid("imports.problems", {"count": len(troubles)})
    written = _write(call, row.organisation_id, rows)
    digest, organisation_id = row.digest, row.organisation_id
    db.session.delete(row)
    _record(call, organisation_id, digest, written)
    return len(written)


@use_case
def import_patents(call: Call, rows: Sequence[Row], organisation_id: int, digest: str) -> int:
    """Write every patent of a file at once (the command's way); Invalid ``imports.problems`` when one line is wrong."""
    if db.session.get(Organisation, organisation_id) is None:
        raise NotFound("organisation")
    policy.may_register(call.actor, organisation_id).require()
    written = _write(call, organisation_id, rows)
    _record(call, organisation_id, digest, written)
    return len(written)


def _write(call: Call, organisation_id: int, rows: Sequence[Row]) -> list[Patent]:
    found, troubles = patents.plan(call, rows)
    if troubles:
        raise Invalid("imports.problems", {"count": len(troubles)})
    today = queries.today(call)
    written = [patents.make(call, organisation_id, one, today) for one in found]
    db.session.add_all(written)
    db.session.flush()
    db.session.add_all([event for patent in written for event in records.first_events(call, patent)])
    db.session.flush()
    watching.look(call, written)
    return written


def _record(call: Call, organisation_id: int, digest: str, written: Sequence[Patent]) -> None:
    detail = {"file": digest, "patents": len(written)}
    audit.record(call, "imports.patents", "organisation", organisation_id, detail)
