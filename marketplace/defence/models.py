"""Watches and what they found, threats reported in confidence, defence cases and who joined them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.models import Alliance
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.defence.workflow import CaseState, CostRule, ThreatKind, ThreatState
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent


class Watch(Numbered, Base):
    """What a member looks out for: all of its words, IPC beginning and applicant that are given must fit."""

    __tablename__ = "watches"
    __table_args__ = (CheckConstraint("words <> '' OR ipc <> '' OR applicant <> ''", name="something"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(String(200), default="")
    ipc: Mapped[str] = mapped_column(String(20), default="")
    applicant: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()


class WatchHit(Numbered, Base):
    """A patent that came in and fits a watch."""

    __tablename__ = "watch_hits"
    __table_args__ = (UniqueConstraint("watch_id", "patent_id"),)

    watch_id: Mapped[int] = mapped_column(ForeignKey("watches.id"))
    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), index=True)
    found_at: Mapped[datetime] = mapped_column(UTCDateTime)

    watch: Mapped[Watch] = relationship()
    patent: Mapped[Patent] = relationship()


class Threat(Numbered, Versioned, Base):
    """What somebody holds against a member. Only the member and the alliance's staff ever read it."""

    __tablename__ = "threats"
    __table_args__ = (stamp_check("state", {ThreatState.CLOSED}, "closed_at", "closed_has_time"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    kind: Mapped[ThreatKind] = mapped_column(choice(ThreatKind, "kind"))
    asserted: Mapped[str] = mapped_column(String(300))
    who: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[ThreatState] = mapped_column(choice(ThreatState, "state"), default=ThreatState.REPORTED, index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    reported_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    alliance: Mapped[Alliance] = relationship()


class DefenceCase(Numbered, Versioned, Base):
    """A joint answer to asserted patents. ``asserted`` and ``summary`` are for the alliance; amounts in fen."""

    __tablename__ = "defence_cases"
    __table_args__ = (
        CheckConstraint("budget > 0 AND spent >= 0 AND saved >= 0", name="amounts"),
        stamp_check("state", {CaseState.CLOSED}, "closed_at", "closed_has_time"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    asserted: Mapped[str] = mapped_column(String(300))
    summary: Mapped[str] = mapped_column(Text, default="")
    counsel: Mapped[str] = mapped_column(Text, default="")
    budget: Mapped[int] = mapped_column(Fen)
    rule: Mapped[CostRule] = mapped_column(choice(CostRule, "rule"))
    state: Mapped[CaseState] = mapped_column(choice(CaseState, "state"), default=CaseState.GATHERING, index=True)
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    spent: Mapped[int] = mapped_column(Fen, default=0)
    saved: Mapped[int] = mapped_column(Fen, default=0)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance] = relationship()
    members: Mapped[list[CaseMember]] = relationship(order_by="CaseMember.organisation_id")


class CaseMember(Base):
    """A member that joined: what it stated about itself is read by itself and the staff only."""

    __tablename__ = "case_members"
    __table_args__ = (CheckConstraint("products >= 0 AND revenue >= 0", name="weights"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    products: Mapped[int]
    revenue: Mapped[int] = mapped_column(Fen)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
