"""Repairs around one place of the board: some teams packed again, some orders forced in, a sum of exact fillings."""

from __future__ import annotations

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    CLOSE,
    FIRST,
    HOLDER,
    KEPT,
    LAST,
    LEFT,
    LOAD,
    LOGGED,
    OPEN,
    PAID,
    RANDOM,
    SHORTAGE,
    WORTH,
    Board,
    detach,
    settle,
    take_back,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.knapsack import fill
from marketplace.matching.decomposition.market import Real, Whole
from marketplace.matching.decomposition.payment import shift
from marketplace.matching.decomposition.repack import Bench, _apply, _gather, _ripple
from marketplace.matching.decomposition.search import Scratch, _force, _put_back

TRIED = 4  # offers of one order that are forced in by turns


@compiled
def filling_worth(board: Board, team: int, more: Whole, part: Whole, capacity: int) -> float:
    """The best filling of a team with the positive parts of profits (`more`: its uses that came later), or just above it."""
    begin, end = board.teams[team, OPEN], board.teams[team, CLOSE]
    profit, load = np.empty(end - begin + len(more)), np.empty(end - begin + len(more), np.int64)
    count = 0
    for place in range(end - begin + len(more)):
        use = board.by_team[begin + place] if place < end - begin else more[place - (end - begin)]
        if part[use] > 0 and board.uses[use, LOAD] <= capacity:
            profit[count], load[count] = float(part[use]), board.uses[use, LOAD]
            count += 1
    if count == 0:
        return 0.0
    space = np.empty((3, count), np.int64)
    return float(np.ceil(fill(profit, load, capacity, count, space[0], space[1], space[2])))


@compiled
def filling_worths(
    board: Board, teams: Whole, start: Whole, more: Whole, part: Whole, capacity: Whole, worth: Real
) -> None:
    """`filling_worth` of each of `teams`; its later uses are more[start[i]:start[i + 1]]."""
    for place in range(len(teams)):
        late = more[start[place] : start[place + 1]]
        worth[place] = filling_worth(board, teams[place], late, part, capacity[teams[place]])


@compiled
def pack_teams(board: Board, scratch: Scratch, bench: Bench, teams: Whole, missing: float) -> int:
    """Pack these teams anew, each with the ripples it makes; how many of them got better."""
    kept = 0
    for place in range(len(teams)):
        for trust in (0.0, 0.5):
            bench.queue[0], bench.waiting[0] = 0, 0
            count = _gather(board, teams[place], trust, False, bench)
            if count > 0:
                _apply(board, teams[place], count, scratch, bench)
            if board.counters[LOGGED] > board.counters[KEPT]:
                _ripple(board, scratch, bench, trust)
            if board.change[WORTH] - missing * board.change[SHORTAGE] > 1e-6:
                settle(board)
                kept += 1
            else:
                take_back(board)
    return kept


@compiled
def force_order(board: Board, scratch: Scratch, order: int, missing: float, keep: bool) -> float:
    """The most the worth rises when one of the order's best offers is forced in, done if `keep`; 0 if it cannot.

    A trial leaves the draws as they were: what it found is found again when it is done.
    """
    begin, end, draws = board.orders[order, FIRST], board.orders[order, LAST], board.counters[RANDOM]
    for place in range(begin, min(end, begin + TRIED)):
        offer = board.liked[place]
        if offer == board.orders[order, CHOSEN]:
            return 0.0
        waits = _force(board, offer, scratch)
        if waits >= 0:
            _put_back(board, waits, scratch)
        gain = board.change[WORTH] - missing * board.change[SHORTAGE]
        if waits >= 0 and gain > 1e-6 and board.orders[order, CHOSEN] >= 0:
            if keep:
                settle(board)
            else:
                take_back(board)
                board.counters[RANDOM] = draws
            return float(gain)
        take_back(board)
    if not keep:
        board.counters[RANDOM] = draws
    return 0.0


@compiled
def cover(board: Board, fund: int, payers: Whole) -> Whole:
    """Bring an overdrawn fund back to 0: shift its payments elsewhere, end the matches whose cannot be; −1 or those orders."""
    freed = np.full(len(payers), -1, np.int64)
    for turn in range(2):
        for place in range(len(payers)):
            source = payers[place]
            if board.funds[fund, LEFT] >= 0:
                return freed
            if board.sources[source, PAID] == 0:
                continue
            if turn == 0:
                shift(board, source, -board.funds[fund, LEFT])
            else:
                freed[place] = board.sources[source, HOLDER]
                detach(board, board.sources[source, HOLDER])
            settle(board)
    return freed


@compiled
def vacate(board: Board, order: int) -> None:
    """End the order's match, if any, for good."""
    if board.orders[order, CHOSEN] >= 0:
        detach(board, order)
        settle(board)
