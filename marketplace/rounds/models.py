"""Rounds, the frozen problems and solutions of their runs, proposals with funding options, and reasons for the unmatched."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.models import Alliance
from marketplace.bids.models import Bid
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.funds.models import Fund
from marketplace.orders.models import Order
from marketplace.rounds.workflow import ProposalState, RoundState, RunKind, RunState, StudyKind, StudyState
from marketplace.talent.models import Capability, Team


class Round(Numbered, Versioned, Base):
    """A batch of orders, bids and funds that is solved together.

    ``weights`` maps parts of the score to whole numbers; ``rules`` holds ``public_share_max`` (basis points),
    ``at_least`` (group floors) and ``time_limit`` (seconds). ``alliance_id`` None = the whole centre.
    """

    __tablename__ = "rounds"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    weights: Mapped[dict[str, int]] = mapped_column(Json)
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[RoundState] = mapped_column(choice(RoundState, "state"), default=RoundState.OPEN, index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    alliance: Mapped[Alliance | None] = relationship()
    runs: Mapped[list[Run]] = relationship(back_populates="round", order_by="Run.id")


class RoundOrder(Base):
    """An order that takes part; ``must_match`` forces it."""

    __tablename__ = "round_orders"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, index=True)
    must_match: Mapped[bool] = mapped_column(default=False)

    order: Mapped[Order] = relationship()


class RoundBid(Base):
    """An opened bid that takes part; ``forbidden`` keeps it out with a reason, ``locked`` forces it."""

    __tablename__ = "round_bids"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    bid_id: Mapped[int] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    locked: Mapped[bool] = mapped_column(default=False)
    forbidden: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(500), default="")

    bid: Mapped[Bid] = relationship()


class RoundFund(Base):
    """A fund whose available money the round may propose, or less where ``ceiling`` (fen) says so."""

    __tablename__ = "round_funds"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"), primary_key=True)
    ceiling: Mapped[int | None] = mapped_column(Fen)

    fund: Mapped[Fund] = relationship()


class Run(Numbered, Versioned, Base):
    """One solve of a round's snapshot: the problem and solution exactly as solved, with their hashes.

    ``progress`` is a list of [seconds, objective, bound]; ``seconds`` and ``gap`` are measurements, never money.
    Any kind but ROUND asks "what if": it solves the problem of ``base`` with ``changes`` (see ``whatif.changes``), and has
    no proposals until it is ``kept``. ``gap_target`` (basis points) is the distance at which the search may stop.
    """

    __tablename__ = "runs"
    __table_args__ = (
        stamp_check("state", {RunState.SOLVED, RunState.INFEASIBLE, RunState.FAILED}, "finished_at", "ended_has_time"),
        CheckConstraint("(kind = 'round') = (base_id IS NULL)", name="base_of_what_if"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    kind: Mapped[RunKind] = mapped_column(choice(RunKind, "kind"), default=RunKind.ROUND)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("runs.id"), index=True)
    changes: Mapped[list[Any]] = mapped_column(Json, default=list)
    kept: Mapped[bool] = mapped_column(default=True)
    state: Mapped[RunState] = mapped_column(choice(RunState, "state"), default=RunState.DRAFT, index=True)
    reason: Mapped[str] = mapped_column(String(1000), default="")
    seed: Mapped[int] = mapped_column(default=0)
    time_limit: Mapped[int]
    gap_target: Mapped[int] = mapped_column(default=0)
    problem: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    problem_hash: Mapped[str] = mapped_column(String(64), default="")
    scores: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    solution: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    solution_hash: Mapped[str] = mapped_column(String(64), default="")
    status: Mapped[str] = mapped_column(String(20), default="")
    objective: Mapped[float | None] = mapped_column(Float)
    bound: Mapped[float | None] = mapped_column(Float)
    gap: Mapped[float | None] = mapped_column(Float)
    seconds: Mapped[float | None] = mapped_column(Float)
    progress: Mapped[list[Any]] = mapped_column(Json, default=list)
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    round: Mapped[Round] = relationship(back_populates="runs")
    base: Mapped[Run | None] = relationship(remote_side="Run.id")

    @property
    def own_label(self) -> str:
        """The label that people gave; nothing when it is but the round's title."""
        return "" if self.label == self.round.title else self.label


