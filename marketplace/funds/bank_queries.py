"""Reads for comparing a bank's statement with the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.funds.models import BankStatement, LedgerTransaction
from marketplace.funds.reconciliation import INCOMING, NEAR, OUTGOING, Booked, Comparison, compare
from marketplace.funds.terms import BankLine
from marketplace.web.filters import CITY


def comparison_of(fund_id: int, lines: Sequence[BankLine]) -> Comparison:
    """Compare lines with what the fund's account should have seen, leaving out what earlier statements have explained."""
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    begin = datetime.combine(first - NEAR, time(), CITY).astimezone(UTC)
    end = datetime.combine(last + NEAR + timedelta(days=1), time(), CITY).astimezone(UTC)
    t = LedgerTransaction
    rows = db.session.scalars(
        select(t)
        .where(t.fund_id == fund_id, t.movement.in_([*INCOMING, *OUTGOING]), t.at >= begin, t.at < end)
        .order_by(t.id)
    )
    explained = {key for pairs in _pairs(fund_id) for _number, key in pairs}
    return compare(lines, [_booked(row) for row in rows if row.id not in explained])


def _pairs(fund_id: int) -> Sequence[list[tuple[str, int]]]:
    return db.session.scalars(select(BankStatement.pairs).where(BankStatement.fund_id == fund_id)).all()


def _booked(row: LedgerTransaction) -> Booked:
    sign = 1 if row.movement in INCOMING else -1
    return Booked(row.id, row.at.astimezone(CITY).date(), sign * row.amount, reference_of(row))


def reference_of(row: LedgerTransaction) -> str:
    """What the payment was called in its payment order: contract, payment and attempt; other movements have no reference.

    The ledger's key of a payment is ``payment:<id>:<attempt>``, its memo the contract's reference.
    """
    kind, _colon, rest = row.key.partition(":")
    parts = rest.split(":")
    return f"{row.memo}-{parts[0]}-{parts[1]}" if kind == "payment" and len(parts) > 1 else ""


def statement_known(fund_id: int, digest: str) -> bool:
    query = select(BankStatement.id).where(BankStatement.fund_id == fund_id, BankStatement.digest == digest)
    return db.session.scalar(query) is not None


def list_statements(fund_id: int) -> Sequence[BankStatement]:
    """Statements that were kept, the newest first."""
    query = select(BankStatement).where(BankStatement.fund_id == fund_id).options(joinedload(BankStatement.account))
    return db.session.scalars(query.order_by(BankStatement.id.desc()).limit(24)).all()
