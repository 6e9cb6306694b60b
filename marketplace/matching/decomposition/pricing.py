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
        return Terms(
            market.fund_share / BASIS,
            ratio,
            market.fund_limit.astype(float),
            market.fund_cost / COST_UNIT,
            market.fund_public.astype(np.int64),
            1.0 if market.public_share < 0 else min(1.0, market.public_share / BASIS),
        )


class Prices(NamedTuple):
    """Multipliers ≥ 0 in value units: per fen of a fund and of an (enterprise, fund) row, per load unit of a team, and
    the bonus of matching each order (from the floors of its groups)."""

    fund: Real
    row: Real
    team: Real
    bonus: Real


PRICE, SHARE, LIMIT, RATIO, PUBLIC = range(5)  # columns of an order's sources, dearest last


@compiled
def widest_order(starts: Whole, begin: int, end: int) -> int:
    """The most entries any of the rows begin..end−1 has, at least 1."""
    widest = 1
    for each in range(begin, end):
        widest = max(widest, starts[each + 1] - starts[each])
    return widest


@compiled
def rank_sources(funds: Index, price: Real, begin: int, end: int, terms: Terms, rank: Whole, sources: Real) -> None:
    """Write the sources begin..end−1 into `rank` by ascending price (row number on ties) and their rules into `sources`.

    Small arrays of one order at a time: a compiled function pays for every array it is given.
    """
    for k in range(begin, end):
        place = k - begin
        while place > 0 and price[rank[place - 1]] > price[k]:
            rank[place] = rank[place - 1]
            place -= 1
        rank[place] = k
    for place in range(end - begin):
        fund = funds[rank[place]]
        sources[place, PRICE] = price[rank[place]]
        sources[place, SHARE] = terms.share[fund]
        sources[place, LIMIT] = terms.limit[fund]
        sources[place, RATIO] = terms.match[fund]
        sources[place, PUBLIC] = terms.public[fund]


@compiled
def cheapest(full: float, own: float, public_share: float, sources: Real, count: int, paid: Real) -> float:
    """The least cost of paying `full` − `own` from the ranked sources; the amounts go to paid[0:count]."""
    left = full - own
    room = full * public_share
    cost = 0.0
    for place in range(count):
        amount = 0.0
        if left >= SLACK:
            amount = full * sources[place, SHARE]
            if sources[place, LIMIT] < amount:
                amount = sources[place, LIMIT]
            if sources[place, RATIO] >= 0.0 and own * sources[place, RATIO] < amount:
                amount = own * sources[place, RATIO]
            if left < amount:
                amount = left
            if sources[place, PUBLIC] != 0.0:
                if room < amount:
                    amount = room
                room -= amount
            left -= amount
            cost += amount * sources[place, PRICE]
        paid[place] = amount
    return cost


@compiled
def _best_offers(
    market: Market,
    terms: Terms,
    source_price: Real,
    prices: Prices,
    begin: int,
    end: int,
    best: Whole,
    reduced: Real,
    paid: Real,
) -> None:
    starts, offer_price, offer_value = market.order_start, market.offer_price, market.offer_value
    use_start, use_load, use_team, team_price = market.use_start, market.use_load, market.use_team, prices.team
    widest = widest_order(market.source_start, begin, end)
    rank, sources, amounts = np.empty(widest, np.int64), np.empty((widest, 5)), np.empty(widest)
    for order in range(begin, end):
        first, last = market.source_start[order], market.source_start[order + 1]
        rank_sources(market.source_fund, source_price, first, last, terms, rank, sources)
        lowest = sources[0, PRICE] * BELOW if last > first else 0.0
        funds, extra = float(market.order_own[order]), prices.bonus[order]
        top, choice = -np.inf, -1
        # Last time's best first: then most others are seen to be worse without pricing their payments.
        begins, ends = starts[order], starts[order + 1]
        hint = max(best[order], begins)
        for turn in range(begins - 1, ends):
            offer = hint if turn < begins else turn
            if offer >= ends or turn == hint:
                continue
            time = 0.0
            for use in range(use_start[offer], use_start[offer + 1]):
                time += use_load[use] * team_price[use_team[use]]
            full = float(offer_price[offer])
            own = min(full, funds)
            worth = offer_value[offer] + extra - time
            if worth - (full - own) * lowest >= top:
                worth -= cheapest(full, own, terms.public_share, sources, last - first, amounts)
                if worth > top or (worth == top and offer < choice):
                    top, choice = worth, offer
        best[order] = -1
        reduced[order] = top
        if choice >= 0 and (top > 0.0 or market.order_must[order]):
            best[order] = choice
            full = float(offer_price[choice])
            cheapest(full, min(full, funds), terms.public_share, sources, last - first, amounts)
            for place in range(last - first):
                paid[rank[place]] = amounts[place]


