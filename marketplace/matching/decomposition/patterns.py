"""The fillings of a team that lie near its best one: few, because the dual's prices leave little to choose.

A filling is a set of offers that fits the team's room. Its loss is what the best filling is worth more at the prices of the
team-side dual. A solution within G of the bound takes fillings whose losses sum to at most G over all teams; so each of them
loses little, and of the 2^n sets a handful remain. Choosing one filling per team is set packing, whose linear relaxation is
the dual's own bound (Dantzig and Wolfe 1960; Barnhart et al. 1998): branch and cut closes it for hundreds of teams at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.knapsack import fill
from marketplace.matching.decomposition.market import Index, Real, Whole

MOST = 400  # fillings of one team; beyond so many only nearer ones are listed
LOOKED = 40_000  # sets looked at while listing them
HALVINGS = 8


class Entries(NamedTuple):
    """Uses that may be chosen, by team and then by falling profit; `held` marks those chosen now."""

    start: Whole
    profit: Real
    load: Whole
    held: Index


class Fillings(NamedTuple):
    """Filling k belongs to `team[k]`, holds entries `entry[start[k]:start[k + 1]]`, and is the present one where `now`."""

    team: Whole
    start: Whole
    entry: Whole
    now: Index


@compiled
def _list(
    profit: Real,
    load: Whole,
    room: int,
    count: int,
    least: float,
    taken: Whole,
    rest: Real,
    ends: Whole,
    picks: Whole,
) -> int:
    """Write every filling worth at least `least`: the entries of all into `picks`, where each ends into `ends`.

    The profits fall, so what may still be added is the sum of the positive ones to come. How many fillings; −1: too many.
    """
    rest[count] = 0.0
    for each in range(count - 1, -1, -1):
        rest[each] = rest[each + 1] + max(0.0, profit[each])
    found, written, looked, depth, place = 0, 0, 0, 0, 0
    worth, left = 0.0, room
    while True:
        looked += 1
        if looked > LOOKED:
            return -1
        if place < count and worth + rest[place] >= least:
            if load[place] <= left:
                taken[depth] = place
                depth += 1
                worth += profit[place]
                left -= load[place]
            place += 1
            continue
        if place == count and worth >= least:
            if found == len(ends) or written + depth > len(picks):
                return -1
            for each in range(depth):
                picks[written + each] = taken[each]
            written += depth
            ends[found] = written
            found += 1
        if depth == 0:
            return found
        depth -= 1
        place = taken[depth]
        worth -= profit[place]
        left += load[place]
        place += 1


@compiled
def _list_all(
    start: Whole,
    profit: Real,
    load: Whole,
    held: Index,
    room: Whole,
    loss: float,
    team_out: Whole,
    start_out: Whole,
    entry_out: Whole,
    now_out: Index,
) -> int:
    """`_list` for every team, the present filling among its fillings even where it loses more; how many fillings."""
    widest = 1
    for team in range(len(room)):
        widest = max(widest, start[team + 1] - start[team])
    rank, taken, best = np.empty(widest, np.int64), np.empty(widest, np.int64), np.empty(widest, np.int64)
    rest, ends, picks = np.empty(widest + 1), np.empty(MOST, np.int64), np.empty(8 * MOST, np.int64)
    found, written = 0, 0
    start_out[0] = 0
    for team in range(len(room)):
        first, last = start[team], start[team + 1]
        paying, holding = 0, 0
        for entry in range(first, last):
            paying += profit[entry] > 0.0
            holding += held[entry]
        top = 0.0
        if paying > 0:
            upto = first + paying
            top = fill(profit[first:upto], load[first:upto], room[team], paying, rank, taken, best)
        near, count = loss, -1
        for _ in range(HALVINGS):
            count = _list(
                profit[first:last], load[first:last], room[team], last - first, top - near, taken, rest, ends, picks
            )
            if count >= 0:
                break
            near *= 0.5
        seen, begin = holding == 0, 0
        for each in range(max(0, count)):
            size, same = ends[each] - begin, 0
            if size > 0:
                for pick in range(begin, ends[each]):
                    entry_out[written] = first + picks[pick]
                    same += held[first + picks[pick]]
                    written += 1
                now = same == holding and size == holding
                seen = seen or now
                team_out[found], now_out[found] = team, now
                found += 1
                start_out[found] = written
            begin = ends[each]
        if not seen:
            for entry in range(first, last):
                if held[entry] != 0:
                    entry_out[written] = entry
                    written += 1
            team_out[found], now_out[found] = team, 1
            found += 1
            start_out[found] = written
    return found


def fillings(entries: Entries, room: Whole, loss: float) -> Fillings:
    """Every non-empty filling of every team that loses at most `loss`, and the present ones."""
    teams, widest = len(room), int(np.diff(entries.start).max(initial=0))
    team, now = np.empty((MOST + 1) * teams, np.int64), np.empty((MOST + 1) * teams, np.int32)
    start = np.empty((MOST + 1) * teams + 1, np.int64)
    entry = np.empty((8 * MOST + widest) * teams, np.int64)
    count = _list_all(*entries, room, loss, team, start, entry, now)
    start = start[: count + 1].copy()
    return Fillings(team[:count].copy(), start, entry[: start[-1]].copy(), now[:count].copy())
