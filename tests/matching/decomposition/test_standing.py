"""A large answer while the city moves: after every change the answer keeps every rule and the bound is proved anew."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import large, solve_large
from marketplace.matching.decomposition.__main__ import warm
from marketplace.matching.decomposition.board import CHOSEN, FIRST, LAST, MUST, NEXT, OFFER, PAID
from marketplace.matching.decomposition.reasons import why_nots, would_take
from marketplace.matching.decomposition.rehearsal import as_newcomer, rehearsed
from marketplace.matching.decomposition.room import Newcomer, NewOffer
from marketplace.matching.decomposition.standing import Standing
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact
from marketplace.matching.recheck import recheck
from marketplace.matching.solution import Status
from marketplace.matching.verify_columns import verify_columns

SHAPE = Shape(120, 40, 6, options=8, consortia=0.2, seed=3)


@pytest.fixture(scope="module")
def solved() -> tuple[Arrays, Answer]:
    arrays = generate(SHAPE)
    answer = solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=0.03)))
    assert answer.certificate is not None
    return arrays, answer


def test_an_answer_that_branching_proved_can_be_kept_standing_too() -> None:
    arrays = generate(Shape(60, 30, 4, options=4, seed=5))
    answer = solve_large(arrays, Hearing(Settings(time_limit=1e6)))
    assert answer.status == Status.OPTIMAL
    agrees(Standing(arrays, answer))


def test_every_kernel_is_called_once_when_a_worker_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CORE", "FEW_FOR_BRANCHING"):
        monkeypatch.setattr(large, name, getattr(large, name))  # put back after the warm-up changed it
    warm()


def change(standing: Standing, draw: Random, kind: int) -> None:
    problem = standing.problem
    if kind == 0:
        standing.withdraw_order(draw.randrange(problem.orders + len(standing.newcomers)))
    elif kind == 1:
        standing.withdraw_offer(draw.randrange(problem.offers))
    elif kind == 2:
        price = draw.randrange(5_000_000, 80_000_000)
        offers = [
            NewOffer(price, draw.randrange(1, 3_000), {t: draw.randint(1, 60) for t in draw.sample(range(40), size)})
            for size in (1, 1, 2)
        ]
        standing.add_order(Newcomer(price // 3, tuple(offers), tuple(draw.sample(range(6), 3))))
    elif kind == 3:
        fund = draw.randrange(problem.funds)
        standing.set_budget(fund, int(standing.budget[fund] * draw.uniform(0.6, 1.2)))
    else:
        team = draw.randrange(problem.teams)
        standing.set_capacity(team, int(problem.team_capacity[team] * draw.uniform(0.5, 1.0)))


def agrees(standing: Standing) -> Arrays:
    arrays, answer = standing.arrays(), standing.answer()
    report, _, _ = verify_columns(arrays, to_columns(arrays, answer, 0.0))
    assert report.broken == ()
    assert report.proof == "certificate"
    assert report.objective == standing.objective
    assert recheck(arrays, answer.certificate or {}) <= standing.bound
    assert standing.objective <= standing.bound
    return arrays


@pytest.mark.parametrize("seed", range(6))
def test_after_every_change_the_rules_hold_and_a_stranger_confirms_the_bound(
    solved: tuple[Arrays, Answer], seed: int
) -> None:
    standing, draw = Standing(*solved), Random(seed)
    agrees(standing)
    for step in range(25):
        try:
            change(standing, draw, draw.randrange(5))
        except ValueError:
            continue
        if step % 4 == 0:
            agrees(standing)
    arrays = agrees(standing)
    best = solve_exact(arrays, Hearing(Settings(time_limit=20.0, gap=0.002)))
    assert best.objective is not None
    assert standing.bound >= best.objective
    assert standing.objective >= best.objective * 7 / 8


def test_withdrawing_leaves_the_bound_that_pricing_anew_would_give(solved: tuple[Arrays, Answer]) -> None:
    standing = Standing(*solved)
    before = standing.bound
    for order in range(0, 60, 3):
        standing.withdraw_order(order)
    assert standing.bound < before
    assert recheck(standing.arrays(), standing.answer().certificate or {}) == standing.bound


def test_a_bound_that_forgot_a_change_is_found_out(solved: tuple[Arrays, Answer]) -> None:
    """The twin: were a newcomer not entered in the knapsacks, the stranger's bound would be above the claimed one."""
    standing = Standing(*solved)
    standing.recount = lambda teams: None  # type: ignore[method-assign]
    team = int(np.argmax(standing.problem.team_capacity))
    standing.team_price[:] = 1e6
    standing.add_order(Newcomer(10**12, (NewOffer(5, 10**5, {team: 1}),), ()))
    arrays, answer = standing.arrays(), standing.answer()
    assert recheck(arrays, answer.certificate or {}) > standing.bound


