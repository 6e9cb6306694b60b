"""What happens to a published order: its changes, requests to move the deadline, questions with their answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Json, UTCDateTime, choice, stamp_check
from marketplace.orders.models.order import Order
from marketplace.orders.workflow import DeadlineState, QuestionState


class OrderAmendment(Numbered, Base):
    """A change of the public part while bids may come in: what changed in words, and the deadline before and after it.

    ``before`` and ``after`` are the public part by name (see ``amending.public_part``); empty where only the deadline moved.
    Rows are never altered: what was published stays readable.
    """

    __tablename__ = "order_amendments"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(500))
    deadline_before: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline_after: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))


append_only(OrderAmendment.__table__)  # type: ignore[arg-type]
read_only_rows(OrderAmendment)

_PROPOSED = text("state = 'proposed'")


class DeadlineChange(Numbered, Versioned, Base):
    """A request to move the deadline alone: later, before it passes, by two people."""

    __tablename__ = "order_deadline_changes"
    __table_args__ = (
        Index(
            "uq_order_deadline_changes_open",
            "order_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
        CheckConstraint("deadline_after > deadline_before", name="later"),
        stamp_check("state", frozenset(DeadlineState) - {DeadlineState.PROPOSED}, "decided_at", "decided_has_time"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[DeadlineState] = mapped_column(choice(DeadlineState, "state"), default=DeadlineState.PROPOSED)
    deadline_before: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline_after: Mapped[datetime] = mapped_column(UTCDateTime)
    why: Mapped[str] = mapped_column(String(500))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()


class Question(Numbered, Versioned, Base):
    """A question about an order. Who asked is written nowhere, and the day is all that is kept of the time.

    ``confidential`` ones, and their answers, are open like the confidential part.
    """

    __tablename__ = "order_questions"
    __table_args__ = (
        stamp_check("state", frozenset(QuestionState) - {QuestionState.ASKED}, "decided_at", "decided_has_time"),
        CheckConstraint("state <> 'answered' OR answer <> ''", name="answered_has_text"),
        CheckConstraint("state <> 'declined' OR reason <> ''", name="declined_has_reason"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[QuestionState] = mapped_column(choice(QuestionState, "state"), default=QuestionState.ASKED)
    text: Mapped[str] = mapped_column(Text)
    confidential: Mapped[bool] = mapped_column(default=False)
    asked_on: Mapped[date]
    answer: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("order_amendments.id"))

    order: Mapped[Order] = relationship()
