"""Endorsements, and the amounts above which more of them are needed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.approvals.workflow import COUNTING, LevelState
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.kernel.call import Role


class Step(StrEnum):
    """First a person proposes, then a different person approves."""

    PROPOSED = "proposed"
    APPROVED = "approved"


class Endorsement(Numbered, Base):
    """One natural person stood for exactly this content of this subject."""

    __tablename__ = "endorsements"
    __table_args__ = (UniqueConstraint("subject_kind", "subject_id", "content_hash", "person_id"),)

    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    step: Mapped[Step] = mapped_column(choice(Step, "step"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    level_id: Mapped[int | None] = mapped_column(ForeignKey("approval_levels.id"))
    comment: Mapped[str] = mapped_column(String(1000), default="", server_default="")


class ApprovalLevel(Numbered, Versioned, Base):
    """Above an amount (fen) one more approval is needed, by somebody of ``role`` who is none of the persons before.

    ``waits``: only after every approval that comes before it (sequential), else whenever (parallel). The first approval, by an
    officer, is always needed and has no row. A level counts from its approval by two people until its end by two people.
    """

    __tablename__ = "approval_levels"
    __table_args__ = (
        CheckConstraint("above >= 0", name="above"),
        CheckConstraint("role IN ('centre_officer', 'fund_manager')", name="approver"),
        stamp_check("state", COUNTING, "active_from", "active_has_time"),
        stamp_check("state", {LevelState.ENDED}, "ended_at", "ended_has_time"),
    )

    above: Mapped[int] = mapped_column(Fen)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    waits: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[LevelState] = mapped_column(choice(LevelState, "state"), default=LevelState.PROPOSED, index=True)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    active_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
