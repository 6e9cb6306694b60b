"""What remains of a contract: students trained together, results declared, and what each side says about the other."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.contracts.models.contract import Contract
from marketplace.contracts.workflow import ResultKind, Side, TrainingLevel, TrainingState
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import UTCDateTime, choice, stamp_check


class Training(Numbered, Versioned, Base):
    """One student whom both sides mentor; ``now`` is what the person does after it. Read by the parties and the centre only."""

    __tablename__ = "joint_trainings"
    __table_args__ = (
        CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name="days"),
        stamp_check("state", {TrainingState.FINISHED, TrainingState.LEFT}, "ended_on", "ended_has_day"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    student: Mapped[str] = mapped_column(String(100))
    level: Mapped[TrainingLevel] = mapped_column(choice(TrainingLevel, "level"))
    topic: Mapped[str] = mapped_column(String(200), default="")
    mentor_enterprise: Mapped[str] = mapped_column(String(100))
    mentor_institution: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    now: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[TrainingState] = mapped_column(
        choice(TrainingState, "state"), default=TrainingState.ACTIVE, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    contract: Mapped[Contract] = relationship()


class Result(Numbered, Base):
    """Something that came out of the work; the patents room reads the applications among them."""

    __tablename__ = "contract_results"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    kind: Mapped[ResultKind] = mapped_column(choice(ResultKind, "kind"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(60), default="")
    on: Mapped[date]
    holder: Mapped[str] = mapped_column(String(200), default="")
    declared_by: Mapped[Side] = mapped_column(choice(Side, "declared_by"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    contract: Mapped[Contract] = relationship()


class Rating(Numbered, Base):
    """What one side says about the other, once, after the end: three scores from 1 to 5, and why."""

    __tablename__ = "contract_ratings"
    __table_args__ = (
        UniqueConstraint("contract_id", "side"),
        CheckConstraint("quality BETWEEN 1 AND 5", name="quality"),
        CheckConstraint("timeliness BETWEEN 1 AND 5", name="timeliness"),
        CheckConstraint("cooperation BETWEEN 1 AND 5", name="cooperation"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    quality: Mapped[int]
    timeliness: Mapped[int]
    cooperation: Mapped[int]
    reasons: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    contract: Mapped[Contract] = relationship()


for _model in (Result, Rating):
    append_only(_model.__table__)  # type: ignore[arg-type]
    read_only_rows(_model)
