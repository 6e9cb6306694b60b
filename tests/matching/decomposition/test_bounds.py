"""Against the truth: bounds never below the optimum, answers that keep every rule."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from benchmarks.small import random_problem
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decoding import decode
from marketplace.matching.decomposition import large, refusal, solve_large, suits
from marketplace.matching.decomposition.market import build
from marketplace.matching.encoding import Encoded, encode
from marketplace.matching.exact import solve_exact
from marketplace.matching.problem import Problem
from marketplace.matching.recheck import recheck
from marketplace.matching.solution import Status
from marketplace.matching.verify import verify


def problem_of(seed: int) -> Problem:
    """Ten orders with every rule and amounts of real size."""
    return random_problem(
        seed, orders=10, offers=5, teams=6, funds=5, groups=2, money=13_791, most_price=300, demands=0.1
    )


def middle(seed: int) -> Encoded:
    return encode(problem_of(seed))


def by_prices_alone(encoded: Encoded, monkeypatch: pytest.MonkeyPatch) -> Answer:
    monkeypatch.setattr(large._Run, "_refine", lambda *_: None)
    return solve_large(encoded.arrays, Hearing(Settings(time_limit=5.0)))


@pytest.mark.parametrize("seed", range(30))
def test_the_bound_is_never_below_the_optimum_and_the_answer_keeps_every_rule(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = middle(seed)
    best = solve_exact(encoded.arrays, Hearing(Settings(time_limit=20.0)))
    answer = by_prices_alone(encoded, monkeypatch)
    if best.objective is None:
        assert answer.objective is None
        return
    assert answer.bound is not None
    assert answer.bound >= best.objective
    if answer.certificate is not None:
        assert best.objective <= recheck(encoded.arrays, answer.certificate) <= answer.bound
    if answer.objective is not None:
        assert answer.objective <= best.objective
        assert verify(problem_of(seed), decode(encoded, answer, Settings(options=0))).broken == ()


@pytest.mark.parametrize("seed", range(300, 306))
def test_neighbourhoods_keep_every_rule_and_never_pass_the_optimum(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large._Run, "_branch", lambda *_: False)
    encoded = middle(seed)
    best = solve_exact(encoded.arrays, Hearing(Settings(time_limit=20.0)))
    answer = solve_large(encoded.arrays, Hearing(Settings(time_limit=0.5)))
    if best.objective is None:
        assert answer.objective is None
    else:
        assert answer.objective is not None
        assert answer.objective <= best.objective <= (answer.bound or 0)
        assert verify(problem_of(seed), decode(encoded, answer, Settings(options=0))).broken == ()


@pytest.mark.parametrize("seed", range(200, 208))
def test_branching_over_the_offers_that_matter_proves_the_optimum(seed: int) -> None:
    encoded = middle(seed)
    best = solve_exact(encoded.arrays, Hearing(Settings(time_limit=20.0)))
    answer = solve_large(encoded.arrays, Hearing(Settings(time_limit=20.0)))
    assert answer.status == best.status
    assert answer.objective == best.objective


@pytest.mark.parametrize("readmitted", [True, False], ids=["priced too", "left aside"])
def test_offers_that_were_set_aside_and_pay_are_priced_too(readmitted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "FEW_OFFERS", 0)
    monkeypatch.setattr(large, "FAR", 0.0)
    monkeypatch.setattr(large, "LOST", 1e-4 if readmitted else 1e9)
    arrays = generate(Shape(60, 30, 4, seed=5))
    run = large._Run(arrays, build(arrays), Hearing(Settings(time_limit=1e9)))
    at = run._order_prices()
    run._set_aside(at)
    prices, _ = run._team_prices(at)
    assert run.bound is not None
    assert (float(run.bound) <= 1.001 * prices.bound) is readmitted


def test_a_required_match_without_a_possible_offer_is_infeasible() -> None:
    encoded = middle(3)
    arrays = encoded.arrays
    order = arrays.offer_order == 0
    must = arrays.order_must.copy()
    must[0] = 1
    bare = replace(
        arrays,
        order_must=must,
        forbidden=np.union1d(arrays.forbidden, np.flatnonzero(order)),
        locked=np.zeros(0, np.int64),
    )
    assert solve_large(bare, Hearing(Settings(time_limit=2.0))).status == Status.INFEASIBLE


def test_nothing_to_match_is_solved_with_nothing() -> None:
    encoded = encode(random_problem(1, orders=1, offers=0))
    answer = solve_large(encoded.arrays, Hearing(Settings(time_limit=2.0)))
    assert (answer.status, answer.choices, answer.objective, answer.bound) == (Status.OPTIMAL, (), 0, Fraction(0))


def test_small_problems_and_money_that_pays_for_being_used_are_left_to_the_exact_path() -> None:
    arrays = generate(Shape(50, 20, 4))
    assert suits(arrays) is None
    assert refusal(arrays) is None
    assert refusal(replace(arrays, fund_cost=arrays.fund_cost - 5_000_000)) == "a fund has a negative cost"
    assert "too large" in str(refusal(replace(arrays, offer_price=arrays.offer_price + 2**60)))
    assert "too large" in str(refusal(replace(arrays, offer_value=arrays.offer_value + 2**50)))
