"""The team-side dual: price money and the right to be matched, and let every team fill itself exactly.

For λ, ρ, ν ≥ 0 and π_o ≥ 0 (free where o must be matched),

    D_B = Σ_o π_o + Σ_f λ_f budget_f + Σ_r ρ_r limit_r − Σ_g ν_g least_g + Σ_t KP_t
    KP_t = the best 0/1 knapsack of team t over profits value_j + bonus_o − Φ_j(λ, ρ) − π_o

is at least the optimum, and tighter than the linear relaxation because every knapsack is whole. A consortium's profit is
split over its teams; any split that sums to the profit is valid (Lagrangian decomposition, Guignard and Kim 1987).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.ascent import Adam
from marketplace.matching.decomposition.compiled import AVAILABLE, compiled, in_chunks
from marketplace.matching.decomposition.knapsack import fill_teams
from marketplace.matching.decomposition.market import Index, Market, Real, Whole
from marketplace.matching.decomposition.order_dual import OrderPrices, Scales, bonus
from marketplace.matching.decomposition.pricing import (
    BELOW,
    PRICE,
    SLACK,
    Terms,
    best_offers,
    cheapest,
    plain_costs,
    rank_sources,
    source_prices,
    widest_order,
)

# A fund's price moves faster, for its scale, than an order's: slower ones are what the bound then waits for.
ORDER_STEP, FUND_STEP = 0.02, 0.03
LAST, SETTLED = 0.1, 0.02  # the last step beside the first: wide enough to meet many prices; near the minimum
SAMPLES = 24
TELL = 10  # steps between two reports


@dataclass(frozen=True, slots=True)
class TeamPrices:
    """Multipliers of one point of the team-side dual; `split` is each use's share of its offer's profit beyond an equal
    part (it sums to 0 over an offer)."""

    order: Real
    fund: Real
    row: Real
    group: Real
    split: Real
    bound: float


@dataclass(frozen=True, slots=True)
class Ergodic:
    """Averages over the second half of an ascent: how often each offer was chosen, and the money prices met."""

    frequency: Real
    fund: Real  # samples × funds
    row: Real  # samples × rows


class Items(NamedTuple):
    """Uses whose share of the profit is positive, by team."""

    start: Whole
    use: Index
    profit: Real
    load: Whole


@compiled
def _paying_uses(
    market: Market,
    terms: Terms,
    source_price: Real,
    order_price: Real,
    split: Real,
    begin: int,
    end: int,
    use_out: Index,
    profit_out: Real,
) -> int:
    starts, use_start = market.order_start, market.use_start
    offer_price, offer_value = market.offer_price, market.offer_value
    widest = widest_order(market.source_start, begin, end)
    rank, sources, amounts = np.empty(widest, np.int64), np.empty((widest, 5)), np.empty(widest)
    at = use_start[starts[begin]]
    found = at
    for order in range(begin, end):
        first, last = market.source_start[order], market.source_start[order + 1]
        ready, lowest = False, 0.0
        funds, asked = float(market.order_own[order]), order_price[order]
        for offer in range(starts[order], starts[order + 1]):
            single = use_start[offer + 1] - use_start[offer] == 1
            profit = offer_value[offer] - asked
            if single and profit <= 0.0:
                continue
            if not ready:
                rank_sources(market.source_fund, source_price, first, last, terms, rank, sources)
                lowest = sources[0, PRICE] * BELOW if last > first else 0.0
                ready = True
            full = float(offer_price[offer])
            own = min(full, funds)
            if single and profit <= (full - own) * lowest:
                continue
            profit -= cheapest(full, own, terms.public_share, sources, last - first, amounts)
            for use in range(use_start[offer], use_start[offer + 1]):
                part = profit / (use_start[offer + 1] - use_start[offer]) + split[use]
                if part > 0.0:
                    use_out[found] = use
                    profit_out[found] = part
                    found += 1
    return int(found - at)


@compiled
def _sort_by_team(
    team: Index, load: Whole, use: Index, profit: Real, start: Whole, use_out: Index, profit_out: Real, load_out: Whole
) -> None:
    for item in range(len(use)):
        start[team[use[item]] + 1] += 1
    for each in range(1, len(start)):
        start[each] += start[each - 1]
    place = start.copy()
    for item in range(len(use)):
        where = place[team[use[item]]]
        place[team[use[item]]] += 1
        use_out[where] = use[item]
        profit_out[where] = profit[item]
        load_out[where] = load[use[item]]


@compiled
def _draw(
    market: Market, terms: Terms, source_price: Real, uses: Whole, begin: int, end: int, funds: Real, rows: Real
) -> None:
    """Add what the uses begin..end−1 of those chosen draw from every fund and row; each stands for its part of the offer."""
    source_fund, source_row, use_start = market.source_fund, market.source_row, market.use_start
    widest = widest_order(market.source_start, 0, len(market.order_own))
    rank, sources, amounts = np.empty(widest, np.int64), np.empty((widest, 5)), np.empty(widest)
    for item in range(begin, end):
        offer = market.use_offer[uses[item]]
        order = market.offer_order[offer]
        full = float(market.offer_price[offer])
        own = min(full, float(market.order_own[order]))
        if full - own < SLACK:
            continue
        part = 1.0 / (use_start[offer + 1] - use_start[offer])
        first, last = market.source_start[order], market.source_start[order + 1]
        rank_sources(source_fund, source_price, first, last, terms, rank, sources)
        cheapest(full, own, terms.public_share, sources, last - first, amounts)
        for place in range(last - first):
            funds[source_fund[rank[place]]] += part * amounts[place]
            if source_row[rank[place]] >= 0:
                rows[source_row[rank[place]]] += part * amounts[place]


def _drawn(market: Market, terms: Terms, source_price: Real, uses: Whole, threads: int) -> tuple[Real, Real]:
    """What the chosen uses draw from every fund and every row."""

    def work(begin: int, end: int) -> tuple[Real, Real]:
        funds, rows = np.zeros(len(market.fund_budget)), np.zeros(len(market.row_limit))
        _draw(market, terms, source_price, uses, begin, end, funds, rows)
        return funds, rows

    # Sums of the parts in their sequence: the same bits whatever the number of threads.
    parts = in_chunks(work, len(uses), threads)
    return sum((funds for funds, _ in parts), np.zeros(len(market.fund_budget))), sum(
        (rows for _, rows in parts), np.zeros(len(market.row_limit))
    )


def paying_items(
    market: Market, terms: Terms, source_price: Real, order_price: Real, split: Real, threads: int
) -> Items:
    """The uses with a positive part of the profit, by team and then by use."""
    if AVAILABLE:
        uses, profits = np.empty(len(market.use_offer), np.int32), np.empty(len(market.use_offer))

        def work(begin: int, end: int) -> slice:
            first = int(market.use_start[market.order_start[begin]])
            return slice(
                first, first + _paying_uses(market, terms, source_price, order_price, split, begin, end, uses, profits)
            )

        parts = in_chunks(work, market.orders, threads)
        use = np.concatenate([uses[part] for part in parts] or [uses])
        profit = np.concatenate([profits[part] for part in parts] or [profits])
    else:
        whole = market.offer_value - order_price[market.offer_order] - plain_costs(market, terms, source_price)
        each = (whole / np.maximum(1, np.diff(market.use_start)))[market.use_offer] + split
        use = np.flatnonzero(each > 0).astype(np.int32)
        profit = each[use]
    start = np.zeros(len(market.team_capacity) + 1, np.int64)
    items = Items(start, np.empty_like(use), np.empty_like(profit), np.empty(len(use), np.int64))
    _sort_by_team(market.use_team, market.use_load, use, profit, *items)
    return items


def fill_all(items: Items, capacity: Whole, threads: int) -> tuple[Whole, Real]:
    """Every team's best filling: 1 where an item is chosen, and the teams' worth."""
    chosen, worth = np.zeros(len(items.use), np.int64), np.zeros(len(capacity))
    in_chunks(
        lambda begin, end: fill_teams(items.start, items.profit, items.load, capacity, begin, end, chosen, worth),
        len(capacity),
        threads,
    )
    return chosen, worth


def start_from(market: Market, terms: Terms, prices: OrderPrices, threads: int) -> TeamPrices:
    """The point of the team-side dual that is at least as good as an order-side one: π_o = the order's reduced value, and
    a consortium's profit split in proportion to what its teams' time costs."""
    _, reduced, _ = best_offers(market, terms, prices.at(market), threads)
    order = np.where(market.order_must & np.isfinite(reduced), reduced, np.maximum(reduced, 0.0))
    cost = prices.team[market.use_team] * market.use_load
    parts = np.maximum(1, np.diff(market.use_start))
    mean = np.bincount(market.use_offer, cost, market.offers) / parts
    return TeamPrices(order, prices.fund, prices.row, prices.group, cost - mean[market.use_offer], np.inf)


def descend(
    market: Market,
    terms: Terms,
    start: TeamPrices,
    scales: Scales,
    iterations: int,
    threads: int,
    stop: Callable[[], bool],
    hear: Callable[[float], None] = lambda _: None,
    stride: float = 1.0,
    last: float = LAST,
) -> tuple[TeamPrices, Ergodic]:
    """The best point met in `iterations` steps from `start`, and averages over the second half of the way.

    `stride` scales the steps: less than 1 from a point that is good already; the step shrinks to `last` of the first.
    `hear` is told the best bound.
    """
    ascent = _Ascent(market, start, scales, iterations, stride, last)
    best, frequency = start, np.zeros(market.offers)
    counted, funds, rows = 0, [start.fund], [start.row]
    every = max(1, iterations // 2 // SAMPLES)
    for step in range(iterations):
        at = ascent.prices()
        source_price = source_prices(market, terms, at.fund, at.row)
        items = paying_items(market, terms, source_price, at.order - bonus(market, at.group), at.split, threads)
        chosen, worth = fill_all(items, market.team_capacity, threads)
        bound = float(
            at.order.sum()
            + at.fund @ market.fund_budget
            + at.row @ market.row_limit
            - at.group @ market.group_least
            + worth.sum()
        )
        if bound < best.bound:
            best = TeamPrices(at.order, at.fund, at.row, at.group, at.split, bound)
        if step % TELL == 0:
            hear(best.bound)
        used = np.sort(items.use[chosen != 0]).astype(np.int64)  # by offer, so that memory is read in one sweep
        if step >= iterations // 2:
            np.add.at(frequency, market.use_offer[used], ascent.part(used))
            counted += 1
            if step % every == 0:
                funds.append(at.fund)
                rows.append(at.row)
        if stop():
            break
        ascent.move(used, source_price, terms, threads)
    return best, Ergodic(frequency / max(1, counted), np.array(funds[-SAMPLES:]), np.array(rows[-SAMPLES:]))


class _Ascent:
    """The multipliers on their way, each kind with its own scale and step."""

    def __init__(
        self, market: Market, start: TeamPrices, scales: Scales, length: int, stride: float, last: float
    ) -> None:
        self.market, self.scales = market, scales
        top = np.full(market.orders, scales.value)
        np.maximum.at(top, market.offer_order, market.offer_value)
        funds, rows, groups = len(start.fund), len(start.row), len(start.group)
        self.several = np.flatnonzero(np.diff(market.use_start)[market.use_offer] > 1)
        scale = np.concatenate(
            [
                top,
                np.maximum(np.concatenate([start.fund, start.row]), 0.05 * scales.fund),
                np.full(groups + len(self.several), scales.value),
            ]
        )
        floor = np.concatenate(
            [
                np.where(market.order_must, -np.inf, 0.0),
                np.zeros(funds + rows + groups),
                np.full(len(self.several), -np.inf),
            ]
        )
        step = np.full(len(scale), ORDER_STEP)
        step[market.orders : market.orders + funds + rows] = FUND_STEP
        self.edges = np.cumsum([market.orders, funds, rows, groups])
        self.split = start.split
        self.adam = Adam(
            np.concatenate([start.order, start.fund, start.row, start.group, start.split[self.several]]),
            scale,
            floor,
            step * stride,
            length,
            last,
        )

    def prices(self) -> TeamPrices:
        order, fund, row, group, split = np.split(self.adam.value, self.edges)
        whole = self.split
        if len(split):
            whole = self.split.copy()
            whole[self.several] = split
        return TeamPrices(order, fund, row, group, whole, np.inf)

    def part(self, used: Whole) -> Real:
        """How much of its offer each use stands for."""
        if not len(self.several):
            return np.ones(len(used))
        first = self.market.use_offer[used]
        return 1.0 / (self.market.use_start[first + 1] - self.market.use_start[first])

    def move(self, used: Whole, source_price: Real, terms: Terms, threads: int) -> None:
        """One step against the subgradient: what the chosen uses leave of every order, fund, row and floor."""
        market = self.market
        matched = np.bincount(market.offer_order[market.use_offer[used]], self.part(used), market.orders)
        funds, rows = _drawn(market, terms, source_price, used, threads)
        groups = np.bincount(
            market.order_group, np.repeat(matched, np.diff(market.group_start)), len(market.group_least)
        )
        left = [1.0 - matched, market.fund_budget - funds, market.row_limit - rows, groups - market.group_least]
        if not len(self.several):
            self.adam.move(np.concatenate(left))
            return
        taken = np.zeros(len(market.use_offer))
        taken[used] = 1.0
        self.adam.move(np.concatenate([*left, self._centred(taken)[self.several]]))
        self._centre()

    def _centre(self) -> None:
        """Project the splits back to sum 0 over each offer, as the bound needs."""
        whole = np.zeros(len(self.market.use_offer))
        whole[self.several] = self.adam.x[self.edges[-1] :]
        self.adam.x[self.edges[-1] :] = self._centred(whole)[self.several]

    def _centred(self, each: Real) -> Real:
        market = self.market
        mean = np.bincount(market.use_offer, each, market.offers) / np.maximum(1, np.diff(market.use_start))
        centred: Real = each - mean[market.use_offer]
        return centred
