"""Licences with their patents and signatures, statements, receipts, distributions, and the append-only royalty journal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.alliances.models import Alliance
from marketplace.db import ledger
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.licences.workflow import (
    Account,
    Entry,
    FeeMode,
    LicenceKind,
    LicenceState,
    MoneyState,
    OpenState,
    Side,
    StatementState,
)
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.pools.models import PoolRules

_COUNTS = text("state <> 'rejected'")
BALANCES = ("received", "held", "divided")
"""Columns of ``Licence`` that only ``licences.journal`` writes."""


class Licence(Numbered, Versioned, Base):
    """Leave to use patents of one owner (``licensor``) or of a pool (``alliance``). Fees in fen, ``rate`` in basis points.

    ``irrevocable``: a covenant promised it, so that its licensor cannot end it.
    A sub-licence rests on (``rests_on``) its licensor's own licence, whose conditions must allow it (``may_sublicense``).
    ``received``, ``held`` and ``divided`` repeat the sums of its royalty entries (BALANCES), as a fund's balances do.
    """

    __tablename__ = "licences"
    __table_args__ = (
        CheckConstraint("(licensor_id IS NULL) <> (alliance_id IS NULL)", name="one_licensor"),
        CheckConstraint("rests_on_id IS NULL OR licensor_id IS NOT NULL", name="sublicensor"),
        CheckConstraint("rate BETWEEN 0 AND 10000", name="rate"),
        CheckConstraint("lump >= 0 AND entry_fee >= 0", name="fees"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="term"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("divided >= 0", name="divided"),
        CheckConstraint("received = held + divided", name="balanced"),
        stamp_check("state", {LicenceState.RUNNING, LicenceState.ENDED}, "started_at", "running_has_time"),
        stamp_check("state", {LicenceState.ENDED}, "ended_at", "ended_has_time"),
    )

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    licensee_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    licensor_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"), index=True)
    rules_id: Mapped[int | None] = mapped_column(ForeignKey("pool_rules.id"))
    rests_on_id: Mapped[int | None] = mapped_column(ForeignKey("licences.id"), index=True)
    may_sublicense: Mapped[bool] = mapped_column(default=False)
    irrevocable: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[LicenceKind] = mapped_column(choice(LicenceKind, "kind"))
    purpose: Mapped[str] = mapped_column(String(1000), default="")
    field_of_use: Mapped[str] = mapped_column(String(200), default="")
    territory: Mapped[str] = mapped_column(String(200), default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    fee_mode: Mapped[FeeMode] = mapped_column(choice(FeeMode, "fee_mode"))
    lump: Mapped[int] = mapped_column(Fen, default=0)
    entry_fee: Mapped[int] = mapped_column(Fen, default=0)
    rate: Mapped[int] = mapped_column(default=0)
    pay_from: Mapped[date | None]
    state: Mapped[LicenceState] = mapped_column(
        choice(LicenceState, "state"), default=LicenceState.REQUESTED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    recorded_on: Mapped[date | None]
    recorded_number: Mapped[str] = mapped_column(String(60), default="")

    received: Mapped[int] = mapped_column(Fen, default=0)
    held: Mapped[int] = mapped_column(Fen, default=0)
    divided: Mapped[int] = mapped_column(Fen, default=0)

    licensee: Mapped[Organisation] = relationship(foreign_keys=[licensee_id])
    licensor: Mapped[Organisation | None] = relationship(foreign_keys=[licensor_id])
    alliance: Mapped[Alliance | None] = relationship()
    rules: Mapped[PoolRules | None] = relationship()
    rests_on: Mapped[Licence | None] = relationship(remote_side="Licence.id")
    parts: Mapped[list[LicencePatent]] = relationship(order_by="LicencePatent.patent_id")
    signatures: Mapped[list[LicenceSignature]] = relationship(order_by="LicenceSignature.id")

    @property
    def is_exclusive(self) -> bool:
        return self.kind in {LicenceKind.SOLE, LicenceKind.EXCLUSIVE}

    @property
    def has_royalty(self) -> bool:
        return self.fee_mode in {FeeMode.RUNNING, FeeMode.ENTRY_RUNNING, FeeMode.PAY_LATER}


class LicencePatent(Base):
    """One patent of a licence; ``weight`` shares the licence's income among its patents."""

    __tablename__ = "licence_patents"
    __table_args__ = (CheckConstraint("weight > 0", name="weight"),)

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), primary_key=True)
    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), primary_key=True, index=True)
    weight: Mapped[int] = mapped_column(default=1)

    patent: Mapped[Patent] = relationship()


