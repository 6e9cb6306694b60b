"""The proof that comes with a large solution: whole-number prices, from which anybody can recompute the upper bound.

`certify` rounds the prices of the team-side dual (decomposition/team_dual) to whole units of 1/scale value and evaluates
the dual there in exact integers. Rounding moves the point, not the truth: every point proves a bound.
`recheck` computes the same bound again from the problem and these numbers, with none of this code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from marketplace.matching.decomposition.knapsack import by_team
from marketplace.matching.decomposition.market import (
    COST_UNIT,
    Index,
    Market,
    Real,
    Whole,
    caps,
    own_payment,
    public_room,
)
from marketplace.matching.decomposition.pricing import ranked_sources
from marketplace.matching.decomposition.team_dual import Items, TeamPrices, fill_all
from marketplace.matching.encoding import Arrays

FORMAT = "tripool-certificate/1"
EXACT = 2**53  # whole numbers below this are exact in floating point, which the knapsacks compute in
BLOCK = 400_000  # offers priced at once, to keep the work space small


@dataclass(frozen=True, slots=True)
class Certificate:
    """Prices in 1/scale value units: per fen of each fund, per fen of each (enterprise, fund) limit in `row_*`, per required
    match of each group, per order (`order`); `split_*` moves part of an offer's profit to a resource (a team's row, or the
    number of teams plus a conflict's row). `bound` is what they prove, in value units."""

    scale: int
    bound: Fraction
    fund: Whole
    row_enterprise: Whole
    row_fund: Whole
    row_price: Whole
    group: Whole
    order: Whole
    split_offer: Whole
    split_resource: Whole
    split_amount: Whole

    def to_json(self) -> dict[str, Any]:
        """The certificate as JSON holds it; the bound as a fraction in text."""
        told: dict[str, Any] = {"format": FORMAT, "scale": self.scale, "bound": str(self.bound)}
        for name in (
            "fund",
            "row_enterprise",
            "row_fund",
            "row_price",
            "group",
            "order",
            "split_offer",
            "split_resource",
            "split_amount",
        ):
            told[name] = getattr(self, name).tolist()
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Certificate:
        """Read what `to_json` wrote; raises KeyError or ValueError on anything else."""
        columns = {
            name: np.array(told[name], dtype=np.int64) for name in cls.__slots__ if name not in ("scale", "bound")
        }
        return cls(scale=int(told["scale"]), bound=Fraction(told["bound"]), **columns)

    def split_of(self, market: Market, arrays: Arrays) -> Whole:
        """What `split_*` moves to each use of the market."""
        if not len(self.split_offer):
            return np.zeros(len(market.use_offer), np.int64)
        width = len(arrays.team_capacity) + len(arrays.conflict_a) + 1
        keys = (self.split_offer * width + self.split_resource).tolist()
        moved = dict(zip(keys, self.split_amount.tolist(), strict=True))
        every = np.arange(len(market.use_offer))
        own = market.offer_row[market.use_offer].astype(np.int64) * width + _resource_row(market, every)
        return np.array([moved.get(key, 0) for key in own.tolist()], np.int64)


def certify(arrays: Arrays, market: Market, at: TeamPrices, threads: int) -> Certificate:
    """The certificate at the rounded point; `market` must hold every offer that can take part in a solution."""
    scale = _scale(market)
    fund, row, group, order, split = (_rounded(each, scale) for each in (at.fund, at.row, at.group, at.order, at.split))
    order = np.where(market.order_must, order, np.maximum(order, 0))
    split = _whole_split(market, split)
    worth = team_worth(market, profit_parts(market, scale, fund, row, group, order, split), threads)
    total = sum(order.tolist()) + sum(worth) + _product(fund, market.fund_budget) + _product(row, market.row_limit)
    total -= _product(group, market.group_least)
    several = np.flatnonzero(split != 0)
    return Certificate(
        scale=scale,
        bound=whole_bound(Fraction(total, scale), bool(market.fund_cost.any())),
        fund=fund,
        row_enterprise=_row_enterprise(arrays, market),
        row_fund=market.row_fund.astype(np.int64),
        row_price=row,
        group=group,
        order=order,
        split_offer=market.offer_row[market.use_offer[several]].astype(np.int64),
        split_resource=_resource_row(market, several),
        split_amount=split[several],
    )


def profit_parts(
    market: Market, scale: int, fund: Whole, row: Whole, group: Whole, order: Whole, split: Whole
) -> Whole:
    """Each use's part of its offer's profit at whole prices, in 1/scale value units."""
    bonus = np.zeros(market.orders, np.int64)
    np.add.at(bonus, np.repeat(np.arange(market.orders), np.diff(market.group_start)), group[market.order_group])
    profit = market.offer_value * scale + (bonus - order)[market.offer_order] - exact_costs(market, scale, fund, row)
    return _parts(market, profit, split)


