"""Propose and approve as two distinct natural persons; used inside the use cases that need it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import delete, select

from marketplace.approvals.models import Endorsement, Step
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden


def content_hash(content: Any) -> str:
    """Return the fingerprint of plain JSON ``content``; any change of it voids what was endorsed."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def propose(call: Call, subject_kind: str, subject_id: int, fingerprint: str, comment: str = "") -> None:
    """Note that the caller's person stands for this content.

    Raises Forbidden for callers without a person, Conflict ``approvals.already`` when that person already did.
    """
    _endorse(call, subject_kind, subject_id, fingerprint, Step.PROPOSED, None, comment)


def approve(
    call: Call, subject_kind: str, subject_id: int, fingerprint: str, level_id: int | None = None, comment: str = ""
) -> None:
    """Note the second person's approval of content that a first person proposed; ``level_id`` names a further one's level.

    Raises Conflict ``approvals.changed`` when nobody proposed exactly this content (it was edited since), and Forbidden
    ``approvals.same_person`` when the approver is the natural person who proposed, whatever account is used.
    """
    proposers = proposers_of(subject_kind, subject_id, fingerprint)
    if not proposers:
        raise Conflict("approvals.changed")
    if call.actor.person in proposers:
        raise Forbidden("approvals.same_person")
    _endorse(call, subject_kind, subject_id, fingerprint, Step.APPROVED, level_id, comment)


def take_back(subject_kind: str, subject_id: int, fingerprint: str) -> None:
    """Remove the proposals of exactly this content, inside the running use case; its audit record tells of them from then on."""
    db.session.execute(
        delete(Endorsement).where(
            Endorsement.subject_kind == subject_kind,
            Endorsement.subject_id == subject_id,
            Endorsement.content_hash == fingerprint,
            Endorsement.step == Step.PROPOSED,
        )
    )


def proposers_of(subject_kind: str, subject_id: int, fingerprint: str) -> set[int]:
    """Return the ids of the natural persons who proposed exactly this content."""
    return set(
        db.session.scalars(
            select(Endorsement.person_id).where(
                Endorsement.subject_kind == subject_kind,
                Endorsement.subject_id == subject_id,
                Endorsement.content_hash == fingerprint,
                Endorsement.step == Step.PROPOSED,
            )
        )
    )


def endorsements_of(subject_kind: str, *subject_ids: int) -> list[Endorsement]:
    """Return who stood for what, oldest first; several subjects in one statement."""
    return list(
        db.session.scalars(
            select(Endorsement)
            .where(Endorsement.subject_kind == subject_kind, Endorsement.subject_id.in_(subject_ids))
            .order_by(Endorsement.id)
        )
    )


def _endorse(
    call: Call, subject_kind: str, subject_id: int, fingerprint: str, step: Step, level_id: int | None, comment: str
) -> None:
    if call.actor.person is None or call.actor.account is None:
        raise Forbidden("approvals.no_person")
    row = Endorsement(
        subject_kind=subject_kind,
        subject_id=subject_id,
        content_hash=fingerprint,
        step=step,
        person_id=call.actor.person,
        account_id=call.actor.account,
        at=call.now,
        level_id=level_id,
        comment=comment.strip()[:1000],
    )
    already = db.session.scalar(
        select(Endorsement.id).where(
            Endorsement.subject_kind == subject_kind,
            Endorsement.subject_id == subject_id,
            Endorsement.content_hash == fingerprint,
            Endorsement.person_id == call.actor.person,
        )
    )
    if already is not None:
        raise Conflict("approvals.already")
    db.session.add(row)
    db.session.flush()
