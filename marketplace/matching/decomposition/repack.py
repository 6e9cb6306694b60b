"""Packing one team anew: the knapsack of the dual, solved for the board as it stands, then the ripples it makes.

Each offer of the team enters with what it would gain. `trust` says how far the dual's order prices are believed: at 0 an
order matched elsewhere is worth taking only if it gains at once; at 1 its present place counts as sure to be filled again,
and an order that loses its place as sure to find another.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    CLOSE,
    HEAD,
    KEPT,
    LEFT,
    LOAD,
    LOGGED,
    NEXT,
    OFFER,
    OPEN,
    ORDER,
    PRICED,
    SHORTAGE,
    TEAM,
    USE,
    USES,
    WORTH,
    Board,
    detach,
    random,
    settle,
    take_back,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.knapsack import fill as knapsack
from marketplace.matching.decomposition.market import Real, Whole
from marketplace.matching.decomposition.payment import carry_out, plan
from marketplace.matching.decomposition.search import EJECTIONS, Scratch, free_money, insert

RIPPLES = 12  # teams packed again after one


class Bench(NamedTuple):
    """Work space for packing one team."""

    uses: Whole
    loads: Whole
    profits: Real
    rank: Whole
    taken: Whole
    best: Whole
    queue: Whole  # teams that got room
    waiting: Whole  # orders that lost their place


@compiled
def _gather(board: Board, team: int, trust: float, only_free: bool, bench: Bench) -> int:
    """Write the team's packable offers with a gain into the bench; how many. Consortia stay where they are."""
    count, room = 0, board.teams[team, LEFT]
    if not only_free:
        use = board.teams[team, HEAD]
        while use >= 0:
            offer = board.uses[use, OFFER]
            if board.offers[offer, USES] - board.offers[offer, USE] == 1:
                room += board.uses[use, LOAD]
            use = board.uses[use, NEXT]
    for place in range(board.teams[team, OPEN], board.teams[team, CLOSE]):
        use = board.by_team[place]
        offer = board.uses[use, OFFER]
        if board.uses[use, LOAD] > room or board.offers[offer, USES] - board.offers[offer, USE] != 1:
            continue
        order = board.offers[offer, ORDER]
        held = board.orders[order, CHOSEN]
        gain = board.net[offer]
        if held >= 0 and held != offer:
            if only_free:
                continue
            now = board.net[held]
            gain -= now - trust * max(0.0, now - board.asked[order])
        else:
            gain -= trust * board.asked[order]
        if gain > 0.0:
            bench.uses[count] = use
            bench.loads[count] = board.uses[use, LOAD]
            bench.profits[count] = gain
            count += 1
    if count > 0:
        knapsack(bench.profits, bench.loads, room, count, bench.rank, bench.taken, bench.best)
    return count


@compiled
def _apply(board: Board, team: int, count: int, scratch: Scratch, bench: Bench) -> None:
    """Make the team hold what the bench says; orders without a place then wait, teams with new room queue."""
    for item in range(count):
        if bench.best[item] == 0:
            offer = board.uses[bench.uses[item], OFFER]
            order = board.offers[offer, ORDER]
            if board.orders[order, CHOSEN] == offer:
                _let_go(board, order, bench)
    use = board.teams[team, HEAD]
    while use >= 0:  # those that did not even enter the bench
        offer, after = board.uses[use, OFFER], board.uses[use, NEXT]
        if board.offers[offer, USES] - board.offers[offer, USE] == 1 and not _wanted(bench, count, use):
            _let_go(board, board.offers[offer, ORDER], bench)
        use = after
    for item in range(count):
        use = bench.uses[item]
        offer = board.uses[use, OFFER]
        order = board.offers[offer, ORDER]
        held = board.orders[order, CHOSEN]
        if bench.best[item] == 0 or held == offer:
            continue
        if held >= 0:
            for each in range(board.offers[held, USE], board.offers[held, USES]):
                if bench.queue[0] < RIPPLES:
                    bench.queue[0] += 1
                    bench.queue[bench.queue[0]] = board.uses[each, TEAM]
            detach(board, order)
        if board.uses[use, LOAD] > board.teams[team, LEFT]:
            continue
        missing = plan(board, offer, scratch.amounts)
        if missing > 0:
            waits = free_money(board, order, missing, scratch.waiting, 0)
            for place in range(max(waits, 0)):
                if bench.waiting[0] < len(bench.waiting) - 1:
                    bench.waiting[0] += 1
                    bench.waiting[bench.waiting[0]] = scratch.waiting[place]
            missing = plan(board, offer, scratch.amounts) if waits >= 0 else 1
        if missing == 0:
            carry_out(board, offer, scratch.amounts)
        elif bench.waiting[0] < len(bench.waiting) - 1:
            bench.waiting[0] += 1
            bench.waiting[bench.waiting[0]] = order


