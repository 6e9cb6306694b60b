"""A stored run solved again from its stored input: the same objective and the same answer, or an honest no."""

from __future__ import annotations

from typing import Any

from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution, Status
from marketplace.rounds.record import answer_hash

Json = dict[str, Any]


def replay(problem: Problem, settings: Settings, warm: Solution | None, stored: Solution, stored_hash: str) -> Json:
    """Solve again with the same settings and start. A search that the clock cut short may end elsewhere: ``timed`` says so."""
    again = solve(problem, settings, warm=warm) if warm is not None else solve(problem, settings)
    told = answer_hash(again.to_json())
    clock = {Status.FEASIBLE, Status.CANCELLED}
    return {
        "same_objective": again.objective == stored.objective,
        "same_answer": told == stored_hash,
        "objective": None if again.objective is None else float(again.objective),
        "hash": told,
        "timed": stored.status in clock or again.status in clock,
        "seconds": round(again.seconds, 3),
    }
