"""A round over all teams: some neighbourhoods at a time choose anew what their teams hold, in two threads.

Those under way have no team in common. What they choose is carried out in the sequence they were planned in, and the next is
planned on the board as it stands then: so the answer is the same with one core as with two, and no thread waits for a hard
neighbourhood to end. Work is counted in branches and pivots, never in seconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

import numpy as np

from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import Board
from marketplace.matching.decomposition.exchange import chain
from marketplace.matching.decomposition.market import Flag
from marketplace.matching.decomposition.teams import Chart, Plan, carry_over, plan
from marketplace.matching.search import Effort, choose_anew

EFFORT = Effort(branches=20, turns=60, precision=1e-4, restarts=False)
TEAMS, FEWEST, MOST = 120, 40, 1_000  # teams renewed at once to begin with, at least and at most
PART = 6  # to begin with, this part of all teams, but at least half as many as that
PIVOTS = 4_000  # a neighbourhood that takes more work is followed by a smaller one
CHOICES = 20_000  # so is one with more fillings than this, whose presolving alone takes long
THREADS, UNDER_WAY = 2, 3
PAUSE = 0.2  # seconds between two looks at whether somebody stops

_Solving = Future[tuple[int, Flag | None]]


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
    scratch, links, tour = local.scratch(board), chain(board), _Tour(board, chart, within, spare, draw)
    halted, solving = Event(), deque[tuple[Plan, _Solving]]()
    with ThreadPoolExecutor(THREADS) as pool:
        while True:
            while len(solving) < UNDER_WAY and not tour.over() and not stop():
                planned = tour.next(size, [each for each, _ in solving])
                if planned is not None:
                    job = pool.submit(choose_anew, planned.program, planned.now, EFFORT, seconds(), halted.is_set)
                    solving.append((planned, job))
            if not solving or stop():
                halted.set()  # what is still under way would end wherever the clock finds it
                return size
            planned, job = solving.popleft()
            pivots, columns = _ended(job, halted, stop)
            if columns is not None:
                carry_over(board, chart.market, planned, columns, scratch, links, seconds(), stop)
            hard = pivots > PIVOTS or len(planned.found.team) > CHOICES
            size = max(FEWEST, size * 4 // 5) if hard else min(MOST, size * 21 // 20)
            keep()


class _Tour:
    """The way over all teams; arguments as in `renew_all`."""

    def __init__(self, board: Board, chart: Chart, within: float, spare: float, draw: np.random.Generator) -> None:
        self.board, self.chart, self.within, self.spare, self.draw = board, chart, within, spare, draw
        self.visited = np.zeros(len(board.teams))

    def over(self) -> bool:
        """Whether every team had its turn, or those that had were met so often that the rest can wait."""
        return bool(self.visited[: self.chart.market.teams].min() >= 1 or self.visited.mean() >= 2)

    def next(self, size: int, under_way: list[Plan]) -> Plan | None:
        """A neighbourhood without a team of those under way; None where there is no choice. Its teams count as visited."""
        teams = self.chart.around(self.board, self.chart.first(self.board, self.visited, self.draw), size, self.draw)
        for other in under_way:
            teams = np.setdiff1d(teams, other.teams)
        self.visited[teams] += 1
        return plan(self.board, self.chart, teams, self.within, self.spare) if len(teams) else None


def _ended(job: _Solving, halted: Event, stop: Callable[[], bool]) -> tuple[int, Flag | None]:
    """What the job found. Only this thread asks the caller whether to stop."""
    while wait([job], PAUSE).not_done:
        if stop():
            halted.set()
    return job.result()
