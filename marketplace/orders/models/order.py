"""Orders, their targets, their confidential part (a table of its own, so that no list ever loads it) and attachments."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.kernel.fields import Field
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import AFTER_PUBLICATION, Comparator, ContractType, IpWish, OrderState
from marketplace.organisations.models import Organisation
from marketplace.storage.models import StoredFile


class Order(Numbered, Versioned, Base):
    """One enterprise's R&D need with terms. A draft may lack anything; ``readiness`` says what screening would miss.

    ``lot_of`` is the umbrella whose lot ``lot_number`` this is; ``retender_of`` the unsuccessful order whose text it repeats.
    ``concepts_at`` is when the concepts of the first of two stages were opened.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("own_funds IS NULL OR own_funds >= 0", name="own_funds"),
        CheckConstraint("price_ceiling IS NULL OR price_ceiling > 0", name="price_ceiling"),
        CheckConstraint("(lot_of IS NULL) = (lot_number IS NULL)", name="lot"),
        CheckConstraint("lot_number > 0", name="lot_number"),
        CheckConstraint("trl_now IS NULL OR trl_now BETWEEN 1 AND 9", name="trl_now"),
        CheckConstraint("trl_wanted IS NULL OR trl_wanted BETWEEN 1 AND 9", name="trl_wanted"),
        stamp_check("state", AFTER_PUBLICATION, "published_at", "published_has_time"),
        stamp_check("state", AFTER_PUBLICATION, "bid_deadline", "published_has_deadline"),
        stamp_check("state", {OrderState.APPROVED}, "approved_at", "approved_has_time"),
        stamp_check("state", {OrderState.CONCEPTS}, "concepts_at", "concepts_has_time"),
        # Newest first without sorting, and counted without reading the long texts.
        Index("ix_orders_board", "published_at", "id", "visibility", "state", "alliance_id", "organisation_id"),
        Index("ix_orders_due", "state", "bid_deadline"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility, "visibility"), default=Visibility.PUBLIC)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    background: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[Field | None] = mapped_column(choice(Field, "field"), index=True)
    ipc: Mapped[str] = mapped_column(String(200), default="")
    trl_now: Mapped[int | None]
    trl_wanted: Mapped[int | None]
    own_funds: Mapped[int | None] = mapped_column(Fen)
    price_ceiling: Mapped[int | None] = mapped_column(Fen)
    budget_reason: Mapped[str] = mapped_column(String(500), default="")
    bidding_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bid_deadline: Mapped[datetime | None] = mapped_column(UTCDateTime)
    delivery_on: Mapped[date | None]
    contract_type: Mapped[ContractType | None] = mapped_column(choice(ContractType, "contract_type"))
    ip_wish: Mapped[IpWish | None] = mapped_column(choice(IpWish, "ip_wish"))
    procedure: Mapped[Procedure] = mapped_column(choice(Procedure, "procedure"), default=Procedure.OPEN)
    procedure_reason: Mapped[str] = mapped_column(String(1000), default="")
    lot_of: Mapped[int | None] = mapped_column(ForeignKey("order_umbrellas.id"), index=True)
    lot_number: Mapped[int | None]
    retender_of: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    state: Mapped[OrderState] = mapped_column(choice(OrderState, "state"), default=OrderState.DRAFT)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    concepts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    alliance: Mapped[Alliance] = relationship()
    targets: Mapped[list[Target]] = relationship(order_by="Target.position", cascade="all, delete-orphan")


class Target(Numbered, Base):
    """A measurable acceptance target. Values are decimal text, exactly as agreed ("67", "1.80")."""

    __tablename__ = "order_targets"
    __table_args__ = (UniqueConstraint("order_id", "position"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    comparator: Mapped[Comparator] = mapped_column(choice(Comparator, "comparator"))
    value: Mapped[str] = mapped_column(String(40))
    value_to: Mapped[str] = mapped_column(String(40), default="")
    unit: Mapped[str] = mapped_column(String(40), default="")
    method: Mapped[str] = mapped_column(String(300), default="")
    must_have: Mapped[bool] = mapped_column(default=True)


class ConfidentialPart(Base):
    """What only the ordering enterprise and its screeners read."""

    __tablename__ = "order_confidential_parts"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class OrderAttachment(Base):
    """A file of an order; ``confidential`` ones follow the confidential part."""

    __tablename__ = "order_attachments"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)
    confidential: Mapped[bool] = mapped_column(default=False)

    file: Mapped[StoredFile] = relationship(lazy="joined")
