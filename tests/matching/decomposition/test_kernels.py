"""The compiled parts: exact knapsacks, moves that can be taken back, and the same numbers without a compiler."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.decomposition import search
from marketplace.matching.decomposition.board import (
    CHOSEN,
    HEAD,
    LEFT,
    NEXT,
    Board,
    empty,
    objective,
    settle,
    take_back,
)
from marketplace.matching.decomposition.knapsack import fill
from marketplace.matching.decomposition.market import Market, build
from marketplace.matching.decomposition.pricing import Terms, offer_costs, source_prices
from marketplace.matching.decomposition.repack import bench, repack
from marketplace.matching.recheck import filling

SHAPE = Shape(orders=120, teams=40, funds=6, consortia=0.3, floors=1, seed=4)


@pytest.mark.parametrize("seed", range(60))
def test_a_team_is_filled_as_well_as_the_independent_method_fills_it(seed: int) -> None:
    draw = Random(seed)
    count, room = draw.randint(1, 60), draw.randint(0, 60)
    load = np.array([draw.randint(0, room) for _ in range(count)], dtype=np.int64)
    profit = np.array([float(draw.randint(1, 1_000)) for _ in range(count)])
    space = [np.zeros(count, np.int64) for _ in range(3)]
    worth = fill(profit, load, room, count, *space)
    assert worth == filling(list(zip(load.tolist(), [int(p) for p in profit], strict=True)), room)
    chosen = space[2] != 0
    assert profit[chosen].sum() == worth
    assert load[chosen].sum() <= room


@pytest.fixture
def table() -> tuple[Board, Market]:
    market = build(generate(SHAPE))
    terms = Terms.of(market)
    price = np.full(len(market.fund_budget), 1e-5)
    costs = offer_costs(market, terms, price, np.zeros(len(market.row_limit)), 1)
    net = market.offer_value - costs
    money = source_prices(market, terms, price, np.zeros(len(market.row_limit)))
    return empty(market, net, net, np.zeros(market.orders), money, 1), market


def recounted(board: Board, market: Market) -> None:
    """What is left of everything, counted again from the choices and payments."""
    chosen = board.orders[:, CHOSEN]
    used = np.isin(market.use_offer, chosen[chosen >= 0])
    load = np.bincount(market.use_team[used], market.use_load[used], len(market.team_capacity))
    assert (market.team_capacity - load == board.teams[:, LEFT]).all()
    paid = np.bincount(market.source_fund, board.sources[:, 3], len(market.fund_budget))
    assert (market.fund_budget - paid == board.funds[:, LEFT]).all()
    assert (board.teams[:, LEFT] >= 0).all()
    assert (board.funds[:, LEFT] >= 0).all()
    holder = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    by_funds = np.bincount(holder, board.sources[:, 3], market.orders)
    need = np.where(chosen >= 0, market.offer_price[chosen] - market.order_own, 0)
    assert (by_funds >= need).all()
    assert (by_funds[chosen < 0] == 0).all()


def test_the_books_balance_after_thousands_of_moves(table: tuple[Board, Market]) -> None:
    board, market = table
    scratch, desk = search.scratch(board), bench(board)
    search.fill(board, scratch, search.by_guide(board))
    first = objective(board)
    for heat in (50.0, 5.0, 0.0):
        search.improve(board, scratch, 2_000, 0.5, heat, 1e9)
        repack(board, scratch, desk, 500, 1.0, 0.5, heat, 1e9)
        recounted(board, market)
    assert objective(board) > first


def in_turn(board: Board) -> list[list[int]]:
    """The chosen uses of each team in the order in which a search meets them."""
    found: list[list[int]] = []
    for use in board.teams[:, HEAD].tolist():
        served = []
        while use >= 0:
            served.append(use)
            use = int(board.uses[use, NEXT])
        found.append(served)
    return found


def test_a_move_taken_back_leaves_no_trace(table: tuple[Board, Market]) -> None:
    board, market = table
    scratch = search.scratch(board)
    search.fill(board, scratch, search.by_guide(board))
    settle(board)
    draw = np.random.default_rng(0)
    before = [each.copy() for each in (board.orders, board.sources, board.teams, board.funds, board.groups)]
    served = in_turn(board)
    for offer in draw.integers(0, market.offers, 300):
        if board.orders[market.offer_order[offer], CHOSEN] != offer:
            waits = search._force(board, int(offer), scratch)
            if waits >= 0:
                search._put_back(board, waits, scratch)
        take_back(board)
    after = [board.orders, board.sources, board.teams, board.funds, board.groups]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    assert in_turn(board) == served


WITHOUT_COMPILER = """
import json
from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import solve_large
answer = solve_large(generate(Shape(40, 20, 4, options=6, consortia=0.2, floors=1)), Hearing(Settings(60.0, gap=0.2)))
print(json.dumps([str(answer.objective), str(answer.bound), [[c.offer, sorted(c.pay.items())] for c in answer.choices]]))
"""


def test_the_plain_path_gives_the_same_answer_as_the_compiled_one() -> None:
    told = []
    for disabled in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", WITHOUT_COMPILER],
            capture_output=True,
            text=True,
            timeout=100,
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            check=True,
        )
        told.append(json.loads(done.stdout))
    assert told[0] == told[1]
    assert told[0][2]
