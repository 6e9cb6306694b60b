"""Solving: choose the path, drive it, and say honestly what was found and proved."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.conflict import diagnose
from marketplace.matching.encoding import Arrays, Encoded, eligible_funds, encode
from marketplace.matching.exact import solve_exact
from marketplace.matching.funding import Pay, alternatives
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.modes import terms_of
from marketplace.matching.problem import OWN, Problem
from marketplace.matching.solution import (
    FundingOption,
    Match,
    Prices,
    Progress,
    Solution,
    Status,
    Unmatched,
)
from marketplace.matching.unmatched import Verdict, verdict

__all__ = ["Settings", "solve", "solve_arrays"]


def solve(problem: Problem, settings: Settings | None = None, *,
          on_progress: Callable[[Progress], None] | None = None,
          cancelled: Callable[[], bool] | None = None) -> Solution:
    """Match orders, offers and funds for the greatest total value under every rule of the problem.

    `on_progress` is called now and then with what is known so far; `cancelled` is asked a few times a second and stops
    the search with the best answer so far. When time runs out before any answer satisfies every demand, the status is
    `cancelled` with no matches and no objective (`Solution.found` is False): nothing is claimed that was not found.
    The same problem and seed give the same answer however the input is ordered, unless time runs out.
    Raises modes.TooManyMinimums for a problem whose grants the exact path cannot combine.
    """
    hearing = Hearing(settings or Settings(), on_progress, cancelled)
    encoded = encode(problem)
    answer = solve_arrays(encoded.arrays, hearing)
    solution = decode(encoded, answer, hearing.settings)
    if answer.status == Status.INFEASIBLE:
        conflict, repairs = diagnose(problem, hearing, lambda changed, limits: solve_arrays(
            encode(changed).arrays, Hearing(limits, cancelled=cancelled)))
        solution = replace(solution, conflict=conflict, repairs=repairs)
    return replace(solution, seconds=hearing.seconds())


def solve_arrays(arrays: Arrays, hearing: Hearing) -> Answer:
    """The same for a columnar problem, in rows. The path is chosen by size and shape."""
    return solve_exact(arrays, hearing)


def decode(encoded: Encoded, answer: Answer, settings: Settings) -> Solution:
    """Rows back to ids, with funding options for every match and a reason for every order without one."""
    arrays = encoded.arrays
    ledger = Ledger.of(arrays, answer.choices or ())
    funds = eligible_funds(arrays)
    matches = tuple(_match(encoded, ledger, ledger.chosen[order], funds[order], settings.options)
                    for order in sorted(ledger.chosen))
    unmatched: tuple[Unmatched, ...] = ()
    if answer.status != Status.INFEASIBLE and answer.choices is not None:
        offers: dict[int, list[int]] = defaultdict(list)
        for offer, order in enumerate(arrays.offer_order.tolist()):
            offers[order].append(offer)
        unmatched = tuple(tell(encoded, order, verdict(ledger, order, offers[order], funds[order]))
                          for order in range(arrays.orders) if order not in ledger.chosen)
    prices = Prices({encoded.team_ids[t]: price for t, price in sorted(answer.team_price.items())},
                    {encoded.fund_ids[f]: price for f, price in sorted(answer.fund_price.items())})
    return Solution(answer.status, answer.objective, answer.bound, 0.0, matches, unmatched, prices,
                    certificate=answer.certificate)


def _match(encoded: Encoded, ledger: Ledger, choice: Choice, funds: list[int], count: int) -> Match:
    order = int(encoded.arrays.offer_order[choice.offer])
    ledger.leave(order)
    terms = terms_of(encoded.arrays, choice.offer, funds, lambda fund: ledger.money_left(fund, order))
    options = tuple(FundingOption(label, named(encoded, choice.offer, pay))
                    for label, pay in alternatives(encoded.arrays, terms, choice.pay, count))
    ledger.enter(choice)
    return Match(encoded.order_ids[order], encoded.offer_ids[choice.offer],
                 named(encoded, choice.offer, dict(choice.pay)), options)


def named(encoded: Encoded, offer: int, pay: Pay) -> dict[str, int]:
    """A payment by source: the enterprise's own part first, then funds by id."""
    own = int(encoded.arrays.offer_price[offer]) - sum(pay.values())
    return {OWN: own, **{encoded.fund_ids[fund]: pay[fund] for fund in sorted(pay)}}


def tell(encoded: Encoded, order: int, found: Verdict) -> Unmatched:
    """A verdict in ids: `by` names the teams, funds or offers in the way."""
    teams = {encoded.team_ids[team]: more for team, more in found.teams}
    funds = {encoded.fund_ids[fund]: more for fund, more in found.funds}
    own = {OWN: found.own} if found.own else {}
    offers = tuple(encoded.offer_ids[offer] for offer in found.offers)
    return Unmatched(encoded.order_ids[order], found.reason, offers or (*teams, *funds), {**own, **teams, **funds})
