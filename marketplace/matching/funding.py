"""Funding options of a match, for whoever holds a problem and an answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from marketplace.matching.alternatives import least_own_missing, options_of
from marketplace.matching.decoding import ledger_of, match_of, named
from marketplace.matching.encoding import eligible_funds, encode
from marketplace.matching.ledger import Ledger
from marketplace.matching.modes import terms_of
from marketplace.matching.problem import Offer, Problem
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import FundingOption, Solution


def options_for(problem: Problem, solution: Solution, order_id: str, count: int = 3) -> tuple[FundingOption, ...]:
    """Up to `count` payments of this order's match that differ from the chosen one and from each other.

    Each is exact and feasible if it alone replaces the chosen payment: least own cash, least public money, fewest
    sources (the enterprise counted), cheapest for the objective. Raises BadProblem when the order has no match or the
    solution names what the problem does not have.
    """
    encoded = encode(problem)
    ledger = ledger_of(encoded, solution)
    row = next((row for row, name in enumerate(encoded.order_ids) if name == order_id), None)
    if row is None or row not in ledger.chosen:
        raise BadProblem(f"order: {order_id!r} has no match")
    return match_of(encoded, ledger, row, eligible_funds(encoded.arrays)[row], count).options


@dataclass(frozen=True, slots=True)
class Simulation:
    """How one offer could be paid. `own_missing` is the least extra own money with which it could, when it cannot;
    `teams_short` the capacity its teams lack."""

    payable: bool
    options: tuple[FundingOption, ...]
    own_missing: int
    teams_short: Mapping[str, int]


def simulate(problem: Problem, offer: Offer, beside: Solution | None = None, count: int = 4) -> Simulation:
    """How this offer, which need not be in the problem, could be paid: from whole budgets, or beside an answer.

    An answer's match of the same order is taken to be given up. Raises BadProblem when the offer does not fit the
    problem's ids and ranges.
    """
    kept = tuple(each for each in problem.offers if each.id != offer.id)
    encoded = encode(replace(problem, offers=(*kept, offer)))
    arrays, row = encoded.arrays, encoded.offer_ids.index(offer.id)
    order = encoded.order_ids.index(offer.order)
    rest = (
        None if beside is None else replace(beside, matches=tuple(m for m in beside.matches if m.order != offer.order))
    )
    ledger = Ledger.of(arrays) if rest is None else ledger_of(encoded, rest)
    terms = terms_of(arrays, row, eligible_funds(arrays)[order], lambda fund: ledger.money_left(fund, order))
    options = tuple(FundingOption(label, named(encoded, row, pay)) for label, pay in options_of(arrays, terms, count))
    missing = least_own_missing(arrays, terms)
    short = {encoded.team_ids[team]: more for team, more in sorted(ledger.teams_short(row).items())}
    return Simulation(missing == 0, options, missing, short)
