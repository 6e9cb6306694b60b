"""A contract with its sources of money, its clauses with every version of them, and its signatures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.contracts.workflow import SIGNED, ClauseKind, ClauseState, ClauseStep, ContractState, Side
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.funds.models import Fund
from marketplace.orders.models import Order
from marketplace.orders.workflow import ContractType
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal
from marketplace.talent.models import Team

_LIVE = text("state <> 'abandoned'")


class Contract(Numbered, Versioned, Base):
    """One technology contract of one award. ``retention`` and shares in basis points, amounts in fen.

    ``expert_from``: a milestone of at least so much needs an independent expert's opinion before it is accepted.
    ``edition`` counts the edits, so that a text which was changed and changed back is another document. ``document`` and its hash
    are what both parties signed; before that they are empty.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("retention BETWEEN 0 AND 1000", name="retention"),
        CheckConstraint("technology_value BETWEEN 0 AND price", name="technology_value"),
        CheckConstraint("training_places BETWEEN 0 AND 100", name="training_places"),
        CheckConstraint("ends_on > starts_on", name="term"),
        CheckConstraint("enterprise_id <> institution_id", name="two_parties"),
        stamp_check("state", SIGNED, "signed_at", "signed_has_time"),
        stamp_check(
            "state",
            {ContractState.COMPLETED, ContractState.TERMINATED, ContractState.ABANDONED},
            "ended_at",
            "ended_has_time",
        ),
        # An award may be taken back before both have signed; the order's next award gets a contract of its own.
        Index("uq_contracts_one_live", "order_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposals.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    alliance_id: Mapped[int] = mapped_column(ForeignKey("alliances.id"), index=True)
    contract_type: Mapped[ContractType] = mapped_column(choice(ContractType, "contract_type"))
    title: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(300), default="")
    price: Mapped[int] = mapped_column(Fen)
    technology_value: Mapped[int] = mapped_column(Fen)
    retention: Mapped[int] = mapped_column(default=0)
    expert_from: Mapped[int] = mapped_column(Fen)
    training_places: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[ContractState] = mapped_column(
        choice(ContractState, "state"), default=ContractState.NEGOTIATING, index=True
    )
    reason: Mapped[str] = mapped_column(String(1000), default="")
    edition: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    document_hash: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    order: Mapped[Order] = relationship()
    proposal: Mapped[Proposal] = relationship()
    enterprise: Mapped[Organisation] = relationship(foreign_keys=[enterprise_id])
    institution: Mapped[Organisation] = relationship(foreign_keys=[institution_id])
    team: Mapped[Team] = relationship()
    alliance: Mapped[Alliance] = relationship()
    sources: Mapped[list[Source]] = relationship(order_by="Source.position", back_populates="contract")
    clauses: Mapped[list[Clause]] = relationship(order_by="Clause.position", back_populates="contract")


class Source(Numbered, Base):
    """What one source still owes for a contract: ``called`` of ``amount`` fen was asked for, ``paid`` of that has arrived.

    ``fund_id`` None is the enterprise's own money, which never passes through a fund's ledger.
    """

    __tablename__ = "contract_sources"
    __table_args__ = (
        UniqueConstraint("contract_id", "position"),
        UniqueConstraint("contract_id", "fund_id"),
        CheckConstraint("paid >= 0 AND paid <= called AND called <= amount", name="within"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("funds.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    called: Mapped[int] = mapped_column(Fen, default=0)
    paid: Mapped[int] = mapped_column(Fen, default=0)

    contract: Mapped[Contract] = relationship(back_populates="sources")
    fund: Mapped[Fund | None] = relationship()

    @property
    def uncalled(self) -> int:
        return self.amount - self.called


class Clause(Numbered, Versioned, Base):
    """A clause: the text that stands, and the text that one side asks for while it is open.

    ``plan`` and ``proposed_plan`` hold the milestones of the plan's clause, whose text is made from them.
    """

    __tablename__ = "contract_clauses"
    __table_args__ = (
        UniqueConstraint("contract_id", "kind"),
        CheckConstraint("(state = 'open') = (proposed_by IS NOT NULL)", name="open_has_side"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    position: Mapped[int]
    kind: Mapped[ClauseKind] = mapped_column(choice(ClauseKind, "kind"))
    state: Mapped[ClauseState] = mapped_column(choice(ClauseState, "state"), default=ClauseState.STANDING)
    text: Mapped[str] = mapped_column(Text)
    plan: Mapped[list[Any] | None] = mapped_column(Json)
    proposed_by: Mapped[Side | None] = mapped_column(choice(Side, "proposed_by"))
    proposed_text: Mapped[str] = mapped_column(Text, default="")
    proposed_plan: Mapped[list[Any] | None] = mapped_column(Json)

    contract: Mapped[Contract] = relationship(back_populates="clauses")
    versions: Mapped[list[ClauseVersion]] = relationship(order_by="ClauseVersion.number", back_populates="clause")


class ClauseVersion(Numbered, Base):
    """One step in a clause's history, kept for good; ``side`` None is the standard text of the site."""

    __tablename__ = "contract_clause_versions"
    __table_args__ = (UniqueConstraint("clause_id", "number"),)

    clause_id: Mapped[int] = mapped_column(ForeignKey("contract_clauses.id"))
    number: Mapped[int]
    step: Mapped[ClauseStep] = mapped_column(choice(ClauseStep, "step"))
    side: Mapped[Side | None] = mapped_column(choice(Side, "side"))
    text: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(500), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    clause: Mapped[Clause] = relationship(back_populates="versions")
    account: Mapped[Account | None] = relationship()


class Signature(Numbered, Base):
    """A typed name under exactly one document; another document has another hash and with it no signature."""

    __tablename__ = "contract_signatures"
    __table_args__ = (
        UniqueConstraint("contract_id", "document_hash", "side"),
        UniqueConstraint("contract_id", "document_hash", "person_id"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    document_hash: Mapped[str] = mapped_column(String(64))
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    typed_name: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


for _model in (ClauseVersion, Signature):
    append_only(_model.__table__)  # type: ignore[arg-type]
    read_only_rows(_model)
