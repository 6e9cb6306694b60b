"""Watches and what they found, threats in confidence, defence cases and who joined them, contests, covenants."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.defence.workflow import (
    CaseState,
    ContestState,
    CostRule,
    CovenantKind,
    CovenantState,
    ThreatKind,
    ThreatState,
)
from marketplace.funds.models import Fund
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.storage.models import StoredFile

_BOUND = text("left_at IS NULL")


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

    @property
    def numbers(self) -> list[str]:
        """The asserted patents one by one."""
        return [number for number in re.split(r"[\s,，;；、]+", self.asserted) if number]


class CaseMember(Base):
    """A member that joined: what it stated about itself is read by itself and the staff only.

    ``exposures`` counts pairs of a product and an asserted patent, ``revenue`` is that of the exposed products in fen a year.
    """

    __tablename__ = "case_members"
    __table_args__ = (CheckConstraint("exposures >= 0 AND revenue >= 0", name="weights"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    exposures: Mapped[int]
    revenue: Mapped[int] = mapped_column(Fen)
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()


class ExposedProduct(Numbered, Base):
    """A product that a member counts as exposed, with the asserted ``patents`` it is exposed to: the member's own secret."""

    __tablename__ = "exposed_products"
    __table_args__ = (CheckConstraint("revenue >= 0", name="revenue"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    revenue: Mapped[int] = mapped_column(Fen)
    patents: Mapped[list[str]] = mapped_column(Json)
    stated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CounselPaper(Numbered, Base):
    """A file of counsel, behind the same wall as counsel's words."""

    __tablename__ = "counsel_papers"

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    file: Mapped[StoredFile] = relationship()


class CounterPatent(Base):
    """A pooled patent that could be held against the attacker, and why it matters."""

    __tablename__ = "counter_patents"

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), primary_key=True)
    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), primary_key=True)
    why: Mapped[str] = mapped_column(String(500))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)

    patent: Mapped[Patent] = relationship()


class Contest(Numbered, Versioned, Base):
    """A search for prior art against one claim, element by element; the bounty in fen is reserved in ``fund``."""

    __tablename__ = "contests"
    __table_args__ = (
        CheckConstraint("bounty > 0", name="bounty"),
        stamp_check("state", {ContestState.ENDED, ContestState.PAID}, "ended_at", "over_has_time"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("defence_cases.id"), index=True)
    number: Mapped[str] = mapped_column(String(60))
    claim: Mapped[str] = mapped_column(String(60))
    elements: Mapped[list[str]] = mapped_column(Json)
    before_on: Mapped[date]
    bounty: Mapped[int] = mapped_column(Fen)
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    closes_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ContestState] = mapped_column(
        choice(ContestState, "state"), default=ContestState.PROPOSED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    case: Mapped[DefenceCase] = relationship()
    fund: Mapped[Fund] = relationship()


class PriorArt(Numbered, Base):
    """One entry of a contest: a document older than the claim and its chart, a passage for each element ('' = not shown)."""

    __tablename__ = "prior_arts"
    __table_args__ = (CheckConstraint("prize >= 0", name="prize"),)

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    reference: Mapped[str] = mapped_column(String(200))
    published_on: Mapped[date]
    passages: Mapped[list[str]] = mapped_column(Json)
    holds: Mapped[bool] = mapped_column(default=False)
    prize: Mapped[int] = mapped_column(Fen, default=0)
    entered_at: Mapped[datetime] = mapped_column(UTCDateTime)

    contest: Mapped[Contest] = relationship()
    account: Mapped[Account] = relationship()


class Covenant(Numbered, Versioned, Base):
    """A promise between members of an alliance; ``field`` limits it, None = every field."""

    __tablename__ = "covenants"
    __table_args__ = (
        stamp_check("state", {CovenantState.IN_FORCE}, "in_force_at", "in_force_has_time"),
        stamp_check("state", {CovenantState.ENDED, CovenantState.REJECTED}, "ended_at", "over_has_time"),
    )

    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    kind: Mapped[CovenantKind] = mapped_column(choice(CovenantKind, "kind"))
    field: Mapped[Field | None] = mapped_column(choice(Field, "field"))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[CovenantState] = mapped_column(
        choice(CovenantState, "state"), default=CovenantState.PROPOSED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance] = relationship()
    members: Mapped[list[CovenantMember]] = relationship(order_by="CovenantMember.bound_since")


class CovenantMember(Numbered, Base):
    """A member bound by a covenant, since when, and until when for patents it gets later. Who comes back gets a new row."""

    __tablename__ = "covenant_members"
    __table_args__ = (
        Index(
            "uq_covenant_members_bound",
            "covenant_id",
            "organisation_id",
            unique=True,
            sqlite_where=_BOUND,
            postgresql_where=_BOUND,
        ),
    )

    covenant_id: Mapped[int] = mapped_column(ForeignKey("covenants.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    bound_since: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()


class CovenantTransfer(Numbered, Base):
    """A covered patent that a bound member handed on to somebody who is not bound, and what the covenant did about it.

    ``asserts`` is what the seller said of the buyer. The licences ran from ``sprung_at`` on; None = they wait until the buyer is
    found to be one who only asserts, or until the application is disclosed. ``licensed`` counts the members that were licensed.
    """

    __tablename__ = "covenant_transfers"
    __table_args__ = (
        CheckConstraint("licensed >= 0", name="licensed"),
        CheckConstraint("licensed = 0 OR sprung_at IS NOT NULL", name="licensed_has_time"),
    )

    covenant_id: Mapped[int] = mapped_column(ForeignKey("covenants.id"), index=True)
    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), index=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    buyer: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    asserts: Mapped[bool]
    licensed: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    sprung_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    covenant: Mapped[Covenant] = relationship()
    patent: Mapped[Patent] = relationship()
    seller: Mapped[Organisation] = relationship()

    @property
    def is_owed(self) -> bool:
        """Whether this is a transfer the covenant licenses for: nothing but the disclosure of the application can be missing."""
        return self.asserts or self.covenant.kind is CovenantKind.NON_ASSERTION
