"""Assignment without money: chosen by shape, as good as brute force, the same however it is told and however it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from benchmarks.assignment import text_of
from benchmarks.instances import Shape, generate
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decomposition import assignment, large, renewal, solve_large
from marketplace.matching.decomposition.board import CHOSEN, LEFT, Board, attach, empty, objective, settle
from marketplace.matching.decomposition.market import Flag, Market, build
from marketplace.matching.decomposition.teams import Chart
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.engine import solve
from marketplace.matching.gap import read_gap
from marketplace.matching.problem import Problem
from marketplace.matching.recheck import recheck
from marketplace.matching.solution import Status

Change = Callable[[Arrays], Arrays]


def instance(kind: str, agents: int, jobs: int, seed: int) -> Problem:
    return read_gap(text_of(kind, agents, jobs, seed))[0]


def of(kind: str, agents: int, jobs: int, seed: int) -> Arrays:
    return encode(instance(kind, agents, jobs, seed)).arrays


def optional(arrays: Arrays) -> Arrays:
    """The same, with nobody obliged, half the capacity, and every third offer worth nothing much."""
    value = np.where(np.arange(arrays.offers) % 3 == 0, 1, arrays.offer_value)
    none = np.zeros(arrays.orders, np.int64)
    return replace(arrays, order_must=none, team_capacity=arrays.team_capacity // 2, offer_value=value)


def magnified(arrays: Arrays) -> Arrays:
    return replace(arrays, use_load=arrays.use_load * 10**12, team_capacity=arrays.team_capacity * 10**12 + 7)


def by_brute_force(arrays: Arrays) -> int | None:
    """The greatest value over every choice of an offer, or none, for each order."""
    best = None
    choices = [[*np.flatnonzero(arrays.offer_order == order).tolist(), -1] for order in range(arrays.orders)]
    for chosen in product(*choices):
        taken = [offer for offer in chosen if offer >= 0]
        if any(offer < 0 and arrays.order_must[order] for order, offer in enumerate(chosen)):
            continue
        load = np.bincount(arrays.use_team[taken], arrays.use_load[taken], arrays.teams)
        if (load <= arrays.team_capacity).all():
            value = int(arrays.offer_value[taken].sum())
            best = value if best is None else max(best, value)
    return best


@pytest.fixture
def without_branching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every problem of the shape goes through neighbourhoods, however few offers matter."""
    monkeypatch.setattr(large, "FEW_TO_BRANCH", -1)


def searched(arrays: Arrays, seed: int = 0, gap: float = 0.0) -> Answer:
    return solve_large(arrays, Hearing(Settings(time_limit=1e6, seed=seed, gap=gap)))


@pytest.mark.parametrize("kind", ["d", "e"])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("changed", [lambda each: each, optional, magnified], ids=["every", "optional", "magnified"])
@pytest.mark.usefixtures("without_branching")
def test_tiny_problems_are_solved_as_brute_force_solves_them(kind: str, seed: int, changed: Change) -> None:
    arrays = changed(of(kind, 3, 7, seed))
    answer, best = searched(arrays), by_brute_force(arrays)
    if best is None:
        assert answer.choices is None
    else:
        assert (answer.status, answer.objective) == (Status.OPTIMAL, best)


def scattered(arrays: Arrays) -> tuple[Board, Chart, Market]:
    """A board on which every order that fits is served by its first team, and the chart of all its offers."""
    market = build(arrays)
    guide = market.offer_value.astype(float)
    board = empty(market, guide, guide, np.zeros(market.orders), np.zeros(0), 0)
    for offer in range(market.offers):
        order, team = int(market.offer_order[offer]), market.use_team[offer]
        if board.orders[order, CHOSEN] < 0 and market.use_load[offer] <= board.teams[team, LEFT]:
            attach(board, order, offer)
    settle(board)
    return board, Chart.of(market, np.zeros(market.offers), guide, guide, 1.0), market


