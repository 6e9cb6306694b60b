"""An order in several lots: what they are about together. Each lot is an order of its own; this is no order."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime
from marketplace.orders.models.order import Order
from marketplace.organisations.models import Organisation


class Umbrella(Numbered, Versioned, Base):
    """Several lots under one name. It has no state: each lot takes bids, is awarded or fails by itself."""

    __tablename__ = "order_umbrellas"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    lots: Mapped[list[Order]] = relationship(order_by=(Order.lot_number, Order.id))
