"""Room on a board for orders that come later: blank rows at the end of every table, filled one order at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    FIRST,
    LAST,
    SOURCE,
    SOURCES,
    USE,
    USES,
    Board,
)
from marketplace.matching.decomposition.market import BASIS, Market
from marketplace.matching.decomposition.search import Scratch
from marketplace.matching.decomposition.touch import TRIED, force_order

OFFERS, USES_EACH = 24, 4  # room for so many offers of a new order, of so many teams each


class NewOffer(NamedTuple):
    """What a team asks for a new order, what it is worth, and the load on each of its teams."""

    price: int
    value: int
    uses: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An order that came later: its own money, its offers, the funds open to it."""

    own: int
    offers: tuple[NewOffer, ...]
    funds: tuple[int, ...]


def grown(board: Board, spare: int) -> Board:
    """The same board with blank rows for `spare` more orders."""
    orders, offers, uses, sources = (len(each) for each in (board.orders, board.offers, board.uses, board.sources))
    funds = len(board.funds)

    def blank(table: np.ndarray, rows: int, value: int = 0) -> np.ndarray:
        return np.concatenate([table, np.full((rows, *table.shape[1:]), value, table.dtype)])

    grown_orders = blank(board.orders, spare)
    late = grown_orders[orders:]
    late[:, CHOSEN] = -1
    late[:, FIRST] = late[:, LAST] = offers + OFFERS * np.arange(spare)
    late[:, SOURCE] = late[:, SOURCES] = sources + funds * np.arange(spare)
    grown_offers = blank(board.offers, spare * OFFERS)
    grown_offers[offers:, USE] = grown_offers[offers:, USES] = uses + USES_EACH * np.arange(spare * OFFERS)
    return board._replace(
        orders=grown_orders,
        offers=grown_offers,
        uses=blank(board.uses, spare * OFFERS * USES_EACH, -1),
        sources=blank(board.sources, spare * funds, 0),
        ranked=np.concatenate([board.ranked, sources + np.arange(spare * funds)]),
        liked=np.concatenate([board.liked, offers + np.arange(spare * OFFERS)]),
        guide=blank(board.guide, spare * OFFERS),
        net=blank(board.net, spare * OFFERS),
        money=blank(board.money, spare * funds),
        asked=blank(board.asked, spare),
    )


def enter(
    board: Board, order: int, come: Newcomer, cost: Sequence[float], time: Sequence[float], price: np.ndarray
) -> None:
    """Write a new order, its sources and its offers into the blank rows; `price` is what each of its funds costs per fen."""
    row = board.orders[order]
    row[0] = come.own
    rank = np.argsort(price, kind="stable")
    row[SOURCES] = row[SOURCE] + len(come.funds)
    for place, which in enumerate(rank.tolist()):
        source = row[SOURCE] + place
        board.sources[source] = order, come.funds[which], -1, 0
        board.money[source] = price[which]
    row[LAST] = row[FIRST] + len(come.offers)
    for number, offer in enumerate(come.offers):
        at = row[FIRST] + number
        begin = board.offers[at, USE]
        board.offers[at] = order, offer.price, offer.value, begin, begin + len(offer.uses)
        board.net[at] = offer.value - cost[number]
        board.guide[at] = board.net[at] - time[number]
        for use, (team, load) in enumerate(offer.uses.items(), int(begin)):
            board.uses[use] = at, team, load, -1, -1
    liked = np.argsort(-board.guide[row[FIRST] : row[LAST]], kind="stable")
    board.liked[row[FIRST] : row[LAST]] = row[FIRST] + liked


def find_room(board: Board, scratch: Scratch, order: int, missing: float) -> None:
    """Force one of the order's offers in where that is worth it: some at a time, those of the highest guide first."""
    first, last = board.orders[order, FIRST], board.orders[order, LAST]
    liked = board.liked[first:last].copy()
    for turn in range(0, len(liked), TRIED):
        board.liked[first:last] = np.roll(liked, -turn)
        if force_order(board, scratch, order, missing, True) > 0 or board.orders[order, CHOSEN] >= 0:
            break
    board.liked[first:last] = liked


def cheapest(market: Market, come: Newcomer, price: int, rate: Sequence[int]) -> int | None:
    """The least cost of an offer's need at whole prices per fen (one for each fund); None when it cannot be paid."""
    own = min(price, come.own)
    left, cost = price - own, 0
    room = price if market.public_share < 0 else price * min(market.public_share, BASIS) // BASIS
    for at in sorted(range(len(come.funds)), key=lambda each: (rate[each], come.funds[each])):
        fund = come.funds[at]
        most = min(price * int(market.fund_share[fund]) // BASIS, int(market.fund_limit[fund]))
        if market.fund_match[fund] >= 0:
            most = min(most, own * int(market.fund_match[fund]) // BASIS)
        most = min(left, 0 if most < market.fund_least[fund] else most)
        if market.fund_public[fund]:
            most = min(most, room)
            room -= most
        left -= most
        cost += most * rate[at]
    return cost if left == 0 else None
