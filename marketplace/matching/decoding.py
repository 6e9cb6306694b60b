"""Rows back to ids: matches with their funding options, and a reason for every order without one."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.matching.alternatives import Pay, alternatives
from marketplace.matching.answer import Answer, Settings
from marketplace.matching.encoding import Encoded, eligible_funds
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.problem import OWN
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import FundingOption, Match, Prices, Solution, Status, Unmatched
from marketplace.matching.unmatched import Verdict, verdict


def decode(encoded: Encoded, answer: Answer, settings: Settings) -> Solution:
    """The answer in ids; `seconds` is left at 0."""
    ledger = Ledger.of(encoded.arrays, answer.choices or ())
    funds = eligible_funds(encoded.arrays)
    matches = tuple(match_of(encoded, ledger, order, funds[order], settings.options) for order in sorted(ledger.chosen))
    unmatched: tuple[Unmatched, ...] = ()
    if answer.status != Status.INFEASIBLE and answer.choices is not None:
        offers = offers_by_order(encoded)
        unmatched = tuple(
            reason_of(encoded, ledger, order, offers[order], funds[order])
            for order in range(encoded.arrays.orders)
            if order not in ledger.chosen
        )
    prices = Prices(
        {encoded.team_ids[t]: price for t, price in sorted(answer.team_price.items())},
        {encoded.fund_ids[f]: price for f, price in sorted(answer.fund_price.items())},
    )
    return Solution(
        answer.status, answer.objective, answer.bound, 0.0, matches, unmatched, prices, certificate=answer.certificate
    )


def offers_by_order(encoded: Encoded) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in encoded.order_ids]
    for offer, order in enumerate(encoded.arrays.offer_order.tolist()):
        found[order].append(offer)
    return found


def match_of(encoded: Encoded, ledger: Ledger, order: int, funds: Sequence[int], count: int) -> Match:
    """The match of an order with up to `count` alternative payments, each feasible beside all other matches."""
    choice = ledger.chosen[order]
    options = tuple(
        FundingOption(label, named(encoded, choice.offer, pay))
        for label, pay in alternatives(ledger, order, funds, count)
    )
    return Match(
        encoded.order_ids[order],
        encoded.offer_ids[choice.offer],
        named(encoded, choice.offer, dict(choice.pay)),
        options,
    )


def named(encoded: Encoded, offer: int, pay: Pay) -> dict[str, int]:
    """A payment by source: the enterprise's own part first, then funds by id."""
    own = int(encoded.arrays.offer_price[offer]) - sum(pay.values())
    return {OWN: own, **{encoded.fund_ids[fund]: pay[fund] for fund in sorted(pay)}}


def reason_of(encoded: Encoded, ledger: Ledger, order: int, offers: Sequence[int], funds: Sequence[int]) -> Unmatched:
    """Why none of these offers of the order stands in the ledger."""
    return tell(encoded, order, verdict(ledger, order, offers, funds))


def tell(encoded: Encoded, order: int, found: Verdict) -> Unmatched:
    """A verdict in ids: `by` names the teams, funds or offers in the way."""
    teams = {encoded.team_ids[team]: more for team, more in found.teams}
    funds = {encoded.fund_ids[fund]: more for fund, more in found.funds}
    own = {OWN: found.own} if found.own else {}
    offers = tuple(encoded.offer_ids[offer] for offer in found.offers)
    return Unmatched(encoded.order_ids[order], found.reason, offers or (*teams, *funds), {**own, **teams, **funds})


def ledger_of(encoded: Encoded, solution: Solution) -> Ledger:
    """The matches of a solution as rows. Raises BadProblem for an offer or fund the problem does not have."""
    offers, sources = set(encoded.offer_ids), {*encoded.fund_ids, OWN}
    for match in solution.matches:
        strange = next((name for name in match.pay if name not in sources), None)
        if match.offer not in offers or strange is not None:
            raise BadProblem(f"solution: {strange or match.offer!r} is not in the problem")
    choices = choices_of(encoded, solution)
    if len({encoded.arrays.offer_order[choice.offer] for choice in choices}) < len(choices):
        raise BadProblem("solution: an order is matched twice")
    return Ledger.of(encoded.arrays, choices)


def choices_of(encoded: Encoded, solution: Solution) -> list[Choice]:
    """The matches of a solution whose offer and funds this problem knows."""
    offer_row = {name: row for row, name in enumerate(encoded.offer_ids)}
    fund_row = {name: row for row, name in enumerate(encoded.fund_ids)}
    return [
        Choice(
            offer_row[match.offer],
            {fund_row[fund]: amount for fund, amount in match.pay.items() if fund != OWN and amount},
        )
        for match in solution.matches
        if match.offer in offer_row and all(fund in fund_row or fund == OWN for fund in match.pay)
    ]
