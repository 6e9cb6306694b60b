"""Tours: neighbourhoods propose without a budget of their own, and one decision takes what the real funds can pay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from benchmarks.instances import Shape, generate
from marketplace.matching.columns import to_columns
from marketplace.matching.decomposition import large, neighbourhoods, tours
from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import CHOSEN, Board, empty, objective, settle
from marketplace.matching.decomposition.exchange import chain
from marketplace.matching.decomposition.joint import decide
from marketplace.matching.decomposition.market import Market, build
from marketplace.matching.decomposition.payment import carry_out
from marketplace.matching.encoding import encode
from marketplace.matching.problem import Fund, Offer, Order, Problem, Team
from marketplace.matching.recheck import recheck
from marketplace.matching.verify_columns import verify_columns
from tests.matching.decomposition.test_kernels import recounted
from tests.matching.decomposition.test_teams import SHAPES as OTHER_SHAPES
from tests.matching.decomposition.test_teams import solve

SHAPES = [OTHER_SHAPES[0], Shape(200, 60, 6, eligible=2, seed=1), OTHER_SHAPES[2]]

CHEAP, DEAR, BESIDE, WAITING = range(4)  # offers: two for order a, two for order b
GENEROUS, JUST = 160, 100


def begun(budget: int, enterprise_max: int | None = None) -> tuple[Board, Market]:
    """Order a is matched by its dear offer, order b of the same enterprise waits; one fund has `budget` fen."""
    problem = Problem(
        orders=(Order("a", "e"), Order("b", "e")),
        teams=tuple(Team(name, 1) for name in ("s", "t", "u")),
        offers=(
            Offer("dear", "a", 100, 10, {"s": 1}),
            Offer("cheap", "a", 40, 8, {"s": 1}),
            Offer("waiting", "b", 60, 9, {"t": 1}),
            Offer("beside", "b", 60, 7, {"u": 1}),
        ),
        funds=(Fund("f", budget, enterprise_max=enterprise_max),),
    )
    market = build(encode(problem).arrays)
    worth = market.offer_value.astype(float)
    board = empty(market, worth, worth, np.zeros(market.orders), np.zeros(len(market.source_fund)), 0)
    carry_out(board, DEAR, np.array([100]))
    settle(board)
    return board, market


def offers(*chosen: int) -> np.ndarray:
    return np.array(chosen, np.int64)


KEEP, SAVE = [offers(DEAR)], [offers(DEAR), offers(CHEAP)]
WAIT, MATCH, ALSO = [offers()], [offers(), offers(WAITING)], [offers(), offers(BESIDE)]


@pytest.mark.parametrize(
    ("budget", "proposals", "chosen"),
    [
        (JUST, [SAVE, MATCH], [CHEAP, WAITING]),
        (JUST, [KEEP, MATCH], [DEAR, -1]),
        (JUST, [SAVE, WAIT], [DEAR, -1]),
        (GENEROUS, [SAVE, MATCH], [DEAR, WAITING]),
        (GENEROUS, [KEEP, MATCH, ALSO], [DEAR, WAITING]),
        (GENEROUS, [], [DEAR, -1]),
    ],
    ids=[
        "what one saves pays for the other",
        "alone it cannot be paid",
        "saving for nobody is not worth it",
        "where money is left nobody saves",
        "an order that two want is matched once",
        "nothing proposed",
    ],
)
def test_the_best_affordable_combination_is_carried_out(
    budget: int, proposals: list[list[np.ndarray]], chosen: list[int]
) -> None:
    board, market = begun(budget)
    before = objective(board)
    better = decide(board, market, proposals, local.scratch(board), chain(board), 10.0, lambda: False)
    assert board.orders[:, CHOSEN].tolist() == chosen
    assert better == (objective(board) > before)
    recounted(board, market)


@pytest.mark.parametrize(
    ("proposals", "chosen"), [([KEEP, MATCH], [DEAR, -1]), ([SAVE, MATCH], [CHEAP, WAITING])], ids=["over", "within"]
)
def test_no_enterprise_is_paid_beyond_its_limit(proposals: list[list[np.ndarray]], chosen: list[int]) -> None:
    board, market = begun(GENEROUS, enterprise_max=100)
    decide(board, market, proposals, local.scratch(board), chain(board), 10.0, lambda: False)
    assert board.orders[:, CHOSEN].tolist() == chosen
    recounted(board, market)


def test_what_the_log_could_not_take_back_is_not_tried() -> None:
    board, market = begun(JUST)
    board = board._replace(log=np.zeros((8, 3), np.int64))
    assert not decide(board, market, [SAVE, MATCH], local.scratch(board), chain(board), 10.0, lambda: False)
    assert board.orders[:, CHOSEN].tolist() == [DEAR, -1]


@pytest.fixture
def _small_tours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Problems of a hundred orders are solved by tours alone."""
    monkeypatch.setattr(large, "FEW_OFFERS", 0)
    monkeypatch.setattr(tours, "TEAMS", 8)
    monkeypatch.setattr(large, "MORE_STEPS", 60)
    monkeypatch.setattr(large._Run, "_branch", lambda *_: False)
    monkeypatch.setattr(neighbourhoods, "renew_all", lambda *given: given[4])


@pytest.mark.parametrize("shape", SHAPES, ids=["six funds", "two funds", "consortia and floors"])
@pytest.mark.usefixtures("_small_tours")
def test_tours_raise_the_objective_within_every_rule(shape: Shape, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays, gains, tour = generate(shape), [], tours.tour
    monkeypatch.setattr(large, "tour", lambda *given: gains.append(tour(*given)) or gains[-1])
    after = solve(arrays, cancelled=lambda: len(gains) >= 4)
    assert sum(gains) > 0
    monkeypatch.setattr(large._Run, "_refine", lambda *_: None)
    before = solve(arrays)
    assert before.objective is not None
    assert after.objective is not None
    assert after.objective > before.objective
    report, _, _ = verify_columns(arrays, to_columns(arrays, after, 1.0))
    assert report.broken == ()
    assert recheck(arrays, after.certificate or {}) == after.bound


@pytest.mark.usefixtures("_small_tours")
def test_a_tour_on_one_core_finds_the_same_answer_as_on_two(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = []
    for cores in (2, 1):
        gains, tour = [], tours.tour
        pool = partial(ThreadPoolExecutor, cores)
        monkeypatch.setattr(tours, "ThreadPoolExecutor", lambda _, pool=pool: pool())
        monkeypatch.setattr(
            large, "tour", lambda *given, tour=tour, gains=gains: gains.append(tour(*given)) or gains[-1]
        )
        answers.append(solve(generate(SHAPES[0]), cancelled=lambda gains=gains: len(gains) >= 3))
        assert sum(gains) > 0
    assert answers[0].choices
    assert answers[0] == answers[1]
