"""The same payment settled by many at once, and money split at random: exactly once, exactly the price.

    python -m benchmarks.double_pay --rounds 500 [--writers 8] [--database URL [--empty]]
    python -m benchmarks.double_pay --splits 100000

Each round makes one committed payment and lets all writers pay it at the same moment, as receipts of the bank that arrive twice
would. ``--naive`` takes the ledger's key away (each writer has its own), which must pay more than once.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import threading
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

from benchmarks.contention import Plan, empty, make_app
from marketplace.audit import service as audit
from marketplace.contracts.split import schedule
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, queries
from marketplace.funds.models import Fund, LedgerTransaction
from marketplace.funds.workflow import FundKind, FundState, Movement
from marketplace.kernel import money
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.clock import system_clock
from marketplace.kernel.errors import Refused

AMOUNT = 12_345


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    logging.disable(logging.INFO)
    if options.splits:
        return splits(options.splits, options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'double.db'}"
        if options.empty:
            empty(url, folder)
        return rounds(make_app(Plan("", folder, url)), options.rounds, options.writers, options.naive)


def splits(number: int, seed: int) -> int:
    """Split random prices over random milestones and sources; count those that are not exact."""
    random, wrong = Random(seed), 0
    for _ in range(number):
        totals = [random.randint(0, 10 ** random.randint(1, 12)) for _ in range(random.randint(1, 6))]
        totals[0] += 1
        amounts = money.split(sum(totals), [random.randint(1, 10_000) for _ in range(random.randint(1, 12))])
        rows = schedule(amounts, totals, own=0, own_first=random.random() < 0.5)
        exact = [sum(row) for row in rows] == amounts and [sum(column) for column in zip(*rows, strict=True)] == totals
        wrong += not exact or min(min(row) for row in rows) < 0
    print(f"splits      {number}\nnot exact   {wrong}")
    return 1 if wrong else 0


def rounds(app: Flask, number: int, writers: int, naive: bool) -> int:
    with app.app_context():
        db.create_all()
        fund = _found(_call(), number)
        db.session.remove()
    refused = 0
    for turn in range(number):
        barrier, answers = threading.Barrier(writers), list[str]()
        threads = [
            threading.Thread(target=_pay_at_once, args=(app, fund, turn, f":{n}" if naive else "", barrier, answers))
            for n in range(writers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused += sum(answer != "done" for answer in answers)
    with app.app_context():
        paid = db.session.scalar(
            select(func.count()).select_from(LedgerTransaction).where(LedgerTransaction.movement == Movement.PAY)
        )
        drift = len(queries.drifts())
        db.session.remove()
        db.engine.dispose()
    print(
        f"rounds      {number} × {writers} writers\npaid        {paid} times\nrefused     {refused}\ndrift       {drift}"
    )
    exact = paid == number and drift == 0
    return int(exact if naive else not exact)


def _pay_at_once(app: Flask, fund: int, turn: int, suffix: str, barrier: threading.Barrier, answers: list[str]) -> None:
    with app.app_context():
        barrier.wait()
        try:
            pay(_call(), fund, f"payment:{turn}:1{suffix}")
            answers.append("done")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            db.session.remove()


@use_case
def pay(call: Call, fund_id: int, key: str) -> None:
    """What a receipt does: the committed money is paid under the payment's key."""
    ledger.move(call, fund_id, Movement.PAY, AMOUNT, key=key, subject_kind="contract", subject_id=1)
    audit.record(call, "benchmark.pay", "fund", fund_id)


@use_case
def _found(call: Call, number: int) -> int:
    fund = Fund(code="PAY", name="付款", kind=FundKind.SUBSIDY, public=True, state=FundState.OPEN, created_at=call.now)
    db.session.add(fund)
    db.session.flush()
    for movement in (Movement.CONTRIBUTE, Movement.RESERVE, Movement.COMMIT):
        whole = AMOUNT * number * 100
        ledger.move(call, fund.id, movement, whole, key=movement.value, subject_kind="benchmark", subject_id=None)
    audit.record(call, "benchmark.found", "fund", fund.id)
    return fund.id


def _call() -> Call:
    return Call(Actor.system(), system_clock(), "double-pay")


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--splits", type=int, default=0, help="check this many random splits instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--naive", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
