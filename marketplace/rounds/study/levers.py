"""What a little more would do: more money in a fund, more days of a team. Shadow prices say where to look, solving says what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from marketplace.matching.problem import LARGEST, Problem
from marketplace.matching.solution import Status
from marketplace.rounds.study.trial import YUAN, Bench, OutOfTime

Json = dict[str, Any]
MONEY_STEPS = (100_000 * YUAN, 500_000 * YUAN)
DAY_STEPS = (20, 60)
MOST_TEAMS = 12


def study(bench: Bench, step: Callable[[int, int], None]) -> Json:
    """For each fund that is used up and each team that is full: matches and value that so much more would bring."""
    asked = list(candidates(bench))
    rows: list[Json] = []
    base, before = bench.solution.objective, len(bench.solution.matches)
    complete = bench.solution.status is Status.OPTIMAL
    for number, (kind, key, by) in enumerate(asked):
        step(number, len(asked))
        try:
            found = bench.best(raised(bench.problem, kind, key, by))
        except OutOfTime:
            complete = False
            break
        if found.objective is not None and base is not None:
            gain = {"matches": len(found.matches) - before, "value": float(found.objective - base)}
            rows.append({"kind": kind, "of": key, "by": by, **gain})
    rows.sort(key=_dearest)
    return {"levers": rows, "complete": complete, "solved": bench.solved}


def _dearest(row: Json) -> tuple[str, float, int]:
    return row["kind"], -row["value"], row["by"]


def candidates(bench: Bench) -> Iterator[tuple[str, str, int]]:
    """(kind, key, by): funds that hardly anything is left of, then the fullest teams in their full quarters."""
    problem, solution = bench.problem, bench.solution
    drawn: dict[str, int] = {}
    for match in solution.matches:
        for source, fen in match.pay.items():
            drawn[source] = drawn.get(source, 0) + fen
    needed = {key for row in solution.unmatched for key in (*row.needs, *row.by)}
    for fund in problem.funds:
        left = fund.budget - drawn.get(fund.id, 0)
        tight = left < MONEY_STEPS[0] or fund.id in needed or solution.prices.funds.get(fund.id, 0) > 0
        if tight and "@" not in fund.id and fund.budget + MONEY_STEPS[-1] <= LARGEST:
            yield from (("budget", fund.id, by) for by in MONEY_STEPS)
    yield from (("capacity", key, by) for key in _full_teams(bench, needed) for by in DAY_STEPS)


def _full_teams(bench: Bench, needed: set[str]) -> list[str]:
    """Teams with a quarter in which less than a tenth is free, or in which somebody needs more; the most wanted first."""
    chosen = {match.offer for match in bench.solution.matches}
    used: dict[str, int] = {}
    wanted: dict[str, int] = {}
    for offer in bench.problem.offers:
        for key, days in offer.uses.items():
            wanted[key] = wanted.get(key, 0) + days
            if offer.id in chosen:
                used[key] = used.get(key, 0) + days
    full: dict[str, int] = {}
    for team in bench.problem.teams:
        pressed = wanted.get(team.id, 0) > team.capacity
        if pressed and (10 * (team.capacity - used.get(team.id, 0)) < team.capacity or team.id in needed):
            whole = team.id.partition("@")[0]
            full[whole] = full.get(whole, 0) + wanted[team.id] - team.capacity
    return sorted(full, key=lambda key: (-full[key], key))[:MOST_TEAMS]


def raised(problem: Problem, kind: str, key: str, by: int) -> Problem:
    """The problem with so much more in a fund, or so many more days of a team in each of its quarters."""
    if kind == "budget":
        return replace(
            problem, funds=tuple(replace(f, budget=f.budget + by) if f.id == key else f for f in problem.funds)
        )
    teams = (replace(t, capacity=t.capacity + by) if t.id.partition("@")[0] == key else t for t in problem.teams)
    return replace(problem, teams=tuple(teams))
