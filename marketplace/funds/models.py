"""Funds with the versions of their rules, money brought in and moved between them, and the append-only double-entry ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.db import ledger
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check
from marketplace.funds.workflow import (
    ContributionState,
    FundKind,
    FundState,
    Guarantee,
    Instrument,
    Movement,
    Purse,
    RulesState,
    TransferState,
)

BALANCES = ("budget", "available", "reserved", "committed", "paid")
"""Columns of ``Fund`` that only ``funds.ledger`` writes."""


class Fund(Numbered, Versioned, Base):
    """A source of money and the rules by which it may pay: those in force, as ``FundRules`` keeps every version of them.

    Amounts in fen, shares in basis points, ``cost`` in value units per 1,000,000 fen; None = no limit.
    ``enterprise_max`` limits one enterprise for good, ``yearly_max`` in one calendar year; ``public_share_max`` all public money
    in a match that this fund pays for. ``industries`` are codes of GB/T 4754, ``years`` those in which an order was published.
    A loan has a ``rate`` (basis points a year), a ``term_months`` and may share losses: ``loss_split`` in per cent of fund,
    bank, insurer and appraiser (Zhongshan 54:26:16:4; Zhuhai 60:40). ``decision_days`` is how long a decision takes.
    ``end_told`` is the last day of which the managers were told that it comes.
    The balances repeat the ledger's sums so that a conditional UPDATE can refuse to overdraw; the CHECKs are the last guard.
    """

    __tablename__ = "funds"
    __table_args__ = (
        CheckConstraint("available >= 0", name="available"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("committed >= 0", name="committed"),
        CheckConstraint("paid >= 0", name="paid"),
        CheckConstraint("budget = available + reserved + committed + paid", name="balanced"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint("share_max IS NULL OR share_max BETWEEN 0 AND 10000", name="share_max"),
        CheckConstraint("match_max IS NULL OR match_max >= 0", name="match_max"),
        CheckConstraint("amount_min >= 0 AND (amount_max IS NULL OR amount_max >= amount_min)", name="amounts"),
        CheckConstraint("enterprise_max IS NULL OR enterprise_max >= 0", name="enterprise_max"),
        CheckConstraint("yearly_max IS NULL OR yearly_max >= 0", name="yearly_max"),
        CheckConstraint("public_share_max IS NULL OR public_share_max BETWEEN 0 AND 10000", name="public_share_max"),
        CheckConstraint("rate IS NULL OR rate BETWEEN 0 AND 10000", name="rate"),
        CheckConstraint("term_months IS NULL OR term_months BETWEEN 1 AND 360", name="term_months"),
        CheckConstraint("decision_days IS NULL OR decision_days BETWEEN 0 AND 730", name="decision_days"),
        CheckConstraint("valid_from IS NULL OR valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    about: Mapped[str] = mapped_column(String(2000), default="")
    kind: Mapped[FundKind] = mapped_column(choice(FundKind, "kind"))
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"))
    public: Mapped[bool]
    cost: Mapped[int] = mapped_column(default=0)
    share_max: Mapped[int | None]
    amount_max: Mapped[int | None] = mapped_column(Fen)
    amount_min: Mapped[int] = mapped_column(Fen, default=0)
    match_max: Mapped[int | None]
    enterprise_max: Mapped[int | None] = mapped_column(Fen)
    fields: Mapped[list[str]] = mapped_column(Json, default=list)
    sizes: Mapped[list[str]] = mapped_column(Json, default=list)
    regions: Mapped[list[str]] = mapped_column(Json, default=list)
    yearly_max: Mapped[int | None] = mapped_column(Fen)
    public_share_max: Mapped[int | None]
    industries: Mapped[list[str]] = mapped_column(Json, default=list)
    years: Mapped[list[int]] = mapped_column(Json, default=list)
    guarantee: Mapped[Guarantee | None] = mapped_column(choice(Guarantee, "guarantee"))
    instrument: Mapped[Instrument | None] = mapped_column(choice(Instrument, "instrument"))
    rate: Mapped[int | None]
    term_months: Mapped[int | None]
    loss_split: Mapped[list[int]] = mapped_column(Json, default=list)
    decision_days: Mapped[int | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    end_told: Mapped[date | None]
    state: Mapped[FundState] = mapped_column(choice(FundState, "state"), default=FundState.DRAFT, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    budget: Mapped[int] = mapped_column(Fen, default=0)
    available: Mapped[int] = mapped_column(Fen, default=0)
    reserved: Mapped[int] = mapped_column(Fen, default=0)
    committed: Mapped[int] = mapped_column(Fen, default=0)
    paid: Mapped[int] = mapped_column(Fen, default=0)

    alliance: Mapped[Alliance | None] = relationship()


class FundRules(Numbered, Versioned, Base):
    """One version of a fund's rules, whole, as plain JSON (see ``service.rules``): proposed by one person, approved by another.

    It comes into force on ``effective_on`` (a day of the city), or when it is approved if that is later.
    """

    __tablename__ = "fund_rules"
    __table_args__ = (
        UniqueConstraint("fund_id", "number"),
        CheckConstraint("number > 0", name="number"),
        stamp_check("state", set(RulesState) - {RulesState.PROPOSED}, "decided_at", "decided_has_time"),
        stamp_check("state", {RulesState.IN_FORCE, RulesState.REPLACED}, "applied_at", "applied_has_time"),
        Index(
            "uq_fund_rules_in_force",
            "fund_id",
            unique=True,
            sqlite_where=text("state = 'in_force'"),
            postgresql_where=text("state = 'in_force'"),
        ),
    )

    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    number: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    effective_on: Mapped[date]
    why: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[RulesState] = mapped_column(choice(RulesState, "state"), default=RulesState.PROPOSED, index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    fund: Mapped[Fund] = relationship()
    proposer: Mapped[Account | None] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])


class FundContribution(Numbered, Versioned, Base):
    """Money somebody brings into a fund (fen): proposed by one person, in the ledger once a different person approved it."""

    __tablename__ = "fund_contributions"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        stamp_check(
            "state", {ContributionState.APPROVED, ContributionState.REJECTED}, "decided_at", "decided_has_time"
        ),
    )

    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    source: Mapped[str] = mapped_column(String(200))
    state: Mapped[ContributionState] = mapped_column(
        choice(ContributionState, "state"), default=ContributionState.PROPOSED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    fund: Mapped[Fund] = relationship()
    proposer: Mapped[Account] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])


class FundTransfer(Numbered, Versioned, Base):
    """Available money (fen) that goes from one fund to another, once a different person approved it."""

    __tablename__ = "fund_transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("source_id <> target_id", name="two_funds"),
        stamp_check("state", {TransferState.APPROVED, TransferState.REJECTED}, "decided_at", "decided_has_time"),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("funds.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("funds.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    why: Mapped[str] = mapped_column(String(500))
    state: Mapped[TransferState] = mapped_column(
        choice(TransferState, "state"), default=TransferState.PROPOSED, index=True
    )
    reason: Mapped[str] = mapped_column(String(500), default="")
    proposed_by: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    source: Mapped[Fund] = relationship(foreign_keys=[source_id])
    target: Mapped[Fund] = relationship(foreign_keys=[target_id])
    proposer: Mapped[Account] = relationship(foreign_keys=[proposed_by])
    decider: Mapped[Account | None] = relationship(foreign_keys=[decided_by])


class LedgerTransaction(ledger.Movement, Base):
    """One movement of one fund (see ``db.ledger``)."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_ledger_transactions_subject", "subject_kind", "subject_id"),
    )

    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"), index=True)
    movement: Mapped[Movement] = mapped_column(choice(Movement, "movement"))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    memo: Mapped[str] = mapped_column(String(300), default="")

    entries: Mapped[list[LedgerEntry]] = relationship(order_by="LedgerEntry.id")


class LedgerEntry(ledger.Side, Base):
    """One side of a movement, in one of the fund's purses."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("transaction_id", "purse"),
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_ledger_entries_purse", "fund_id", "purse"),
    )

    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transactions.id"), index=True)
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    purse: Mapped[Purse] = mapped_column(choice(Purse, "purse"))


class BankStatement(Numbered, Base):
    """What a bank said of a fund's account over some days, and how it differed from the ledger when it was compared.

    ``pairs`` are [line's number, movement's id] of what belongs together, ``differences`` plain JSON, one entry each (see
    ``reconciliation``); ``digest`` names the file.
    """

    __tablename__ = "bank_statements"
    __table_args__ = (
        UniqueConstraint("fund_id", "digest"),
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint("lines > 0", name="lines"),
        CheckConstraint("matched BETWEEN 0 AND lines", name="matched"),
    )

    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    digest: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(200))
    first_on: Mapped[date]
    last_on: Mapped[date]
    lines: Mapped[int]
    matched: Mapped[int]
    pairs: Mapped[list[Any]] = mapped_column(Json)
    differences: Mapped[list[Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


ledger.written_once(LedgerTransaction, LedgerEntry, BankStatement)
