"""The nearest fillings of one team, and the nearest sharing of orders among the last three: exact, by dynamic programming.

Prices tell what every order loses with a team, `inside`, and at least loses without it, `outside`; a filling loses the sum.
A table over the room (Bellman 1957) tells for the items from each on the least they lose within any room. It steers a
depth-first search, so that no branch is entered in vain. Wide rooms are told in CELLS steps: loads are rounded down for the
table, which keeps its entries lower bounds, and checked as they are.
"""

from __future__ import annotations

import numpy as np

from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import Real, Whole

CELLS = 1_024
FAR = 1e15  # loses so much that it is never chosen
FINEST, COARSER = 0.02, 1.6  # how much more than the nearest filling others may lose: first, and then step by step
STEPS = 200_000  # of one search at most
EQUAL = 1e-9
SHARED = 1_000  # fillings of the first of three teams that are gone through at most


@compiled
def _table(inside: Real, outside: Real, load: Whole, room: int, count: int, table: Real) -> int:
    """table[i, c]: the least that items i..count−1 lose within c cells of room. How much of the room a cell is."""
    cell = max(1, -(-room // CELLS))
    cells = room // cell
    for at in range(cells + 1):
        table[count, at] = 0.0
    for item in range(count - 1, -1, -1):
        width = load[item] // cell
        for at in range(cells + 1):
            least = table[item + 1, at] + outside[item]
            if at >= width:
                least = min(least, table[item + 1, at - width] + inside[item])
            table[item, at] = least
    return cell


@compiled
def _fill(
    inside: Real,
    outside: Real,
    load: Whole,
    room: int,
    table: Real,
    cell: int,
    limit: float,
    found: Whole,
    lost: Real,
) -> int:
    """Write fillings that lose at most `limit` into rows of `found`, until these are full; how many."""
    count, many, item, steps = len(load), 0, 0, 0
    state, left, used = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    loss = np.zeros(count + 1)
    left[0], used[0] = room, room // cell
    while item >= 0 and many < len(found) and steps < STEPS:
        steps += 1
        if item == count:
            for each in range(count):
                found[many, each] = state[each] == 1
            lost[many] = loss[count]
            many += 1
            item -= 1
            continue
        state[item] += 1
        width = load[item] // cell
        if state[item] == 1:  # into the team
            if load[item] > left[item] or width > used[item]:
                continue
            if loss[item] + inside[item] + table[item + 1, used[item] - width] > limit:
                continue
            left[item + 1], used[item + 1] = left[item] - load[item], used[item] - width
            loss[item + 1] = loss[item] + inside[item]
        elif state[item] == 2:  # elsewhere
            if loss[item] + outside[item] + table[item + 1, used[item]] > limit:
                continue
            left[item + 1], used[item + 1], loss[item + 1] = left[item], used[item], loss[item] + outside[item]
        else:
            item -= 1
            continue
        item += 1
        state[item] = 0
    return many


@compiled
def nearest(
    inside: Real, outside: Real, load: Whole, room: int, most: int, widest: float, unit: float, found: Whole, lost: Real
) -> int:
    """Write some fillings that lose little into the rows of `found` and what they lose into `lost`; how many.

    inside[i] and outside[i] are what item i loses in the team (less its load at the team's price) and elsewhere. All that
    lose less than some limit are found, unless `found` has too few rows; the limit grows from FINEST `unit` above the
    nearest until they are `most`, or to `widest` above it.
    """
    count = len(load)
    table = np.empty((count + 1, CELLS + 1))
    cell = _table(inside, outside, load, room, count, table)
    least, step, more, many = table[0, room // cell], FINEST * unit, 0.0, 0
    while least < FAR / 2 and many < most and more < widest:
        more = min(widest, more + step)
        step *= COARSER
        many = _fill(inside, outside, load, room, table, cell, least + more, found, lost)
    return many


@compiled
def _two(
    loss: Real, nobody: Real, load: Whole, room: Whole, price: Real, count: int, budget: float, table: Real, best: Whole
) -> float:
    """Share `count` items among teams 1 and 2, or to nobody: the least loss, or FAR when that is not below `budget`."""
    inside, outside = np.empty(count), np.empty(count)
    for item in range(count):
        inside[item] = loss[1, item] - price[1] * load[1, item]
        outside[item] = min(loss[2, item], nobody[item])
    cell = _table(inside, outside, load[1], room[1], count, table)
    state, left, used = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    other, lost = np.zeros(count + 1, np.int64), np.zeros(count + 1)
    left[0], used[0], other[0], lost[0] = room[1], room[1] // cell, room[2], price[1] * room[1]
    least, item, steps = FAR, 0, 0
    while item >= 0 and steps < STEPS:
        steps += 1
        if item == count:
            if lost[count] + price[2] * other[count] < budget:
                least = budget = lost[count] + price[2] * other[count]
                for each in range(count):
                    best[each] = state[each] % 3  # 1, 2, or 0 for nobody
            item -= 1
            continue
        state[item] += 1
        width, where = load[1, item] // cell, state[item]
        if where == 4:
            item -= 1
            continue
        if where == 1:
            if load[1, item] > left[item] or width > used[item]:
                continue
            total = lost[item] + inside[item]
            ahead = table[item + 1, used[item] - width]
        else:
            if where == 2 and load[2, item] > other[item]:
                continue
            total = lost[item] + (loss[2, item] if where == 2 else nobody[item])
            ahead = table[item + 1, used[item]]
        if total + ahead >= budget - EQUAL:
            continue
        lost[item + 1] = total
        left[item + 1] = left[item] - (load[1, item] if where == 1 else 0)
        used[item + 1] = used[item] - (width if where == 1 else 0)
        other[item + 1] = other[item] - (load[2, item] if where == 2 else 0)
        item += 1
        state[item] = 0
    return least


@compiled
def share(
    loss: Real, nobody: Real, load: Whole, room: Whole, price: Real, budget: float, unit: float, best: Whole
) -> float:
    """Share items among three teams so that they lose least, and below `budget`; FAR when nothing is found.

    loss[t, i] is what item i loses with team t at its `price` (FAR: cannot be), nobody[i] without any; room left over costs
    its price. best[i] becomes the team, or −1. The nearest fillings of the first team are gone through, at most SHARED, each
    with the best of the others.
    """
    count, least = load.shape[1], FAR
    fillings, lost = np.zeros((SHARED, count), np.int64), np.zeros(SHARED)
    inside, outside = loss[0] - price[0] * load[0], np.minimum(np.minimum(loss[1], loss[2]), nobody)
    many = nearest(inside, outside, load[0], room[0], SHARED, budget, unit, fillings, lost)
    table = np.empty((count + 1, CELLS + 1))
    rest, rest_nobody, rest_load = np.empty((3, count)), np.empty(count), np.empty((3, count), np.int64)
    place, where = np.empty(count, np.int64), np.empty(count, np.int64)
    for filling in np.argsort(lost[:many], kind="mergesort"):
        base, left = price[0] * room[0], 0
        if base + lost[filling] >= budget:
            break
        for item in range(count):
            if fillings[filling, item] != 0:
                base += inside[item]
                continue
            place[left], rest_nobody[left] = item, nobody[item]
            for team in range(1, 3):
                rest[team, left], rest_load[team, left] = loss[team, item], load[team, item]
            left += 1
        told = base + _two(rest, rest_nobody, rest_load, room, price, left, budget - base, table, where)
        if told < budget:
            least = budget = told
            best[:] = 0
            for item in range(left):
                best[place[item]] = where[item] if where[item] > 0 else -1
    return least
