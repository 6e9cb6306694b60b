"""Teams and what they can do, with evidence, equipment and person-days; researchers; joint-training programmes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.talent.workflow import (
    CapabilityState,
    EvidenceKind,
    PlaceState,
    ProgrammeKind,
    ProgrammeState,
    WorkKind,
)


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
    ipc: Mapped[str] = mapped_column(String(200), default="")
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


class Equipment(Numbered, Base):
    """A machine or instrument of a team that orders may use; ``days`` are those it is free for them in a quarter."""

    __tablename__ = "equipment"
    __table_args__ = (CheckConstraint("days BETWEEN 0 AND 92", name="days"),)

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300))
    days: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Researcher(Numbered, Versioned, Base):
    """A person's own page. ``listed`` shows it to everybody signed in; ``expert_fields`` are those it evaluates in."""

    __tablename__ = "researchers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), default="")
    orcid: Mapped[str | None] = mapped_column(String(19), unique=True)
    introduction: Mapped[str] = mapped_column(String(2000), default="")
    listed: Mapped[bool] = mapped_column(default=False)
    expert_fields: Mapped[list[str]] = mapped_column(Json, default=list)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()
    affiliations: Mapped[list[Affiliation]] = relationship(order_by="Affiliation.from_on.desc()")
    works: Mapped[list[Work]] = relationship(order_by="Work.year.desc()")

    @property
    def name(self) -> str:
        return self.account.person.name


class Affiliation(Numbered, Base):
    """Where a person works or worked, from and until which day."""

    __tablename__ = "affiliations"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days"),)

    researcher_id: Mapped[int] = mapped_column(ForeignKey("researchers.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(120))
    from_on: Mapped[date]
    until_on: Mapped[date | None]


class Work(Numbered, Base):
    """A paper, patent, project or standard that the person made."""

    __tablename__ = "research_works"

    researcher_id: Mapped[int] = mapped_column(ForeignKey("researchers.id"), index=True)
    kind: Mapped[WorkKind] = mapped_column(choice(WorkKind, "kind"))
    title: Mapped[str] = mapped_column(String(300))
    year: Mapped[int]
    reference: Mapped[str] = mapped_column(String(200), default="")


class Programme(Numbered, Versioned, Base):
    """Training that an organisation offers to people of others, with a number of ``places``; ``taken`` never passes it."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("taken BETWEEN 0 AND places", name="places"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    kind: Mapped[ProgrammeKind] = mapped_column(choice(ProgrammeKind, "kind"))
    field: Mapped[Field] = mapped_column(choice(Field, "field"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(4000))
    mentor: Mapped[str] = mapped_column(String(100), default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    state: Mapped[ProgrammeState] = mapped_column(
        choice(ProgrammeState, "state"), default=ProgrammeState.OPEN, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()

    @property
    def free(self) -> int:
        return self.places - self.taken


class Place(Numbered, Base):
    """Somebody's place in a programme."""

    __tablename__ = "programme_places"
    __table_args__ = (UniqueConstraint("programme_id", "account_id"),)

    programme_id: Mapped[int] = mapped_column(ForeignKey("programmes.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[PlaceState] = mapped_column(choice(PlaceState, "state"), default=PlaceState.ASKED, index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    programme: Mapped[Programme] = relationship()
    account: Mapped[Account] = relationship()
