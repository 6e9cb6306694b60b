"""Local search in whole fen: force one offer in, throw out what is in its way, put back what still fits, keep or undo."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.board import (
    BEGIN,
    CHOSEN,
    CLOSE,
    END,
    FIRST,
    FUND,
    GROUP,
    GROUPS,
    HEAD,
    HOLDER,
    LAST,
    LEFT,
    LOAD,
    LOGGED,
    MUST,
    NEXT,
    OFFER,
    OPEN,
    ORDER,
    PAID,
    PRICED,
    SHORTAGE,
    SOURCE,
    SOURCES,
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
from marketplace.matching.decomposition.market import Whole
from marketplace.matching.decomposition.payment import carry_out, plan, shift

EJECTIONS = 6  # at most so many matches make way for one
LOOKED = 24  # payments of a short fund looked at for a shift
NEIGHBOURS = 4  # unmatched orders tried on every team that got room


class Scratch(NamedTuple):
    """Work space of one search."""

    amounts: Whole
    waiting: Whole  # orders to put back
    teams: Whole  # teams that got room


@compiled
def fits(board: Board, offer: int) -> bool:
    """Whether every team the offer uses has room for it."""
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        if board.uses[use, LOAD] > board.teams[board.uses[use, TEAM], LEFT]:
            return False
    return True


@compiled
def insert(board: Board, order: int, amounts: Whole) -> bool:
    """Match the unmatched order by the offer it likes best among those that fit and can be paid."""
    for place in range(board.orders[order, FIRST], board.orders[order, LAST]):
        offer = board.liked[place]
        if fits(board, offer) and plan(board, offer, amounts) == 0:
            carry_out(board, offer, amounts)
            return True
    return False


@compiled
def _weakest(board: Board, team: int, keep: int) -> int:
    """The use on `team` that gives least per load, with some noise; −1 when only `keep`'s order is there."""
    least, found = np.inf, -1
    use = board.teams[team, HEAD]
    while use >= 0:
        offer = board.uses[use, OFFER]
        if board.offers[offer, ORDER] != keep:
            rate = (0.7 + 0.6 * random(board.counters)) * board.offers[offer, 2] / board.uses[use, LOAD]
            if rate < least:
                least, found = rate, use
        use = board.uses[use, NEXT]
    return found


@compiled
def _make_room(board: Board, offer: int, order: int, waiting: Whole, teams: Whole, waits: int) -> int:
    """Eject matches until the offer fits its teams; how many orders wait then, −1 when it cannot be."""
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        team, load = board.uses[use, TEAM], board.uses[use, LOAD]
        while board.teams[team, LEFT] < load:
            weakest = _weakest(board, team, order)
            if weakest < 0 or waits >= EJECTIONS:
                return -1
            out = board.offers[board.uses[weakest, OFFER], ORDER]
            detach(board, out)
            waiting[waits] = out
            waits += 1
        teams[0] += 1
        teams[teams[0]] = team
    return waits


@compiled
def free_money(board: Board, order: int, missing: int, waiting: Whole, waits: int) -> int:
    """Shift or eject other payments from the order's funds until about `missing` fen are free; −1 when it cannot be."""
    for place in range(board.orders[order, SOURCE], board.orders[order, SOURCES]):
        fund = board.sources[board.ranked[place], FUND]
        begin, count = board.funds[fund, BEGIN], board.funds[fund, END] - board.funds[fund, BEGIN]
        weakest, least = -1, np.inf
        for _ in range(min(LOOKED, count)):
            source = board.by_fund[begin + int(random(board.counters) * count)]
            other = board.sources[source, HOLDER]
            paid = board.sources[source, PAID]
            if paid == 0 or other == order:
                continue
            if board.counters[LOGGED] > len(board.log) // 2:
                return -1
            missing -= shift(board, source, missing)
            if missing <= 0:
                return waits
            rate = board.offers[board.orders[other, CHOSEN], 2] / paid
            if board.sources[source, PAID] > 0 and rate < least:
                weakest, least = other, rate
        if weakest >= 0 and waits < EJECTIONS:
            for source in range(board.orders[weakest, SOURCE], board.orders[weakest, SOURCES]):
                if board.sources[source, FUND] == fund:
                    missing -= board.sources[source, PAID]
            detach(board, weakest)
            waiting[waits] = weakest
            waits += 1
            if missing <= 0:
                return waits
    return -1


