"""The four aims people compare. Each changes only what the search prefers, never a rule: every answer stays a lawful one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from marketplace.matching.problem import AtLeast, Fund, Order, Problem
from marketplace.rounds.workflow import Aim

EVERYBODY = "everybody"
"""A group that holds every order, so that "as many matches as before" can be demanded."""
DEAR = 1_000
"""Value units per 10,000 yuan of public money: as much as a perfect match, so that money is saved before value is sought."""
LOYAL = 2_000
"""Value units for a match that stood before: twice a perfect match, so that nothing changes without need."""


def aimed(problem: Problem, aim: Aim, chosen: Mapping[str, str]) -> Problem:
    """Return the problem whose best answer reaches the aim; ``chosen`` maps orders to offers in the answer compared with."""
    if aim is Aim.LEAST_PUBLIC:
        return _sparing(problem, len(chosen))
    if aim is Aim.WIDEST:
        more = 1 + max((abs(offer.value) for offer in problem.offers), default=0) * max(1, len(problem.orders))
        return replace(problem, offers=tuple(replace(offer, value=offer.value + more) for offer in problem.offers))
    if aim is Aim.MOST_STABLE:
        kept = set(chosen.values())
        offers = (replace(o, value=o.value + LOYAL) if o.id in kept else o for o in problem.offers)
        return replace(problem, offers=tuple(offers))
    return _valuing(problem)


def _valuing(problem: Problem) -> Problem:
    """The matches' own value and nothing else: what money costs the round is left out of account, every rule stays."""
    return replace(problem, funds=tuple(replace(fund, cost=min(fund.cost, 0)) for fund in problem.funds))


def _sparing(problem: Problem, matches: int) -> Problem:
    """As many matches as before, with as little public money as that takes."""
    orders: tuple[Order, ...] = tuple(replace(order, groups=(*order.groups, EVERYBODY)) for order in problem.orders)
    funds: tuple[Fund, ...] = tuple(
        replace(fund, cost=fund.cost + DEAR) if fund.public else fund for fund in problem.funds
    )
    floors = (*problem.rules.at_least, *((AtLeast(EVERYBODY, matches),) if matches else ()))
    return replace(problem, orders=orders, funds=funds, rules=replace(problem.rules, at_least=floors))
