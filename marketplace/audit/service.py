"""Writing the journal: inside the use case's own transaction, once per use case."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy import select

from marketplace.audit.models import AuditHead, AuditRecord
from marketplace.db.base import db
from marketplace.db.transaction import count_audit_record
from marketplace.kernel.call import Call

START = "0" * 64


def record(
    call: Call, command: str, subject_kind: str, subject_id: int | None, detail: Mapping[str, Any] | None = None
) -> None:
    """Append the record of the running use case.

    ``command`` is ``room.verb`` ("orders.publish"); ``detail`` holds plain JSON values, never bid content or secrets.
    """
    head = db.session.scalar(select(AuditHead).with_for_update())
    if head is None:
        head = AuditHead(id=1, sequence=0, digest=START, seal="")
        db.session.add(head)
    row = AuditRecord(
        sequence=head.sequence + 1,
        at=call.now,
        actor_kind=call.actor.kind,
        account_id=call.actor.account,
        person_id=call.actor.person,
        actor_name=call.actor.name,
        command=command,
        subject_kind=subject_kind,
        subject_id=subject_id,
        detail=dict(detail or {}),
        request_id=call.request_id,
    )
    key = audit_key()
    row.digest = digest_of(key, head.digest, row)
    db.session.add(row)
    head.sequence, head.digest = row.sequence, row.digest
    head.seal = seal_of(key, head.sequence, head.digest)
    count_audit_record()


def audit_key() -> bytes:
    """Return the key of the chain; it lives outside the database."""
    return hashlib.sha256(b"audit:" + current_app.extensions["config"].secret_key.encode()).digest()


def digest_of(key: bytes, previous: str, row: AuditRecord) -> str:
    """Return the chained digest of ``row`` after ``previous``."""
    content = [
        row.sequence, row.at.isoformat(), row.actor_kind, row.account_id, row.person_id, row.actor_name,
        row.command, row.subject_kind, row.subject_id, row.detail, row.request_id,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, (previous + text).encode(), hashlib.sha256).hexdigest()


def seal_of(key: bytes, sequence: int, digest: str) -> str:
    """Return the seal of the head, so that moving it back is noticed as well."""
    return hmac.new(key, f"{sequence}:{digest}".encode(), hashlib.sha256).hexdigest()