@compiled
def _force(board: Board, offer: int, scratch: Scratch) -> int:
    """Choose `offer`, whatever has to leave; how many orders wait to be put back, −1 when it cannot be done."""
    order = board.offers[offer, ORDER]
    scratch.teams[0] = 0
    held = board.orders[order, CHOSEN]
    if held >= 0:
        for use in range(board.offers[held, USE], board.offers[held, USES]):
            scratch.teams[0] += 1
            scratch.teams[scratch.teams[0]] = board.uses[use, TEAM]
        detach(board, order)
    waits = _make_room(board, offer, order, scratch.waiting, scratch.teams, 0)
    for _ in range(3):
        if waits < 0:
            return -1
        missing = plan(board, offer, scratch.amounts)
        if missing == 0:
            carry_out(board, offer, scratch.amounts)
            return waits
        waits = free_money(board, order, missing, scratch.waiting, waits)
    return -1


@compiled
def _put_back(board: Board, waits: int, scratch: Scratch) -> None:
    """Match the ejected orders again where possible, and a few unmatched neighbours of the teams that got room."""
    full = len(board.log) - 2 * len(scratch.amounts) - 2  # beyond this the next insertion could not be taken back
    for place in range(waits):
        if board.counters[LOGGED] < full:
            insert(board, scratch.waiting[place], scratch.amounts)
    for place in range(1, scratch.teams[0] + 1):
        team = scratch.teams[place]
        begin, count = board.teams[team, OPEN], board.teams[team, CLOSE] - board.teams[team, OPEN]
        if board.teams[team, LEFT] <= 0:
            continue
        for _ in range(min(NEIGHBOURS, count)):
            use = board.by_team[begin + int(random(board.counters) * count)]
            order = board.offers[board.uses[use, OFFER], ORDER]
            if (
                board.orders[order, CHOSEN] < 0
                and board.uses[use, LOAD] <= board.teams[team, LEFT]
                and board.counters[LOGGED] < full
            ):
                insert(board, order, scratch.amounts)


@compiled
def _regret(board: Board, order: int) -> float:
    """How much worse off the order is than at its best offer; 0 for an order that is rightly unmatched."""
    begin, end = board.orders[order, FIRST], board.orders[order, LAST]
    if begin == end:
        return 0.0
    best, held = board.guide[board.liked[begin]], board.orders[order, CHOSEN]
    if held >= 0:
        return float(best - board.guide[held])
    if board.orders[order, MUST] != 0:
        return float(max(best, 1.0))
    for place in range(board.orders[order, GROUP], board.orders[order, GROUPS]):
        group = board.memberships[place]
        if board.groups[group, 1] < board.groups[group, 0]:
            return float(max(best, 1.0))
    return float(max(0.0, best))


@compiled
def improve(board: Board, scratch: Scratch, trials: int, weight: float, heat: float, missing: float) -> int:
    """Try `trials` forced insertions; a trial is kept if weight · guide + (1 − weight) · worth − missing · shortage rises,
    or falls by less than a random amount of about `heat`. How many were kept."""
    kept, orders = 0, len(board.orders)
    for _ in range(trials):
        order, tries = int(random(board.counters) * orders), 0
        while _regret(board, order) <= 1e-9 and tries < 20:
            order = int(random(board.counters) * orders)
            tries += 1
        begin, end = board.orders[order, FIRST], board.orders[order, LAST]
        if tries == 20 or begin == end:
            continue
        rank = int(-np.log(random(board.counters)) * 1.5)
        offer = board.liked[begin + min(rank, end - begin - 1)]
        if offer == board.orders[order, CHOSEN]:
            continue
        waits = _force(board, offer, scratch)
        if waits >= 0:
            _put_back(board, waits, scratch)
        gain = weight * board.change[PRICED] + (1.0 - weight) * board.change[WORTH] - missing * board.change[SHORTAGE]
        if waits >= 0 and gain > heat * np.log(random(board.counters)):
            settle(board)
            kept += 1
        else:
            take_back(board)
    return kept


@compiled
def fill(board: Board, scratch: Scratch, orders: Whole) -> int:
    """Match the unmatched among `orders`, in this sequence, wherever room and money are left; how many."""
    found = 0
    for place in range(len(orders)):
        order = orders[place]
        if board.orders[order, CHOSEN] < 0 and insert(board, order, scratch.amounts):
            if board.change[WORTH] > 0.0 or board.change[SHORTAGE] < 0:
                found += 1
                settle(board)
            else:
                take_back(board)
    return found


def scratch(board: Board) -> Scratch:
    """Work space wide enough for any order and offer of the board."""
    sources = int((board.orders[:, SOURCES] - board.orders[:, SOURCE]).max(initial=1))
    uses = int((board.offers[:, USES] - board.offers[:, USE]).max(initial=1))
    return Scratch(np.zeros(sources, np.int64), np.zeros(EJECTIONS + 1, np.int64), np.zeros(2 * uses + 2, np.int64))


def by_guide(board: Board) -> Whole:
    """Orders by the guide of their best offer, best first."""
    best = np.full(len(board.orders), -np.inf)
    np.maximum.at(best, board.offers[:, ORDER], board.guide)
    order: Whole = np.argsort(-best, kind="stable")
    return order
