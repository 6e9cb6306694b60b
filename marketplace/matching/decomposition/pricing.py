"""What an offer is worth at given prices: its value less the cheapest way to pay its need, less its teams' time.

The cheapest payment fills the sources by ascending price up to their caps; with the ceiling on public money the feasible
payments are the bases of a polymatroid, so this greedy choice is still exact (Edmonds 1970). It is a lower bound where a
fund has a minimum grant, which only makes the upper bound on the objective wider, never wrong.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.compiled import AVAILABLE, compiled, in_chunks
from marketplace.matching.decomposition.market import BASIS, COST_UNIT, Index, Market, Real, Whole

BELOW = 1.0 - 1e-12  # keeps a product below the sum it bounds, whatever the rounding
SLACK = 0.5  # fen: less than this left to pay is nothing


class Terms(NamedTuple):
    """The funding rules in floating point, as the guiding (never the proving) computations read them."""

    share: Real
    match: Real  # −1: no limit
    limit: Real
    cost: Real
    public: Whole
    public_share: float

    @staticmethod
    def of(market: Market) -> Terms:
        ratio = np.where(market.fund_match < 0, -1.0, market.fund_match / BASIS)
        return Terms(market.fund_share / BASIS, ratio, market.fund_limit.astype(float), market.fund_cost / COST_UNIT,
                     market.fund_public.astype(np.int64),
                     1.0 if market.public_share < 0 else min(1.0, market.public_share / BASIS))


class Prices(NamedTuple):
    """Multipliers ≥ 0 in value units: per fen of a fund and of an (enterprise, fund) row, per load unit of a team, and
    the bonus of matching each order (from the floors of its groups)."""

    fund: Real
    row: Real
    team: Real
    bonus: Real


@compiled
def rank_sources(market: Market, price: Real, order: int, rank: Whole) -> int:
    """Write the order's sources into `rank` by ascending price (row number on ties); how many there are."""
    begin, end = market.source_start[order], market.source_start[order + 1]
    for k in range(begin, end):
        place = k - begin
        while place > 0 and price[rank[place - 1]] > price[k]:
            rank[place] = rank[place - 1]
            place -= 1
        rank[place] = k
    return end - begin


@compiled
def cheapest(market: Market, terms: Terms, price: Real, offer: int, rank: Whole, count: int, paid: Real) -> float:
    """The least cost of the offer's need at the sources' prices; the amounts go to paid[0:count], ranked like `rank`."""
    full = float(market.offer_price[offer])
    own = min(full, float(market.order_own[market.offer_order[offer]]))
    left = full - own
    room = full * terms.public_share
    cost = 0.0
    for place in range(count):
        if left < SLACK:
            for later in range(place, count):
                paid[later] = 0.0
            break
        fund = market.source_fund[rank[place]]
        amount = min(left, full * terms.share[fund], terms.limit[fund])
        if terms.match[fund] >= 0.0:
            amount = min(amount, own * terms.match[fund])
        if terms.public[fund]:
            amount = min(amount, room)
            room -= amount
        paid[place] = amount
        left -= amount
        cost += amount * price[rank[place]]
    return cost


@compiled
def least(market: Market, price: Real, offer: int, rank: Whole, count: int) -> float:
    """A lower bound on `cheapest` at no effort: the whole need at the lowest price."""
    if count == 0:
        return 0.0
    need = market.offer_price[offer] - min(market.offer_price[offer], market.order_own[market.offer_order[offer]])
    return need * price[rank[0]] * BELOW


@compiled
def _best_offers(market: Market, terms: Terms, source_price: Real, prices: Prices, begin: int, end: int,
                 best: Whole, reduced: Real, paid: Real) -> None:
    widest = 1
    for order in range(begin, end):
        widest = max(widest, market.source_start[order + 1] - market.source_start[order])
    rank, amounts = np.empty(widest, np.int64), np.empty(widest)
    for order in range(begin, end):
        count = rank_sources(market, source_price, order, rank)
        top, choice = -np.inf, -1
        # Last time's best first: then most others are seen to be worse without pricing their payments.
        hint = max(best[order], market.order_start[order])
        for turn in range(market.order_start[order] - 1, market.order_start[order + 1]):
            offer = hint if turn < market.order_start[order] else turn
            if offer >= market.order_start[order + 1] or (turn == hint):
                continue
            time = 0.0
            for use in range(market.use_start[offer], market.use_start[offer + 1]):
                time += market.use_load[use] * prices.team[market.use_team[use]]
            worth = market.offer_value[offer] + prices.bonus[order] - time
            if worth - least(market, source_price, offer, rank, count) >= top:
                worth -= cheapest(market, terms, source_price, offer, rank, count, amounts)
                if worth > top or (worth == top and offer < choice):
                    top, choice = worth, offer
        best[order] = -1
        reduced[order] = top
        if choice >= 0 and (top > 0.0 or market.order_must[order]):
            best[order] = choice
            cheapest(market, terms, source_price, choice, rank, count, amounts)
            for place in range(count):
                paid[rank[place]] = amounts[place]


