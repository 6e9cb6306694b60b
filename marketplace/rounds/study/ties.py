"""What all best answers have in common, where people may choose at no loss, and pairs that would both rather."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from marketplace.kernel.lazy import LazyModule
from marketplace.matching.engine import Settings
from marketplace.matching.optima import Share, shares
from marketplace.matching.problem import Offer, Problem
from marketplace.matching.solution import Solution, Status
from marketplace.rounds.study.trial import Bench

funding = LazyModule("marketplace.matching.funding")

Json = dict[str, Any]


def study(bench: Bench, step: Callable[[int, int], None]) -> Json:
    """Sort every bid by whether every, some or no best answer takes it, and list the pairs that would both rather."""
    step(0, 2)
    settings = Settings(time_limit=max(0.0, bench.left), options=0, seed=bench.seed)
    found = shares(bench.problem, bench.solution, settings)
    step(1, 2)
    chosen = {match.offer for match in bench.solution.matches}
    by_share: Json = {
        share.value: sorted((k for k, v in found.items() if v is share), key=_by_number) for share in Share
    }
    equals = [{"offer": key, "chosen": key in chosen} for key in by_share[Share.SOME.value]]
    proved = bench.solution.status is Status.OPTIMAL and not by_share[Share.UNKNOWN.value]
    return {**by_share, "equals": equals, "blocking": blocking(bench.problem, bench.solution), "proved": proved}


def _by_number(key: str) -> tuple[int, str]:
    return len(key), key


def blocking(problem: Problem, solution: Solution) -> list[Json]:
    """Pairs that would both rather: the order's bid scores more than its match, and every team of the bid has room, or makes it
    by leaving matches of less value; and the money is there once those matches have given theirs back.

    The best answer for the whole round may contain such pairs: what they would gain, others would lose.
    """
    offers = {offer.id: offer for offer in problem.offers}
    mine = {match.order: offers[match.offer] for match in solution.matches}
    kept_out = set(problem.rules.forbidden)
    found = []
    for offer in sorted(problem.offers, key=lambda each: _by_number(each.id)):
        now = mine.get(offer.order)
        if offer.id in kept_out or offer.id == (now and now.id) or offer.value <= (now.value if now else 0):
            continue
        displaced = _displaced(problem, mine, offer)
        if displaced is None:
            continue
        rest = tuple(m for m in solution.matches if m.offer not in displaced and m.order != offer.order)
        if funding.simulate(problem, offer, replace(solution, matches=rest), 1).payable:
            lost = sum(offers[key].value for key in displaced)
            gained = offer.value - (now.value if now else 0)
            found.append({"offer": offer.id, "gain": gained, "displaced": sorted(displaced), "lost": lost})
    return found


def _displaced(problem: Problem, mine: Mapping[str, Offer], offer: Offer) -> set[str] | None:
    """The matches its teams would leave for it, cheapest first; None when a team would have to leave better ones."""
    capacity = {team.id: team.capacity for team in problem.teams}
    gone: set[str] = set()
    for team, load in offer.uses.items():
        working = [each for order, each in mine.items() if team in each.uses and order != offer.order]
        free = capacity[team] - sum(each.uses[team] for each in working if each.id not in gone)
        for each in sorted(working, key=lambda o: (o.value, o.id)):
            if free >= load:
                break
            if each.value >= offer.value:
                return None
            if each.id not in gone:
                gone.add(each.id)
                free += each.uses[team]
        if free < load:
            return None
    return gone
