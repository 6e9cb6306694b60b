"""Scenario: everybody pays from own money and some of five funds at once, all or nothing, and sometimes gives all of it back.

The parts come in a random order, as a person may pick them; ``together`` takes the funds in the order of their numbers, as
approvals and contracts do (see ``rounds.service.settling``), so that two of them never wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

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

Part = tuple[int | None, int]
"""A fund (None = own money) and how many fen it pays."""


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
def together(call: Call, movement: Movement, parts: Sequence[Part], key: str) -> None:
    """One movement of every part's fund, or none; own money (no fund) passes through no ledger."""
    for fund, amount in sorted(parts, key=lambda part: part[0] or 0):
        if fund is not None:
            ledger.move(call, fund, movement, amount, key=f"{key}:{fund}", subject_kind="benchmark", subject_id=None)
    audit.record(call, "benchmark.together", "fund", None, {"parts": [list(part) for part in parts]})


def act(call: Call, subject: int, writer: Writer) -> None:
    key = f"{writer.number}.{writer.turn}"
    if writer.memory and writer.random.random() < GIVES_BACK:
        together(call, Movement.RELEASE, writer.memory[-1][1], f"{key}:{writer.memory[-1][0]}")
        writer.memory.pop()
        return
    parts = pick(subject, writer)
    together(call, Movement.RESERVE, parts, f"{key}:{len(parts) - 1}")
    writer.memory.append((len(parts) - 1, parts))


def pick(first: int, writer: Writer) -> list[Part]:
    """Own money and two to five of the funds, in any order."""
    funds = writer.random.sample(range(first, first + FUNDS), writer.random.randint(2, FUNDS))
    parts: list[Part] = [(fund, writer.random.randint(1, LARGEST)) for fund in (None, *funds)]
    writer.random.shuffle(parts)
    return parts


def judge(_subject: int) -> Mapping[str, int]:
    """``over``: fen promised beyond any budget; ``drift``: balances unlike the ledger; ``half``: commands that moved some."""
    db.session.rollback()
    promised = db.session.execute(
        select(LedgerEntry.fund_id, func.sum(LedgerEntry.amount))
        .where(LedgerEntry.purse.in_([Purse.RESERVED, Purse.COMMITTED, Purse.PAID]))
        .group_by(LedgerEntry.fund_id)
    )
    moved: Counter[str] = Counter()  # a command's key says how many funds it is about
    for key in db.session.scalars(select(LedgerTransaction.key).where(LedgerTransaction.subject_kind == "benchmark")):
        moved[key.rpartition(":")[0]] += 1
    return {
        "over": sum(max(0, int(amount) - BUDGET) for _, amount in promised),
        "drift": len(queries.drifts()),
        "half": sum(number != int(command.rpartition(":")[2]) for command, number in moved.items()),
    }
