"""The index of site search, made only from what every reader of a subject may see; and judgements of who fits an order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime, choice
from marketplace.kernel.fields import Field
from marketplace.search import fulltext
from marketplace.search.workflow import Source


class SearchEntry(Numbered, Base):
    """One subject as search knows it. Whether a reader may see it is asked of its own room, each time.

    ``compared`` and ``compared_title`` are texts in the spelling of ``spelling.compared``; ``tokens`` feeds the full-text
    index of either database.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_search_entries_newest", "at", "id"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[Field | None] = mapped_column(choice(Field, "field"))
    alliance_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    compared_title: Mapped[str] = mapped_column(Text, default="")
    compared: Mapped[str] = mapped_column(Text, default="")
    tokens: Mapped[str] = mapped_column(Text, default="")


fulltext.attach(SearchEntry.__table__)


class Judgement(Numbered, Base):
    """That a team fits an order, from 1 (not at all) to 4 (well), and where this is known from."""

    __tablename__ = "relevance_judgements"
    __table_args__ = (
        UniqueConstraint("order_id", "team_id", "source"),
        CheckConstraint("level BETWEEN 1 AND 4", name="level"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    source: Mapped[Source] = mapped_column(choice(Source, "source"))
    level: Mapped[int]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
