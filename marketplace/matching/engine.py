"""Solving: choose the path, drive it, and say honestly what was found and proved."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from marketplace.matching.problem import Problem
from marketplace.matching.solution import Progress, Solution


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how well: seconds, relative gap to stop at, funding options per match, seed of the search."""

    time_limit: float = 60.0
    gap: float = 0.0
    options: int = 3
    seed: int = 0


def solve(problem: Problem, settings: Settings | None = None, *,
          on_progress: Callable[[Progress], None] | None = None,
          cancelled: Callable[[], bool] | None = None) -> Solution:
    """Match orders, offers and funds for the greatest total value under every rule of the problem."""
    raise NotImplementedError
