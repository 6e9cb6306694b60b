"""The journal of commands and its head."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Json, UTCDateTime


class AuditRecord(Numbered, Base):
    """One command that happened. ``digest`` = HMAC(key, previous digest + canonical text of this row)."""

    __tablename__ = "audit_records"
    __table_args__ = (Index("ix_audit_records_subject", "subject_kind", "subject_id"),)

    sequence: Mapped[int] = mapped_column(unique=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor_kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None]
    person_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    command: Mapped[str] = mapped_column(String(80), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(Json)
    request_id: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that orders writers and remembers how long the chain is, so that a cut tail is noticed."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))


append_only(AuditRecord.__table__)  # type: ignore[arg-type]
read_only_rows(AuditRecord)