def test_every_unmatched_order_is_told_why_and_what_adds_up(solved: tuple[Arrays, Answer]) -> None:
    standing = Standing(*solved)
    told = why_nots(standing)
    arrays, answer = standing.arrays(), standing.answer()
    matched = arrays.offer_order[[choice.offer for choice in answer.choices or ()]]
    offering = np.unique(arrays.offer_order[standing.market.offer_row])
    assert told.order.tolist() == np.setdiff1d(offering, matched).tolist()
    assert (arrays.offer_order[told.offer] == told.order).all()
    assert (arrays.offer_value[told.offer] == told.value).all()
    assert told.short == pytest.approx(np.maximum(0.0, told.time + told.money - told.value))


def test_own_money_that_is_said_to_be_enough_is_enough(solved: tuple[Arrays, Answer]) -> None:
    arrays = generate(replace(SHAPE, seed=4))
    other = arrays, solve_large(arrays, Hearing(Settings(time_limit=1e6, gap=0.03)))
    found = 0
    for problem in (solved, other):
        standing = Standing(*problem)
        for order in why_nots(standing).order.tolist():
            before, more = standing.objective, would_take(standing, order)
            assert standing.objective == before
            if more is None:
                continue
            found += 1
            come = as_newcomer(standing, order)
            standing.withdraw_order(order)
            again = standing.add_order(replace(come, own=come.own + more))
            assert standing.board.orders[again, CHOSEN] >= 0
            assert standing.objective > before
    assert found > 2


def test_nothing_is_told_of_an_order_that_cannot_be_tried(solved: tuple[Arrays, Answer]) -> None:
    """The twin is in it: the same order is told an amount as soon as it may come again."""
    standing = Standing(*solved)
    order, more = next(
        (order, more)
        for order in why_nots(standing).order.tolist()
        if (more := would_take(standing, order)) is not None
    )
    standing.board.orders[order, MUST] = 1
    assert would_take(standing, order) is None
    standing.board.orders[order, MUST] = 0
    assert would_take(standing, order) == more


def test_a_rehearsal_leaves_no_trace(solved: tuple[Arrays, Answer]) -> None:
    standing = Standing(*solved)
    board = standing.board
    market = len(standing.market.offer_row), len(standing.market.use_offer)

    def state() -> list[list[object]]:
        chosen = board.orders[:, CHOSEN]
        linked = np.isin(board.uses[:, OFFER], chosen[chosen >= 0])  # the others' neighbours are never looked at
        tables = [board.offers[: market[0]], board.uses[: market[1], :NEXT], board.uses[linked]]
        tables += [board.orders[:, [FIRST, LAST, CHOSEN]], board.sources[:, PAID], board.liked[: market[0]]]
        return [each.tolist() for each in (*tables, board.teams, board.funds, board.rows, board.counters)]

    before, moved = state(), 0
    for order in why_nots(standing).order.tolist():
        moved += rehearsed(standing, order, 10**12)
        assert state() == before
    assert moved > 2


def test_an_answer_without_a_certificate_is_refused(solved: tuple[Arrays, Answer]) -> None:
    arrays, _ = solved
    exact = solve_exact(arrays, Hearing(Settings(time_limit=5.0, gap=0.05)))
    with pytest.raises(ValueError, match="certificate"):
        Standing(arrays, exact)
