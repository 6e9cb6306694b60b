"""Scenario: everybody reserves from one fund, and sometimes gives back, so that the fund stays at its limit."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from benchmarks.contention import Writer
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, queries
from marketplace.funds.models import Fund, LedgerEntry
from marketplace.funds.workflow import FundKind, FundState, Movement, Purse
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.clock import system_clock

BUDGET = 2_000_00
LARGEST = 500_00
GIVES_BACK = 0.2
"""How often a writer that holds money gives some back; the rest of the time it asks for more."""


def prepare() -> int:
    """Make one open fund with BUDGET fen."""
    return _found(Call(Actor.system(), system_clock(), "prepare")).id


@use_case
def _found(call: Call) -> Fund:
    fund = Fund(
        code="LIMIT", name="限额资金", kind=FundKind.SUBSIDY, public=True, state=FundState.OPEN, created_at=call.now
    )
    db.session.add(fund)
    db.session.flush()
    ledger.move(call, fund.id, Movement.CONTRIBUTE, BUDGET, key="all", subject_kind="contribution", subject_id=None)
    audit.record(call, "benchmark.found", "fund", fund.id)
    return fund


@use_case
def move(call: Call, fund_id: int, movement: Movement, amount: int, key: str) -> None:
    """One movement through the real ledger, with its audit record, as an approval makes it."""
    ledger.move(call, fund_id, movement, amount, key=key, subject_kind="benchmark", subject_id=None)
    audit.record(call, "benchmark.move", "fund", fund_id, {"amount": amount})


def act(call: Call, subject: int, writer: Writer) -> None:
    """Reserve a random amount, or give back one that this writer holds."""
    key = f"{writer.number}.{writer.turn}"
    if writer.memory and writer.random.random() < GIVES_BACK:
        amount = writer.memory[-1]
        move(call, subject, Movement.RELEASE, amount, key)
        writer.memory.pop()
        return
    amount = writer.random.randint(1, LARGEST)
    move(call, subject, Movement.RESERVE, amount, key)
    writer.memory.append(amount)


def judge(subject: int) -> Mapping[str, int]:
    """``over``: fen promised beyond the budget, by the ledger. ``drift``: balances unlike the ledger. ``unbalanced``:
    transactions whose entries do not sum to 0.
    """
    db.session.rollback()
    promised = db.session.scalar(
        select(func.sum(LedgerEntry.amount)).where(
            LedgerEntry.fund_id == subject, LedgerEntry.purse.in_([Purse.RESERVED, Purse.COMMITTED, Purse.PAID])
        )
    )
    sums = select(LedgerEntry.transaction_id).group_by(LedgerEntry.transaction_id)
    unbalanced = select(func.count()).select_from(sums.having(func.sum(LedgerEntry.amount) != 0).subquery())
    return {
        "over": max(0, int(promised or 0) - BUDGET),
        "drift": len(queries.drifts()),
        "unbalanced": db.session.scalar(unbalanced) or 0,
    }