class LicenceSignature(Numbered, Base):
    """One side signed exactly these terms; new terms void it."""

    __tablename__ = "licence_signatures"
    __table_args__ = (UniqueConstraint("licence_id", "side", "content_hash"),)

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    side: Mapped[Side] = mapped_column(choice(Side, "side"))
    content_hash: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class RoyaltyStatement(Numbered, Versioned, Base):
    """What a licensee sold in one quarter ("2027Q1") and what is owed for it, in fen."""

    __tablename__ = "royalty_statements"
    __table_args__ = (
        UniqueConstraint("licence_id", "period"),
        CheckConstraint("sales >= 0 AND royalty >= 0", name="amounts"),
        stamp_check("state", {StatementState.FILED, StatementState.ACCEPTED}, "filed_at", "filed_has_time"),
    )

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    period: Mapped[str] = mapped_column(String(6))
    due_on: Mapped[date] = mapped_column(index=True)
    sales: Mapped[int] = mapped_column(Fen, default=0)
    royalty: Mapped[int] = mapped_column(Fen, default=0)
    state: Mapped[StatementState] = mapped_column(
        choice(StatementState, "state"), default=StatementState.DUE, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    filed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminded_on: Mapped[date | None]

    licence: Mapped[Licence] = relationship()


class RoyaltyReceipt(Numbered, Versioned, Base):
    """Money a licensee paid: proposed by one person from the bank's paper, in the journal once a different one approved it.

    A paper counts once for a licence, unless it was rejected.
    """

    __tablename__ = "royalty_receipts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        stamp_check("state", {MoneyState.APPROVED, MoneyState.REJECTED}, "decided_at", "decided_has_time"),
        Index(
            "uq_royalty_receipts_paper",
            "licence_id",
            "paper",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
    )

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    paper: Mapped[str] = mapped_column(String(200))
    state: Mapped[MoneyState] = mapped_column(choice(MoneyState, "state"), default=MoneyState.PROPOSED, index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    licence: Mapped[Licence] = relationship()


class Distribution(Numbered, Versioned, Base):
    """A division of what a licence holds, as simulated (``lines``): who gets how many fen and why."""

    __tablename__ = "distributions"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        stamp_check("state", {MoneyState.APPROVED, MoneyState.REJECTED}, "decided_at", "decided_has_time"),
    )

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[MoneyState] = mapped_column(choice(MoneyState, "state"), default=MoneyState.PROPOSED, index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    licence: Mapped[Licence] = relationship()


class OpenLicence(Numbered, Versioned, Base):
    """An owner's statement that everybody may use a patent on these terms (Patent Law 50)."""

    __tablename__ = "open_licences"
    __table_args__ = (
        CheckConstraint("lump >= 0 AND rate BETWEEN 0 AND 10000", name="fees"),
        stamp_check("state", {OpenState.WITHDRAWN}, "withdrawn_at", "withdrawn_has_time"),
    )

    patent_id: Mapped[int] = mapped_column(ForeignKey("patents.id"), index=True)
    fee_mode: Mapped[FeeMode] = mapped_column(choice(FeeMode, "fee_mode"))
    lump: Mapped[int] = mapped_column(Fen, default=0)
    rate: Mapped[int] = mapped_column(default=0)
    ends_on: Mapped[date]
    evaluation_report: Mapped[str] = mapped_column(String(60), default="")
    other: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[OpenState] = mapped_column(choice(OpenState, "state"), default=OpenState.DECLARED, index=True)
    declared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    patent: Mapped[Patent] = relationship()


class RoyaltyTransaction(ledger.Movement, Base):
    """One movement of royalties (see ``db.ledger``)."""

    __tablename__ = "royalty_transactions"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"), index=True)
    entry: Mapped[Entry] = mapped_column(choice(Entry, "entry"))

    entries: Mapped[list[RoyaltyEntry]] = relationship(order_by="RoyaltyEntry.id")
    licence: Mapped[Licence] = relationship()


class RoyaltyEntry(ledger.Side, Base):
    """One side of a movement: the licence's, the pool's, an owner's or an inventor's account.

    ``name`` is an inventor, or an owner who is no member; ``patent_id`` is what the money was earned with.
    """

    __tablename__ = "royalty_entries"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_royalty_entries_account", "licence_id", "account"),
    )

    transaction_id: Mapped[int] = mapped_column(ForeignKey("royalty_transactions.id"), index=True)
    licence_id: Mapped[int] = mapped_column(ForeignKey("licences.id"))
    account: Mapped[Account] = mapped_column(choice(Account, "account"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    patent_id: Mapped[int | None] = mapped_column(ForeignKey("patents.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")

    transaction: Mapped[RoyaltyTransaction] = relationship(viewonly=True)


ledger.written_once(LicenceSignature, RoyaltyTransaction, RoyaltyEntry)
