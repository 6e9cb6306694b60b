"""Let many writers fight over one fund and count what was promised beyond its budget (must be 0).

    python -m benchmarks.concurrent_reservations --writers 200 --seconds 20 [--database URL [--empty]] [--naive]

Without ``--database`` a SQLite file in a temporary folder is used. A PostgreSQL database must be one made for measuring: it
has to be empty, or ``--empty`` drops everything in it. ``--naive`` runs the twin that looks before it writes: it exits with 0
only when it did over-allocate. ``--scenario MODULE`` runs another scenario (see ``benchmarks.contention``), such as
``benchmarks.approval_limit``: matches that many second persons approve at once.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from benchmarks.contention import Plan, empty, run


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments say; return 0 when nothing went wrong (with ``--naive``: when it went wrong as it must)."""
    options = _options(arguments)
    logging.disable(logging.INFO)
    scenario = f"{options.scenario}_naive" if options.naive else options.scenario
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder / 'contention.db'}"
        if options.empty:
            empty(url, folder)
        threads = -(-options.writers // options.processes)
        plan = Plan(scenario, folder, url, options.processes, threads, options.seconds)
        print(
            f"{plan.processes} processes × {plan.threads} threads, {plan.seconds:g} s, {url.split(':')[0]}: {scenario}"
        )
        tally = run(plan)
    print("\n".join(tally.lines()))
    if options.naive:
        return 0 if tally.wrong["over"] > 0 else 1
    return 0 if tally.is_clean else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0] if __doc__ else "", formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--writers", type=int, default=200, help="threads in all")
    parser.add_argument("--processes", type=int, default=4, help="processes that share them")
    parser.add_argument("--seconds", type=float, default=20, help="how long they write")
    parser.add_argument("--database", default="", help="URL of an empty database; default: a fresh SQLite file")
    parser.add_argument("--empty", action="store_true", help="drop everything in that PostgreSQL database first")
    parser.add_argument("--scenario", default="benchmarks.fund_limit", help="module with prepare, act and judge")
    parser.add_argument("--naive", action="store_true", help="run the unprotected twin, which must over-allocate")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
