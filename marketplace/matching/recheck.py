"""Recompute the bound of a certificate from the problem alone, with none of the solver's code.

Any prices λ (funds), ρ (an enterprise at a fund), ν (groups) ≥ 0 and π (orders; ≥ 0 unless the order must be matched) prove

    Σ π_o + Σ λ_f budget_f + Σ ρ_r limit_r − Σ ν_g least_g + Σ_t knapsack_t

where team t's knapsack holds the offers' profits value + ν − Φ − π within its capacity, and Φ is the cheapest payment of
what the enterprise cannot pay itself. A profit may be split over an offer's teams and conflicts (capacity 1, load 1).
All numbers are whole: 1/scale value units, fen, load units.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np

BASIS, UNIT = 10_000, 1_000_000
PRICES = ("fund", "row_enterprise", "row_fund", "row_price", "group", "order")
NAMES = (*PRICES, "split_offer", "split_resource", "split_amount")
LISTED = 20_000  # longer lists of fillings are halved, which only raises the bound


class BadCertificate(ValueError):
    """The certificate proves nothing: it does not fit the problem, or a price is negative that may not be."""


def recheck(arrays: Any, told: Mapping[str, Any]) -> Fraction:
    """The bound that the certificate's prices prove for the int64 columns of the format; raises BadCertificate."""
    try:
        scale, named = int(told["scale"]), {name: np.array(told[name], dtype=np.int64) for name in NAMES}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadCertificate(f"unreadable: {error}") from None
    must = arrays.order_must != 0
    must[arrays.offer_order[arrays.locked]] = True
    least = np.zeros(int(arrays.floor_group.max(initial=-1)) + 1, np.int64)
    np.maximum.at(least, arrays.floor_group, arrays.floor_matched)
    _refuse_nonsense(arrays, scale, named, must, least)
    limits = {"fund": arrays.fund_budget, "row_price": arrays.fund_enterprise_max[named["row_fund"]], "group": -least}
    priced = (zip(named[name].tolist(), limit.tolist(), strict=True) for name, limit in limits.items())
    total = sum(named["order"].tolist()) + sum(price * limit for each in priced for price, limit in each)
    bonus = np.zeros(arrays.orders, np.int64)
    np.add.at(bonus, arrays.member_order, named["group"][arrays.member_group])
    cost, payable = _costs(arrays, scale, named)
    profit = arrays.offer_value * scale + (bonus - named["order"])[arrays.offer_order] - cost
    order = arrays.offer_order
    good = payable & ((arrays.offer_value > 0) | must[order] | np.isin(order, arrays.member_order))
    good &= ~np.isin(order, order[arrays.locked])  # beside a locked offer only that one
    good[arrays.locked] = payable[arrays.locked]
    too_large = arrays.use_load > arrays.team_capacity[arrays.use_team]
    good[np.concatenate([arrays.forbidden, arrays.use_offer[too_large]])] = False
    total += _fillings(arrays, named, profit, good)
    unit = UNIT if arrays.fund_cost.any() else 1  # objectives are whole, or millionths where money has a cost
    return Fraction(total * unit // scale, unit)


def _refuse_nonsense(arrays: Any, scale: int, named: dict[str, Any], must: Any, least: Any) -> None:
    rows, splits = len(named["row_fund"]), len(named["split_offer"])
    sizes = (arrays.funds, rows, rows, rows, len(least), arrays.orders, splits, splits, splits)
    if any(named[name].shape != (size,) for name, size in zip(NAMES, sizes, strict=True)):
        raise BadCertificate("a list of prices has not the length of what it prices")
    prices = named["fund"], named["row_price"], named["group"], named["order"][~must], arrays.fund_cost
    if scale < UNIT or scale % UNIT or any((each < 0).any() for each in prices):
        raise BadCertificate("scale is not a multiple of a million, or a negative price, or a fund pays for being used")
    pairs = set(zip(named["row_enterprise"].tolist(), named["row_fund"].tolist(), strict=True))
    limited = set(np.flatnonzero(arrays.fund_enterprise_max >= 0).tolist())
    if len(pairs) < rows or not {fund for _, fund in pairs} <= limited:
        raise BadCertificate("a limit priced twice, or a price for a limit that is not there")
    most = {name: max(map(abs, named[name].tolist()), default=0) for name in NAMES}
    dearest = most["fund"] + most["row_price"] + int(arrays.fund_cost.max(initial=0)) * (scale // UNIT)
    profit = (most["order"] + most["group"] + most["split_amount"]) * (len(least) + 2)
    value = int(np.abs(arrays.offer_value).max(initial=0)) * scale + profit
    factor = max(dearest, BASIS, int(arrays.fund_match_max.max(initial=0)))
    if int(arrays.offer_price.max(initial=1)) * factor + value >= 2**62:
        raise BadCertificate("numbers too large to recompute safely")


def _found(keys: Any, values: Any, wanted: Any) -> Any:
    """The value of each wanted key, 0 where there is none."""
    known = dict(zip(keys.tolist(), values.tolist(), strict=True))
    return np.array([known.get(key, 0) for key in wanted.tolist()], np.int64) if known else 0


def _costs(arrays: Any, scale: int, named: dict[str, Any]) -> tuple[Any, Any]:
    """The cheapest payment of every offer's need at the given prices, and whether the funds can pay it at all."""
    everyone = np.add.outer(np.arange(arrays.orders) * arrays.funds, np.flatnonzero(arrays.fund_all)).ravel()
    pairs = np.concatenate([arrays.eligible_order * arrays.funds + arrays.eligible_fund, everyone])
    order, fund = np.divmod(np.unique(pairs), max(1, arrays.funds))
    price = arrays.fund_cost[fund] * (scale // UNIT) + named["fund"][fund]
    key = named["row_enterprise"] * arrays.funds + named["row_fund"]
    price += _found(key, named["row_price"], arrays.order_enterprise[order] * arrays.funds + fund)
    rank = np.lexsort((price, order))
    fund, price, first = fund[rank], price[rank], np.searchsorted(order[rank], np.arange(arrays.orders + 1))
    full, own = arrays.offer_price, np.minimum(arrays.offer_price, arrays.order_own[arrays.offer_order])
    left, cost = full - own, np.zeros_like(full)
    ceiling = min(BASIS, arrays.public_share_max) if arrays.public_share_max >= 0 else BASIS
    room = full // BASIS * ceiling + full % BASIS * ceiling // BASIS
    for turn in range(int(np.diff(first).max(initial=0))):
        at = first[arrays.offer_order] + turn
        rest = np.flatnonzero((at < first[arrays.offer_order + 1]) & (left > 0))
        f = fund[at[rest]]
        most = np.minimum(arrays.fund_budget[f], full[rest])
        for limit, of in ((arrays.fund_share_max, full), (arrays.fund_match_max, own)):
            most = np.where(limit[f] < 0, most, np.minimum(most, limit[f] * of[rest] // BASIS))
        for limit in (arrays.fund_amount_max, arrays.fund_enterprise_max):
            most = np.where(limit[f] < 0, most, np.minimum(most, limit[f]))
        most = np.minimum(left[rest], np.where(most < arrays.fund_amount_min[f], 0, most))
        public = arrays.fund_public[f] != 0
        most = np.where(public, np.minimum(most, room[rest]), most)
        room[rest] -= public * most
        left[rest] -= most
        cost[rest] += most * price[at[rest]]
    return cost, left == 0


def _fillings(arrays: Any, named: dict[str, Any], profit: Any, possible: Any) -> int:
    """Σ over teams and conflicts of the best filling with the parts of the profits that are positive."""
    apart = (arrays.conflict_a != arrays.conflict_b) & possible[arrays.conflict_a] & possible[arrays.conflict_b]
    numbers, one = arrays.teams + np.flatnonzero(apart), np.ones(int(apart.sum()), np.int64)
    teams, conflicts = (arrays.use_offer, arrays.use_team, arrays.use_load), (arrays.conflict_a, arrays.conflict_b)
    uses = np.concatenate([teams, *((side[apart], numbers, one) for side in conflicts)], axis=1)
    uses = uses[:, (uses[2] > 0) & possible[uses[0]]]
    offer, resource, load = uses[:, np.lexsort((uses[1], uses[0]))]
    count = np.bincount(offer, minlength=arrays.offers)
    part = (profit // np.maximum(1, count))[offer]
    width = arrays.teams + len(arrays.conflict_a)
    split = named["split_offer"] * width + named["split_resource"]
    part += _found(split, named["split_amount"], offer * width + resource)
    first = np.flatnonzero(np.diff(offer, prepend=-1))
    if len(first):  # an offer's first resource gets what the others leave of the profit
        part[first] += profit[offer[first]] - np.add.reduceat(part, first)
    items: list[list[tuple[int, int]]] = [[] for _ in range(width)]
    for use in np.flatnonzero(part > 0):
        items[resource[use]].append((int(load[use]), int(part[use])))
    room = [*arrays.team_capacity.tolist(), *[1] * len(arrays.conflict_a)]
    free = sum(profit[possible & (count == 0) & (profit > 0)].tolist())
    return int(free) + sum(map(filling, items, room))


def filling(items: list[tuple[int, int]], room: int) -> int:
    """The greatest worth of (load, worth) items within `room`: all fillings no other beats (Nemhauser and Ullmann 1969)."""
    if sum(load for load, _ in items) <= room:
        return sum(worth for _, worth in items)
    kept = [(0, 0)]
    for load, worth in items:
        more = [(used + load, gained + worth) for used, gained in kept if used + load <= room]
        ranked = sorted(kept + more, key=lambda each: (each[0], -each[1]))
        best = accumulate((gained for _, gained in ranked), max, initial=-1)
        kept = [each for each, before in zip(ranked, best, strict=False) if each[1] > before]
        if len(kept) > LISTED:  # two become one with the lesser load and the greater worth: no less than the best
            kept = [(kept[at][0], kept[min(at + 1, len(kept) - 1)][1]) for at in range(0, len(kept), 2)]
    return kept[-1][1]
