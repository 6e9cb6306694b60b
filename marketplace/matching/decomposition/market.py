"""The problem as the price method sees it: one flat structure of arrays that compiled code reads directly.

Since a match's own payment costs nothing and a fund's cost is never negative, paying as much own money as possible is
optimal as long as no fund has a minimum grant; so every offer has a fixed `need` = price − own payment, and each fund a
fixed cap. Conflicts become resources of capacity 1; an enterprise's limit at a fund becomes a row shared by its orders.
Orders, teams and funds keep the row numbers of the input; only offers are dropped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.encoding import Arrays

BASIS = 10_000
COST_UNIT = 1_000_000
ENDLESS = 2**60  # "no limit" among amounts of money; the largest real amount is far below

Whole = NDArray[np.int64]
Index = NDArray[np.int32]
Real = NDArray[np.float64]
Flag = NDArray[np.bool_]


class Market(NamedTuple):
    """Offers stand by order, so order o has the offers order_start[o]:order_start[o+1]; likewise uses by offer and sources
    (an order's eligible funds) by order. Money in fen, loads in team units, value in the caller's units."""

    order_start: Whole
    order_own: Whole
    order_must: NDArray[np.bool_]
    group_start: Whole  # order → groups
    order_group: Index
    group_least: Whole
    offer_row: Index  # the offer's row in the input
    offer_order: Index
    offer_value: Whole
    offer_price: Whole
    use_start: Whole
    use_offer: Index
    use_team: Index
    use_load: Whole
    team_capacity: Whole  # input teams, then one resource per conflict, then one for offers that use no team
    source_start: Whole
    source_fund: Index
    source_row: Index  # row of (enterprise, fund) limits, −1 where none binds
    fund_budget: Whole
    fund_cost: Whole
    fund_share: Whole
    fund_match: Whole
    fund_limit: Whole
    fund_least: Whole
    fund_public: NDArray[np.bool_]
    row_limit: Whole
    row_fund: Index
    public_share: int
    conflict_row: Whole  # the input row of each conflict that became a resource
    teams: int  # how many of the resources are teams of the input

    @property
    def orders(self) -> int:
        return len(self.order_own)

    @property
    def offers(self) -> int:
        return len(self.offer_row)


def build(arrays: Arrays) -> Market:
    """The market with every offer that can take part in no solution left out."""
    keep = _allowed(arrays)
    market = _assemble(arrays, keep)
    possible = _possible(market)
    if not len(arrays.conflict_a):
        return restrict(market, possible)
    keep[market.offer_row[~possible]] = False  # a conflict with an impossible offer is none: number them anew
    return _assemble(arrays, keep)


def _assemble(arrays: Arrays, keep: Flag) -> Market:
    teams = len(arrays.team_capacity)
    kept = np.flatnonzero(keep)
    kept = kept[np.argsort(arrays.offer_order[kept], kind="stable")]
    place = np.full(len(keep), -1)
    place[kept] = np.arange(len(kept))
    use_offer, use_team, use_load, capacity, conflict_row = _resources(arrays, place, len(kept))
    orders = len(arrays.order_own)
    group_start, order_group = _groups(arrays, orders)
    source_start, source_fund = _sources(arrays, orders)
    source_row, row_limit, row_fund = _rows(arrays, source_start, source_fund)
    must = arrays.order_must != 0
    must[arrays.offer_order[arrays.locked]] = True
    return Market(
        order_start=np.searchsorted(arrays.offer_order[kept], np.arange(orders + 1)),
        order_own=arrays.order_own,
        order_must=must,
        group_start=group_start,
        order_group=order_group,
        group_least=_floors(arrays),
        offer_row=kept.astype(np.int32),
        offer_order=arrays.offer_order[kept].astype(np.int32),
        offer_value=arrays.offer_value[kept],
        offer_price=arrays.offer_price[kept],
        use_start=np.searchsorted(use_offer, np.arange(len(kept) + 1)),
        use_offer=use_offer,
        use_team=use_team,
        use_load=use_load,
        team_capacity=capacity,
        source_start=source_start,
        source_fund=source_fund,
        source_row=source_row,
        fund_budget=arrays.fund_budget,
        fund_cost=arrays.fund_cost,
        fund_share=np.where(arrays.fund_share_max < 0, BASIS, np.minimum(arrays.fund_share_max, BASIS)),
        fund_match=arrays.fund_match_max,
        fund_limit=_fund_limit(arrays),
        fund_least=arrays.fund_amount_min,
        fund_public=arrays.fund_public != 0,
        row_limit=row_limit,
        row_fund=row_fund,
        public_share=arrays.public_share_max,
        conflict_row=conflict_row,
        teams=teams,
    )


def _allowed(arrays: Arrays) -> Flag:
    """Offers neither forbidden, nor beside a locked one, nor worth nothing where nothing asks for a match."""
    keep = np.ones(len(arrays.offer_order), dtype=bool)
    keep[arrays.forbidden] = False
    settled = np.zeros(len(arrays.order_own), dtype=bool)
    settled[arrays.offer_order[arrays.locked]] = True
    beside = settled[arrays.offer_order]
    beside[arrays.locked] = False
    wanted = settled | (arrays.order_must != 0)
    wanted[arrays.member_order] = True
    allowed: Flag = keep & ~beside & ((arrays.offer_value > 0) | wanted[arrays.offer_order])
    return allowed


def _resources(arrays: Arrays, place: Whole, offers: int) -> tuple[Index, Index, Whole, Whole, Whole]:
    """Uses by kept offer: real teams, conflicts as resources of capacity 1, and a free one for offers without any."""
    used = (place[arrays.use_offer] >= 0) & (arrays.use_load > 0)
    both = (place[arrays.conflict_a] >= 0) & (place[arrays.conflict_b] >= 0)
    both &= arrays.conflict_a != arrays.conflict_b
    pairs = np.stack([place[arrays.conflict_a[both]], place[arrays.conflict_b[both]]], axis=1).ravel()
    first = len(arrays.team_capacity)
    offer = np.concatenate([place[arrays.use_offer[used]], pairs])
    team = np.concatenate([arrays.use_team[used], first + np.repeat(np.arange(len(pairs) // 2), 2)])
    load = np.concatenate([arrays.use_load[used], np.ones(len(pairs), dtype=np.int64)])
    idle = np.flatnonzero(np.bincount(offer, minlength=offers) == 0)
    capacity = np.concatenate([arrays.team_capacity, np.ones(len(pairs) // 2 + 1, dtype=np.int64)])
    offer = np.concatenate([offer, idle])
    team = np.concatenate([team, np.full(len(idle), len(capacity) - 1)])
    load = np.concatenate([load, np.zeros(len(idle), dtype=np.int64)])
    rank = np.lexsort((team, offer))
    return offer[rank].astype(np.int32), team[rank].astype(np.int32), load[rank], capacity, np.flatnonzero(both)


def _groups(arrays: Arrays, orders: int) -> tuple[Whole, Index]:
    rank = np.lexsort((arrays.member_group, arrays.member_order))
    starts = np.searchsorted(arrays.member_order[rank], np.arange(orders + 1))
    return starts, arrays.member_group[rank].astype(np.int32)


def _sources(arrays: Arrays, orders: int) -> tuple[Whole, Index]:
    """Eligible funds of each order, in the order of their rows; a fund for all is a source of every order."""
    general = np.flatnonzero(arrays.fund_all != 0)
    named = arrays.fund_all[arrays.eligible_fund] == 0
    fund = np.concatenate([arrays.eligible_fund[named], np.repeat(general, orders)])
    order = np.concatenate([arrays.eligible_order[named], np.tile(np.arange(orders), len(general))])
    rank = np.lexsort((fund, order))
    order, fund = order[rank], fund[rank]
    once = np.concatenate([[True], (np.diff(order) != 0) | (np.diff(fund) != 0)])[: len(order)]
    order, fund = order[once], fund[once]
    return np.searchsorted(order, np.arange(orders + 1)), fund.astype(np.int32)


def _rows(arrays: Arrays, source_start: Whole, source_fund: Index) -> tuple[Index, Whole, Index]:
    """A row for each (enterprise, fund) limit that two or more orders share; one order alone has it as a cap."""
    row = np.full(len(source_fund), -1, dtype=np.int32)
    limited = np.flatnonzero(arrays.fund_enterprise_max[source_fund] >= 0)
    if not len(limited):
        return row, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    order = np.searchsorted(source_start, limited, side="right") - 1
    _, enterprise = np.unique(arrays.order_enterprise, return_inverse=True)
    keys = enterprise[order] * len(arrays.fund_budget) + source_fund[limited]
    known, which, count = np.unique(keys, return_inverse=True, return_counts=True)
    shared = count > 1
    number = np.cumsum(shared) - 1
    row[limited] = np.where(shared[which], number[which], -1)
    fund = known[shared] % len(arrays.fund_budget)
    return row, arrays.fund_enterprise_max[fund], fund.astype(np.int32)


def _floors(arrays: Arrays) -> Whole:
    """The greatest floor of each group that has one."""
    least = np.zeros(int(arrays.floor_group.max(initial=-1)) + 1, dtype=np.int64)
    np.maximum.at(least, arrays.floor_group, arrays.floor_matched)
    return least


def _fund_limit(arrays: Arrays) -> Whole:
    """The most a fund can pay any one order: its own maximum, its budget, its limit per enterprise."""
    limit = arrays.fund_budget
    for other in (arrays.fund_amount_max, arrays.fund_enterprise_max):
        limit = np.where(other < 0, limit, np.minimum(limit, other))
    return limit


def ranges(begin: Whole, width: Whole) -> Whole:
    """begin[0] … begin[0] + width[0] − 1, begin[1] …"""
    ends = np.cumsum(width)
    total = int(ends[-1]) if len(ends) else 0
    spread: Whole = np.arange(total) + np.repeat(begin - (ends - width), width)
    return spread


def own_payment(market: Market, offers: Whole | slice) -> Whole:
    """The most the enterprise itself can pay for each of `offers`, in fen."""
    return np.minimum(market.order_own[market.offer_order[offers]], market.offer_price[offers])


def caps(market: Market, offers: Whole, sources: Whole | Index) -> Whole:
    """The most source k may pay for offer j when the enterprise pays all it can, in whole fen (exact).

    A cap below the fund's minimum grant is 0, because a smaller own payment never raises it.
    """
    fund = market.source_fund[sources]
    price = market.offer_price[offers]
    cap = np.minimum(price * market.fund_share[fund] // BASIS, market.fund_limit[fund])
    ratio = market.fund_match[fund]
    matched = own_payment(market, offers) * np.maximum(ratio, 0) // BASIS
    cap = np.where(ratio < 0, cap, np.minimum(cap, matched))
    return np.where(cap < market.fund_least[fund], 0, cap)


def public_room(market: Market, offers: Whole | slice) -> Whole:
    """The most public money each offer may take, in whole fen."""
    price = market.offer_price[offers]
    return price if market.public_share < 0 else price * min(market.public_share, BASIS) // BASIS


def _possible(market: Market) -> Flag:
    """Offers whose every use fits its team and whose need the funds can cover alone."""
    fits = np.ones(market.offers, dtype=bool)
    np.logical_and.at(fits, market.use_offer, market.use_load <= market.team_capacity[market.use_team])
    need = market.offer_price - own_payment(market, slice(None))
    public, other = np.zeros_like(need), np.zeros_like(need)
    counts = np.diff(market.source_start)[market.offer_order]
    for number in range(int(counts.max(initial=0))):
        offers = np.flatnonzero(fits & (counts > number))
        sources = market.source_start[market.offer_order[offers]] + number
        cap = caps(market, offers, sources)
        is_public = market.fund_public[market.source_fund[sources]]
        public[offers] += np.where(is_public, cap, 0)
        other[offers] += np.where(is_public, 0, cap)
    return fits & (other + np.minimum(public, public_room(market, slice(None))) >= need)


def restrict(market: Market, keep: Flag) -> Market:
    """The same market with only the offers marked in `keep`."""
    if keep.all():
        return market
    kept = np.flatnonzero(keep)
    number = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    used = np.flatnonzero(keep[market.use_offer])
    use_offer = number[market.use_offer[used]]
    before = np.concatenate([[0], np.cumsum(keep)])
    widths = np.diff(market.use_start)[kept]
    return market._replace(
        order_start=before[market.order_start],
        offer_row=market.offer_row[kept],
        offer_order=market.offer_order[kept],
        offer_value=market.offer_value[kept],
        offer_price=market.offer_price[kept],
        use_start=np.concatenate([[0], np.cumsum(widths)]),
        use_offer=use_offer,
        use_team=market.use_team[used],
        use_load=market.use_load[used],
    )
