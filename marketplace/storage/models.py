"""Uploaded files, kept in the database so that a file and the row that names it are never apart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime


class StoredFile(Numbered, Base):
    """What a file is called and is; its bytes are in ``StoredContent`` so that lists never load them."""

    __tablename__ = "stored_files"

    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class StoredContent(Base):
    """The bytes of one file."""

    __tablename__ = "stored_contents"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
