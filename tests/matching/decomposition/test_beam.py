"""The beam: states rank by a true bound, answers only get better, and demands that nothing satisfied yet are satisfied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog

from benchmarks.assignment import text_of
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition.beam import Beam
from marketplace.matching.decomposition.board import CHOSEN, LEFT, Board, empty, put_all, shortage, standing
from marketplace.matching.decomposition.market import Market, build
from marketplace.matching.decomposition.relaxation import Relaxation
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.exact import solve_exact
from marketplace.matching.gap import read_gap


def of(kind: str, agents: int, jobs: int, seed: int) -> Arrays:
    return encode(read_gap(text_of(kind, agents, jobs, seed))[0]).arrays


def optional(arrays: Arrays) -> Arrays:
    """Nobody obliged, and half the capacity."""
    none = np.zeros(arrays.orders, np.int64)
    return replace(arrays, order_must=none, team_capacity=arrays.team_capacity // 2)


def bare(arrays: Arrays) -> tuple[Board, Market]:
    market = build(arrays)
    guide = market.offer_value.astype(float)
    return empty(market, guide, guide, np.zeros(market.orders), np.zeros(0), 0), market


def never() -> bool:
    return False


@pytest.mark.parametrize(("kind", "seed"), [("d", 1), ("d", 2), ("e", 1)])
@pytest.mark.parametrize("changed", [lambda each: each, optional], ids=["every", "optional"])
def test_a_few_rounds_find_the_optimum_from_nothing(kind: str, seed: int, changed: Callable[[Arrays], Arrays]) -> None:
    arrays = changed(of(kind, 4, 16, seed))
    best = solve_exact(arrays, Hearing(Settings(time_limit=100.0))).objective
    board, market = bare(arrays)
    draw, beam = np.random.default_rng(0), Beam(board, market, np.zeros(market.offers), never)
    for _ in range(6):
        before = standing(board)
        beam.round(draw)
        assert standing(board) >= before
    assert shortage(board) == 0
    assert standing(board) == (0, best)
    assert (board.teams[:, LEFT] >= 0).all()


def test_what_cannot_be_bettered_stays() -> None:
    arrays = of("d", 4, 16, 1)
    answer = solve_exact(arrays, Hearing(Settings(time_limit=100.0)))
    board, market = bare(arrays)
    held = np.full(market.orders, -1)
    for choice in answer.choices or ():
        held[arrays.offer_order[choice.offer]] = np.searchsorted(market.offer_row, choice.offer)
    put_all(board, held)
    beam = Beam(board, market, np.zeros(market.offers), never)
    beam.round(np.random.default_rng(0))
    assert (board.orders[:, CHOSEN] == held).all()
    assert beam.states > 40  # and the next round looks further


def test_demands_that_the_relaxation_cannot_meet_end_it() -> None:
    arrays = of("d", 4, 16, 1)
    board, market = bare(replace(arrays, team_capacity=arrays.team_capacity // 4))
    beam = Beam(board, market, np.zeros(market.offers), never)
    beam.round(np.random.default_rng(0))
    assert (board.orders[:, CHOSEN] < 0).all()


@pytest.mark.parametrize("size", [1, 10**12], ids=["days", "huge"])
def test_the_relaxation_tells_the_bound_and_what_is_left_after_a_choice(size: int) -> None:
    arrays = of("d", 4, 12, 3)
    arrays = replace(arrays, use_load=arrays.use_load * size, team_capacity=arrays.team_capacity * size)
    market = build(arrays)
    relaxation = Relaxation(market, np.ones(market.orders, bool), np.arange(market.offers))
    root = relaxation.root()
    assert root is not None
    teams = len(market.team_capacity)
    rows = np.zeros((market.orders + teams, market.offers))
    rows[market.offer_order, np.arange(market.offers)] = 1
    rows[market.orders + market.use_team, np.arange(market.offers)] = market.use_load / size
    told = linprog(
        -market.offer_value,
        A_eq=rows[: market.orders],
        b_eq=np.ones(market.orders),
        A_ub=rows[market.orders :],
        b_ub=market.team_capacity / size,
    )
    assert root.worth * relaxation.scale == pytest.approx(-told.fun)
    chosen, closed = np.full(market.orders, -1), np.arange(teams) == 0
    alone = relaxation.after(root, chosen, closed, -np.inf)  # the first team gets nothing
    if alone is not None:
        assert alone.worth < root.worth
        assert relaxation.after(root, chosen, closed, alone.worth + 1.0) is None


@pytest.mark.parametrize(("agents", "jobs", "pays"), [(4, 16, True), (4, 15, False), (101, 404, False)])
def test_many_teams_or_few_orders_for_each_are_left_to_the_other_search(agents: int, jobs: int, pays: bool) -> None:
    board, market = bare(of("d", agents, jobs, 1))
    assert (Beam(board, market, np.zeros(market.offers), never).root is not None) is pays
