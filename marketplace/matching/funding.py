"""Funding options of a match, for whoever holds a problem and an answer to it."""
from __future__ import annotations

from marketplace.matching.decoding import ledger_of, match_of
from marketplace.matching.encoding import eligible_funds, encode
from marketplace.matching.problem import Problem
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import FundingOption, Solution


def options_for(problem: Problem, solution: Solution, order_id: str, count: int = 3) -> tuple[FundingOption, ...]:
    """Up to `count` payments of this order's match that differ from the chosen one and from each other.

    Each is exact and feasible if it alone replaces the chosen payment: least own cash, least public money, fewest
    sources (the enterprise counted), cheapest for the objective. Raises BadProblem when the order has no match or the
    solution names what the problem does not have.
    """
    encoded = encode(problem)
    try:
        ledger = ledger_of(encoded, solution)
    except KeyError as error:
        raise BadProblem(f"solution: {error} is not in the problem") from None
    row = next((row for row, name in enumerate(encoded.order_ids) if name == order_id), None)
    if row is None or row not in ledger.chosen:
        raise BadProblem(f"order: {order_id!r} has no match")
    return match_of(encoded, ledger, row, eligible_funds(encoded.arrays)[row], count).options
