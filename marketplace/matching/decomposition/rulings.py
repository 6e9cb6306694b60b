"""Staff decide about one offer of a standing answer: lock it, forbid it, or leave it to the search again.

Each of these narrows or widens the problem by a few offers. Prices prove something about any choice of offers, so the
bound follows exactly: a locked offer's rivals leave the knapsacks, and come back as they were when it is released.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from marketplace.matching.decomposition.board import CHOSEN, FIRST, LAST, LOAD, MUST, ORDER, TEAM, USE, USES
from marketplace.matching.decomposition.room import OFFERS
from marketplace.matching.decomposition.standing import Lock, Standing
from marketplace.matching.decomposition.touch import vacate


def lock(standing: Standing, row: int) -> None:
    """The offer must be chosen from now on. Raises ValueError for one that can take part in no answer.

    When no room is found for it the standing answer claims nothing (`standing.holds`): then solve anew.
    """
    board, offer = standing.board, standing.offer_at(row)
    if offer >= 0 and standing.away[offer]:
        release(standing, row)
    if offer < 0 or standing.away[offer]:
        raise ValueError("an offer that can take part in no answer cannot be locked")
    if row in standing.locked:
        return
    order = int(board.offers[offer, ORDER])
    entry = board.orders[order]
    if entry[CHOSEN] not in (-1, offer):
        vacate(board, order)
    rivals = tuple(each for each in board.liked[entry[FIRST] : entry[LAST]].tolist() if each != offer)
    standing.locked[row] = Lock(rivals, int(entry[MUST]))
    entry[MUST] = 1  # the search gives up nothing that must be matched
    touched = standing.leave_out(order, rivals)
    standing.repair(touched, (order,))


def release(standing: Standing, row: int) -> None:
    """The offer is neither locked nor forbidden any more. Raises ValueError for what stood so before prices were found."""
    offer = standing.offer_at(row)
    if offer < 0:
        raise ValueError("this offer was left out when the prices were found")
    order = int(standing.board.offers[offer, ORDER])
    if row in standing.locked:
        held = standing.locked.pop(row)
        standing.board.orders[order, MUST] = held.must
        standing.repair(_let_in(standing, order, held.rivals), (order,))
    elif standing.away[offer] and order not in standing.gone:
        standing.repair(_let_in(standing, order, (offer,)), (order,))


def _let_in(standing: Standing, order: int, offers: Sequence[int]) -> list[int]:
    """Put offers that were left out back as they were; the teams whose knapsacks noticed."""
    board, touched = standing.board, set[int]()
    first, last = int(board.orders[order, FIRST]), int(board.orders[order, LAST])
    for offer in offers:
        standing.away[offer] = False
        uses = range(board.offers[offer, USE], board.offers[offer, USES])
        for use, (part, load) in zip(uses, standing.kept.pop(offer), strict=True):
            standing.part[use], board.uses[use, LOAD] = part, load
            touched.add(int(board.uses[use, TEAM]))
    late = order >= standing.problem.orders
    end = first + OFFERS if late else int(standing.market.order_start[order + 1])
    row = board.liked[first:end]
    back = np.isin(row, offers)
    inside = np.concatenate([row[: last - first], row[back]])
    outside = row[last - first :][~back[last - first :]]
    inside = inside[np.argsort(-board.guide[inside], kind="stable")]
    board.liked[first:end] = np.concatenate([inside, outside])
    board.orders[order, LAST] = first + len(inside)
    standing.recount(sorted(touched))
    return sorted(touched)
