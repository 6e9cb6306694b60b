"""Kill a process that writes money, again and again, and look whether anything it had acknowledged is gone (must be 0).

    python -m benchmarks.kill_writers --cycles 300 [--database URL [--empty]]

The child reserves and pays in use cases of its own and writes each key to a pipe only after the commit. It is killed with SIGKILL
at a random moment; then every acknowledged key must be in the ledger, no transaction may be half, and no balance may differ.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import func, select

from benchmarks.contention import Plan, empty, make_app
from benchmarks.double_pay import _call
from benchmarks.fund_limit import move
from marketplace.audit import service as audit
from marketplace.audit import verify
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, queries
from marketplace.funds.models import Fund, LedgerTransaction
from marketplace.funds.workflow import FundKind, FundState, Movement
from marketplace.kernel.call import Call

BUDGET = 10**12


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'kill.db'}"
        if options.empty:
            empty(url, folder)
        plan = Plan("", folder, url)
        app = make_app(plan)
        with app.app_context():
            db.create_all()
            fund = _found(_call())
            db.session.remove()
            db.engine.dispose()
        acknowledged: list[str] = []
        random = Random(options.seed)
        for cycle in range(options.cycles):
            acknowledged += _cycle(plan, fund, cycle, random.uniform(0.02, 0.25))
        return _judge(app, options.cycles, acknowledged)


def _cycle(plan: Plan, fund: int, cycle: int, seconds: float) -> list[str]:
    """Fork a writer, let it acknowledge for a while, kill it, and return what it had acknowledged."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        receiver.close()
        _write(plan, fund, cycle, sender)
        os._exit(0)
    sender.close()
    receiver.poll(30)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    keys = []
    try:
        while receiver.poll(0):
            keys.append(receiver.recv())
    except (EOFError, OSError):
        pass
    receiver.close()
    return keys


def _write(plan: Plan, fund: int, cycle: int, sender: Connection) -> None:
    app = make_app(plan)
    with app.app_context():
        for turn in range(10**6):
            key = f"kill:{cycle}:{turn}"
            move(_call(), fund, Movement.RESERVE, turn + 1, key)
            sender.send(key)


def _judge(app: Flask, cycles: int, acknowledged: list[str]) -> int:
    with app.app_context():
        stored = set(db.session.scalars(select(LedgerTransaction.key)))
        lost = sum(key not in stored for key in acknowledged)
        broken = [*verify.ledger(), *verify.chain()]
        drift = len(queries.drifts())
        total = db.session.scalar(select(func.count()).select_from(LedgerTransaction)) or 0
        db.session.remove()
        db.engine.dispose()
    print(f"killed      {cycles}\nacknowledged {len(acknowledged)} of {total} written\nlost        {lost}")
    print(f"half        {len(broken)}\ndrift       {drift}")
    return int(bool(lost or broken or drift))


@use_case
def _found(call: Call) -> int:
    fund = Fund(code="KILL", name="断电", kind=FundKind.SUBSIDY, public=True, state=FundState.OPEN, created_at=call.now)
    db.session.add(fund)
    db.session.flush()
    ledger.move(call, fund.id, Movement.CONTRIBUTE, BUDGET, key="all", subject_kind="contribution", subject_id=None)
    audit.record(call, "benchmark.found", "fund", fund.id)
    return fund.id


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--cycles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    parser.add_argument("--empty", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
