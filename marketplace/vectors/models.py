"""What each sentence encoder made of each text, and the weights that ranking has learned here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered, read_only_rows
from marketplace.db.types import Json, UTCDateTime


class TextVector(Base):
    """The vector of one text, a byte to each component; the text itself is only known by its digest."""

    __tablename__ = "text_vectors"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    encoder: Mapped[str] = mapped_column(String(20), primary_key=True)
    components: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class RankingWeights(Numbered, Base):
    """Weights learned from this installation's judgements, with the figures that let them in; the newest ones count."""

    __tablename__ = "ranking_weights"

    weights: Mapped[dict[str, Any]] = mapped_column(Json)
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


read_only_rows(RankingWeights)
