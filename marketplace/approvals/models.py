"""Endorsements."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime, choice


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
