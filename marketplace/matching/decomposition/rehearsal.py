"""Orders that come again: with another offer, for good; or with more money, tried out and taken back to the last draw.

What is tried is exactly what happens when the order is withdrawn and entered again: the same rows, the same repairs, the same
draws. So what was found in a rehearsal is found when it is carried out on the answer as it stands.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    FIRST,
    FUND,
    GROUP,
    GROUPS,
    LAST,
    LOAD,
    MUST,
    OWN,
    PAID,
    PRICE,
    SOURCE,
    SOURCES,
    TEAM,
    USE,
    USES,
    VALUE,
    end_rehearsal,
    rehearse,
)
from marketplace.matching.decomposition.market import ENDLESS, Whole
from marketplace.matching.decomposition.room import Newcomer, NewOffer, enter, take, teams_of, wipe
from marketplace.matching.decomposition.standing import Standing


def present_offers(standing: Standing, order: int) -> Whole:
    """The board's rows of the offers an order has now, in their sequence."""
    board = standing.board
    return np.sort(board.liked[board.orders[order, FIRST] : board.orders[order, LAST]])


def as_newcomer(standing: Standing, order: int) -> Newcomer:
    """The order as it could come again; raises ValueError for one that counts for a rule a newcomer cannot count for."""
    board, row = standing.board, standing.board.orders[order]
    if row[MUST] or row[GROUP] < row[GROUPS]:
        raise ValueError("the order must be matched, or counts for a floor")
    offers = []
    for offer in present_offers(standing, order).tolist():
        uses = board.uses[board.offers[offer, USE] : board.offers[offer, USES]]
        loads = {int(use[TEAM]): int(use[LOAD]) for use in uses if use[LOAD]}
        if any(team >= standing.market.teams for team in loads):
            raise ValueError("an offer of the order conflicts with another")
        offers.append(NewOffer(int(board.offers[offer, PRICE]), int(board.offers[offer, VALUE]), loads))
    sources = board.sources[row[SOURCE] : row[SOURCES]]
    return Newcomer(int(row[OWN]), tuple(offers), tuple(sources[:, FUND].tolist()))


def rehearsed(standing: Standing, order: int, own: int) -> bool:
    """Whether the unmatched order, entered again with `own` fen, would be matched in a better answer. Nothing changes.

    Raises ValueError for an order that cannot come again.
    """
    come = standing.admitted(replace(as_newcomer(standing, order), own=own))
    board, row, late = standing.board, standing.board.orders[order], standing.problem.orders + len(standing.newcomers)
    uses = _uses(standing, order)
    loads, last, worth = board.uses[uses, LOAD], row[LAST], standing.objective
    draw = rehearse(board)
    board.uses[uses, LOAD], row[LAST] = ENDLESS, row[FIRST]
    enter(board, late, come, standing.priced(come), standing.told.scale)
    standing.repair(teams_of(come), (late,))
    better = bool(board.orders[late, CHOSEN] >= 0) and standing.objective > worth
    end_rehearsal(board, draw)
    board.uses[uses, LOAD], row[LAST] = loads, last
    wipe(board, late)
    return better


def _uses(standing: Standing, order: int) -> Whole:
    offers = standing.board.offers[present_offers(standing, order)]
    return np.concatenate([np.arange(offer[USE], offer[USES]) for offer in offers])


def add_offer(standing: Standing, order: int, offer: NewOffer) -> tuple[int, list[int]]:
    """One more offer for an order, which therefore comes again with all it has: the match it holds, if any, is kept or bettered.

    Its new row, and the rows that its other offers had. Raises ValueError, and changes nothing, for an order with an offer that
    is locked or forbidden, or that cannot come again.
    """
    board, first = standing.board, int(standing.board.orders[order, FIRST])
    offers, late = present_offers(standing, order), order - standing.problem.orders
    end = standing.market.order_start[order + 1] if late < 0 else first + len(standing.newcomers[late].offers)
    if standing.away[first:end].any() or set(standing.rows_of(offers).tolist()) & set(standing.locked):
        raise ValueError("an offer of the order is locked or forbidden")
    before = as_newcomer(standing, order)
    come = standing.admitted(replace(before, offers=(*before.offers, offer)))
    held = int(board.orders[order, CHOSEN])
    paid = {
        int(s[FUND]): int(s[PAID]) for s in board.sources[board.orders[order, SOURCE] : board.orders[order, SOURCES]]
    }
    rows = standing.rows_of(offers).tolist()
    touched = standing.leave(order)
    late, teams = standing.enter(come)
    if held >= 0:
        take(board, int(board.orders[late, FIRST]) + offers.tolist().index(held), paid)
    standing.repair(sorted({*touched, *teams}), (late,))
    return late, rows
