"""Paying an offer in whole fen from what the funds have left, under every rule of the funds."""

from __future__ import annotations

from marketplace.matching.decomposition.board import (
    CEILING,
    CHOSEN,
    FUND,
    HOLDER,
    LEFT,
    LIMIT,
    MINIMA,
    MINIMUM,
    ORDER,
    OWN,
    PAID,
    PRICE,
    PUBLIC,
    RATIO,
    ROW,
    SHARE,
    SOURCE,
    SOURCES,
    Board,
    attach,
    pay,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import BASIS, Whole


@compiled
def cap(board: Board, fund: int, price: int, own: int) -> int:
    """The most `fund` may pay of `price` beside an own payment of `own`."""
    most = price * board.funds[fund, SHARE] // BASIS
    most = min(most, board.funds[fund, LIMIT])
    if board.funds[fund, RATIO] >= 0:
        most = min(most, own * board.funds[fund, RATIO] // BASIS)
    return int(most)


@compiled
def _fill(board: Board, order: int, price: int, own: int, lead: int, first: int, amounts: Whole) -> int:
    """Fill the order's sources by price; the source at `lead` (−1: none) gets `first` before all others. What is missing."""
    begin = board.orders[order, SOURCE]
    left = price - own - first
    room = price * board.counters[CEILING] // BASIS
    if lead >= 0 and board.funds[board.sources[board.ranked[lead], FUND], PUBLIC] != 0:
        room -= first
    if left < 0 or room < 0:
        return 1
    for place in range(begin, board.orders[order, SOURCES]):
        source = board.ranked[place]
        fund, row = board.sources[source, FUND], board.sources[source, ROW]
        most = min(cap(board, fund, price, own), board.funds[fund, LEFT])
        if row >= 0:
            most = min(most, board.rows[row, 0])
        given = 0
        if place == lead:
            if most < first:
                return 1
            given = first
            most -= first
        amount = min(most, left)
        if board.funds[fund, PUBLIC] != 0:
            amount = min(amount, room)
        if given + amount < board.funds[fund, MINIMUM]:
            amount = 0
        if board.funds[fund, PUBLIC] != 0:
            room -= amount
        left -= amount
        amounts[place - begin] = given + amount
    return left


@compiled
def plan(board: Board, offer: int, amounts: Whole) -> int:
    """What each ranked source of the (unpaid) order would pay for `offer`; returns the fen that are missing.

    First with all the own money there is; where that leaves a fund below its minimum grant, with one fund after the other
    given its minimum first and the own payment lowered to make room for it.
    """
    order, price = board.offers[offer, ORDER], board.offers[offer, PRICE]
    own = min(price, board.orders[order, OWN])
    missing = _fill(board, order, price, own, -1, 0, amounts)
    if missing == 0 or board.counters[MINIMA] == 0:
        return missing
    for lead in range(board.orders[order, SOURCE], board.orders[order, SOURCES]):
        least = board.funds[board.sources[board.ranked[lead], FUND], MINIMUM]
        if 0 < least <= price and _fill(board, order, price, min(own, price - least), lead, least, amounts) == 0:
            return 0
    return missing


@compiled
def carry_out(board: Board, offer: int, amounts: Whole) -> None:
    """Choose the offer and pay it as planned."""
    order = board.offers[offer, ORDER]
    begin = board.orders[order, SOURCE]
    attach(board, order, offer)
    for place in range(begin, board.orders[order, SOURCES]):
        pay(board, board.ranked[place], amounts[place - begin])


@compiled
def move(board: Board, source: int, other: int, wanted: int, really: bool) -> int:
    """Move up to `wanted` fen that `source` pays to another source of its order, within every rule; how much can move.

    Nothing is paid unless `really`, and then no more than the other fund has left.
    """
    order = board.sources[source, HOLDER]
    price = board.offers[board.orders[order, CHOSEN], PRICE]
    fund, to = board.sources[source, FUND], board.sources[other, FUND]
    row, has, paid = board.sources[other, ROW], board.sources[other, PAID], board.sources[source, PAID]
    more = min(wanted, paid - board.funds[fund, MINIMUM])  # never below the minimum grant
    if board.funds[to, RATIO] >= 0 or (board.funds[to, PUBLIC] != 0 and board.funds[fund, PUBLIC] == 0):
        own, public = price, 0
        for each in range(board.orders[order, SOURCE], board.orders[order, SOURCES]):
            own -= board.sources[each, PAID]
            if board.funds[board.sources[each, FUND], PUBLIC] != 0:
                public += board.sources[each, PAID]
        more = min(more, cap(board, to, price, own) - has)
        if board.funds[to, PUBLIC] != 0 and board.funds[fund, PUBLIC] == 0:
            more = min(more, price * board.counters[CEILING] // BASIS - public)
    else:
        more = min(more, cap(board, to, price, 0) - has)
    if row >= 0:
        more = min(more, board.rows[row, 0])
    if really:
        more = min(more, board.funds[to, LEFT])
    if more <= 0 or has + more < board.funds[to, MINIMUM]:
        return 0
    if really:
        pay(board, other, has + more)
        pay(board, source, paid - more)
    return int(more)


@compiled
def shift(board: Board, source: int, wanted: int) -> int:
    """Move up to `wanted` fen that `source` pays to other sources of its order that have money left; how much moved."""
    order = board.sources[source, HOLDER]
    moved = 0
    for place in range(board.orders[order, SOURCE], board.orders[order, SOURCES]):
        if moved >= wanted:
            break
        other = board.ranked[place]
        if other != source and board.funds[board.sources[other, FUND], LEFT] > 0:
            moved += move(board, source, other, wanted - moved, True)
    return moved
