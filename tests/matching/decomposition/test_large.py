"""The drive of the large path: anytime, repeatable, indifferent to the order of the input."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from benchmarks.small import random_problem
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decomposition import solve_large
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.exact import solve_exact
from marketplace.matching.solution import Progress, Status

SHAPE = Shape(orders=400, teams=120, funds=8)
LATE = 60  # how often the engine looks at the clock again after time is up, to end each of its stages


def solve(shape: Shape, seed: int = 0, gap: float = 0.02) -> Answer:
    return solve_large(generate(shape), Hearing(Settings(time_limit=1e6, gap=gap, seed=seed)))


def test_the_same_seed_gives_the_same_answer() -> None:
    first, second = solve(SHAPE), solve(SHAPE)
    assert (first.objective, first.bound, first.choices) == (second.objective, second.bound, second.choices)


def test_every_problem_file_order_gives_the_same_answer() -> None:
    problem = random_problem(11, orders=12, offers=5, teams=6, funds=4, money=977, most_price=200, demands=0.0)
    turned = replace(
        problem,
        orders=problem.orders[::-1],
        teams=problem.teams[::-1],
        offers=problem.offers[::-1],
        funds=problem.funds[::-1],
    )
    answers = [solve_large(encode(each).arrays, Hearing(Settings(time_limit=1e6))) for each in (problem, turned)]
    assert answers[0] == answers[1]


def test_progress_is_told_with_a_falling_bound_and_a_rising_objective() -> None:
    heard: list[Progress] = []
    solve_large(generate(SHAPE), Hearing(Settings(time_limit=1e6, gap=0.02), heard.append))
    bounds = [each.bound for each in heard if each.bound is not None]
    found = [each.objective for each in heard if each.objective is not None]
    assert len(bounds) > 5
    assert len(found) > 1
    assert found == sorted(found)
    assert bounds[-1] <= bounds[0]
    assert heard[-1].gap is not None
    assert heard[-1].gap <= 0.02


@pytest.mark.parametrize("asked", [1, 4, 9, 30])
def test_a_cancelled_run_returns_the_best_so_far_with_a_true_bound(asked: int) -> None:
    count = 0

    def cancelled() -> bool:
        nonlocal count
        count += 1
        return count >= asked

    answer = solve_large(generate(SHAPE), Hearing(Settings(time_limit=60.0), cancelled=cancelled))
    assert answer.status == Status.CANCELLED
    assert answer.objective is not None
    assert answer.bound is not None
    assert answer.objective <= answer.bound


class Ticking(Hearing):
    """A clock that moves on by a fixed time whenever the engine looks at it: what it does then hangs on no machine."""

    ticks = 0

    def seconds(self) -> float:
        Ticking.ticks += 1
        return Ticking.ticks * 0.01


def test_a_time_limit_is_kept() -> None:
    arrays = generate(replace(SHAPE, orders=200, teams=70))
    looks = {}
    for limit in (0.5, 1.0):
        Ticking.ticks = 0
        answer = solve_large(arrays, Ticking(Settings(time_limit=limit)))
        assert answer.status == Status.FEASIBLE
        assert (answer.objective or 0) > 0
        looks[limit] = Ticking.ticks
    assert all(ticks <= 100 * limit + LATE for limit, ticks in looks.items()), looks


def test_group_floors_are_met_and_priced() -> None:
    arrays = generate(replace(SHAPE, floors=3, seed=2))
    answer = solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=0.03)))
    assert answer.choices is not None
    matched = np.isin(np.arange(arrays.orders), arrays.offer_order[[choice.offer for choice in answer.choices]])
    for group, least in zip(arrays.floor_group, arrays.floor_matched, strict=True):
        assert matched[arrays.member_order[arrays.member_group == group]].sum() >= least


def test_money_free_matching_needs_no_funds() -> None:
    answer = solve(replace(SHAPE, money_free=True))
    assert answer.choices is not None
    assert all(not choice.pay for choice in answer.choices)
    assert answer.bound is not None
    assert (answer.bound - (answer.objective or 0)) / answer.bound < Fraction(2, 100)


def plain(orders: int, offers: int, *, price: int, own: int, budgets: list[int], teams: int = 3) -> Arrays:
    """Offers in turn for the orders, each of one team, worth 10, 11, 12 …; funds open to everybody."""
    none, funds = np.zeros(0, np.int64), len(budgets)
    row = np.arange(offers)
    return Arrays(
        order_own=np.full(orders, own),
        order_enterprise=np.full(orders, -1),
        order_must=np.zeros(orders, np.int64),
        team_capacity=np.full(teams, 2),
        offer_order=row % max(1, orders),
        offer_price=np.full(offers, price),
        offer_value=10 + row,
        use_offer=row,
        use_team=row % max(1, teams),
        use_load=np.ones(offers, np.int64),
        fund_budget=np.array(budgets, np.int64),
        fund_cost=np.zeros(funds, np.int64),
        fund_public=np.zeros(funds, np.int64),
        fund_share_max=np.full(funds, -1),
        fund_amount_max=np.full(funds, -1),
        fund_amount_min=np.zeros(funds, np.int64),
        fund_match_max=np.full(funds, -1),
        fund_enterprise_max=np.full(funds, -1),
        fund_all=np.ones(funds, np.int64),
        eligible_fund=none,
        eligible_order=none,
    )


HUGE = 4 * 10**14
ODD: list[tuple[str, Arrays]] = [
    ("nothing at all", plain(0, 0, price=0, own=0, budgets=[], teams=0)),
    ("orders without offers", plain(3, 0, price=0, own=0, budgets=[5])),
    ("offers nobody can pay", plain(4, 8, price=9, own=1, budgets=[])),
    ("offers of no price", plain(4, 8, price=0, own=0, budgets=[0])),
    ("parts that share nothing", plain(6, 6, price=5, own=5, budgets=[7, 7], teams=6)),
    ("four times ten to the fourteen fen", plain(4, 8, price=HUGE, own=HUGE // 2 - 1, budgets=[HUGE + 2, HUGE])),
    ("one fen short of one more", plain(4, 8, price=HUGE, own=HUGE // 2, budgets=[HUGE - 1])),
]


@pytest.mark.parametrize(("what", "arrays"), ODD, ids=[what for what, _ in ODD])
def test_odd_problems_are_solved_to_the_proven_optimum(what: str, arrays: Arrays) -> None:
    answer = solve_large(arrays, Hearing(Settings(time_limit=1e6)))
    best = solve_exact(arrays, Hearing(Settings(time_limit=1e6)))
    assert (answer.status, answer.objective, answer.bound) == (Status.OPTIMAL, best.objective, best.bound)


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"offer_price": np.full(8, 10**15)}, "a price of"),
        ({"offer_value": np.full(8, 2**45)}, "the values are too large"),
    ],
)
def test_numbers_beyond_64_bits_are_refused_not_rounded(changed: dict[str, Any], line: str) -> None:
    arrays = replace(plain(4, 8, price=1, own=1, budgets=[1]), fund_match_max=np.full(1, 10**5), **changed)
    with pytest.raises(ValueError, match=line):
        solve_large(arrays, Hearing(Settings(time_limit=1e6)))
