"""A tour over many neighbourhoods at once, where there are many teams: all propose, then one decision over the real funds.

Under a budget of its own a neighbourhood is hard to solve and rejects most of what would pay, because nearly every good change
draws a little more or frees a little money. So each neighbourhood is solved for its value less its money at the dual's prices,
a little cheaper and a little dearer ones (easy: the relaxation is mostly whole), and `joint` decides what of it can be paid.
No two neighbourhoods share a team, so all are solved on the board as it stands, with one core as with two.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import numpy as np

from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import Board, objective
from marketplace.matching.decomposition.exchange import chain
from marketplace.matching.decomposition.joint import decide
from marketplace.matching.decomposition.market import COST_UNIT, Flag, Whole
from marketplace.matching.decomposition.neighbourhoods import EFFORT, PAUSE, THREADS
from marketplace.matching.decomposition.teams import Chart, Plan, plan
from marketplace.matching.search import choose_anew

TEAMS, FEWEST = 120, 30  # of a neighbourhood, to begin with and at least
FILLINGS = 1_000  # with more of them to choose from a neighbourhood is hard, and the next are smaller
AT_ONCE = 40  # neighbourhoods of a tour, so that the decision stays small
RATES = (0.97, 1.0, 1.03)  # prices of money beside the dual's


def tour(
    board: Board,
    chart: Chart,
    within: float,
    draw: np.random.Generator,
    seconds: Callable[[], float],
    stop: Callable[[], bool],
) -> float:
    """Improve the board; what it gained, in value units. `within`: how much a filling may lose to take part."""
    before, plans, halted = objective(board), _divided(board, chart, within, draw), Event()
    with ThreadPoolExecutor(THREADS) as pool:
        jobs = [pool.submit(_proposals, planned, seconds, halted) for planned in plans]
        while wait(jobs, PAUSE).not_done:
            if stop():
                halted.set()
        proposals = [job.result() for job in jobs]
    if stop():
        return 0.0
    decide(board, chart.market, proposals, local.scratch(board), chain(board), seconds(), stop)
    return (objective(board) - before) / COST_UNIT


def _divided(board: Board, chart: Chart, within: float, draw: np.random.Generator) -> list[Plan]:
    """Disjoint neighbourhoods with something to choose, those that lose much against the dual rather first."""
    shut: Flag = np.zeros(len(board.teams), bool)
    found: list[Plan] = []
    size = TEAMS
    while len(found) < AT_ONCE and not shut[: chart.market.teams].all():
        first = chart.first(board, np.where(shut, np.inf, 0.0), draw)
        teams = chart.around(board, first, size, draw, shut)
        planned = plan(board, chart, teams, within, np.inf)
        if planned is not None and len(planned.found.team) > FILLINGS and size > FEWEST:
            size = max(FEWEST, size // 2)
            continue
        shut[teams] = True
        if planned is not None:
            found.append(planned)
    return found


def _proposals(planned: Plan, seconds: Callable[[], float], halted: Event) -> list[Whole]:
    """The offers held now, then those of the best choice at each price of money that differs from all before."""
    program, start = planned.program, planned.now
    value = np.array(program.col_cost_)
    found = [planned.offers(start)]
    for rate in RATES:
        program.col_cost_ = value - rate * planned.cost
        _, columns = choose_anew(program, start, EFFORT, seconds(), halted.is_set)
        if columns is None or halted.is_set():
            break
        start, offers = columns, planned.offers(columns)
        if not any(np.array_equal(offers, each) for each in found):
            found.append(offers)
    return found
