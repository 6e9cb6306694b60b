"""The order-side dual: price money and teams, and let every order take its best offer.

For all prices λ, ρ, μ, ν ≥ 0, with Φ the cheapest payment of an offer's need,

    D_A = Σ_f λ_f budget_f + Σ_r ρ_r limit_r + Σ_t μ_t capacity_t − Σ_g ν_g least_g
          + Σ_o max(0, max_j [value_j + bonus_o − Σ_t μ_t load_jt − Φ_j(λ, ρ)])        (no 0 where o must be matched)

is at least the optimum; its minimum is the value of the tight linear relaxation (Geoffrion 1974).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marketplace.matching.decomposition.ascent import Adam
from marketplace.matching.decomposition.market import Market, Real, Whole, own_payment, ranges
from marketplace.matching.decomposition.pricing import Prices, Terms, best_offers

STEP, LAST = 0.2, 0.03
TELL = 10  # steps between two reports
FUND_START, TEAM_START = 1.5, 0.2  # in scaled units; too dear a start converges faster than too cheap a one


@dataclass(frozen=True, slots=True)
class OrderPrices:
    """Multipliers of one point of the order-side dual and the bound there (float: guides, does not prove)."""

    fund: Real
    row: Real
    team: Real
    group: Real
    bound: float

    def at(self, market: Market) -> Prices:
        return Prices(self.fund, self.row, self.team, bonus(market, self.group))


@dataclass(frozen=True, slots=True)
class Scales:
    """Typical sizes: value of an offer, value per fen, value per load unit."""

    value: float
    fund: float
    team: Real

    @staticmethod
    def of(market: Market) -> Scales:
        value = float(np.abs(market.offer_value).mean()) if market.offers else 1.0
        value = max(value, 1e-9)
        need = market.offer_price - own_payment(market, slice(None))
        positive = need[need > 0]
        fund = value / float(positive.mean()) if len(positive) else value
        real = market.use_team < market.teams
        load = float(market.use_load[real].mean()) if real.any() else 1.0
        team = np.full(len(market.team_capacity), value)  # a conflict's load is 1
        team[: market.teams] = value / max(load, 1e-9)
        return Scales(value, fund, team)


def bonus(market: Market, group: Real) -> Real:
    """Each order's Σ ν_g over its groups."""
    if not len(group):
        return np.zeros(market.orders)
    order = np.repeat(np.arange(market.orders), np.diff(market.group_start))
    return np.bincount(order, group[market.order_group], market.orders).astype(np.float64)


def start_prices(market: Market, scales: Scales) -> OrderPrices:
    team = np.zeros(len(market.team_capacity))
    team[: market.teams] = TEAM_START * scales.team[: market.teams]
    return OrderPrices(
        np.full(len(market.fund_budget), FUND_START * scales.fund),
        np.zeros(len(market.row_limit)),
        team,
        np.zeros(len(market.group_least)),
        np.inf,
    )


def descend(
    market: Market,
    terms: Terms,
    start: OrderPrices,
    scales: Scales,
    iterations: int,
    threads: int,
    stop: Callable[[], bool],
    hear: Callable[[float], None] = lambda _: None,
    stride: float = 1.0,
) -> OrderPrices:
    """The best point met in `iterations` steps from `start`; `stride` scales them, `hear` is told the best bound."""
    parts = [start.fund, start.row, start.team, start.group]
    sizes = np.cumsum([len(part) for part in parts])[:-1]
    scale = np.concatenate(
        [np.full(len(start.fund) + len(start.row), scales.fund), scales.team, np.full(len(start.group), scales.value)]
    )
    adam = Adam(np.concatenate(parts), scale, np.zeros(len(scale)), STEP * stride, iterations, LAST)
    best, choice = start, None
    for step in range(iterations):
        fund, row, team, group = np.split(adam.value, sizes)
        at = Prices(fund, row, team, bonus(market, group))
        choice, reduced, paid = best_offers(market, terms, at, threads, choice)
        floored = np.where(market.order_must, reduced, np.maximum(reduced, 0.0))
        bound = float(
            fund @ market.fund_budget
            + row @ market.row_limit
            + team @ market.team_capacity
            - group @ market.group_least
            + floored.sum()
        )
        if bound < best.bound:
            best = OrderPrices(fund, row, team, group, bound)
        if step % TELL == 0:
            hear(best.bound)
        if stop():
            break
        adam.move(_slack(market, choice, paid))
    return best


def _slack(market: Market, choice: Whole, paid: Real) -> Real:
    """What the chosen offers leave of every resource: a subgradient of the dual."""
    funds = np.bincount(market.source_fund, paid, len(market.fund_budget))
    rows = np.bincount(market.source_row + 1, paid, len(market.row_limit) + 1)[1:]
    taken = choice[choice >= 0]
    used = ranges(market.use_start[taken], market.use_start[taken + 1] - market.use_start[taken])
    teams = np.bincount(market.use_team[used], market.use_load[used], len(market.team_capacity))
    matched = np.repeat(choice >= 0, np.diff(market.group_start))
    groups = np.bincount(market.order_group[matched], minlength=len(market.group_least))
    return np.concatenate(
        [market.fund_budget - funds, market.row_limit - rows, market.team_capacity - teams, groups - market.group_least]
    )
