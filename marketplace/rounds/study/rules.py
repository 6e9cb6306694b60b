"""What each rule of policy costs: the round solved again without it. Rules of nature (days, own money, budgets) are no policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marketplace.matching import relax
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution, Status
from marketplace.rounds.study.trial import Bench, OutOfTime
from marketplace.rounds.whatif.changes import without_rule
from marketplace.rounds.whatif.figures import public_funds

Json = dict[str, Any]
POLICY = (
    *relax.FUND_LIMITS,
    "amount_min",
    "public_share_max",
    "at_least",
    "must_match",
    "locked",
    "forbidden",
    "conflicts",
)


def policies(problem: Problem) -> list[tuple[str, tuple[str, ...]]]:
    """(kind, keys) of every rule that people made: a fund's rule counts once, however its money is set aside."""
    found: dict[tuple[str, tuple[str, ...]], None] = {}
    for limit in (*relax.demands(problem), *relax.limits(problem)):
        if limit.kind not in POLICY:
            continue
        of = (
            tuple(name.partition("@")[0] for name in limit.of)
            if limit.kind in (*relax.FUND_LIMITS, "amount_min")
            else limit.of
        )
        found[limit.kind, of] = None
    return list(found)


def study(bench: Bench, step: Callable[[int, int], None]) -> Json:
    """For each rule, what the best answer gains when it alone is dropped; dearest first."""
    asked, rows = policies(bench.problem), []
    complete = bench.solution.status is Status.OPTIMAL
    base = _figures(bench.problem, bench.solution)
    for number, (kind, of) in enumerate(asked):
        step(number, len(asked))
        try:
            freed = without_rule(bench.problem, kind, of)
            found = bench.best(freed)
        except OutOfTime:
            complete = False
            break
        now = _figures(freed, found)
        rows.append({"rule": kind, "keys": list(of), **{key: now[key] - base[key] for key in now}})
    rows.sort(key=lambda row: (-row["value"], row["rule"], row["keys"]))
    return {"rules": rows, "complete": complete, "solved": bench.solved}


def _figures(problem: Problem, solution: Solution) -> dict[str, Any]:
    public = public_funds(problem.to_json())
    paid = sum(fen for match in solution.matches for source, fen in match.pay.items() if source in public)
    value = float(solution.objective) if solution.objective is not None else 0.0
    return {"value": value, "matches": len(solution.matches), "public": paid}
