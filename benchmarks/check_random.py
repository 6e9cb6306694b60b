"""Random problems against the truth: brute force on tiny ones, independent checkers on all.

    python -m benchmarks.check_random --count 2000            the engine's optimum equals brute force (tiny problems)
    python -m benchmarks.check_random --count 500 --middle    answers to larger problems pass every checker

A second checker, a program of its own, is run too when TRIPOOL_CHECKER names it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.small import best_by_force, random_problem
from marketplace.matching.engine import solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution, Status
from marketplace.matching.verify import verify


def middle_problem(seed: int) -> Problem:
    """A problem too large to try everything: amounts of real size, every rule."""
    return random_problem(
        seed, orders=14, offers=5, teams=8, funds=6, groups=3, money=137_911, most_price=400, demands=0.08
    )


def complaints(problem: Problem, solution: Solution, force: bool, checker: Path | None) -> list[str]:
    """Everything that is wrong with an answer."""
    found = list(verify(problem, solution).broken)
    if solution.status not in (Status.OPTIMAL, Status.INFEASIBLE):
        found.append(f"status {solution.status}, gap {solution.gap}")
    if force:
        truth = best_by_force(problem)
        if truth != solution.objective:
            found.append(f"brute force finds {truth}, the engine {solution.objective}")
    if checker is not None:
        found += _second_opinion(problem, solution, checker)
    return found


def _second_opinion(problem: Problem, solution: Solution, checker: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("problem.json", "solution.json")]
        for path, told in zip(files, (problem.to_json(), solution.to_json()), strict=True):
            path.write_text(json.dumps(told), encoding="utf-8")
        run = subprocess.run(
            [sys.executable, str(checker), *map(str, files)], capture_output=True, text=True, check=False
        )
    return [] if run.returncode == 0 else (run.stdout + run.stderr).splitlines()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--middle", action="store_true")
    options = parser.parse_args()
    named = os.environ.get("TRIPOOL_CHECKER")
    checker = Path(named) if named else None
    print(f"second checker: {checker or 'NOT RUN (TRIPOOL_CHECKER is not set)'}")
    begun, wrong, statuses, slowest = time.perf_counter(), 0, Counter[str](), 0.0
    for seed in range(options.first, options.first + options.count):
        problem = middle_problem(seed) if options.middle else random_problem(seed)
        solution = solve(problem)
        slowest = max(slowest, solution.seconds)
        statuses[solution.status] += 1
        told = complaints(problem, solution, not options.middle, checker)
        wrong += bool(told)
        for line in told:
            print(f"seed {seed}: {line}")
    print(
        f"{options.count} problems, {wrong} wrong, {dict(statuses)}, slowest {slowest:.2f} s, "
        f"{time.perf_counter() - begun:.0f} s in all"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
