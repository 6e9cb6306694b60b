"""Milestones, what was delivered for them with evidence per target, and every word that was said about it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.contracts.models.contract import Contract
from marketplace.contracts.workflow import DisputeState, MilestoneState, Outcome, Side, VerdictBy
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, UTCDateTime, choice, stamp_check
from marketplace.orders.models import Target
from marketplace.storage.models import StoredFile


class Milestone(Numbered, Versioned, Base):
    """One part of the plan; ``accepted`` of its ``amount`` (fen) was accepted so far.

    ``noticed_at``: the team's reminder that a decision is due; ``reminded_on``: the last reminder that a delivery is overdue.
    """

    __tablename__ = "milestones"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("accepted BETWEEN 0 AND amount", name="accepted"),
        CheckConstraint("state <> 'accepted' OR accepted = amount", name="accepted_whole"),
        stamp_check("state", {MilestoneState.DELIVERED}, "delivered_at", "delivered_has_time"),
        stamp_check("state", {MilestoneState.ACCEPTED}, "decided_at", "accepted_has_time"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    deliverables: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Fen)
    accepted: Mapped[int] = mapped_column(Fen, default=0)
    state: Mapped[MilestoneState] = mapped_column(
        choice(MilestoneState, "state"), default=MilestoneState.OPEN, index=True
    )
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    delivered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    noticed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_on: Mapped[date | None]

    contract: Mapped[Contract] = relationship()
    expert: Mapped[Account | None] = relationship()
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.number", back_populates="milestone")
    verdicts: Mapped[list[Verdict]] = relationship(order_by="Verdict.id", back_populates="milestone")

    @property
    def open_amount(self) -> int:
        return self.amount - self.accepted

    @property
    def needs_expert(self) -> bool:
        return self.amount >= self.contract.expert_from


class Delivery(Numbered, Base):
    """What the team handed over at one time."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("milestone_id", "number"),)

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestones.id"))
    number: Mapped[int]
    note: Mapped[str] = mapped_column(Text)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    milestone: Mapped[Milestone] = relationship(back_populates="deliveries")
    evidence: Mapped[list[DeliveryEvidence]] = relationship(order_by="DeliveryEvidence.target_id")
    files: Mapped[list[DeliveryFile]] = relationship(order_by="DeliveryFile.file_id")


class DeliveryEvidence(Base):
    """The measured value of one target and how it was measured."""

    __tablename__ = "delivery_evidence"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("order_targets.id"), primary_key=True)
    value: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(String(300), default="")

    target: Mapped[Target] = relationship()


class DeliveryFile(Base):
    """A file of a delivery: report, data, pictures of the sample."""

    __tablename__ = "delivery_files"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), primary_key=True)

    file: Mapped[StoredFile] = relationship(lazy="joined")


class Verdict(Numbered, Base):
    """One word about one delivery; ``amount`` (fen) is what it accepts, 0 when it rejects."""

    __tablename__ = "verdicts"
    __table_args__ = (
        UniqueConstraint("delivery_id", "said_by"),
        CheckConstraint("amount >= 0 AND (outcome = 'reject') = (amount = 0)", name="amount"),
    )

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestones.id"), index=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"))
    said_by: Mapped[VerdictBy] = mapped_column(choice(VerdictBy, "said_by"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    amount: Mapped[int] = mapped_column(Fen)
    reasons: Mapped[str] = mapped_column(Text, default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    milestone: Mapped[Milestone] = relationship(back_populates="verdicts")
    account: Mapped[Account | None] = relationship()


class Dispute(Numbered, Versioned, Base):
    """The parties disagree about a verdict. ``offer`` (fen to be accepted) stands for the other side to agree to."""

    __tablename__ = "disputes"
    __table_args__ = (
        CheckConstraint("(offered_by IS NULL) = (offer IS NULL)", name="offer_has_side"),
        CheckConstraint("offer IS NULL OR offer >= 0", name="offer"),
        stamp_check("state", {DisputeState.SETTLED}, "closed_at", "settled_has_time"),
    )

    milestone_id: Mapped[int] = mapped_column(ForeignKey("milestones.id"), index=True)
    raised_by: Mapped[Side] = mapped_column(choice(Side, "raised_by"))
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[DisputeState] = mapped_column(choice(DisputeState, "state"), default=DisputeState.TALKING, index=True)
    offered_by: Mapped[Side | None] = mapped_column(choice(Side, "offered_by"))
    offer: Mapped[int | None] = mapped_column(Fen)
    expert_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    advice: Mapped[int | None] = mapped_column(Fen)
    advice_text: Mapped[str] = mapped_column(Text, default="")
    ruling: Mapped[int | None] = mapped_column(Fen)
    ruling_text: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    milestone: Mapped[Milestone] = relationship()
    expert: Mapped[Account | None] = relationship()


for _model in (Delivery, DeliveryEvidence, DeliveryFile, Verdict):
    append_only(_model.__table__)  # type: ignore[arg-type]
    read_only_rows(_model)
