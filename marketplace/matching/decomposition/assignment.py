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
    TOTAL,
    WORTH,
    Board,
    attach,
    detach,
    settle,
    shortage,
    take_back,
)
from marketplace.matching.decomposition.market import Market, Real, Whole
from marketplace.matching.decomposition.teams import Chart
from marketplace.matching.search import Effort, choose_anew

EFFORT = Effort(branches=100, turns=100)
NEAR = 2.0  # near offers per order at first
MORE, WIDTHS = 0.4, 5  # so many more after each round that found nothing, and how often before it begins again
IDLE = 10  # rounds that found nothing after which the search ends
VISITS = 4.0  # how often a team is freed in a round, on average
SOLVED = 4  # so few teams are solved to the end, whatever the noise
WANDER = 10.0  # noise beside what an order loses on average
FIRST, FEWEST = 6, 3  # teams freed at once: to begin with, and at least
PIVOTS = 4_000  # a neighbourhood that takes more work is followed by a smaller one
ROUNDED = 1_024.0  # loads and values are scaled by powers of two to about this size, which is exact


def suits(market: Market) -> bool:
    """Whether no match needs a fund, every offer has one team, and no group must be counted."""
    needs = market.offer_price > market.order_own[market.offer_order]
    single = np.diff(market.use_start) == 1
    return not needs.any() and bool(single.all()) and not len(market.group_least)


def reassign_all(
    board: Board,
    market: Market,
    losses: tuple[Real, Real, Real],
    bound: float,
    draw: np.random.Generator,
    keep: Callable[[], None],
    seconds: Callable[[], float],
    stop: Callable[[], bool],
) -> None:
    """Renew neighbourhoods until `stop`, or until IDLE rounds over all teams found nothing better; `keep` is called when the
    board may have got better. `losses` is what decomposition/losses tells at the best prices, `bound` what they prove.

    Every round but the first begins with noise on the values, about as much as an order loses on average, and ends without:
    the search leaves an answer that no neighbourhood alone improves, and comes back to it when it finds no better one.
    """
    loss, net, part = losses
    ranked, size, idle, rounds = np.sort(loss), FIRST, 0, 0
    best, held = _standing(board), board.orders[:, CHOSEN].copy()
    while idle < IDLE:
        each = NEAR + MORE * (rounds % WIDTHS)
        within = float(ranked[min(int(each * market.orders), market.offers - 1)])
        chart = Chart.of(market, loss, net, part, within)
        visited, before = np.zeros(len(board.teams)), best
        wander = WANDER * max(0.0, bound - best[1]) / market.orders if rounds else 0.0
        while visited.mean() < VISITS:
            if stop():
                return
            heat = wander * max(0.0, 1.0 - 3.0 * visited.mean() / VISITS)
            noise = heat * draw.random(market.offers)
            many = min(size, market.teams) if heat == 0.0 else min(SOLVED, market.teams)
            teams = chart.around(board, chart.first(board, visited, draw), many, draw)
            visited[teams] += 1
            pivots = reassign(board, chart, teams, noise, seconds(), stop)
            if heat == 0.0:
                size = max(FEWEST, size - 1) if pivots > PIVOTS else min(market.teams, size + 1)
            if _standing(board) > best:
                best, held = _standing(board), board.orders[:, CHOSEN].copy()
                keep()
        _put_all(board, held)
        idle = 0 if best > before else idle + 1
        rounds += best == before


def _standing(board: Board) -> tuple[int, int]:
    """How good the board is: first that nobody who must be matched is missing, then the value."""
    return -shortage(board), int(board.counters[TOTAL])


def _put_all(board: Board, held: Whole) -> None:
    """Go back to this choice."""
    changed = np.flatnonzero(board.orders[:, CHOSEN] != held)
    for order in changed[board.orders[changed, CHOSEN] >= 0].tolist():
        detach(board, order)
    for order in changed[held[changed] >= 0].tolist():
        attach(board, order, int(held[order]))
    settle(board)


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
    unit, columns = _unit(room), np.arange(len(offers))
    matrix: csc_array = coo_array(
        (
            np.concatenate([np.ones(len(offers)), market.use_load[offers] / unit]),
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
    lp.col_cost_ = value / _unit(market.offer_value)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(offers)), np.ones(len(offers))
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(offers)
    lp.row_lower_ = np.concatenate([(must & served).astype(float), np.full(len(teams), -np.inf)])
    lp.row_upper_ = np.concatenate([np.ones(len(orders)), room / unit])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data
    return lp


def _unit(amounts: Whole) -> float:
    """The power of two that brings these numbers to about ROUNDED."""
    largest = max(1.0, float(np.abs(amounts).max(initial=1)))
    return float(2.0 ** max(0.0, np.ceil(np.log2(largest / ROUNDED))))
