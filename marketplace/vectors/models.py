"""What each sentence encoder made of each text."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base
from marketplace.db.types import UTCDateTime


class TextVector(Base):
    """The vector of one text, a byte to each component; the text itself is only known by its digest."""

    __tablename__ = "text_vectors"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    encoder: Mapped[str] = mapped_column(String(20), primary_key=True)
    components: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
