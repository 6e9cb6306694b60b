"""What all best answers have in common, and what each rule costs: by solving again, never by guessing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from marketplace.matching import relax
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.engine import solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Limit, Solution, Status


class Share(StrEnum):
    """In how many of the best answers an offer is chosen; `unknown` when there was no time to prove it."""

    EVERY = "every"
    SOME = "some"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class RulePrice:
    """How much the best value rises when this one demand or limit is dropped; None when it could not be proved."""

    limit: Limit
    gain: Fraction | None


def shares(problem: Problem, solution: Solution, settings: Settings | None = None) -> dict[str, Share]:
    """For each offer, whether every, some or no best answer takes it.

    An offer is in every best answer when forbidding it lowers the best value, and in none when locking it does. Each
    best answer met on the way settles many offers at once. `settings.time_limit` bounds the whole.
    """
    hearing = Hearing(settings or Settings())
    offers = [offer.id for offer in sorted(problem.offers, key=lambda offer: offer.id)]
    if solution.status != Status.OPTIMAL or solution.objective is None:
        return dict.fromkeys(offers, Share.UNKNOWN)
    chosen = {match.offer for match in solution.matches}
    seen, missed = set(chosen), set(offers) - chosen
    found: dict[str, Share] = {}
    for name in offers:
        if name in seen and name in missed:
            found[name] = Share.SOME
            continue
        kind = "forbidden" if name in seen else "locked"
        other = _solved(_ruled(problem, kind, name), hearing, solution)
        if other is None:
            found[name] = Share.UNKNOWN
        elif other.status == Status.INFEASIBLE or other.objective != solution.objective:
            found[name] = Share.EVERY if kind == "forbidden" else Share.NONE
        else:
            found[name] = Share.SOME
            taken = {match.offer for match in other.matches}
            seen |= taken
            missed |= set(offers) - taken
    return {name: Share.SOME if name in seen and name in missed else found[name] for name in offers}


def rule_prices(
    problem: Problem, solution: Solution, limits: Iterable[Limit] | None = None, settings: Settings | None = None
) -> list[RulePrice]:
    """What each demand and limit costs, dearest first; by default all of them. `settings.time_limit` bounds the whole.

    The price of one rule is told with all others in force, so prices of several do not add up.
    """
    hearing = Hearing(settings or Settings())
    asked = list(limits) if limits is not None else [*relax.demands(problem), *relax.limits(problem)]
    found = [RulePrice(limit, _gain(problem, solution, limit, hearing)) for limit in asked]
    return sorted(found, key=lambda price: (price.gain is None, -(price.gain or 0), price.limit.kind, price.limit.of))


def _gain(problem: Problem, solution: Solution, limit: Limit, hearing: Hearing) -> Fraction | None:
    if solution.status != Status.OPTIMAL or solution.objective is None:
        return None
    other = _solved(relax.without(problem, [limit]), hearing, solution)
    return None if other is None or other.objective is None else other.objective - solution.objective


def _ruled(problem: Problem, kind: str, offer: str) -> Problem:
    rules = problem.rules
    if kind == "locked":
        return replace(problem, rules=replace(rules, locked=(*rules.locked, offer)))
    return replace(problem, rules=replace(rules, forbidden=(*rules.forbidden, offer)))


def _solved(problem: Problem, hearing: Hearing, warm: Solution) -> Solution | None:
    """A proved answer or a proof that there is none; None when time is up."""
    if hearing.left() <= 0:
        return None
    settings = replace(hearing.settings, time_limit=hearing.left(), gap=0.0, options=0)
    found = solve(problem, settings, warm=warm, diagnosis=False)
    return found if found.status in (Status.OPTIMAL, Status.INFEASIBLE) else None