def whole_bound(proved: Fraction, money_costs: bool) -> Fraction:
    """The greatest objective not above the proved bound: objectives are whole, or millionths where money has a cost."""
    return Fraction(int(proved * COST_UNIT // 1), COST_UNIT) if money_costs else Fraction(int(proved // 1))


def exact_costs(market: Market, scale: int, fund: Whole, row: Whole) -> Whole:
    """The least cost of every offer's need in 1/scale value units, at whole prices, over whole fen."""
    price = (market.fund_cost * (scale // COST_UNIT) + fund)[market.source_fund]
    price += np.concatenate([row, [0]])[market.source_row]
    ranked = ranked_sources(market, price)
    costs = np.zeros(market.offers, np.int64)
    for begin in range(0, market.offers, BLOCK):
        offers = np.arange(begin, min(begin + BLOCK, market.offers))
        order = market.offer_order[offers]
        left, room = market.offer_price[offers] - own_payment(market, offers), public_room(market, offers)
        counts = np.diff(market.source_start)[order]
        for place in range(int(counts.max(initial=0))):
            open_ = np.flatnonzero((counts > place) & (left > 0))
            source = ranked[market.source_start[order[open_]] + place]
            amount = np.minimum(left[open_], caps(market, offers[open_], source))
            public = market.fund_public[market.source_fund[source]]
            amount = np.where(public, np.minimum(amount, room[open_]), amount)
            room[open_] -= np.where(public, amount, 0)
            left[open_] -= amount
            costs[offers[open_]] += amount * price[source]
    return costs


def _scale(market: Market) -> int:
    """A power of ten so fine that rounding costs nothing and so coarse that a knapsack's sums stay exact."""
    largest = int(np.abs(market.offer_value).max(initial=1))
    exponent = 6
    while exponent < 15 and largest * 10 ** (exponent + 1) <= 10**14:
        exponent += 1
    return int(10**exponent)


def _rounded(price: Real, scale: int) -> Whole:
    whole: Whole = np.rint(np.clip(price * scale, -(2.0**61), 2.0**61)).astype(np.int64)
    return whole


def _whole_split(market: Market, split: Whole) -> Whole:
    """The split with the first use of every offer left out: it gets what remains of the profit."""
    first = market.use_start[:-1][np.diff(market.use_start) > 0]
    whole = np.where(np.diff(market.use_start)[market.use_offer] > 1, split, 0)
    whole[first] = 0
    return whole


def _parts(market: Market, profit: Whole, split: Whole) -> Whole:
    """Each use's part of its offer's profit: an equal part plus its split; the first use gets what remains."""
    count = np.diff(market.use_start)
    part = (profit // np.maximum(1, count))[market.use_offer] + split
    first = market.use_start[:-1][count > 0]
    given = np.zeros(market.offers, np.int64)
    np.add.at(given, market.use_offer, part)
    part[first] += (profit - given)[market.use_offer[first]]
    return part


def team_worth(market: Market, part: Whole, threads: int) -> list[int]:
    """Each resource's best filling in whole units (or the next whole number above a fractional bound)."""
    paying = np.flatnonzero(part > 0)
    team: Index = market.use_team[paying]
    rank, start = by_team(team, len(market.team_capacity))
    load, profit = market.use_load[paying][rank], part[paying][rank]
    # Where everything fits nothing need be chosen: whole numbers add up exactly whatever their size.
    total_load, total = np.zeros(len(start) - 1, np.int64), np.zeros(len(start) - 1, np.int64)
    np.add.at(total_load, team[rank], load)
    np.add.at(total, team[rank], profit)
    tight = total_load > market.team_capacity
    worth: list[int] = np.where(tight, 0, total).tolist()
    if (total[tight] >= EXACT).any():
        raise OverflowError("values too large for an exact certificate")
    keep = tight[team[rank]]
    start = np.concatenate([[0], np.cumsum(np.where(tight, np.diff(start), 0))])
    items = Items(start, np.zeros(0, np.int32), profit[keep].astype(float), load[keep])
    _, best = fill_all(items._replace(use=np.zeros(int(keep.sum()), np.int32)), market.team_capacity, threads)
    for each in np.flatnonzero(tight):
        worth[each] = int(np.ceil(best[each]))
    return worth


def _product(price: Whole, amount: Whole) -> int:
    return sum(p * a for p, a in zip(price.tolist(), amount.tolist(), strict=True))


def _row_enterprise(arrays: Arrays, market: Market) -> Whole:
    """The enterprise code of every shared limit."""
    found = np.zeros(len(market.row_limit), np.int64)
    used = np.flatnonzero(market.source_row >= 0)
    order = np.searchsorted(market.source_start, used, side="right") - 1
    found[market.source_row[used]] = arrays.order_enterprise[order]
    return found


def _resource_row(market: Market, uses: Whole) -> Whole:
    """A team's row as it is; a conflict's place among all conflicts of the input, after the teams."""
    resource = market.use_team[uses].astype(np.int64)
    beyond = (resource >= market.teams) & (resource < market.teams + len(market.conflict_row))
    resource[beyond] = market.teams + market.conflict_row[resource[beyond] - market.teams]
    return resource