@compiled
def _offer_costs(market: Market, terms: Terms, source_price: Real, begin: int, end: int, costs: Real) -> None:
    widest = 1
    for order in range(begin, end):
        widest = max(widest, market.source_start[order + 1] - market.source_start[order])
    rank, amounts = np.empty(widest, np.int64), np.empty(widest)
    for order in range(begin, end):
        count = rank_sources(market, source_price, order, rank)
        for offer in range(market.order_start[order], market.order_start[order + 1]):
            costs[offer] = cheapest(market, terms, source_price, offer, rank, count, amounts)


def source_prices(market: Market, terms: Terms, fund: Real, row: Real) -> Real:
    """Price per fen of every source: the fund's cost of money, its budget price, its enterprise's price."""
    price: Real = (terms.cost + fund)[market.source_fund]
    if len(row):
        price += np.concatenate([row, [0.0]])[market.source_row]
    return price


def best_offers(market: Market, terms: Terms, prices: Prices, threads: int,
                hint: Whole | None = None) -> tuple[Whole, Real, Real]:
    """Each order's best offer (−1: none pays), its reduced value (before any floor at 0), and what its sources pay.

    A `hint` (an earlier answer) only saves time.
    """
    source_price = source_prices(market, terms, prices.fund, prices.row)
    best = np.full(market.orders, -1) if hint is None or not AVAILABLE else hint.copy()
    reduced = np.full(market.orders, -np.inf)
    paid = np.zeros(len(market.source_fund))
    if AVAILABLE:
        in_chunks(lambda begin, end: _best_offers(market, terms, source_price, prices, begin, end, best, reduced, paid),
                  market.orders, threads)
        return best, reduced, paid
    time = np.zeros(market.offers)
    np.add.at(time, market.use_offer, market.use_load * prices.team[market.use_team])
    worth = market.offer_value + prices.bonus[market.offer_order] - time - _plain_costs(market, terms, source_price)
    filled = np.flatnonzero(np.diff(market.order_start))
    if len(filled):
        reduced[filled] = np.maximum.reduceat(worth, market.order_start[filled])
        top = np.flatnonzero(worth == reduced[market.offer_order])
        order, first = np.unique(market.offer_order[top], return_index=True)
        taken = (reduced[order] > 0) | market.order_must[order]
        best[order[taken]] = top[first[taken]]
        _plain_costs(market, terms, source_price, best[best >= 0], paid)
    return best, reduced, paid


def offer_costs(market: Market, terms: Terms, fund: Real, row: Real, threads: int) -> Real:
    """The least cost of every offer's need at the given prices of money."""
    source_price = source_prices(market, terms, fund, row)
    if not AVAILABLE:
        return _plain_costs(market, terms, source_price)
    costs = np.empty(market.offers)
    in_chunks(lambda begin, end: _offer_costs(market, terms, source_price, begin, end, costs), market.orders, threads)
    return costs


def _plain_costs(market: Market, terms: Terms, source_price: Real, offers: Whole | None = None,
                 paid: Real | None = None) -> Real:
    """`cheapest` for many offers at once in plain NumPy, with the same operations in the same order."""
    offers = np.arange(market.offers) if offers is None else offers
    order = market.offer_order[offers]
    ranked = ranked_sources(market, source_price)
    full = market.offer_price[offers].astype(float)
    own = np.minimum(full, market.order_own[order])
    left, room, cost = full - own, full * terms.public_share, np.zeros(len(offers))
    counts = np.diff(market.source_start)[order]
    for place in range(int(counts.max(initial=0))):
        open_ = np.flatnonzero((counts > place) & (left >= SLACK))
        source = ranked[market.source_start[order[open_]] + place]
        fund = market.source_fund[source]
        amount = np.minimum(np.minimum(left[open_], full[open_] * terms.share[fund]), terms.limit[fund])
        ratio = terms.match[fund]
        amount = np.where(ratio >= 0.0, np.minimum(amount, own[open_] * ratio), amount)
        public = terms.public[fund] != 0
        amount[public] = np.minimum(amount[public], room[open_][public])
        room[open_] -= np.where(public, amount, 0.0)
        left[open_] -= amount
        cost[open_] += amount * source_price[source]
        if paid is not None:
            paid[source] = amount
    return cost


def ranked_sources(market: Market, source_price: Real) -> Index:
    """All sources, each order's by ascending price (row number on ties)."""
    order = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    rank: Index = np.lexsort((source_price, order)).astype(np.int32)
    return rank
