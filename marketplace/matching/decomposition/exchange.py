"""Carrying out a planned exchange of matches on the board, with the money moved to where it is needed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.board import (
    BEGIN,
    CHOSEN,
    END,
    FUND,
    HOLDER,
    LEFT,
    LOGGED,
    ORDER,
    PAID,
    SOURCE,
    SOURCES,
    Board,
    detach,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import Whole
from marketplace.matching.decomposition.payment import carry_out, move, plan
from marketplace.matching.decomposition.search import Scratch, fits, insert

ENOUGH = 2**60
ROUNDS, CHAINS = 4, 24  # chains of payments moved to make room for one match


class Chain(NamedTuple):
    """Work space: by which payment each fund was reached, how much can move there, and the funds in the order reached."""

    giver: Whole
    taker: Whole
    amount: Whole
    queue: Whole


@compiled
def _reach(board: Board, fund: int, order: int, wanted: int, chain: Chain, reached: int) -> int:
    """Enter every fund to which somebody could move a payment of `fund`, by the largest such move; how many are reached."""
    begin = reached
    for place in range(board.funds[fund, BEGIN], board.funds[fund, END]):
        source = board.by_fund[place]
        holder = board.sources[source, HOLDER]
        if board.sources[source, PAID] == 0 or holder == order:
            continue
        for other in range(board.orders[holder, SOURCE], board.orders[holder, SOURCES]):
            to = board.sources[other, FUND]
            if other == source or chain.amount[to] >= wanted:
                continue
            fresh = chain.amount[to] == 0
            more = move(board, source, other, wanted, False)
            if more > chain.amount[to]:
                if fresh:
                    chain.queue[reached] = to
                    reached += 1
                else:
                    late = False  # only funds reached from this one may be reached better
                    for each in range(begin, reached):
                        late = late or chain.queue[each] == to
                    if not late:
                        continue
                chain.giver[to], chain.taker[to], chain.amount[to] = source, other, more
    return reached


@compiled
def _draw(board: Board, order: int, missing: int, amounts: Whole, chain: Chain) -> int:
    """Move payments along one chain of funds, from one the order could draw on to one with money left; how much moved."""
    begin, end = board.orders[order, SOURCE], board.orders[order, SOURCES]
    chain.amount[:] = 0
    reached = 0
    for place in range(begin, end):
        fund = board.sources[board.ranked[place], FUND]
        if board.funds[fund, LEFT] == amounts[place - begin]:  # short of money, not of permission
            chain.queue[reached], chain.giver[fund], chain.amount[fund] = fund, -1, ENOUGH
            reached += 1
        else:
            chain.giver[fund], chain.amount[fund] = -1, ENOUGH
    at = 0
    while at < reached:
        fund = chain.queue[at]
        at += 1
        if chain.giver[fund] >= 0 and board.funds[fund, LEFT] > 0:
            least, to = min(missing, board.funds[fund, LEFT]), fund
            while chain.giver[to] >= 0:
                least = min(least, chain.amount[to])
                to = board.sources[chain.giver[to], FUND]
            to = fund
            while chain.giver[to] >= 0:
                least = min(least, move(board, chain.giver[to], chain.taker[to], least, True))
                to = board.sources[chain.giver[to], FUND]
            return int(least)
        reached = _reach(board, fund, order, missing, chain, reached)
    return 0


@compiled
def free(board: Board, order: int, missing: int, amounts: Whole, chain: Chain) -> bool:
    """Let others draw on other funds until the order, planned to take `amounts`, could have `missing` fen more."""
    for _ in range(CHAINS):
        if board.counters[LOGGED] > len(board.log) // 2:
            return False
        moved = _draw(board, order, missing, amounts, chain)
        if moved == 0:
            return False
        missing -= moved
        if missing <= 0:
            return True
    return False


@compiled
def exchange(board: Board, out: Whole, into: Whole, scratch: Scratch, chain: Chain) -> int:
    """End the matches of the orders `out`, then choose the offers `into`; how many of them could not be had.

    The caller settles or takes back.
    """
    failed = 0
    for place in range(len(out)):
        if board.orders[out[place], CHOSEN] >= 0:
            detach(board, out[place])
    for place in range(len(into)):
        order = board.offers[into[place], ORDER]
        if board.orders[order, CHOSEN] >= 0:
            detach(board, order)
    full = len(board.log) * 3 // 4
    for place in range(len(into)):
        offer = into[place]
        if not fits(board, offer) or board.counters[LOGGED] > full:
            failed += 1
            continue
        order = board.offers[offer, ORDER]
        missing = plan(board, offer, scratch.amounts)
        for _ in range(ROUNDS):
            if missing == 0 or not free(board, order, missing, scratch.amounts, chain):
                break
            missing = plan(board, offer, scratch.amounts)
        if missing == 0:
            carry_out(board, offer, scratch.amounts)
        else:
            failed += 1
    for place in range(len(into)):
        order = board.offers[into[place], ORDER]
        if board.orders[order, CHOSEN] < 0 and board.counters[LOGGED] <= full:
            insert(board, order, scratch.amounts)
    for place in range(len(out)):
        if board.orders[out[place], CHOSEN] < 0 and board.counters[LOGGED] <= full:
            insert(board, out[place], scratch.amounts)
    return failed


def chain(board: Board) -> Chain:
    """Work space for the board's funds."""
    funds = len(board.funds)
    return Chain(*(np.zeros(funds, np.int64) for _ in range(4)))
