"""Patents and applications, whose they are, what happened to them, what was done in time, and calendar subscriptions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.patents.workflow import Delivery, EventKind, LegalState, PatentKind, Route, RuleCode, SharePart


class Patent(Numbered, Versioned, Base):
    """One right or application at one office. ``owner`` is the member that looks after it; who owns how much is in ``shares``.

    ``sold_on``: sold to somebody outside; from then on the row is history, and its keeper has nothing to do any more.
    Before ``disclosed_on`` (its publication or grant) an application is its owner's secret. ``next_*``, ``remind_on`` and
    ``lapses_on`` repeat what ``schedule`` works out from the dates, so that reminders and lists find them by an index.
    """

    __tablename__ = "patents"
    __table_args__ = (
        UniqueConstraint("office", "number"),
        CheckConstraint("inventor_share IS NULL OR inventor_share BETWEEN 0 AND 10000", name="inventor_share"),
        CheckConstraint("claim_count >= 0 AND (citations IS NULL OR citations >= 0)", name="counts"),
        CheckConstraint("granted_on IS NULL OR granted_on >= filed_on", name="dates"),
        stamp_check(
            "state", {LegalState.GRANTED, LegalState.LAPSED, LegalState.EXPIRED}, "granted_on", "granted_has_day"
        ),
        stamp_check("state", {LegalState.PUBLISHED, LegalState.GRANTED}, "disclosed_on", "published_has_day"),
        Index("ix_patents_owner", "owner_id", "state"),
    )

    owner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    office: Mapped[str] = mapped_column(String(2))
    number: Mapped[str] = mapped_column(String(30))
    publication_number: Mapped[str] = mapped_column(String(30), default="")
    kind: Mapped[PatentKind] = mapped_column(choice(PatentKind, "kind"))
    route: Mapped[Route] = mapped_column(choice(Route, "route"), default=Route.DIRECT)
    title: Mapped[str] = mapped_column(String(300))
    title_en: Mapped[str] = mapped_column(String(400), default="")
    abstract: Mapped[str] = mapped_column(Text, default="")
    claims: Mapped[str] = mapped_column(Text, default="")
    claim_count: Mapped[int] = mapped_column(default=0)
    field: Mapped[Field] = mapped_column(choice(Field, "field"), index=True)
    ipc: Mapped[str] = mapped_column(String(400), default="")
    applicants: Mapped[str] = mapped_column(String(1000), default="")
    family: Mapped[str] = mapped_column(String(60), default="", index=True)
    citations: Mapped[int | None]
    inventor_share: Mapped[int | None]
    priority_on: Mapped[date | None]
    filed_on: Mapped[date] = mapped_column(index=True)
    published_on: Mapped[date | None]
    granted_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    disclosed_on: Mapped[date | None] = mapped_column(index=True)
    sold_on: Mapped[date | None]
    expires_on: Mapped[date]
    state: Mapped[LegalState] = mapped_column(choice(LegalState, "state"), default=LegalState.FILED, index=True)
    next_rule: Mapped[RuleCode | None] = mapped_column(choice(RuleCode, "next_rule"))
    next_number: Mapped[int] = mapped_column(default=0)
    next_due_on: Mapped[date | None] = mapped_column(index=True)
    remind_on: Mapped[date | None] = mapped_column(index=True)
    lapses_on: Mapped[date | None] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    owner: Mapped[Organisation] = relationship()
    shares: Mapped[list[PatentShare]] = relationship(order_by="PatentShare.id")

    @property
    def full_number(self) -> str:
        """The number as certificates write it: ZL before a granted Chinese one."""
        granted = self.office == "CN" and self.granted_on is not None
        return ("ZL" if granted else "") + self.number

    @property
    def is_public(self) -> bool:
        return self.disclosed_on is not None


class PatentShare(Numbered, Base):
    """A part of the right or of the inventorship, in basis points, from ``valid_from`` on and before ``valid_to``."""

    __tablename__ = "patent_shares"
    __table_args__ = (
        CheckConstraint("share BETWEEN 1 AND 10000", name="share"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        Index("ix_patent_shares_patent", "patent_id", "part"),
    )

    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"))
    part: Mapped[SharePart] = mapped_column(choice(SharePart, "part"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    orcid: Mapped[str] = mapped_column(String(19), default="")
    share: Mapped[int]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    organisation: Mapped[Organisation | None] = relationship()


class PatentEvent(Numbered, Base):
    """One entry of the legal history, of the day on its paper; ``delivery`` says how that came. Entries are never changed."""

    __tablename__ = "patent_events"

    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(choice(EventKind, "kind"))
    on: Mapped[date]
    delivery: Mapped[Delivery | None] = mapped_column(choice(Delivery, "delivery"))
    note: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class PatentStep(Numbered, Base):
    """Something a rule asked for and somebody did: ``paid`` fen with surcharge, on ``done_on``; never changed."""

    __tablename__ = "patent_steps"
    __table_args__ = (UniqueConstraint("patent_id", "rule", "number"), CheckConstraint("paid >= 0", name="paid"))

    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), index=True)
    rule: Mapped[RuleCode] = mapped_column(choice(RuleCode, "rule"))
    number: Mapped[int] = mapped_column(default=0)
    done_on: Mapped[date]
    paid: Mapped[int] = mapped_column(Fen, default=0)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarFeed(Numbered, Base):
    """A secret address from which a calendar program reads an organisation's deadlines until it is revoked."""

    __tablename__ = "calendar_feeds"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    account: Mapped[Account] = relationship()


for _model in (PatentEvent, PatentStep):
    append_only(_model.__table__)  # type: ignore[arg-type]
    read_only_rows(_model)
