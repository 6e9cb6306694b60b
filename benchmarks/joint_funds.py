"""Scenario: everybody pays from five funds at once, all or nothing, in a random order, and sometimes gives all of it back."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from benchmarks.contention import Writer
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, queries
from marketplace.funds.models import Fund, LedgerEntry, LedgerTransaction
from marketplace.funds.workflow import FundKind, FundState, Movement, Purse
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.clock import system_clock

FUNDS = 5
BUDGET = 2_000_00
LARGEST = 500_00
GIVES_BACK = 0.2


def prepare() -> int:
    """Make five open funds with BUDGET fen each; returns the first one's id, the others follow it."""
    return _found(Call(Actor.system(), system_clock(), "prepare"))


@use_case
def _found(call: Call) -> int:
    funds = [
        Fund(code=f"JOINT{n}", name=f"联合资金 {n}", kind=kind, public=True, state=FundState.OPEN, created_at=call.now)
        for n, kind in enumerate([*FundKind][:FUNDS] * 2)
    ][:FUNDS]
    db.session.add_all(funds)
    db.session.flush()
    for fund in funds:
        key = f"all:{fund.id}"
        ledger.move(call, fund.id, Movement.CONTRIBUTE, BUDGET, key=key, subject_kind="contribution", subject_id=None)
    audit.record(call, "benchmark.found", "fund", funds[0].id)
    return min(fund.id for fund in funds)


@use_case
def together(call: Call, first: int, movement: Movement, amounts: list[int], key: str) -> None:
    """One movement of every fund, in the order of their numbers as contracts do it: all of them, or none."""
    for place, amount in enumerate(amounts):
        fund = first + place
        ledger.move(call, fund, movement, amount, key=f"{key}:{fund}", subject_kind="benchmark", subject_id=None)
    audit.record(call, "benchmark.together", "fund", first, {"amounts": amounts})


def act(call: Call, subject: int, writer: Writer) -> None:
    key = f"{writer.number}.{writer.turn}"
    if writer.memory and writer.random.random() < GIVES_BACK:
        together(call, subject, Movement.RELEASE, writer.memory[-1], key)
        writer.memory.pop()
        return
    amounts = [writer.random.randint(1, LARGEST) for _ in range(FUNDS)]
    together(call, subject, Movement.RESERVE, amounts, key)
    writer.memory.append(amounts)


def judge(_subject: int) -> Mapping[str, int]:
    """``over``: fen promised beyond any budget; ``drift``: balances unlike the ledger; ``half``: commands that moved some."""
    db.session.rollback()
    promised = db.session.execute(
        select(LedgerEntry.fund_id, func.sum(LedgerEntry.amount))
        .where(LedgerEntry.purse.in_([Purse.RESERVED, Purse.COMMITTED, Purse.PAID]))
        .group_by(LedgerEntry.fund_id)
    )
    commands: dict[str, int] = {}
    for key in db.session.scalars(select(LedgerTransaction.key).where(LedgerTransaction.subject_kind == "benchmark")):
        command = key.rpartition(":")[0]
        commands[command] = commands.get(command, 0) + 1
    return {
        "over": sum(max(0, int(amount) - BUDGET) for _, amount in promised),
        "drift": len(queries.drifts()),
        "half": sum(number != FUNDS for number in commands.values()),
    }
