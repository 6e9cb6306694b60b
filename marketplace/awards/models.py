"""Awards with their notice, objections with what was found about them, and reversals. Nothing is ever deleted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.awards.workflow import (
    CLOSED,
    ENDED,
    AwardState,
    ComplaintState,
    Finding,
    FindingState,
    Ground,
    Instance,
    Remedy,
    ReversalKind,
    ReversalState,
    Standing,
)
from marketplace.bids.models import Bid
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.orders.models import Order
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal, Run
from marketplace.storage.models import StoredFile
from marketplace.talent.models import Team

_LIVE = text("state IN ('standstill', 'contracting')")
_UNDECIDED = text("state IN ('filed', 'accepted', 'answered', 'appealed', 'reviewed')")


class Award(Numbered, Versioned, Base):
    """An approved match from its public notice on.

    ``price`` is in fen, shown to the public when ``price_public``; ``bids_opened`` is how many bids were opened.
    ``public_reason`` says on the notice why an award was taken back.
    """

    __tablename__ = "awards"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("bids_opened >= 1", name="bids_opened"),
        CheckConstraint("standstill_ends_at > announced_at", name="standstill"),
        CheckConstraint("confirm_by >= standstill_ends_at", name="confirm_by"),
        CheckConstraint(
            "state <> 'contracting' OR (enterprise_confirmed_at IS NOT NULL AND team_confirmed_at IS NOT NULL)",
            name="contracting_confirmed",
        ),
        CheckConstraint(
            "state <> 'contracting' OR started_at >= standstill_ends_at", name="contracting_after_standstill"
        ),
        stamp_check("state", {AwardState.CONTRACTING}, "started_at", "contracting_has_time"),
        stamp_check("state", ENDED, "ended_at", "ended_has_time"),
        Index("uq_awards_one_live", "order_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_awards_due", "state", "standstill_ends_at"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    price: Mapped[int] = mapped_column(Fen)
    price_public: Mapped[bool]
    bids_opened: Mapped[int]
    state: Mapped[AwardState] = mapped_column(choice(AwardState, "state"), default=AwardState.STANDSTILL)
    announced_at: Mapped[datetime] = mapped_column(UTCDateTime)
    announced_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    standstill_ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirm_by: Mapped[datetime] = mapped_column(UTCDateTime)
    enterprise_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    enterprise_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    team_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    team_confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    public_reason: Mapped[str] = mapped_column(String(500), default="")

    order: Mapped[Order] = relationship()
    proposal: Mapped[Proposal] = relationship()
    bid: Mapped[Bid] = relationship()
    team: Mapped[Team] = relationship()

    @property
    def confirmed(self) -> bool:
        """Both parties gave their word."""
        return self.enterprise_confirmed_at is not None and self.team_confirmed_at is not None


class Complaint(Numbered, Versioned, Base):
    """An objection to an award. Who objects and in which words is for the complainant and the centre only."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text"),
        CheckConstraint("(standing = 'bidder') = (bid_id IS NOT NULL)", name="bidder_has_bid"),
        CheckConstraint("answer_due_at > filed_at", name="answer_due"),
        stamp_check("state", CLOSED, "decided_at", "decided_has_time"),
        stamp_check(
            "state", {ComplaintState.INADMISSIBLE, ComplaintState.DISMISSED}, "appeal_until", "appealable_has_time"
        ),
        stamp_check("state", {ComplaintState.APPEALED, ComplaintState.REVIEWED}, "appealed_at", "appealed_has_time"),
        Index(
            "uq_complaints_one_open",
            "award_id",
            "organisation_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )

    award_id: Mapped[int] = mapped_column(ForeignKey("awards.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bids.id"))
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"))
    ground: Mapped[Ground] = mapped_column(choice(Ground, "ground"))
    text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    state: Mapped[ComplaintState] = mapped_column(
        choice(ComplaintState, "state"), default=ComplaintState.FILED, index=True
    )
    reason: Mapped[str] = mapped_column(String(1000), default="")
    appeal_text: Mapped[str] = mapped_column(Text, default="")
    filed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    filed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    answer_due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handled_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appeal_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    appealed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    award: Mapped[Award] = relationship()
    organisation: Mapped[Organisation] = relationship()
    bid: Mapped[Bid | None] = relationship()
    file: Mapped[StoredFile | None] = relationship()
    filer: Mapped[Account] = relationship(foreign_keys=[filed_by])
    findings: Mapped[list[ComplaintFinding]] = relationship(order_by="ComplaintFinding.id", back_populates="complaint")


class ComplaintFinding(Numbered, Versioned, Base):
    """What one person found about an objection and a second approved; ``content_hash`` is the fingerprint of all of it."""

    __tablename__ = "complaint_findings"
    __table_args__ = (
        CheckConstraint("length(answer) > 0", name="answer"),
        CheckConstraint("length(summary) > 0", name="summary"),
        CheckConstraint("(finding = 'upheld') = (remedy IS NOT NULL)", name="upheld_has_remedy"),
        stamp_check("state", {FindingState.APPROVED, FindingState.RETURNED}, "decided_at", "decided_has_time"),
    )

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaints.id"), index=True)
    instance: Mapped[Instance] = mapped_column(choice(Instance, "instance"))
    finding: Mapped[Finding] = mapped_column(choice(Finding, "finding"))
    remedy: Mapped[Remedy | None] = mapped_column(choice(Remedy, "remedy"))
    answer: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(String(1000))
    state: Mapped[FindingState] = mapped_column(choice(FindingState, "state"), default=FindingState.PROPOSED)
    returned_because: Mapped[str] = mapped_column(String(1000), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    complaint: Mapped[Complaint] = relationship(back_populates="findings")
    proposer: Mapped[Account] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])


class Reversal(Numbered, Versioned, Base):
    """Taking back one award or a whole release: proposed by one person, done when a different one approves exactly that."""

    __tablename__ = "reversals"
    __table_args__ = (
        CheckConstraint("(kind = 'undo') = (award_id IS NOT NULL)", name="undo_has_award"),
        CheckConstraint("(kind = 'recall') = (run_id IS NOT NULL)", name="recall_has_run"),
        CheckConstraint("length(reason) > 0", name="reason"),
        stamp_check("state", {ReversalState.DONE, ReversalState.REFUSED}, "decided_at", "decided_has_time"),
    )

    kind: Mapped[ReversalKind] = mapped_column(choice(ReversalKind, "kind"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("awards.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    exclude_winner: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(1000))
    public_reason: Mapped[str] = mapped_column(String(500))
    state: Mapped[ReversalState] = mapped_column(
        choice(ReversalState, "state"), default=ReversalState.PROPOSED, index=True
    )
    refusal: Mapped[str] = mapped_column(String(500), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    award: Mapped[Award | None] = relationship()
    run: Mapped[Run | None] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])