class Study(Numbered, Versioned, Base):
    """A question about a run answered by solving it again and again in the background, and what was found.

    ``subject`` is the key of what is asked about ("o12", "" = the whole run); ``done`` of ``total`` steps are answered.
    """

    __tablename__ = "studies"
    __table_args__ = (
        UniqueConstraint("run_id", "kind", "subject"),
        stamp_check("state", {StudyState.DONE, StudyState.FAILED}, "finished_at", "ended_has_time"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    kind: Mapped[StudyKind] = mapped_column(choice(StudyKind, "kind"))
    subject: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[StudyState] = mapped_column(choice(StudyState, "state"), default=StudyState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    run: Mapped[Run] = relationship()


class ComparedTexts(Base):
    """How well plans and teams answer a round's orders, kept so that a run need not compare the same texts again.

    ``texts_hash`` is the fingerprint of everything that was compared; ``fits`` plain JSON (see ``gather.fit``).
    """

    __tablename__ = "compared_texts"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    texts_hash: Mapped[str] = mapped_column(String(64))
    fits: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class FittingTeams(Base):
    """How well teams' published work answers one open order, for whoever invites teams; made anew when a text changes.

    ``texts_hash`` is the fingerprint of what was compared; ``fits`` plain JSON (see ``gather.kept``).
    """

    __tablename__ = "fitting_teams"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    texts_hash: Mapped[str] = mapped_column(String(64))
    fits: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Proposal(Numbered, Versioned, Base):
    """One proposed match. With a bid it can be approved; with only a capability it is an invitation to bid.

    ``scores`` holds the parts of ``value`` (integers) with the words that matched; ``content`` what the proposer stood for, by
    ``Changed`` member, so that a later change can be named, and ``content_hash`` its fingerprint.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("run_id", "order_id", "bid_id", "capability_id"),
        CheckConstraint("(bid_id IS NULL) <> (capability_id IS NULL)", name="bid_or_capability"),
        stamp_check("state", {ProposalState.APPROVED}, "approved_at", "approved_has_time"),
        Index(
            "uq_proposals_one_award",
            "order_id",
            unique=True,
            sqlite_where=text("state = 'approved'"),
            postgresql_where=text("state = 'approved'"),
        ),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    bid_id: Mapped[int | None] = mapped_column(ForeignKey("bids.id"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capabilities.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    price: Mapped[int] = mapped_column(Fen)
    value: Mapped[int]
    scores: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[ProposalState] = mapped_column(
        choice(ProposalState, "state"), default=ProposalState.SUGGESTED, index=True
    )
    reason: Mapped[str] = mapped_column(String(1000), default="")
    option_id: Mapped[int | None] = mapped_column(ForeignKey("funding_options.id", use_alter=True))
    content: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    approved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    run: Mapped[Run] = relationship()
    order: Mapped[Order] = relationship()
    bid: Mapped[Bid | None] = relationship()
    capability: Mapped[Capability | None] = relationship()
    team: Mapped[Team] = relationship()
    options: Mapped[list[FundingOption]] = relationship(
        foreign_keys="FundingOption.proposal_id", order_by="FundingOption.position", back_populates="proposal"
    )


class FundingOption(Numbered, Base):
    """One way to pay for a proposal; its parts sum to the price. Position 0 is the optimiser's own choice."""

    __tablename__ = "funding_options"
    __table_args__ = (UniqueConstraint("proposal_id", "position"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(30))

    proposal: Mapped[Proposal] = relationship(foreign_keys=[proposal_id], back_populates="options")
    parts: Mapped[list[FundingPart]] = relationship(order_by="FundingPart.position")


class FundingPart(Numbered, Base):
    """What one source pays (fen); ``fund_id`` None is the enterprise's own money."""

    __tablename__ = "funding_parts"
    __table_args__ = (
        UniqueConstraint("option_id", "position"),
        CheckConstraint("amount > 0", name="amount"),
    )

    option_id: Mapped[int] = mapped_column(ForeignKey("funding_options.id"))
    position: Mapped[int]
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("funds.id"))
    amount: Mapped[int] = mapped_column(Fen)

    fund: Mapped[Fund | None] = relationship()


class Unmatched(Numbered, Base):
    """Why an order of the run got nothing, as the optimiser proved it: reason code, who took it, what would be enough."""

    __tablename__ = "unmatched_orders"
    __table_args__ = (UniqueConstraint("run_id", "order_id"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    reason: Mapped[str] = mapped_column(String(40))
    by: Mapped[list[str]] = mapped_column(Json, default=list)
    needs: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")

    order: Mapped[Order] = relationship()
