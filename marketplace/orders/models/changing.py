"""Changes of a published order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.db.base import Base, Numbered
from marketplace.db.types import UTCDateTime


class OrderAmendment(Numbered, Base):
    """A change of the public text while bids may come in: what changed in words, and the deadline before and after it."""

    __tablename__ = "order_amendments"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    note: Mapped[str] = mapped_column(String(500))
    deadline_before: Mapped[datetime] = mapped_column(UTCDateTime)
    deadline_after: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
