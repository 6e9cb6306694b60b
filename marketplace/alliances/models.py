"""Sector alliances under the centre and their member organisations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime, choice
from marketplace.organisations.models import Organisation


class Alliance(Numbered, Base):
    """An industry IP alliance (产业知识产权联盟)."""

    __tablename__ = "alliances"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(2000), default="")
    about_en: Mapped[str] = mapped_column(String(2000), default="")
    founded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class AllianceMembership(Numbered, Versioned, Base):
    """An organisation's place in an alliance."""

    __tablename__ = "alliance_memberships"
    __table_args__ = (UniqueConstraint("alliance_id", "organisation_id"),)

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[MembershipState] = mapped_column(
        choice(MembershipState, "state"), default=MembershipState.REQUESTED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance] = relationship()
    organisation: Mapped[Organisation] = relationship()