@pytest.mark.parametrize("changed", [optional, magnified], ids=["optional", "magnified"])
def test_a_neighbourhood_of_all_teams_finds_the_optimum_and_keeps_the_books(changed: Change) -> None:
    arrays = changed(of("d", 3, 7, 2))
    board, chart, market = scattered(arrays)
    renewal.reassign(board, chart, np.arange(3), np.zeros(market.offers), 1e6, lambda: False)
    assert objective(board) == (by_brute_force(arrays) or 0) * 10**6
    chosen = board.orders[:, CHOSEN]
    used = np.isin(market.use_offer, chosen[chosen >= 0])
    load = np.zeros(3, np.int64)
    np.add.at(load, market.use_team[used], market.use_load[used])
    assert (arrays.team_capacity - load == board.teams[:3, LEFT]).all()
    assert (load <= arrays.team_capacity).all()


def test_a_choice_that_only_a_tolerance_allows_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    board, chart, market = scattered(optional(of("d", 3, 7, 2)))
    before = board.orders.copy()

    def too_much(lp: object, now: Flag, *_: object) -> tuple[int, Flag]:
        return 0, np.isin(np.arange(len(now)), market.order_start[:-1])  # everybody at the first team

    monkeypatch.setattr(renewal, "choose_anew", too_much)
    renewal.reassign(board, chart, np.arange(3), np.zeros(market.offers), 1e6, lambda: False)
    assert (board.orders == before).all()


@pytest.mark.parametrize(
    ("what", "arrays", "fits"),
    [
        ("standard assignment", of("d", 5, 20, 1), True),
        ("nobody obliged", optional(of("d", 5, 20, 1)), True),
        ("money, consortia and floors", generate(Shape(60, 20, 4, consortia=0.3, floors=1, seed=4)), False),
    ],
)
def test_the_shape_decides(what: str, arrays: Arrays, fits: bool) -> None:
    assert assignment.suits(build(arrays)) is fits, what


@pytest.mark.usefixtures("without_branching")
def test_the_bound_is_what_the_certificate_proves_and_the_seed_decides_the_rest() -> None:
    arrays = of("d", 4, 24, 1)
    first, second = searched(arrays, gap=0.01), searched(arrays, gap=0.01)
    assert first == second
    assert first.certificate is not None
    assert first.objective is not None
    assert first.objective <= recheck(arrays, first.certificate)


@pytest.mark.usefixtures("without_branching")
def test_every_order_of_the_file_gives_the_same_answer() -> None:
    problem = instance("e", 4, 12, 3)
    turned = replace(problem, orders=problem.orders[::-1], teams=problem.teams[::-1], offers=problem.offers[::-1])
    assert searched(encode(problem).arrays) == searched(encode(turned).arrays)


def test_obliged_orders_that_do_not_fit_are_told_with_their_conflict() -> None:
    problem = instance("d", 3, 7, 0)
    tight = replace(problem, teams=tuple(replace(team, capacity=60) for team in problem.teams))
    told = solve(tight)
    assert told.status == Status.INFEASIBLE
    assert told.conflict


PLAIN = """
import json
from benchmarks.assignment import text_of
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decomposition import assignment, large, renewal, solve_large
from marketplace.matching.encoding import encode
from marketplace.matching.gap import read_gap
large.FEW_TO_BRANCH, assignment.IDLE = -1, 1
arrays = encode(read_gap(text_of("d", 4, 16, 1))[0]).arrays
answer = solve_large(arrays, Hearing(Settings(1e6)))
print(json.dumps([str(answer.objective), str(answer.bound), [choice.offer for choice in answer.choices]]))
"""


def test_without_a_compiler_the_answer_is_the_same() -> None:
    told = []
    for disabled in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", PLAIN],
            capture_output=True,
            text=True,
            timeout=100,
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            check=True,
        )
        told.append(json.loads(done.stdout))
    assert told[0] == told[1]
    assert told[0][2]
