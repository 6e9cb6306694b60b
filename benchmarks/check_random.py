"""Random problems against the truth: brute force on tiny ones, independent checkers on all.

    python -m benchmarks.check_random --count 2000            the engine's optimum equals brute force (tiny problems)
    python -m benchmarks.check_random --count 500 --middle    answers to larger problems pass every checker
    python -m benchmarks.check_random --damage 10000          the verifier rejects planted errors

A second checker, a program of its own, is run too when TRIPOOL_CHECKER names it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from benchmarks.small import best_by_force, random_problem
from marketplace.matching.engine import solve
from marketplace.matching.problem import COST_UNIT, OWN, Problem
from marketplace.matching.solution import Match, Solution, Status
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


def damaged(problem: Problem, right: Solution, draw: random.Random) -> Solution:
    """The answer with one error planted: in a payment, a match, the objective, the bound or the status."""
    place = draw.randrange(len(right.matches))
    match = right.matches[place]
    source = draw.choice(sorted(match.pay))
    shift = draw.choice([-1, 1, draw.randint(2, 10**9)])
    other = draw.choice([*(name for name in match.pay if name != source), "nobody"])
    moved = {**match.pay, source: -1, other: match.pay.get(other, 0) + match.pay[source] + 1}
    order = next(order for order in problem.orders if order.id == match.order)
    objective = right.objective or Fraction(0)
    changes: list[Match | Solution] = [
        replace(match, pay={**match.pay, source: match.pay[source] + shift}),
        replace(match, pay=moved),
        replace(match, pay={OWN: sum(match.pay.values()) + order.own_funds + 1, other: -order.own_funds - 1}),
        replace(match, offer="nobody's"),
        replace(match, order="nobody's"),
        replace(right, matches=(*right.matches, match)),
        replace(right, objective=objective + Fraction(draw.choice([-100, 100, 1]), 100)),
        replace(right, bound=objective - Fraction(draw.choice([100, 1]), 100)),
        replace(right, bound=objective + Fraction(draw.choice([100, 1]), 100)),
        replace(right, status=Status.INFEASIBLE),
        replace(right, matches=right.matches[:place] + right.matches[place + 1 :])
        if match_value(problem, match)
        else match,
    ]
    change = draw.choice(changes[:-1] if changes[-1] is match else changes)
    if isinstance(change, Solution):
        return change
    return replace(right, matches=(*right.matches[:place], change, *right.matches[place + 1 :]))


def match_value(problem: Problem, match: Match) -> Fraction:
    """What a match adds to the objective."""
    costs = {fund.id: fund.cost for fund in problem.funds}
    value = next(offer.value for offer in problem.offers if offer.id == match.offer)
    return value - Fraction(sum(costs.get(source, 0) * y for source, y in match.pay.items()), COST_UNIT)


def plant(count: int, first: int) -> int:
    """Plant errors in right answers; how many the verifier let through."""
    planted, passed, seed = 0, 0, first
    while planted < count:
        problem, draw = random_problem(seed), random.Random(seed)
        right = solve(problem)
        for _ in range(25 if right.matches else 0):
            wrong = damaged(problem, right, draw)
            planted += 1
            if verify(problem, wrong).ok:
                passed += 1
                print(f"seed {seed}: not noticed: {wrong}")
        seed += 1
    print(f"{planted} errors planted, {passed} not noticed")
    return passed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--middle", action="store_true")
    parser.add_argument("--damage", type=int, default=0, help="plant so many errors instead")
    options = parser.parse_args()
    if options.damage:
        return 1 if plant(options.damage, options.first) else 0
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
