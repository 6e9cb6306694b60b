"""Contracts' money against a plain-Python model, for as long as asked: every fen after every step.

    python -m benchmarks.contract_money [--examples 5000] [--steps 100] [--minutes 15] [--processes 2]

Runs the state machine of ``tests/contracts/test_money_model.py`` in batches, each on an empty database in memory, until the
examples or the minutes are used up, and prints how many were run. Any difference ends it with the shortest story that shows
it. The services and their commits are the real ones; only passwords are hashed cheaply, as in the suite, and neither mail nor the
journal's records are written.
"""

from __future__ import annotations

import argparse
import gc
import logging
import multiprocessing
import sys
import tempfile
import time
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from marketplace.app import create_app
from marketplace.audit import service as audit
from marketplace.config import Config
from marketplace.contracts import mail
from marketplace.db.base import db
from marketplace.db.transaction import count_audit_record
from tests.conftest import Clock
from tests.contracts import test_money_model
from tests.factories import Make

BATCH = 10
"""Examples that share a database."""

Part = tuple[int, int, float]
"""Examples, steps and CPU seconds of one process."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    context = multiprocessing.get_context("spawn")
    results: Queue[Part] = context.Queue()
    share = -(-options.examples // options.processes)
    began = time.monotonic()
    workers = [
        context.Process(target=_work, args=(share, options.steps, options.minutes * 60, results))
        for _ in range(options.processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    different = sum(worker.exitcode != 0 for worker in workers)
    parts = [results.get() for worker in workers if worker.exitcode == 0]
    print(
        f"examples    {sum(part[0] for part in parts)} of up to {options.steps} steps\n"
        f"steps       {sum(part[1] for part in parts)}\n"
        f"CPU         {sum(part[2] for part in parts):.0f} s in {time.monotonic() - began:.0f} s\n"
        f"differences {different}"
    )
    return int(bool(different))


def _work(examples: int, steps: int, seconds: float, results: Queue[Part]) -> None:
    logging.disable(logging.INFO)
    _say_less()
    done, taken, began = 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        clock = Clock()
        app = create_app(Config(instance=Path(name), database_url="sqlite://", secret_key="model", testing=True), clock)
        with app.app_context():
            db.create_all()
            db.session.remove()
            books = _driver()
            empty = sqlite.connect(":memory:")
            books.backup(empty)
            gc.enable()
            gc.freeze()
            gc.set_threshold(100_000, 20, 50)
            while done < examples and time.monotonic() - began < seconds:
                batch = min(BATCH, examples - done)
                taken += test_money_model.check(Make(clock), batch, steps)
                db.session.remove()
                empty.backup(books)
                done += batch
    results.put((done, taken, time.process_time()))


def _say_less() -> None:
    """Mail and the words of the journal carry no money; writing them took a fifth of the time."""
    mail.tell = lambda *_arguments: None
    audit.record = lambda *_arguments: count_audit_record()


def _driver() -> Any:
    """The one connection to the database in memory."""
    return db.engine.raw_connection().driver_connection


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--examples", type=int, default=5_000)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=15, help="minutes after which no new batch begins")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
