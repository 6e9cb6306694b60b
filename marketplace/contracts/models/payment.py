"""Payments of each source, the orders that carry them to the bank, what the bank answered, and responses kept for replays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Account
from marketplace.contracts.models.contract import Contract, Source
from marketplace.contracts.models.delivery import Milestone
from marketplace.contracts.workflow import PaymentKind, PaymentState, ReceiptOutcome, Side
from marketplace.db.base import Base, Numbered, Versioned, read_only_rows
from marketplace.db.triggers import append_only
from marketplace.db.types import Fen, Json, UTCDateTime, choice, stamp_check


class Payment(Numbered, Versioned, Base):
    """One source's part of one acceptance (or of the retention, or of an end's settlement).

    ``key`` names what it is for: the same acceptance cannot ask the same source twice. ``attempt`` counts the tries at the bank.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("attempt > 0", name="attempt"),
        stamp_check("state", {PaymentState.PAID}, "paid_at", "paid_has_time"),
    )

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    milestone_id: Mapped[int | None] = mapped_column(ForeignKey("milestones.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("contract_sources.id"), index=True)
    kind: Mapped[PaymentKind] = mapped_column(choice(PaymentKind, "kind"))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    amount: Mapped[int] = mapped_column(Fen)
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState, "state"), default=PaymentState.DUE, index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(500), default="")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("payment_orders.id"), index=True)
    bank_reference: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    contract: Mapped[Contract] = relationship()
    milestone: Mapped[Milestone | None] = relationship()
    source: Mapped[Source] = relationship()

    @property
    def payee(self) -> Side:
        """The party that gets the money; what is paid back goes to the enterprise or, through the centre, to its fund."""
        return Side.ENTERPRISE if self.kind is PaymentKind.CLAWBACK else Side.TEAM

    @property
    def reference(self) -> str:
        """What the bank's line is called; another attempt is another line."""
        return f"{self.contract.reference}-{self.id}-{self.attempt}"


class PaymentOrder(Numbered, Base):
    """A list of approved payments that went to the bank together."""

    __tablename__ = "payment_orders"

    reference: Mapped[str] = mapped_column(String(20), unique=True)
    total: Mapped[int] = mapped_column(Fen)
    lines: Mapped[list[Any]] = mapped_column(Json)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    account: Mapped[Account | None] = relationship()


class BankReceipt(Numbered, Base):
    """One line of the bank's answer; its own number makes a second import of the same file do nothing."""

    __tablename__ = "bank_receipts"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[str] = mapped_column(String(60))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    attempt: Mapped[int]
    outcome: Mapped[ReceiptOutcome] = mapped_column(choice(ReceiptOutcome, "outcome"))
    amount: Mapped[int] = mapped_column(Fen)
    note: Mapped[str] = mapped_column(String(300), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Reply(Numbered, Base):
    """The response to a command with a key, for whoever sends the same command again."""

    __tablename__ = "contract_replies"

    key: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    digest: Mapped[str] = mapped_column(String(64))
    response: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


for _model in (PaymentOrder, BankReceipt, Reply):
    append_only(_model.__table__)  # type: ignore[arg-type]
    read_only_rows(_model)
