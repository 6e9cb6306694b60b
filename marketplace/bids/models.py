"""Sealed bids, and what was in them once they were opened."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.bids.workflow import BidState, Meets
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.orders.models import Order
from marketplace.talent.models import Team


class Bid(Numbered, Versioned, Base):
    """A team's answer to an order. Before opening its content exists only encrypted (see ``bids.sealing``).

    ``envelope`` is sealed to the opener's public key; ``owner_copy`` lets the bidder read and replace it until the deadline and
    is erased at opening. ``commitment`` is the salted digest the bidder's receipt repeats.
    """

    __tablename__ = "bids"
    __table_args__ = (
        UniqueConstraint("order_id", "team_id"),
        stamp_check("state", {BidState.SUBMITTED}, "submitted_at", "submitted_has_time"),
        stamp_check("state", {BidState.OPENED, BidState.WON, BidState.LOST}, "opened_at", "opened_has_time"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    state: Mapped[BidState] = mapped_column(choice(BidState, "state"), default=BidState.DRAFT, index=True)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    envelope: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    owner_copy: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    commitment: Mapped[str] = mapped_column(String(64), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    team: Mapped[Team] = relationship()
    content: Mapped[OpenedBid | None] = relationship(back_populates="bid")


class OpenedBid(Base):
    """The content of a bid after the opening: plan, price in fen, start, months; ``salt`` proves it against the commitment."""

    __tablename__ = "opened_bids"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("months BETWEEN 1 AND 120", name="months"),
    )

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    plan: Mapped[str] = mapped_column(Text)
    schedule: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[int] = mapped_column(Fen)
    start_on: Mapped[date]
    months: Mapped[int]
    salt: Mapped[str] = mapped_column(String(64), default="")

    bid: Mapped[Bid] = relationship(back_populates="content")
    loads: Mapped[list[OpenedLoad]] = relationship(order_by="OpenedLoad.team_id")
    answers: Mapped[list[OpenedAnswer]] = relationship(order_by="OpenedAnswer.target_id")

    @property
    def targets_met(self) -> int:
        """How many targets the bid says it meets or exceeds."""
        return sum(answer.meets in {Meets.MEETS, Meets.EXCEEDS} for answer in self.answers)


class OpenedLoad(Base):
    """Person-days a team puts in over the whole project (several teams: a consortium)."""

    __tablename__ = "opened_loads"
    __table_args__ = (CheckConstraint("person_days > 0", name="person_days"),)

    bid_id: Mapped[int] = mapped_column(ForeignKey("opened_bids.bid_id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_days: Mapped[int]

    team: Mapped[Team] = relationship()


class OpenedAnswer(Base):
    """How the bid answers one target, with the promised value where there is one."""

    __tablename__ = "opened_answers"

    bid_id: Mapped[int] = mapped_column(ForeignKey("opened_bids.bid_id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("order_targets.id"), primary_key=True)
    meets: Mapped[Meets] = mapped_column(choice(Meets, "meets"))
    value: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
