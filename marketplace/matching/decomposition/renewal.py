"""Assignment without money: free a few teams and choose anew, exactly, who serves each of their orders.

Where nothing has to be paid and every offer has one team (generalized assignment), the offers that lose little against the
dual are few for each order. All orders of some teams together, each with those offers, are a problem that branch and cut
closes quickly; the next teams follow, overlapping (Taillard and Voss 2002, who call it POPMUSIC). How many teams are freed
follows the work it takes; when a round over all teams finds nothing, more offers take part, and noise on the values leads
away from where no neighbourhood alone finds more (Charon and Hudry 1993). Work is counted in pivots,
branches and looks of the solver at its limits, never in seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array

from marketplace.matching.decomposition.board import (
    CHOSEN,
    LEFT,
    MUST,
    SHORTAGE,
    WORTH,
    Board,
    attach,
    detach,
    put_all,
    settle,
    standing,
    take_back,
)
from marketplace.matching.decomposition.market import Market, Real, Whole
from marketplace.matching.decomposition.relaxation import unit
from marketplace.matching.decomposition.teams import Chart
from marketplace.matching.search import Effort, choose_anew

EFFORT = Effort(branches=100, turns=100)
NEAR = 2.0  # near offers per order at first
MORE, WIDTHS = 0.4, 5  # so many more after each round that found nothing, and how often before it begins again
VISITS = 4.0  # how often a team is freed in a round, on average
SOLVED = 4  # so few teams are solved to the end, whatever the noise
WANDER = 10.0  # noise beside what an order loses on average
FIRST, FEWEST = 6, 3  # teams freed at once: to begin with, and at least
PIVOTS = 4_000  # a neighbourhood that takes more work is followed by a smaller one


class Renewal:
    """Rounds over all teams of one board. Every round after one that found nothing begins with noise on the values, about as
    much as an order loses on average, and ends without: the search leaves an answer that no neighbourhood alone improves,
    and comes back to it when it finds no better one.

    `losses` is what decomposition/losses tells at the best prices, `bound` what they prove.
    """

    def __init__(self, board: Board, market: Market, losses: tuple[Real, Real, Real], bound: float) -> None:
        self.board, self.market, self.losses, self.bound = board, market, losses, bound
        self.ranked, self.size, self.rounds = np.sort(losses[0]), FIRST, 0

    def round(
        self,
        draw: np.random.Generator,
        keep: Callable[[], None],
        seconds: Callable[[], float],
        stop: Callable[[], bool],
    ) -> int:
        """Free teams until each had its turn some times, or until `stop`; `keep` is called when the board got better.

        Returns the pivots spent.
        """
        board, market = self.board, self.market
        each = NEAR + MORE * (self.rounds % WIDTHS)
        within = float(self.ranked[min(int(each * market.orders), market.offers - 1)])
        chart, visited = Chart.of(market, *self.losses, within), np.zeros(len(board.teams))
        first = best = standing(board)
        held = board.orders[:, CHOSEN].copy()
        wander = WANDER * max(0.0, self.bound - best[1]) / market.orders if self.rounds else 0.0
        work = 0
        while visited.mean() < VISITS:
            if stop():
                return work
            heat = wander * max(0.0, 1.0 - 3.0 * visited.mean() / VISITS)
            noise = heat * draw.random(market.offers)
            many = min(self.size if heat == 0.0 else SOLVED, market.teams)
            teams = chart.around(board, chart.first(board, visited, draw), many, draw)
            visited[teams] += 1
            pivots = reassign(board, chart, teams, noise, seconds(), stop)
            work += pivots
            if heat == 0.0:
                self.size = max(FEWEST, self.size - 1) if pivots > PIVOTS else min(market.teams, self.size + 1)
            if standing(board) > best:
                best, held = standing(board), board.orders[:, CHOSEN].copy()
                keep()
        put_all(board, held)
        self.rounds += best == first
        return work


def reassign(board: Board, chart: Chart, teams: Whole, noise: Real, seconds: float, stop: Callable[[], bool]) -> int:
    """Choose anew what these teams hold, among the near offers of the orders that they serve or nobody does, for the greatest
    value plus noise (one number for each offer); pivots spent."""
    market = chart.market
    inside = np.zeros(len(market.team_capacity), bool)
    inside[teams] = True
    held = board.orders[market.offer_order, CHOSEN]
    present = held == np.arange(market.offers)
    free = (held < 0) | inside[market.use_team[np.maximum(held, 0)]]
    offers = np.flatnonzero(inside[market.use_team] & free & (chart.near | present))
    now = present[offers]
    room = board.teams[teams, LEFT].copy()
    np.add.at(room, np.searchsorted(teams, market.use_team[offers[now]]), market.use_load[offers[now]])
    program = _program(board, market, teams, offers, room, noise[offers])
    pivots, chosen = choose_anew(program, now, EFFORT, seconds, stop)
    if chosen is None:
        return pivots
    for offer in offers[now & ~chosen].tolist():
        detach(board, int(market.offer_order[offer]))
    for offer in offers[chosen & ~now].tolist():
        attach(board, int(market.offer_order[offer]), offer)
    fits = bool((board.teams[teams, LEFT] >= 0).all())  # the solver's tolerance can hide an overfull team
    short, gain = board.change[SHORTAGE], board.change[WORTH]
    if fits and (short < 0 or (short == 0 and (noise.any() or gain > 0))):
        settle(board)
    else:
        take_back(board)
    return pivots


def _program(board: Board, market: Market, teams: Whole, offers: Whole, room: Whole, noise: Real) -> highspy.HighsLp:
    """maximise the value of the chosen offers: at most one for each order, exactly one where it must be matched."""
    orders, row = np.unique(market.offer_order[offers], return_inverse=True)
    team = np.searchsorted(teams, market.use_team[offers])
    cell, columns = unit(room), np.arange(len(offers))
    matrix: csc_array = coo_array(
        (
            np.concatenate([np.ones(len(offers)), market.use_load[offers] / cell]),
            (np.concatenate([row, len(orders) + team]), np.concatenate([columns, columns])),
        ),
        (len(orders) + len(teams), len(offers)),
    ).tocsc()
    must = board.orders[orders, MUST] != 0
    served = board.orders[orders, CHOSEN] >= 0
    value = market.offer_value[offers] + noise
    # Serving one more that must be matched is worth all else.
    missing = 2.0 * np.abs(value).max(initial=1.0) * len(orders)
    value[(must & ~served)[row]] += missing
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.sense_ = len(offers), len(orders) + len(teams), highspy.ObjSense.kMaximize
    lp.col_cost_ = value / unit(market.offer_value)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(offers)), np.ones(len(offers))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(offers)
    lp.row_lower_ = np.concatenate([(must & served).astype(float), np.full(len(teams), -np.inf)])
    lp.row_upper_ = np.concatenate([np.ones(len(orders)), room / cell])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    return lp
