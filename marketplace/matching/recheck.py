"""Recompute the bound of a certificate from the problem alone, with none of the solver's code.

Any prices λ (funds), ρ (an enterprise at a fund), ν (groups) ≥ 0 and π (orders; ≥ 0 unless the order must be matched) prove

    Σ π_o + Σ λ_f budget_f + Σ ρ_r limit_r − Σ ν_g least_g + Σ_t knapsack_t

where team t's knapsack holds the offers' profits value + ν − Φ − π within its capacity, and Φ is the cheapest payment of
what the enterprise cannot pay itself. A profit may be split over an offer's teams and conflicts (capacity 1, load 1).
Everything is whole numbers: 1/scale value units, fen, load units.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

BASIS, UNIT = 10_000, 1_000_000
NAMES = (
    *("fund", "row_enterprise", "row_fund", "row_price", "group", "order"),
    *("split_offer", "split_resource", "split_amount"),
)
LISTED = 50_000  # longer lists of fillings are replaced by the fractional bound


class BadCertificate(ValueError):
    """The certificate proves nothing: it does not fit the problem, or a price is negative that may not be."""


def recheck(arrays: Any, told: Mapping[str, Any]) -> Fraction:
    """The upper bound on the objective that the certificate's prices prove; raises BadCertificate.

    `arrays` has the columns of the format (docs/matching.md, Files) as int64."""
    try:
        scale, named = int(told["scale"]), {name: np.array(told[name], dtype=np.int64) for name in NAMES}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise BadCertificate(f"unreadable: {error}") from None
    must = arrays.order_must != 0
    must[arrays.offer_order[arrays.locked]] = True
    least = np.zeros(int(arrays.floor_group.max(initial=-1)) + 1, np.int64)
    np.maximum.at(least, arrays.floor_group, arrays.floor_matched)
    _refuse_nonsense(arrays, scale, named, must, least)
    total = sum(named["order"].tolist()) + _product(named["fund"], arrays.fund_budget)
    total += _product(named["row_price"], arrays.fund_enterprise_max[named["row_fund"]])
    total -= _product(named["group"], least)
    bonus = np.zeros(arrays.orders, np.int64)
    np.add.at(bonus, arrays.member_order, named["group"][arrays.member_group])
    cost, payable = _costs(arrays, scale, named)
    profit = arrays.offer_value * scale + (bonus - named["order"])[arrays.offer_order] - cost
    total += _fillings(arrays, named, profit, payable & _allowed(arrays, must))
    unit = UNIT if arrays.fund_cost.any() else 1  # objectives are whole, or millionths where money has a cost
    return Fraction(total * unit // scale, unit)


def _refuse_nonsense(arrays: Any, scale: int, named: dict[str, Any], must: Any, least: Any) -> None:
    sizes = {"fund": arrays.funds, "order": arrays.orders, "group": len(least), "row_price": len(named["row_fund"])}
    sizes |= {"row_enterprise": len(named["row_fund"]), "split_amount": len(named["split_offer"])}
    if any(named[name].shape != (size,) for name, size in sizes.items()):
        raise BadCertificate("a list of prices has not the length of what it prices")
    if scale < UNIT or scale % UNIT or (arrays.fund_cost < 0).any():
        raise BadCertificate("scale is not a multiple of a million, or a fund pays for being used")
    if any((each < 0).any() for each in (named["fund"], named["row_price"], named["group"], named["order"][~must])):
        raise BadCertificate("a negative price")
    if ((named["row_fund"] < 0) | (named["row_fund"] >= arrays.funds)).any():
        raise BadCertificate("a limit at a fund that is not there")
    rows = set(zip(named["row_enterprise"].tolist(), named["row_fund"].tolist(), strict=True))
    if len(rows) < len(named["row_fund"]) or (arrays.fund_enterprise_max[named["row_fund"]] < 0).any():
        raise BadCertificate("a limit priced twice, or a price for a limit that is not there")
    most = {name: int(np.abs(named[name]).max(initial=0)) for name in NAMES}
    dearest = most["fund"] + most["row_price"] + int(arrays.fund_cost.max(initial=0)) * (scale // UNIT)
    value = int(np.abs(arrays.offer_value).max(initial=0)) * scale
    value += (most["order"] + most["group"] + most["split_amount"]) * (len(least) + 2)
    if (
        int(arrays.offer_price.max(initial=1)) * max(dearest, BASIS, int(arrays.fund_match_max.max(initial=0))) + value
        >= 2**62
    ):
        raise BadCertificate("numbers too large to recompute safely")


def _product(price: Any, amount: Any) -> int:
    return sum(p * a for p, a in zip(price.tolist(), amount.tolist(), strict=True))


def _allowed(arrays: Any, must: Any) -> Any:
    """Offers not forbidden, not beside a locked one, with room on every team, and of some use."""
    good = ~np.isin(arrays.offer_order, arrays.offer_order[arrays.locked])
    good[arrays.locked] = True
    good &= (arrays.offer_value > 0) | (must | np.isin(np.arange(arrays.orders), arrays.member_order))[
        arrays.offer_order
    ]
    good[arrays.forbidden] = False
    good[arrays.use_offer[arrays.use_load > arrays.team_capacity[arrays.use_team]]] = False
    return good


def _costs(arrays: Any, scale: int, named: dict[str, Any]) -> tuple[Any, Any]:
    """The cheapest payment of every offer's need at the given prices, and whether the funds can pay it at all."""
    some = arrays.fund_all[arrays.eligible_fund] == 0
    everyone = np.add.outer(np.arange(arrays.orders) * arrays.funds, np.flatnonzero(arrays.fund_all)).ravel()
    pairs = np.concatenate([arrays.eligible_order[some] * arrays.funds + arrays.eligible_fund[some], everyone])
    order, fund = np.divmod(np.unique(pairs), max(1, arrays.funds))
    price = arrays.fund_cost[fund] * (scale // UNIT) + named["fund"][fund]
    if len(named["row_fund"]):
        key = (named["row_enterprise"] * arrays.funds + named["row_fund"]).tolist()
        row = dict(zip(key, named["row_price"].tolist(), strict=True))
        price += np.array([row.get(k, 0) for k in (arrays.order_enterprise[order] * arrays.funds + fund).tolist()])
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
        most = np.where(arrays.fund_public[f] == 0, most, np.minimum(most, room[rest]))
        room[rest] -= np.where(arrays.fund_public[f] == 0, 0, most)
        left[rest] -= most
        cost[rest] += most * price[at[rest]]
    return cost, left == 0


def _fillings(arrays: Any, named: dict[str, Any], profit: Any, possible: Any) -> int:
    """Σ over teams and conflicts of the best filling with the parts of the profits that are positive."""
    apart = (arrays.conflict_a != arrays.conflict_b) & possible[arrays.conflict_a] & possible[arrays.conflict_b]
    numbers = arrays.teams + np.flatnonzero(apart)
    offer = np.concatenate([arrays.use_offer, arrays.conflict_a[apart], arrays.conflict_b[apart]])
    resource = np.concatenate([arrays.use_team, numbers, numbers])
    load = np.concatenate([arrays.use_load, np.ones(2 * len(numbers), np.int64)])
    real = np.flatnonzero((load > 0) & possible[offer])
    real = real[np.lexsort((resource[real], offer[real]))]
    offer, resource, load = offer[real], resource[real], load[real]
    count = np.bincount(offer, minlength=arrays.offers)
    part = (profit // np.maximum(1, count))[offer]
    if len(named["split_offer"]):
        width = arrays.teams + len(arrays.conflict_a)
        keys = (named["split_offer"] * width + named["split_resource"]).tolist()
        moved = dict(zip(keys, named["split_amount"].tolist(), strict=True))
        part += np.array([moved.get(key, 0) for key in (offer * width + resource).tolist()], np.int64)
    first = np.flatnonzero(np.diff(offer, prepend=-1))
    if len(first):  # an offer's first resource gets what the others leave of the profit
        part[first] += profit[offer[first]] - np.add.reduceat(part, first)
    items: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for use in np.flatnonzero(part > 0):
        items[int(resource[use])].append((int(load[use]), int(part[use])))
    room = [*arrays.team_capacity.tolist(), *[1] * len(arrays.conflict_a)]
    free = sum(profit[possible & (count == 0) & (profit > 0)].tolist())
    return int(free) + sum(filling(each, room[team]) for team, each in items.items())


def filling(items: list[tuple[int, int]], room: int) -> int:
    """The greatest worth of (load, worth) items within `room`: all fillings no other beats (Nemhauser and Ullmann 1969)."""
    if sum(load for load, _ in items) <= room:
        return sum(worth for _, worth in items)
    kept = [(0, 0)]
    for load, worth in items:
        more = [(used + load, gained + worth) for used, gained in kept if used + load <= room]
        best, merged = -1, []
        for used, gained in sorted(kept + more, key=lambda each: (each[0], -each[1])):
            if gained > best:
                best = gained
                merged.append((used, gained))
        kept = merged
        if len(kept) > LISTED:  # the fractional bound: the next best item is cut (Dantzig 1957)
            items, total = sorted(items, key=lambda each: Fraction(each[0], each[1])), 0
            for load, worth in items:
                if load > room:
                    return total + worth * room // load
                room, total = room - load, total + worth
    return kept[-1][1]
