"""Room on a board for orders that come later: blank rows at the end of every table, filled one order at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    FIRST,
    FUND,
    LAST,
    ORDER,
    SOURCE,
    SOURCES,
    USE,
    USES,
    Board,
    settle,
)
from marketplace.matching.decomposition.market import BASIS, COST_UNIT, Market, Real, Whole
from marketplace.matching.decomposition.payment import carry_out
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


def in_order(offer: NewOffer) -> NewOffer:
    """Its teams by their rows, as the certificate counts them."""
    return offer._replace(uses=dict(sorted(offer.uses.items())))


def teams_of(come: Newcomer) -> list[int]:
    """The teams that a newcomer's offers use."""
    return sorted({team for offer in come.offers for team in offer.uses})


def grown(board: Board, spare: int) -> Board:
    """The same board with blank rows for `spare` more orders; it takes the given one apart, so that memory holds it once."""
    tables: dict[str, np.ndarray] = board._asdict()
    del board
    orders, offers, uses, sources = (len(tables[name]) for name in ("orders", "offers", "uses", "sources"))
    funds = len(tables["funds"])
    blank = {"orders": (spare, 0), "offers": (spare * OFFERS, 0), "uses": (spare * OFFERS * USES_EACH, -1)}
    blank |= {"sources": (spare * funds, 0), "guide": (spare * OFFERS, 0), "net": (spare * OFFERS, 0)}
    blank |= {"money": (spare * funds, 0), "asked": (spare, 0)}
    for name, (rows, value) in blank.items():
        table = tables[name]
        tables[name] = np.concatenate([table, np.full((rows, *table.shape[1:]), value, table.dtype)])
        del table
    tables["ranked"] = np.concatenate([tables["ranked"], sources + np.arange(spare * funds)])
    tables["liked"] = np.concatenate([tables["liked"], offers + np.arange(spare * OFFERS)])
    late, offered = tables["orders"][orders:], tables["offers"][offers:]
    late[:, CHOSEN] = -1
    late[:, FIRST] = late[:, LAST] = offers + OFFERS * np.arange(spare)
    late[:, SOURCE] = late[:, SOURCES] = sources + funds * np.arange(spare)
    offered[:, USE] = offered[:, USES] = uses + USES_EACH * np.arange(spare * OFFERS)
    return Board(**tables)


class Priced(NamedTuple):
    """A newcomer at whole prices: what a fen of each of its funds costs (`rate`), the cheapest payment of each offer (None: it
    cannot be paid), what the teams' time costs in value units, the profit of each and whether it can take part in an answer,
    and the order's own price. All but `time` in 1/scale value units."""

    rate: list[int]
    cost: list[int | None]
    time: list[float]
    profit: list[int]
    able: list[bool]
    asked: int


def priced(market: Market, come: Newcomer, fund: Whole, team: Real, scale: int) -> Priced:
    """A newcomer at a certificate's prices of funds (in 1/scale value units per fen) and of teams."""
    rate = [int(fund[f]) + int(market.fund_cost[f]) * (scale // COST_UNIT) for f in come.funds]
    cost = [cheapest(market, come, offer.price, rate) for offer in come.offers]
    time = [sum(float(team[t]) * load for t, load in offer.uses.items()) for offer in come.offers]
    able = [each is not None and offer.value > 0 for each, offer in zip(cost, come.offers, strict=True)]
    profit = [offer.value * scale - (each or 0) for offer, each in zip(come.offers, cost, strict=True)]
    best = max((p - int(t * scale) for p, t, good in zip(profit, time, able, strict=True) if good), default=0)
    return Priced(rate, cost, time, profit, able, max(0, best))


def enter(board: Board, order: int, come: Newcomer, at: Priced, scale: int) -> None:
    """Write a new order, its sources and its offers into the blank rows."""
    row, price = board.orders[order], np.array(at.rate) / scale
    row[0] = come.own
    board.asked[order] = at.asked / scale
    rank = np.argsort(price, kind="stable")
    row[SOURCES] = row[SOURCE] + len(come.funds)
    for place, which in enumerate(rank.tolist()):
        source = row[SOURCE] + place
        board.sources[source] = order, come.funds[which], -1, 0
        board.money[source] = price[which]
    row[LAST] = row[FIRST] + len(come.offers)
    for number, offer in enumerate(come.offers):
        where = row[FIRST] + number
        begin = board.offers[where, USE]
        board.offers[where] = order, offer.price, offer.value, begin, begin + len(offer.uses)
        cost = at.cost[number]
        board.net[where] = offer.value - (float("inf") if cost is None else cost / scale)
        board.guide[where] = board.net[where] - at.time[number]
        for use, (team, load) in enumerate(offer.uses.items(), int(begin)):
            board.uses[use] = where, team, load, -1, -1
    liked = np.argsort(-board.guide[row[FIRST] : row[LAST]], kind="stable")
    board.liked[row[FIRST] : row[LAST]] = row[FIRST] + liked


def take(board: Board, offer: int, pay: Mapping[int, int]) -> None:
    """Choose an offer of an unmatched order for good, paid in fen by fund."""
    order = board.orders[board.offers[offer, ORDER]]
    ranked = board.ranked[order[SOURCE] : order[SOURCES]]
    carry_out(board, offer, np.array([pay.get(int(fund), 0) for fund in board.sources[ranked, FUND]], np.int64))
    settle(board)


def wipe(board: Board, order: int) -> None:
    """Make an order's rows blank again."""
    row = board.orders[order]
    row[LAST], row[SOURCES] = row[FIRST], row[SOURCE]


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