@compiled
def _wanted(bench: Bench, count: int, use: int) -> bool:
    for item in range(count):
        if bench.uses[item] == use:
            return bool(bench.best[item] != 0)
    return False


@compiled
def _let_go(board: Board, order: int, bench: Bench) -> None:
    detach(board, order)
    if bench.waiting[0] < len(bench.waiting) - 1:
        bench.waiting[0] += 1
        bench.waiting[bench.waiting[0]] = order


@compiled
def repack(
    board: Board,
    scratch: Scratch,
    bench: Bench,
    trials: int,
    most_trust: float,
    weight: float,
    heat: float,
    missing: float,
) -> int:
    """Pack `trials` random teams anew, each with the ripples it makes; keep what raises the worth, required matches first,
    or lowers it by less than a random amount of about `heat`. How many were kept."""
    kept, teams = 0, len(board.teams)
    for _ in range(trials):
        team = int(random(board.counters) * teams)
        trust = most_trust * random(board.counters)
        bench.queue[0], bench.waiting[0] = 0, 0
        count = _gather(board, team, trust, False, bench)
        if count > 0:
            _apply(board, team, count, scratch, bench)
        if board.counters[LOGGED] > board.counters[KEPT]:
            _ripple(board, scratch, bench, trust)
        gain = weight * board.change[PRICED] + (1.0 - weight) * board.change[WORTH] - missing * board.change[SHORTAGE]
        if gain > heat * np.log(random(board.counters)):
            settle(board)
            kept += 1
        else:
            take_back(board)
    return kept


@compiled
def _ripple(board: Board, scratch: Scratch, bench: Bench, trust: float) -> None:
    """Orders that lost their place look for another; teams that got room are packed again, from anywhere at first, at the
    end only from unmatched orders."""
    done = 0
    full = len(board.log) // 2
    while True:
        for place in range(1, bench.waiting[0] + 1):
            order = bench.waiting[place]
            if board.orders[order, CHOSEN] < 0 and board.counters[LOGGED] < full:
                insert(board, order, scratch.amounts)
        bench.waiting[0] = 0
        if done == bench.queue[0] or board.counters[LOGGED] >= full:
            return
        done += 1
        team = bench.queue[done]
        count = _gather(board, team, trust, done > RIPPLES // 2, bench)
        if count > 0:
            _apply(board, team, count, scratch, bench)


def bench(board: Board) -> Bench:
    """Work space wide enough for any team of the board."""
    width = int((board.teams[:, CLOSE] - board.teams[:, OPEN]).max(initial=1))
    return Bench(
        np.zeros(width, np.int64),
        np.zeros(width, np.int64),
        np.zeros(width),
        np.zeros(width, np.int64),
        np.zeros(width, np.int64),
        np.zeros(width, np.int64),
        np.zeros(RIPPLES + 1, np.int64),
        np.zeros(4 * EJECTIONS + 65, np.int64),
    )
