"""Solving: encode, drive a path, decode, and say honestly what was found and proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.conflict import diagnose
from marketplace.matching.decoding import choices_of, decode
from marketplace.matching.encoding import encode
from marketplace.matching.paths import solve_arrays
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Progress, Solution, Status

__all__ = ["Settings", "solve"]


def solve(
    problem: Problem,
    settings: Settings | None = None,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    warm: Solution | None = None,
    diagnosis: bool = True,
) -> Solution:
    """Match orders, offers and funds for the greatest total value under every rule of the problem.

    `on_progress` is called now and then with what is known so far; `cancelled` is asked a few times a second and stops
    the search with the best answer so far. `warm` is an earlier answer, perhaps to a slightly different problem, to
    start from; it may change which of several best answers is found, never their value.
    Without `diagnosis` an infeasible problem is told without its conflict and repairs.
    When time runs out before any answer satisfies every demand, the status is `cancelled` with no matches and no
    objective (`Solution.found` is False): nothing is claimed that was not found.
    The same problem and seed give the same answer however the input is ordered, unless time runs out.
    """
    hearing = Hearing(settings or Settings(), on_progress, cancelled)
    encoded = encode(problem)
    answer = solve_arrays(encoded.arrays, hearing, () if warm is None else choices_of(encoded, warm))
    hearing.report(answer.objective, answer.bound)
    solution = decode(encoded, answer, hearing.settings)
    if answer.status == Status.INFEASIBLE and diagnosis:
        conflict, repairs = diagnose(problem, hearing)
        solution = replace(solution, conflict=conflict, repairs=repairs)
    return replace(solution, seconds=hearing.seconds())
