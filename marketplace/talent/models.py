"""Teams, what they can do, the evidence for it, and how many person-days they have in each quarter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.workflow import Visibility
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.talent.workflow import CapabilityState, EvidenceKind


class Team(Numbered, Versioned, Base):
    """The unit that bids. ``capacity_days`` is its usual person-days per quarter."""

    __tablename__ = "teams"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("capacity_days >= 0", name="capacity"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    introduction: Mapped[str] = mapped_column(String(2000), default="")
    capacity_days: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    capabilities: Mapped[list[Capability]] = relationship(back_populates="team", order_by="Capability.id")


class TeamQuarter(Base):
    """Person-days of a team in one quarter ("2027Q1"). Rows exist from the first reservation on.

    ``reserved_days`` only grows by a conditional UPDATE, so no two approvals can take the same days.
    """

    __tablename__ = "team_quarters"
    __table_args__ = (CheckConstraint("reserved_days >= 0 AND reserved_days <= capacity_days", name="within_capacity"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6), primary_key=True)
    capacity_days: Mapped[int]
    reserved_days: Mapped[int] = mapped_column(default=0)


class Capability(Numbered, Versioned, Base):
    """What a team can do, in which field, from and to which TRL (GB/T 22900), at what usual price."""

    __tablename__ = "capabilities"
    __table_args__ = (
        CheckConstraint("trl_from BETWEEN 1 AND 9 AND trl_to BETWEEN trl_from AND 9", name="trl"),
        CheckConstraint("price_from >= 0 AND price_to >= price_from", name="price"),
        CheckConstraint("visibility <> 'alliance' OR alliance_id IS NOT NULL", name="alliance_named"),
        stamp_check("state", {CapabilityState.PUBLISHED}, "published_at", "published_has_time"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text)
    field: Mapped[Field] = mapped_column(choice(Field, "field"), index=True)
    trl_from: Mapped[int]
    trl_to: Mapped[int]
    price_from: Mapped[int] = mapped_column(Fen)
    price_to: Mapped[int] = mapped_column(Fen)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility, "visibility"), default=Visibility.PUBLIC)
    state: Mapped[CapabilityState] = mapped_column(
        choice(CapabilityState, "state"), default=CapabilityState.DRAFT, index=True
    )
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    team: Mapped[Team] = relationship(back_populates="capabilities")
    evidence: Mapped[list[Evidence]] = relationship(order_by="Evidence.id", cascade="all, delete-orphan")


class Evidence(Numbered, Base):
    """A paper, patent or past project that shows the capability; ``reference`` is a number or link people can check."""

    __tablename__ = "evidence"

    capability_id: Mapped[int] = mapped_column(ForeignKey("capabilities.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(choice(EvidenceKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text, default="")
    year: Mapped[int | None]
    reference: Mapped[str] = mapped_column(String(200), default="")
