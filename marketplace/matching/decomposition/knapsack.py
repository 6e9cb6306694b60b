"""Exact 0/1 knapsacks, one per team, over the few offers that pay at the current prices."""

from __future__ import annotations

import numpy as np

from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import Index, Real, Whole

NODES = 3_000  # beyond so many branches the fractional bound stands in; it is valid, only a little wider
SAFE = 1.0 + 1e-12  # widens a fractional bound past its own rounding


@compiled
def fill(profit: Real, load: Whole, room: int, count: int, rank: Whole, taken: Whole, best_taken: Whole) -> float:
    """The greatest profit of items 0..count−1 (all of profit > 0, load ≤ room) within `room`, or a bound just above it.

    Depth-first branch and bound by ratio with the fractional bound (Horowitz and Sahni 1974). best_taken[i] is 1 where item
    i is in the best filling. With whole-valued profits whose sum is below 2^53 the answer is exact.
    """
    total, weight = 0.0, 0
    for item in range(count):
        total += profit[item]
        weight += load[item]
        best_taken[item] = 1
    if weight <= room:
        return total
    _by_ratio(profit, load, count, rank)
    for place in range(count):
        taken[place] = 0
        best_taken[place] = 0
    best, value, left, place, nodes, root = 0.0, 0.0, room, 0, 0, -1.0
    while True:
        bound, rest, look = value, left, place
        while look < count and load[rank[look]] <= rest:
            rest -= load[rank[look]]
            bound += profit[rank[look]]
            look += 1
        if look < count:
            bound += profit[rank[look]] * rest / load[rank[look]]
        if root < 0.0:
            root = bound
        nodes += 1
        if bound * SAFE > best and nodes <= NODES:
            while place < count and load[rank[place]] <= left:
                taken[place] = 1
                left -= load[rank[place]]
                value += profit[rank[place]]
                place += 1
            if place < count - 1:
                place += 1  # skip the item that does not fit and look at the bound again
                continue
            if value > best:
                best = value
                for each in range(count):
                    best_taken[rank[each]] = taken[each]
        if nodes > NODES:
            return root * SAFE
        place = min(place, count) - 1
        while place >= 0 and taken[place] == 0:
            place -= 1
        if place < 0:
            return best
        taken[place] = 0
        left += load[rank[place]]
        value -= profit[rank[place]]
        place += 1


@compiled
def _by_ratio(profit: Real, load: Whole, count: int, rank: Whole) -> None:
    """Ascending load per profit, so that items without load come first (Shell's sort: short, and compiled in no time)."""
    for item in range(count):
        rank[item] = item
    gap = 1
    while gap < count // 9:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(gap, count):
            item, place = rank[at], at
            while place >= gap and load[item] * profit[rank[place - gap]] < load[rank[place - gap]] * profit[item]:
                rank[place] = rank[place - gap]
                place -= gap
            rank[place] = item
        gap //= 3


@compiled
def fill_teams(
    item_start: Whole,
    item_profit: Real,
    item_load: Whole,
    capacity: Whole,
    begin: int,
    end: int,
    chosen: Whole,
    worth: Real,
) -> None:
    """`fill` for the teams begin..end−1; their items stand in item_start[t]:item_start[t+1]."""
    widest = 1
    for team in range(begin, end):
        widest = max(widest, item_start[team + 1] - item_start[team])
    rank, taken = np.empty(widest, np.int64), np.empty(widest, np.int64)
    for team in range(begin, end):
        first, last = item_start[team], item_start[team + 1]
        if first < last:
            worth[team] = fill(
                item_profit[first:last],
                item_load[first:last],
                capacity[team],
                last - first,
                rank,
                taken,
                chosen[first:last],
            )


def by_team(team: Index, teams: int) -> tuple[Whole, Whole]:
    """Stable order of items by team, and where each team's items begin."""
    rank: Whole = np.argsort(team, kind="stable")
    return rank, np.concatenate([[0], np.cumsum(np.bincount(team, minlength=teams))])
