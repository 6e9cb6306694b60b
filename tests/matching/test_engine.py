"""Solving: the true optimum to the fen, whatever the order of the input."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TypeVar

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import best_by_force, random_problem
from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import AtLeast, Offer, Problem
from marketplace.matching.solution import Progress, Status
from marketplace.matching.verify import verify
from tests.matching.build import fund, offer, order, problem, team

Row = TypeVar("Row")


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_the_optimum_is_what_brute_force_finds(first: int) -> None:
    for seed in range(first, first + 20):
        drawn = random_problem(seed)
        found, truth = solve(drawn), best_by_force(drawn)
        assert found.objective == truth, seed
        assert found.status == (Status.INFEASIBLE if truth is None else Status.OPTIMAL), seed
        assert verify(drawn, found).broken == (), seed


@pytest.mark.parametrize("seed", [10934, 11070])
def test_problems_whose_optimum_the_solvers_own_presolve_would_lose(seed: int) -> None:
    drawn = random_problem(seed)
    assert solve(drawn).objective == best_by_force(drawn)


@pytest.mark.parametrize("seed", range(15))
def test_larger_problems_are_solved_to_proven_optimality(seed: int) -> None:
    drawn = middle_problem(seed)
    found = solve(drawn)
    assert found.status in (Status.OPTIMAL, Status.INFEASIBLE)
    assert verify(drawn, found).broken == ()


@pytest.mark.parametrize("seed", range(10))
def test_amounts_near_ten_to_the_fifteenth_are_exact(seed: int) -> None:
    drawn = random_problem(seed, money=2_123_456_789_123, most_price=400, orders=8)
    found = solve(drawn)
    assert found.status in (Status.OPTIMAL, Status.INFEASIBLE)
    assert verify(drawn, found).broken == ()


def test_one_fen_too_much_at_ten_to_the_fifteenth_is_noticed() -> None:
    half = 5 * 10**14
    for budget, value in ((2 * half, 20), (2 * half - 1, 11)):
        found = solve(
            problem(
                orders=[order("a", 0), order("b", 0)],
                funds=[fund("f", budget)],
                offers=[offer("x", "a", half, 10), offer("y", "b", half, 10), offer("z", "b", 5, 1)],
            )
        )
        assert found.objective == value


def test_nothing_to_match_is_optimal_at_zero() -> None:
    found = solve(Problem())
    assert (found.status, found.objective, found.bound, found.matches) == (Status.OPTIMAL, 0, 0, ())


@pytest.mark.parametrize("seed", range(16))
def test_the_order_of_the_input_changes_nothing(seed: int) -> None:
    drawn = middle_problem(seed) if seed % 2 else random_problem(seed)
    one, other = (replace(solve(each), seconds=0.0) for each in (drawn, _shuffled(drawn, seed)))
    assert one == other


def _shuffled(drawn: Problem, seed: int) -> Problem:
    draw = random.Random(seed)

    def mixed(rows: Sequence[Row]) -> tuple[Row, ...]:
        return tuple(draw.sample(rows, len(rows)))

    offers = mixed([replace(b, uses=dict(mixed(list(b.uses.items())))) for b in drawn.offers])
    funds = mixed([replace(f, orders=None if f.orders is None else mixed(f.orders)) for f in drawn.funds])
    rules = replace(
        drawn.rules,
        at_least=mixed(drawn.rules.at_least),
        forbidden=mixed(drawn.rules.forbidden),
        conflicts=mixed([(b, a) for a, b in drawn.rules.conflicts]),
    )
    return Problem(mixed(drawn.orders), mixed(drawn.teams), offers, funds, rules)


def _scaled(drawn: Problem, by: int) -> Problem:
    def grown(amount: int | None) -> int | None:
        return None if amount is None else amount * by

    return replace(
        drawn,
        orders=tuple(replace(o, own_funds=o.own_funds * by) for o in drawn.orders),
        offers=tuple(replace(b, price=b.price * by) for b in drawn.offers),
        funds=tuple(
            replace(
                f,
                budget=f.budget * by,
                cost=0,
                amount_max=grown(f.amount_max),
                amount_min=f.amount_min * by,
                enterprise_max=grown(f.enterprise_max),
            )
            for f in drawn.funds
        ),
    )


@pytest.mark.parametrize("seed", range(20))
def test_scaling_all_money_changes_no_value(seed: int) -> None:
    drawn = random_problem(seed)
    # At multiples of 10,000² fen no share or ratio is rounded.
    assert solve(_scaled(drawn, 10**8)).objective == solve(_scaled(drawn, 10**13)).objective


@pytest.mark.parametrize("seed", range(20))
def test_a_dominated_offer_changes_no_value(seed: int) -> None:
    drawn = random_problem(seed)
    first = drawn.offers[0]
    worse = Offer("worse", first.order, first.price, first.value - 1, first.uses)
    rules = replace(
        drawn.rules,
        locked=(),
        conflicts=(),
        forbidden=(*drawn.rules.forbidden, *(["worse"] if first.id in drawn.rules.forbidden else [])),
    )
    free = replace(drawn, rules=replace(rules, forbidden=drawn.rules.forbidden))
    assert solve(replace(drawn, offers=(*drawn.offers, worse), rules=rules)).objective == solve(free).objective


@pytest.mark.parametrize("seed", range(20))
def test_raising_the_value_of_a_chosen_offer_keeps_it_and_adds_the_rise(seed: int) -> None:
    drawn = random_problem(seed)
    before = solve(drawn)
    if not before.matches:
        drawn = replace(drawn, rules=replace(drawn.rules, at_least=()))
    raised = {match.offer for match in before.matches[:1]}
    after = solve(
        replace(drawn, offers=tuple(replace(b, value=b.value + 7) if b.id in raised else b for b in drawn.offers))
    )
    if raised:
        assert before.objective is not None
        assert after.objective == before.objective + 7
        assert raised <= {match.offer for match in after.matches}


RULES: list[tuple[str, Problem, set[str]]] = [
    (
        "capacity",
        problem(
            orders=[order("a"), order("b")],
            teams=[team("t", 5)],
            offers=[offer("x", "a", value=3, t=3), offer("y", "b", value=4, t=3)],
        ),
        {"y"},
    ),
    (
        "a consortium needs every team",
        problem(
            orders=[order("a")],
            teams=[team("t", 5), team("u", 1)],
            offers=[offer("x", "a", value=9, t=1, u=2), offer("y", "a", t=1)],
        ),
        {"y"},
    ),
    ("own funds", problem(orders=[order("a", 99)], offers=[offer("x", "a", 100), offer("y", "a", 99, 1)]), {"y"}),
    (
        "share",
        problem(
            orders=[order("a", 70)],
            funds=[fund("f", 999, share_max=2999)],
            offers=[offer("x", "a", 100), offer("y", "a", 10, 1)],
        ),
        {"y"},
    ),
    (
        "largest grant",
        problem(
            orders=[order("a", 0)],
            funds=[fund("f", 999, amount_max=99)],
            offers=[offer("x", "a", 100), offer("y", "a", 99, 1)],
        ),
        {"y"},
    ),
    (
        "smallest grant lowers the own payment",
        problem(orders=[order("a", 95)], funds=[fund("f", 20, amount_min=20)], offers=[offer("x", "a", 100)]),
        {"x"},
    ),
    (
        "smallest grant above the budget",
        problem(orders=[order("a", 95)], funds=[fund("f", 19, amount_min=20)], offers=[offer("x", "a", 100)]),
        set(),
    ),
    (
        "ratio to own money",
        problem(
            orders=[order("a", 50)],
            funds=[fund("f", 999, match_max=9999)],
            offers=[offer("x", "a", 100), offer("y", "a", 99, 1)],
        ),
        {"y"},
    ),
    (
        "smallest grant against the ratio",
        problem(
            orders=[order("a", 90)],
            funds=[fund("f", 99, amount_min=51, match_max=10000)],
            offers=[offer("x", "a", 100)],
        ),
        set(),
    ),
    (
        "enterprise limit",
        problem(
            orders=[{**order("a", 0), "enterprise": "e"}, {**order("b", 0), "enterprise": "e"}],
            funds=[fund("f", 999, enterprise_max=150)],
            offers=[offer("x", "a", value=2), offer("y", "b")],
        ),
        {"y"},
    ),
    (
        "public ceiling",
        problem(
            orders=[order("a", 20)],
            public_share_max=7900,
            funds=[fund("f", 999, public=True), fund("g", 0)],
            offers=[offer("x", "a", 100), offer("y", "a", 50, 1)],
        ),
        {"y"},
    ),
    (
        "cost of money",
        problem(orders=[order("a", 0)], funds=[fund("f", 10**9, cost=11)], offers=[offer("x", "a", 10**6, 10)]),
        set(),
    ),
    (
        "eligibility",
        problem(
            orders=[order("a", 0), order("b", 0)],
            funds=[fund("f", 999, orders=["b"])],
            offers=[offer("x", "a"), offer("y", "b")],
        ),
        {"y"},
    ),
    ("locked", problem(orders=[order("a")], offers=[offer("x", "a"), offer("y", "a", value=-5)], locked=["y"]), {"y"}),
    (
        "forbidden",
        problem(orders=[order("a")], offers=[offer("x", "a"), offer("y", "a", value=1)], forbidden=["x"]),
        {"y"},
    ),
    (
        "conflict",
        problem(
            orders=[order("a"), order("b")], offers=[offer("x", "a"), offer("y", "b", value=11)], conflicts=[["x", "y"]]
        ),
        {"y"},
    ),
    ("must match at a loss", problem(orders=[order("a", must_match=True)], offers=[offer("x", "a", value=-4)]), {"x"}),
    (
        "group floor",
        problem(
            orders=[order("a", groups=["g"]), order("b")],
            teams=[team("t", 1)],
            offers=[offer("x", "a", value=1, t=1), offer("y", "b", t=1)],
            at_least=[{"group": "g", "matched": 1}],
        ),
        {"x"},
    ),
    ("a price of zero", problem(orders=[order("a", 0)], offers=[offer("x", "a", 0)]), {"x"}),
]


@pytest.mark.parametrize(("drawn", "chosen"), [row[1:] for row in RULES], ids=[row[0] for row in RULES])
def test_each_rule_decides(drawn: Problem, chosen: set[str]) -> None:
    found = solve(drawn)
    assert found.status == Status.OPTIMAL
    assert {match.offer for match in found.matches} == chosen
    assert verify(drawn, found).ok


def test_a_shared_cheap_fund_goes_where_the_ceiling_needs_it() -> None:
    """Cheapest-first for each order alone would strand the second one."""
    found = solve(
        problem(
            orders=[order("a", 0), order("b", 0)],
            offers=[offer("x", "a"), offer("y", "b")],
            funds=[fund("cheap", 100), fund("dear", 100, cost=10_000, orders=["a"])],
        )
    )
    assert {match.offer: dict(match.pay) for match in found.matches} == {
        "x": {"own": 0, "dear": 100},
        "y": {"own": 0, "cheap": 100},
    }
    assert found.objective == Fraction(19)


def test_no_time_still_gives_a_true_answer_and_a_true_bound() -> None:
    drawn = random_problem(4, orders=60, offers=8, teams=20, funds=8, money=100, most_price=4000, demands=0.0)
    best, hurried = solve(drawn), solve(drawn, Settings(time_limit=0.0))
    assert hurried.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert verify(drawn, hurried).ok
    assert best.objective is not None
    assert hurried.bound is not None
    assert hurried.bound >= best.objective


def test_cancelling_gives_the_best_so_far() -> None:
    drawn = random_problem(4, orders=120, offers=10, teams=40, funds=8, money=100, most_price=4000, demands=0.0)
    found = solve(drawn, Settings(time_limit=30.0), cancelled=lambda: True)
    assert found.status in (Status.CANCELLED, Status.OPTIMAL)
    assert found.found
    assert found.seconds < 20
    assert verify(drawn, found).ok


def test_out_of_time_with_nothing_found_claims_nothing() -> None:
    """Every order must be matched and the one-pass start cannot do it, so nothing is known at once."""
    drawn = random_problem(1, orders=60, offers=8, teams=30, funds=6, money=100, most_price=3000, demands=0.0)
    strict = replace(
        drawn,
        rules=replace(drawn.rules, at_least=(AtLeast("all", 58),)),
        orders=tuple(replace(o, groups=("all",)) for o in drawn.orders),
    )
    found = solve(strict, Settings(time_limit=0.0))
    assert found.status in (Status.CANCELLED, Status.INFEASIBLE)
    assert found.objective is None
    assert found.matches == ()
    assert verify(strict, found).ok


def test_progress_is_told_with_bounds_that_hold() -> None:
    drawn = random_problem(5, orders=120, offers=10, teams=40, funds=8, money=100, most_price=4000, demands=0.0)
    told: list[Progress] = []
    found = solve(drawn, Settings(time_limit=20.0), on_progress=told.append)
    assert found.objective is not None
    assert all(each.bound is None or each.bound >= float(found.objective) - 1e-6 for each in told)
    assert [each.seconds for each in told] == sorted(each.seconds for each in told)
    assert told
