"""A round over all teams: two neighbourhoods at a time choose anew what their teams hold, each in a thread of its own.

Both are planned on the same board and have no team in common; what they choose is carried out one after the other. So the
answer is the same with one core as with two. Work is counted in branches and pivots, never in seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import Event

import numpy as np

from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import Board
from marketplace.matching.decomposition.exchange import chain
from marketplace.matching.decomposition.market import Flag, Real
from marketplace.matching.decomposition.teams import Chart, Plan, carry_over, plan
from marketplace.matching.search import Effort, choose_anew

EFFORT = Effort(branches=20, turns=60, precision=1e-4, restarts=False)
TEAMS, FEWEST, MOST = 120, 40, 1_000  # teams renewed at once to begin with, at least and at most
PART = 6  # to begin with, this part of all teams, but at least half as many as that
PIVOTS = 4_000  # a neighbourhood that takes more work is followed by a smaller one
CHOICES = 20_000  # so is one with more fillings than this, whose presolving alone takes long
AT_ONCE = 2
PAUSE = 0.2  # seconds between two looks at whether somebody stops


def first_size(teams: int) -> int:
    """How many teams are renewed at once to begin with: a large part of few teams is a hard problem."""
    return min(TEAMS, max(TEAMS // 2, teams // PART))


def renew_all(
    board: Board,
    chart: Chart,
    within: float,
    spare: float,
    size: int,
    draw: np.random.Generator,
    keep: Callable[[], None],
    seconds: Callable[[], float],
    stop: Callable[[], bool],
) -> int:
    """Renew neighbourhoods of about `size` teams until every team had its turn or `stop`; the size to go on with.

    `within` is how much (in value units) a filling may lose to take part, `spare` what each neighbourhood may draw beyond
    what it draws now (in value units, at the dual's prices); `keep` is called when the board may be better.
    """
    scratch, links, visited = local.scratch(board), chain(board), np.zeros(len(board.teams))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while visited[: chart.market.teams].min() < 1 and visited.mean() < 2 and not stop():
            plans = _plans(board, chart, within, spare, size, draw, visited)
            for planned, (pivots, columns) in zip(plans, _solve(pool, plans, seconds(), stop), strict=True):
                if columns is not None:
                    carry_over(board, chart.market, planned, columns, scratch, links, seconds(), stop)
                hard = pivots > PIVOTS or len(planned.found.team) > CHOICES
                size = max(FEWEST, size * 4 // 5) if hard else min(MOST, size * 21 // 20)
            keep()
    return size


def _plans(
    board: Board, chart: Chart, within: float, spare: float, size: int, draw: np.random.Generator, visited: Real
) -> list[Plan]:
    """Neighbourhoods without a team in common; their teams count as visited."""
    taken, found = np.zeros(0, np.int64), []
    for _ in range(AT_ONCE):
        teams = np.setdiff1d(chart.around(board, chart.first(board, visited, draw), size, draw), taken)
        taken = np.union1d(taken, teams)
        visited[teams] += 1
        planned = plan(board, chart, teams, within, spare) if len(teams) else None
        found += [] if planned is None else [planned]
    return found


def _solve(
    pool: ThreadPoolExecutor, plans: list[Plan], seconds: float, stop: Callable[[], bool]
) -> list[tuple[int, Flag | None]]:
    """Pivots spent on each plan and the fillings it chooses. Only this thread asks the caller whether to stop."""
    halted = Event()
    solving = [pool.submit(choose_anew, each.program, each.now, EFFORT, seconds, halted.is_set) for each in plans]
    while wait(solving, PAUSE).not_done:
        if stop():
            halted.set()
    return [each.result() for each in solving]
