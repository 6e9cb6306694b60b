"""Work that a worker does: the row is the truth, the queue only wakes somebody up."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime, choice


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobRun(Numbered, Base):
    """One piece of work, done at least once: a lease that ran out lets another worker take it."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_open", "state", "lease_until"),)

    name: Mapped[str] = mapped_column(String(60))
    argument: Mapped[int | None]
    state: Mapped[JobState] = mapped_column(choice(JobState, "state"), default=JobState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(Text, default="")
