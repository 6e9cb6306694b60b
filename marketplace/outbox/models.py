"""Mail that leaves only when what it tells about was committed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import Json, UTCDateTime, choice


class MessageState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Message(Numbered, Base):
    """One mail. ``template`` names ``templates/mail/<template>.txt``; ``values`` hold links and names, never content."""

    __tablename__ = "outbox_messages"
    __table_args__ = (Index("ix_outbox_messages_recipient", "recipient", "created_at"),)

    recipient: Mapped[str] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(16))
    template: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[MessageState] = mapped_column(choice(MessageState, "state"), default=MessageState.QUEUED, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
