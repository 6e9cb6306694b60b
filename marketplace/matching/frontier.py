"""What public money buys: the best value as the public budgets grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.engine import solve
from marketplace.matching.problem import BASIS, Problem
from marketplace.matching.solution import Solution


@dataclass(frozen=True, slots=True)
class Point:
    """With public budgets cut to `part` (1/10,000): public fen paid, objective and proved bound, matches."""

    part: int
    public: int
    objective: Fraction
    bound: Fraction
    matches: int


def frontier(problem: Problem, parts: Sequence[int] | None = None, settings: Settings | None = None) -> list[Point]:
    """Solve again with each part of the public budgets (tenths by default); parts that are infeasible are left out.

    `settings.time_limit` bounds the whole; each step starts from the answer before it.
    """
    hearing = Hearing(settings or Settings())
    found: list[Point] = []
    warm: Solution | None = None
    asked = sorted(range(0, BASIS + 1, BASIS // 10) if parts is None else parts)
    for done, part in enumerate(asked):
        cut = replace(
            problem,
            funds=tuple(replace(f, budget=f.budget * part // BASIS) if f.public else f for f in problem.funds),
        )
        step = replace(hearing.settings, time_limit=hearing.left() / (len(asked) - done), options=0)
        solution = solve(cut, step, warm=warm, diagnosis=False)
        if solution.objective is None or solution.bound is None:
            continue
        warm = solution
        found.append(
            Point(part, public_money(problem, solution), solution.objective, solution.bound, len(solution.matches))
        )
    return found


def public_money(problem: Problem, solution: Solution) -> int:
    """Fen that public funds pay in an answer."""
    public = {fund.id for fund in problem.funds if fund.public}
    return sum(amount for match in solution.matches for source, amount in match.pay.items() if source in public)
