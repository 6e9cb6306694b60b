"""Files that were checked and wait to be imported."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime


class CheckedFile(Numbered, Base):
    """The bytes of a file without mistakes, kept until they are imported or for a day."""

    __tablename__ = "checked_files"

    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    ending: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
