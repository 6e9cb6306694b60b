"""Solving a run again with something changed: the one question all studies ask, and the least change that answers yes."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from fractions import Fraction

from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution, Status

YUAN = 100
PROVABLE = frozenset({Status.OPTIMAL, Status.INFEASIBLE})


class OutOfTime(Exception):
    """The study's time is up; what was found before stands."""


@dataclass
class Bench:
    """A run's problem and answer, and the time left to try changes in (seconds)."""

    problem: Problem
    solution: Solution
    seconds: float
    seed: int = 0
    begun: float = field(default_factory=time.monotonic)
    solved: int = 0
    """How many problems were solved; told in the result, so that readers see that it was tried."""

    @property
    def left(self) -> float:
        return self.seconds - (time.monotonic() - self.begun)

    def best(self, problem: Problem) -> Solution:
        """A proved answer, or a proof that there is none; raises OutOfTime when neither was reached."""
        if self.left <= 0:
            raise OutOfTime
        self.solved += 1
        settings = Settings(time_limit=self.left, options=0, seed=self.seed)
        found = solve(problem, settings, warm=self.solution, diagnosis=False)
        if found.status not in PROVABLE:
            raise OutOfTime
        return found

    def value(self, problem: Problem) -> Fraction | None:
        """The proved best value; None when nothing satisfies every demand."""
        found = self.best(problem)
        return found.objective if found.found else None


def locking(problem: Problem, *offers: str) -> Problem:
    return replace(problem, rules=replace(problem.rules, locked=tuple(dict.fromkeys((*problem.rules.locked, *offers)))))


def forbidding(problem: Problem, offers: Collection[str]) -> Problem:
    rules = problem.rules
    return replace(problem, rules=replace(rules, forbidden=tuple(dict.fromkeys((*rules.forbidden, *offers)))))


def demanding(problem: Problem, order: str) -> Problem:
    """The problem in which this order must be matched."""
    return replace(problem, orders=tuple(replace(o, must_match=True) if o.id == order else o for o in problem.orders))


def wins(bench: Bench, with_it: Problem, without: Problem | Fraction | None) -> bool:
    """Whether every best answer takes it: the best value with it is strictly above the best value without it."""
    least = bench.value(without) if isinstance(without, Problem) else without
    gained = bench.value(with_it)
    return gained is not None and (least is None or gained > least)


def least(most: int, unit: int, suffices: Callable[[int], bool], guess: int | None = None) -> int | None:
    """The smallest multiple of ``unit`` up to ``most`` that suffices, if ``most`` does; every larger one is taken to suffice.

    One unit less was tried and does not suffice. ``guess`` is where to look first.
    """
    high = most // unit
    if high < 1 or not suffices(high * unit):
        return None
    low = 0
    for near in _near(guess, unit, high):
        if not low < near < high:
            continue
        if suffices(near * unit):
            high = near
        else:
            low = near
    while high - low > 1:
        middle = (low + high) // 2
        if suffices(middle * unit):
            high = middle
        else:
            low = middle
    return high * unit


def _near(guess: int | None, unit: int, high: int) -> list[int]:
    """First the guess and what lies just below it, then ever wider around it."""
    if guess is None:
        return []
    at = -(-guess // unit)
    steps = [0, -1]
    width = 4
    while width < high:
        steps += [width, -width]
        width *= 8
    return [at + step for step in steps]