@compiled
def _offer_costs(market: Market, terms: Terms, source_price: Real, begin: int, end: int, costs: Real) -> None:
    starts, offer_price = market.order_start, market.offer_price
    widest = widest_order(market.source_start, begin, end)
    rank, sources, amounts = np.empty(widest, np.int64), np.empty((widest, 5)), np.empty(widest)
    for order in range(begin, end):
        first, last = market.source_start[order], market.source_start[order + 1]
        rank_sources(market.source_fund, source_price, first, last, terms, rank, sources)
        funds = float(market.order_own[order])
        for offer in range(starts[order], starts[order + 1]):
            full = float(offer_price[offer])
            costs[offer] = cheapest(full, min(full, funds), terms.public_share, sources, last - first, amounts)


def source_prices(market: Market, terms: Terms, fund: Real, row: Real) -> Real:
    """Price per fen of every source: the fund's cost of money, its budget price, its enterprise's price."""
    price: Real = (terms.cost + fund)[market.source_fund]
    if len(row):
        price += np.concatenate([row, [0.0]])[market.source_row]
    return price


def best_offers(
    market: Market, terms: Terms, prices: Prices, threads: int, hint: Whole | None = None
) -> tuple[Whole, Real, Real]:
    """Each order's best offer (−1: none pays), its reduced value (before any floor at 0), and what its sources pay.

    A `hint` (an earlier answer) only saves time.
    """
    source_price = source_prices(market, terms, prices.fund, prices.row)
    best = np.full(market.orders, -1) if hint is None or not AVAILABLE else hint.copy()
    reduced = np.full(market.orders, -np.inf)
    paid = np.zeros(len(market.source_fund))
    if AVAILABLE:
        in_chunks(
            lambda begin, end: _best_offers(market, terms, source_price, prices, begin, end, best, reduced, paid),
            market.orders,
            threads,
        )
        return best, reduced, paid
    time = np.zeros(market.offers)
    np.add.at(time, market.use_offer, market.use_load * prices.team[market.use_team])
    worth = market.offer_value + prices.bonus[market.offer_order] - time - plain_costs(market, terms, source_price)
    filled = np.flatnonzero(np.diff(market.order_start))
    if len(filled):
        reduced[filled] = np.maximum.reduceat(worth, market.order_start[filled])
        top = np.flatnonzero(worth == reduced[market.offer_order])
        order, first = np.unique(market.offer_order[top], return_index=True)
        taken = (reduced[order] > 0) | market.order_must[order]
        best[order[taken]] = top[first[taken]]
        plain_costs(market, terms, source_price, best[best >= 0], paid)
    return best, reduced, paid


def offer_costs(market: Market, terms: Terms, fund: Real, row: Real, threads: int) -> Real:
    """The least cost of every offer's need at the given prices of money."""
    source_price = source_prices(market, terms, fund, row)
    if not AVAILABLE:
        return plain_costs(market, terms, source_price)
    costs = np.empty(market.offers)
    in_chunks(lambda begin, end: _offer_costs(market, terms, source_price, begin, end, costs), market.orders, threads)
    return costs


def plain_costs(
    market: Market, terms: Terms, source_price: Real, offers: Whole | None = None, paid: Real | None = None
) -> Real:
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


def ranked_sources(market: Market, source_price: Real | Whole) -> Index:
    """All sources, each order's by ascending price (row number on ties)."""
    order = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    rank: Index = np.lexsort((source_price, order)).astype(np.int32)
    return rank
