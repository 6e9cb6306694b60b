"""Why an order has no match: each reason is true as told, and what it needs does suffice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import random_problem
from marketplace.matching.engine import solve
from marketplace.matching.problem import OWN, Problem
from marketplace.matching.solution import Reason, Unmatched
from tests.matching.build import fund, offer, order, problem, team

CASES: list[tuple[str, Problem, Unmatched]] = [
    ("nobody offered", problem(orders=[order("a")], offers=[]), Unmatched("a", Reason.NO_OFFER)),
    (
        "all forbidden",
        problem(orders=[order("a")], offers=[offer("x", "a")], forbidden=["x"]),
        Unmatched("a", Reason.FORBIDDEN),
    ),
    (
        "team too small",
        problem(orders=[order("a")], teams=[team("t", 5)], offers=[offer("x", "a", t=7)]),
        Unmatched("a", Reason.TEAM_TOO_SMALL, ("t",), {"t": 2}),
    ),
    (
        "price above all money",
        problem(orders=[order("a", 40)], funds=[fund("f", 999, share_max=5000)], offers=[offer("x", "a")]),
        Unmatched("a", Reason.PRICE_ABOVE_FUNDING, (), {OWN: 10}),
    ),
    (
        "worth nothing",
        problem(orders=[order("a")], offers=[offer("x", "a", value=0)]),
        Unmatched("a", Reason.VALUE_NEGATIVE),
    ),
    (
        "money dearer than the value",
        problem(orders=[order("a", 0)], funds=[fund("f", 10**7, cost=20)], offers=[offer("x", "a", 10**6)]),
        Unmatched("a", Reason.VALUE_NEGATIVE),
    ),
    (
        "team taken",
        problem(
            orders=[order("a"), order("b")],
            teams=[team("t", 5)],
            offers=[offer("x", "a", t=3), offer("y", "b", value=11, t=4)],
        ),
        Unmatched("a", Reason.TEAM_FULL, ("t",), {"t": 2}),
    ),
    (
        "fund used up",
        problem(
            orders=[order("a", 0), order("b", 0)],
            funds=[fund("f", 150)],
            offers=[offer("x", "a"), offer("y", "b", value=11)],
        ),
        Unmatched("a", Reason.FUND_EXHAUSTED, ("f",), {"f": 50}),
    ),
    (
        "only dear money left",
        problem(
            orders=[order("a", 0), order("b", 0)],
            funds=[fund("f", 10**6), fund("g", 10**7, cost=20)],
            offers=[offer("x", "a", 10**6), offer("y", "b", 10**6, 11)],
        ),
        Unmatched("a", Reason.FUND_EXHAUSTED, ("f",), {"f": 10**6}),
    ),
    (
        "in conflict",
        problem(
            orders=[order("a"), order("b")], offers=[offer("x", "a"), offer("y", "b", value=11)], conflicts=[["x", "y"]]
        ),
        Unmatched("a", Reason.CONFLICT, ("y",)),
    ),
    (
        "outvalued twice",
        problem(
            orders=[order("a", 0), order("b", 0)],
            teams=[team("t", 5)],
            funds=[fund("f", 100)],
            offers=[offer("x", "a", t=3), offer("y", "b", value=11, t=4)],
        ),
        Unmatched("a", Reason.OUTVALUED, ("y",), {"t": 2, "f": 100}),
    ),
]


@pytest.mark.parametrize(("drawn", "told"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_reason_is_told(drawn: Problem, told: Unmatched) -> None:
    found = solve(drawn)
    assert [each for each in found.unmatched if each.order == "a"] == [told]


def test_every_order_is_matched_or_has_a_reason() -> None:
    for seed in range(30):
        drawn = middle_problem(seed)
        found = solve(drawn)
        if found.found:
            told = [match.order for match in found.matches] + [each.order for each in found.unmatched]
            assert sorted(told) == sorted(each.id for each in drawn.orders)


def _with(drawn: Problem, order_id: str, needs: Mapping[str, int]) -> Problem:
    """The problem with what is needed; a fund's limit for one enterprise rises with its budget."""

    def raised(amount: int | None, by: int) -> int | None:
        return None if amount is None else amount + by

    return replace(
        drawn,
        orders=tuple(
            replace(o, own_funds=o.own_funds + needs.get(OWN, 0)) if o.id == order_id else o for o in drawn.orders
        ),
        teams=tuple(replace(t, capacity=t.capacity + needs.get(t.id, 0)) for t in drawn.teams),
        funds=tuple(
            replace(
                f, budget=f.budget + needs.get(f.id, 0), enterprise_max=raised(f.enterprise_max, needs.get(f.id, 0))
            )
            for f in drawn.funds
        ),
    )


def test_what_is_needed_makes_the_answer_better() -> None:
    told = 0
    for seed in range(16):
        drawn = middle_problem(seed)
        found = solve(drawn)
        for each in found.unmatched:
            if each.reason in (Reason.TEAM_FULL, Reason.FUND_EXHAUSTED):
                better = solve(_with(drawn, each.order, each.needs))
                assert better.objective is not None
                assert found.objective is not None
                assert better.objective > found.objective, (seed, each)
                told += 1
    assert told > 3


def test_own_money_said_to_be_missing_makes_an_offer_payable() -> None:
    told = 0
    for seed in range(30):
        drawn = random_problem(seed)
        for each in solve(drawn).unmatched:
            if each.reason == Reason.PRICE_ABOVE_FUNDING:
                alone = replace(
                    drawn,
                    orders=tuple(replace(o, must_match=o.id == each.order) for o in drawn.orders),
                    rules=replace(drawn.rules, at_least=(), locked=()),
                )
                assert not solve(alone).found
                assert solve(_with(alone, each.order, each.needs)).found
                told += 1
    assert told > 3
