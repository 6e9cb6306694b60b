"""Why orders of a large standing answer are unmatched, all at once; and what it would take, told only after it was tried.

Prices explain at no cost: an offer's value falls short of what its teams' time and its money cost there. But prices are
estimates for one order: so a remedy is told only when, with it, a better answer that matches the order was really found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    FIRST,
    LAST,
    OWN,
    PRICE,
    SOURCE,
    SOURCES,
    VALUE,
)
from marketplace.matching.decomposition.market import Real, Whole
from marketplace.matching.decomposition.rehearsal import rehearsed
from marketplace.matching.decomposition.standing import Standing
from marketplace.matching.decomposition.touch import force_order

WIDER, WIDENED = 1.5, 12  # a remedy that was tried in vain is widened so much, so often


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A row for each unmatched order that has an offer: its best offer at the present prices, that offer's value, and what
    its teams' `time` and its `money` cost there. `short` = time + money − value where that is positive; else it would pay,
    but in whole offers and fen nobody found room for it."""

    order: Whole
    offer: Whole
    value: Whole
    time: Real
    money: Real
    short: Real


def why_nots(standing: Standing) -> WhyNot:
    """The reasons of all unmatched orders, in the rows of the problem (newcomers' offers as in `arrays()`)."""
    board = standing.board
    waits = np.flatnonzero((board.orders[:, CHOSEN] < 0) & (board.orders[:, FIRST] < board.orders[:, LAST]))
    best = board.liked[board.orders[waits, FIRST]]
    value, net, worth = board.offers[best, VALUE], board.net[best], board.guide[best]
    return WhyNot(waits, standing.rows_of(best), value, net - worth, value - net, np.maximum(0.0, -worth))


def would_take(standing: Standing, order: int) -> int | None:
    """Own fen beyond what the enterprise has with which a better answer matches the order; None when none was found, and for
    an order that cannot be tried because it must be matched, counts for a floor or has an offer that conflicts with another.

    The first guess is what the shortfall costs at the price of the order's dearest money; it is widened until the order, come
    again with so much more, is matched in a rehearsal, or until its offers need no fund at all.
    """
    board = standing.board
    if board.orders[order, CHOSEN] >= 0 or board.orders[order, FIRST] == board.orders[order, LAST]:
        return None
    best = board.liked[board.orders[order, FIRST]]
    own, price = int(board.orders[order, OWN]), int(board.offers[best, PRICE])
    rate = float(board.money[board.orders[order, SOURCE] : board.orders[order, SOURCES]].max(initial=0.0))
    short = max(0.0, -float(board.guide[best]))
    guess = int(1.02 * short / rate) + 1 if rate > 0 else price // 50 + 1
    most = max(
        0, int(board.offers[board.liked[board.orders[order, FIRST] : board.orders[order, LAST]], PRICE].max()) - own
    )
    for _ in range(WIDENED):
        more = min(most, guess)
        if more <= 0:
            return None
        if _holds(standing, order, own + more):
            return more
        if more == most:
            return None
        guess = int(guess * WIDER) + 1
    return None


def _holds(standing: Standing, order: int, own: int) -> bool:
    """Whether a better answer with the order was found when it had `own` fen: a quick look, then a rehearsal."""
    board, before = standing.board, int(standing.board.orders[order, OWN])
    board.orders[order, OWN] = own
    gain = force_order(board, standing.scratch, order, standing.missing, False)
    board.orders[order, OWN] = before
    if gain <= 0:
        return False
    try:
        return rehearsed(standing, order, own)
    except ValueError:  # it cannot come again, so nothing was tried and nothing can be told
        return False
