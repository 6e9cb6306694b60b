"""Which approvals an amount needs, which are given, and which one somebody may give now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from marketplace.approvals.models import ApprovalLevel, Endorsement, Step
from marketplace.approvals.workflow import COUNTING
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import Forbidden
from marketplace.kernel.policy import YES, Decision, no


@dataclass(frozen=True, slots=True)
class Needed:
    """One approval that is needed; ``id`` None is the first one, by an officer. ``given`` is who gave it."""

    id: int | None
    above: int
    role: Role
    waits: bool
    given: Endorsement | None = None


def needed(amount: int, subject_kind: str, subject_id: int, content_hash: str) -> list[Needed]:
    """Return every approval that ``amount`` (fen) needs, in order, with those already given for exactly this content."""
    given = db.session.scalars(
        select(Endorsement).where(
            Endorsement.subject_kind == subject_kind,
            Endorsement.subject_id == subject_id,
            Endorsement.content_hash == content_hash,
            Endorsement.step == Step.APPROVED,
        )
    )
    return needed_of(amount, in_force(), given)


def in_force() -> list[ApprovalLevel]:
    """Return the levels that count now, the lowest first."""
    query = select(ApprovalLevel).where(ApprovalLevel.state.in_(COUNTING))
    return list(db.session.scalars(query.order_by(ApprovalLevel.above, ApprovalLevel.id)))


def needed_of(amount: int, rows: Iterable[ApprovalLevel], endorsements: Iterable[Endorsement]) -> list[Needed]:
    """The same for levels and endorsements of one content that were read before: no statement for each row of a list."""
    given = {row.level_id: row for row in endorsements if row.step is Step.APPROVED}
    first = Needed(None, 0, Role.CENTRE_OFFICER, False, given.get(None))
    above = (row for row in rows if row.above < amount)
    return [first, *(Needed(row.id, row.above, row.role, row.waits, given.get(row.id)) for row in above)]


def missing(levels: Sequence[Needed]) -> list[Needed]:
    return [level for level in levels if level.given is None]


def open_for(actor: Actor, levels: Sequence[Needed]) -> tuple[Needed | None, Decision]:
    """Return the approval the actor may give now, else None with the reason: not the right role, or another one comes first."""
    why = no("approvals.not_your_role")
    for position, level in enumerate(levels):
        if level.given is not None or not actor.has(level.role):
            continue
        if level.waits and missing(levels[:position]):
            why = no("approvals.another_first")
            continue
        return level, YES
    return None, why


def require_open(actor: Actor, levels: Sequence[Needed]) -> Needed:
    """Raise Forbidden with the reason when the actor may give none of the missing approvals now."""
    level, decision = open_for(actor, levels)
    if level is None:
        raise Forbidden(decision.reason)
    return level
