"""Funding options: exact alternatives, each feasible if it alone replaces the chosen payment."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import random_problem
from marketplace.matching.engine import Settings, solve
from marketplace.matching.funding import options_for
from marketplace.matching.problem import BASIS, Fund, Offer, Order, Problem, Rules
from marketplace.matching.solution import Match, Solution
from marketplace.matching.verify import verify


def _one_match(seed: int) -> Problem:
    """One order, one offer, up to three funds with every limit, amounts of a few fen."""
    drawn = random_problem(seed, orders=3, offers=3, demands=0.0)
    offer = drawn.offers[0]
    return Problem(
        drawn.orders,
        (),
        (Offer(offer.id, offer.order, offer.price, 99),),
        drawn.funds,
        Rules(public_share_max=drawn.rules.public_share_max),
    )


def _all_payments(problem: Problem, order: Order, offer: Offer) -> Iterator[tuple[int, dict[str, int]]]:
    """Every allowed payment, found by trying every amount of every fund."""
    funds = [fund for fund in problem.funds if fund.orders is None or order.id in fund.orders]
    for amounts in product(*(range(min(offer.price, fund.budget) + 1) for fund in funds)):
        own = offer.price - sum(amounts)
        pay = {fund.id: y for fund, y in zip(funds, amounts, strict=True) if y}
        if 0 <= own <= order.own_funds and all(
            _allowed(fund, y, own, offer.price) for fund, y in zip(funds, amounts, strict=True)
        ):
            public = sum(y for fund, y in zip(funds, amounts, strict=True) if fund.public)
            if problem.rules.public_share_max is None or public * BASIS <= problem.rules.public_share_max * offer.price:
                yield own, pay


def _allowed(fund: Fund, amount: int, own: int, price: int) -> bool:
    return amount == 0 or (
        amount >= fund.amount_min
        and (fund.amount_max is None or amount <= fund.amount_max)
        and (fund.enterprise_max is None or amount <= fund.enterprise_max)
        and (fund.share_max is None or amount * BASIS <= fund.share_max * price)
        and (fund.match_max is None or amount * BASIS <= fund.match_max * own)
    )


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_each_label_is_truly_the_least(first: int) -> None:
    checked = 0
    for seed in range(first, first + 50):
        problem = _one_match(seed)
        found = solve(problem, Settings(options=9))
        for match in found.matches:
            orders = {order.id: order for order in problem.orders}
            payments = list(_all_payments(problem, orders[match.order], problem.offers[0]))
            told = {option.label: option.pay for option in match.options}
            for label in ("least_own", "least_public", "fewest_sources", "cheapest"):
                least = min(_measure(problem, label, {"own": own, **pay}) for own, pay in payments)
                shown = [told[label]] if label in told else [match.pay, *told.values()]
                assert min(_measure(problem, label, pay) for pay in shown) == least, (seed, label)
                checked += 1
    assert checked


def _measure(problem: Problem, label: str, pay: Mapping[str, int]) -> int:
    funds = {fund.id: fund for fund in problem.funds}
    grants = {funds[name]: amount for name, amount in pay.items() if name != "own"}
    if label == "least_own":
        return pay.get("own", 0)
    if label == "fewest_sources":
        return sum(1 for amount in pay.values() if amount)
    if label == "least_public":
        return sum(amount for fund, amount in grants.items() if fund.public)
    return sum(fund.cost * amount for fund, amount in grants.items())


@pytest.mark.parametrize("seed", range(12))
def test_options_hold_beside_all_other_matches_and_differ(seed: int) -> None:
    problem = middle_problem(seed)
    found = solve(problem, Settings(options=4))
    assert verify(problem, found).broken == ()
    for match in found.matches:
        pays = [dict(match.pay), *(dict(option.pay) for option in match.options)]
        assert all(pays.count(pay) == 1 for pay in pays)
        assert options_for(problem, found, match.order, 4) == match.options


def test_no_options_are_made_when_none_are_wanted() -> None:
    found = solve(middle_problem(1), Settings(options=0))
    assert all(match.options == () for match in found.matches)


@pytest.mark.parametrize("seed", range(5))
def test_a_verified_answer_stays_verified_when_an_option_is_taken(seed: int) -> None:
    problem = middle_problem(seed)
    found = solve(problem, Settings(options=4))
    draw = random.Random(seed)
    choices = [(i, option) for i, match in enumerate(found.matches) for option in match.options]
    if not choices:
        return
    place, option = draw.choice(choices)
    match = found.matches[place]
    swapped = Solution(
        found.status,
        None,
        None,
        0.0,
        (*found.matches[:place], Match(match.order, match.offer, option.pay), *found.matches[place + 1 :]),
    )
    broken = [line for line in verify(problem, swapped).broken if "option" not in line and "status" not in line]
    assert broken == []
