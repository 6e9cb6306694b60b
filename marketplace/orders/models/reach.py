"""Whom an order reaches: teams invited to it, an alliance's framework pool, people who follow fields."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.models import Alliance
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime, choice, stamp_check
from marketplace.kernel.fields import Field
from marketplace.orders.models.order import Order
from marketplace.orders.workflow import Frequency, InvitationState, PoolState
from marketplace.talent.models import Team


class OrderInvitation(Numbered, Versioned, Base):
    """One team that the enterprise or a screener asked to answer one order, and why this one."""

    __tablename__ = "order_invitations"
    __table_args__ = (
        UniqueConstraint("order_id", "team_id"),
        stamp_check("state", {InvitationState.DECLINED, InvitationState.WITHDRAWN}, "decided_at", "decided_has_time"),
        CheckConstraint("why <> ''", name="why"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    state: Mapped[InvitationState] = mapped_column(choice(InvitationState, "state"), default=InvitationState.INVITED)
    why: Mapped[str] = mapped_column(String(500))
    invited_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    team: Mapped[Team] = relationship()


_ALIVE = text("state IN ('admitted', 'applied')")


class PoolPlace(Numbered, Versioned, Base):
    """A team's place in an alliance's framework pool, open until ``expires_at`` once it was admitted."""

    __tablename__ = "framework_places"
    __table_args__ = (
        Index(
            "uq_framework_places_alive",
            "alliance_id",
            "team_id",
            unique=True,
            sqlite_where=_ALIVE,
            postgresql_where=_ALIVE,
        ),
        stamp_check("state", frozenset(PoolState) - {PoolState.APPLIED}, "decided_at", "decided_has_time"),
        stamp_check("state", {PoolState.ADMITTED}, "expires_at", "admitted_has_end"),
        CheckConstraint("state NOT IN ('refused', 'ended') OR reason <> ''", name="reason"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    state: Mapped[PoolState] = mapped_column(choice(PoolState, "state"), default=PoolState.APPLIED)
    statement: Mapped[str] = mapped_column(String(1000))
    reason: Mapped[str] = mapped_column(String(1000), default="")
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    applied_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance] = relationship()
    team: Mapped[Team] = relationship()

    def admits(self, now: datetime) -> bool:
        """True while the team may answer the alliance's framework orders."""
        return self.state is PoolState.ADMITTED and self.expires_at is not None and now < self.expires_at


class Digest(Base):
    """How often one account hears of new orders in its fields; ``sent_at`` is up to when it has heard."""

    __tablename__ = "order_digests"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    frequency: Mapped[Frequency] = mapped_column(choice(Frequency, "frequency"))
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
    fields: Mapped[list[FollowedField]] = relationship(cascade="all, delete-orphan", order_by="FollowedField.field")


class FollowedField(Base):
    """One field that an account follows."""

    __tablename__ = "order_followed_fields"

    account_id: Mapped[int] = mapped_column(ForeignKey("order_digests.account_id"), primary_key=True)
    field: Mapped[Field] = mapped_column(choice(Field, "field"), primary_key=True)
