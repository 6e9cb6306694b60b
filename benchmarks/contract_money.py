"""Contracts' money against a plain-Python model, for as long as asked: every fen after every step.

    python -m benchmarks.contract_money [--examples 5000] [--steps 100] [--minutes 15]

Runs the state machine of ``tests/contracts/test_money_model.py`` in batches, each in a transaction of its own, until the examples
or the CPU minutes are used up, and prints how many were run. Any difference ends it with the shortest story that shows it.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.contention import Plan, make_app
from marketplace.db.base import db
from tests.conftest import Clock, rolled_back
from tests.contracts import test_money_model
from tests.factories import Make

BATCH = 5
"""Examples that share a transaction: the model's invariants read every row of it after every step."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    logging.disable(logging.INFO)
    gc.enable()  # the suite's fixtures look for garbage by hand; this runs for minutes
    done, steps = 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = make_app(Plan("", folder, f"sqlite:///{folder / 'model.db'}"))
        with app.app_context():
            db.create_all()
            db.session.remove()
        began = time.process_time()
        while done < options.examples and time.process_time() - began < options.minutes * 60:
            with rolled_back(app), app.app_context():
                steps += test_money_model.check(Make(Clock()), BATCH, options.steps)
                db.session.remove()
            done += BATCH
        spent = time.process_time() - began
    print(
        f"examples    {done} of up to {options.steps} steps\nsteps       {steps}\nCPU         {spent:.0f} s\ndifferences 0"
    )
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--examples", type=int, default=5_000)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=15, help="CPU minutes after which no new batch begins")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
