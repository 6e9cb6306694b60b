"""Evaluations, their criteria, members, scores and results."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.bids.models import Bid
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import UTCDateTime, choice, stamp_check
from marketplace.evaluation.workflow import EvaluationState, ExclusionState, MemberState
from marketplace.orders.models import Order


class Evaluation(Numbered, Versioned, Base):
    """How the bids of one order are judged. ``fixed_at`` is when its own criteria were fixed, None where the standard holds."""

    __tablename__ = "evaluations"
    __table_args__ = (stamp_check("state", {EvaluationState.LOCKED}, "locked_at", "locked_has_time"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), unique=True)
    state: Mapped[EvaluationState] = mapped_column(choice(EvaluationState, "state"), default=EvaluationState.SETUP)
    fixed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    criteria: Mapped[list[Criterion]] = relationship(order_by="Criterion.position", cascade="all, delete-orphan")
    members: Mapped[list[Member]] = relationship(order_by="Member.id", back_populates="evaluation")


class Criterion(Numbered, Base):
    """One thing that is judged; the weights of an evaluation sum to 10,000."""

    __tablename__ = "evaluation_criteria"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "position"),
        CheckConstraint("weight > 0 AND weight <= 10000", name="weight"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(String(300), default="")
    weight: Mapped[int]


class Member(Numbered, Versioned, Base):
    """A natural person on the committee. Who they are stays with the centre until the award.

    ``voted_at`` is when the vote on the concepts of an order in two stages was handed in.
    """

    __tablename__ = "evaluation_members"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "person_id"),
        stamp_check("state", {MemberState.READY, MemberState.DONE}, "accepted_at", "accepted_has_time"),
        stamp_check("state", {MemberState.DONE}, "submitted_at", "submitted_has_time"),
    )

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    expert: Mapped[bool] = mapped_column(default=False)
    state: Mapped[MemberState] = mapped_column(choice(MemberState, "state"), default=MemberState.INVITED)
    reason: Mapped[str] = mapped_column(String(500), default="")
    appointed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    voted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship(lazy="joined")
    evaluation: Mapped[Evaluation] = relationship(back_populates="members")


class Score(Base):
    """Points that one member gives one bid for one criterion."""

    __tablename__ = "evaluation_scores"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 100", name="points"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("evaluation_members.id"), primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True, index=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("evaluation_criteria.id"), primary_key=True)
    points: Mapped[int]


class Remark(Base):
    """What a member writes about one bid; its bidder reads it without the name once the scores are locked."""

    __tablename__ = "evaluation_remarks"

    member_id: Mapped[int] = mapped_column(ForeignKey("evaluation_members.id"), primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    text: Mapped[str] = mapped_column(String(1000))


class ConceptVote(Base):
    """Whether one member recommends one concept, with points of 100 and the reason; handed in once, never changed."""

    __tablename__ = "evaluation_concept_votes"
    __table_args__ = (
        CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        CheckConstraint("length(why) > 0", name="why"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("evaluation_members.id"), primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True, index=True)
    recommended: Mapped[bool]
    points: Mapped[int]
    why: Mapped[str] = mapped_column(String(1000))


class Result(Base):
    """A bid's locked quality (0 to 1000) and rank: computed once from the scores, never changed."""

    __tablename__ = "evaluation_results"
    __table_args__ = (CheckConstraint("quality BETWEEN 0 AND 1000", name="quality"),)

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluations.id"), index=True)
    quality: Mapped[int]
    rank: Mapped[int]

    bid: Mapped[Bid] = relationship()


class Exclusion(Versioned, Base):
    """Somebody wants a bid excluded, and a different person must agree: with the reason that the bidder reads."""

    __tablename__ = "bid_exclusions"

    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    state: Mapped[ExclusionState] = mapped_column(choice(ExclusionState, "state"), default=ExclusionState.PROPOSED)
    reason: Mapped[str] = mapped_column(String(1000))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    bid: Mapped[Bid] = relationship()


for handed_in in (Result, ConceptVote):
    append_only(handed_in.__table__)  # type: ignore[arg-type]
    read_only_rows(handed_in)
