"""Large neighbourhoods of teams: free some hundred teams that share orders and choose anew what each of them holds.

The choice is set packing over the teams' near-best fillings (patterns.py), with all funds summed up in one budget at the
dual's prices: near the optimum their money is worth about the same everywhere. Then the changed matches are paid anew from
the real funds in whole fen, and kept if the objective rises, else undone. Consortia and conflicts take part when all their
teams do. Work is counted in branches and pivots, never in seconds, so that a busy machine finds the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np
from scipy.sparse import coo_array, csc_array

from marketplace.matching.decomposition.board import (
    CHOSEN,
    LEAST,
    LEFT,
    MATCHED,
    MUST,
    PRICED,
    SHORTAGE,
    Board,
    settle,
    take_back,
)
from marketplace.matching.decomposition.choice import choose
from marketplace.matching.decomposition.exchange import Chain, exchange
from marketplace.matching.decomposition.market import Flag, Index, Market, Real, Whole, ranges
from marketplace.matching.decomposition.patterns import Entries, Fillings, fillings
from marketplace.matching.decomposition.search import Scratch

SOME = 1e-9
DECIDED = 150  # changed orders over which the exact path decides


@dataclass(frozen=True, slots=True)
class Chart:
    """What the dual says of every offer: its loss, and its value less its cheapest payment; and who lies near whom."""

    market: Market
    loss: Real
    profit: Real  # of each use: its part of the offer's profit
    cost: Real  # the cheapest payment of each offer at the dual's prices
    near: Flag  # offers
    by_team: Whole
    team_start: Whole

    @staticmethod
    def of(market: Market, loss: Real, net: Real, profit: Real, within: float) -> Chart:
        by_team = np.argsort(market.use_team, kind="stable")
        start = np.searchsorted(market.use_team[by_team], np.arange(len(market.team_capacity) + 1))
        return Chart(market, loss, profit, market.offer_value - net, loss <= within, by_team, start)

    def first(self, board: Board, visited: Real, draw: np.random.Generator) -> int:
        """A team at random, rather one whose matches or whose waiting orders lose much against the dual; those visited wait
        their turn."""
        market, chosen = self.market, board.orders[:, CHOSEN]
        held = chosen[market.offer_order[market.use_offer]]
        waits = self.near[market.use_offer] & (held < 0)
        lost = np.where(held == market.use_offer, self.loss[market.use_offer], 0.0)
        lost[waits] = 0.2 * board.asked[market.offer_order[market.use_offer[waits]]]
        team = np.bincount(market.use_team, lost, len(board.teams))[:-1]
        team = (team + 0.3 * team.mean() + SOME) * draw.random(len(team)) / (1.0 + visited[:-1]) ** 3
        return int(np.argmax(team))

    def around(self, board: Board, first: int, size: int, draw: np.random.Generator, shut: Flag | None = None) -> Whole:
        """About `size` teams reached from this one over near offers and present matches, breadth first, none of those that
        are `shut`."""
        market, found, done = self.market, [first], 0
        seen = {first, len(market.team_capacity) - 1}  # the last stands for offers that use no team
        if shut is not None:
            seen.update(np.flatnonzero(shut).tolist())
        while done < len(found) < size:
            here = found[done]
            done += 1
            uses = self.by_team[self.team_start[here] : self.team_start[here + 1]]
            offers = market.use_offer[uses]
            held = board.orders[market.offer_order[offers], CHOSEN]
            orders = market.offer_order[offers[self.near[offers] | (held == offers)]]
            widths = market.order_start[orders + 1] - market.order_start[orders]
            every = ranges(market.order_start[orders], widths)
            every = every[self.near[every] | (board.orders[market.offer_order[every], CHOSEN] == every)]
            beside = market.use_team[ranges(market.use_start[every], np.diff(market.use_start)[every])]
            fresh = [team for team in draw.permutation(np.unique(beside)).tolist() if team not in seen]
            seen.update(fresh)
            found += fresh
        return np.sort(np.array(found[:size], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Plan:
    """A neighbourhood as a problem of its own: its teams, their fillings, the offer behind each of their entries, and the
    program."""

    teams: Whole
    found: Fillings
    offer: Whole
    program: highspy.HighsLp
    cost: Real  # of each filling, at the dual's prices

    @property
    def now(self) -> Flag:
        """The fillings that stand when this is planned."""
        return self.found.now > 0

    def offers(self, columns: Flag) -> Whole:
        """The offers that these fillings hold."""
        held: Whole = np.unique(self.offer[np.repeat(columns, np.diff(self.found.start))])
        return held


def plan(board: Board, chart: Chart, teams: Whole, within: float, spare: float) -> Plan | None:
    """What these teams could hold, near their best fillings, for the money they draw now and `spare` (in value units, at the
    dual's prices) more; None when there is no choice."""
    use, entries, room = _entries(board, chart, teams)
    found = fillings(entries, room, within)
    if not len(found.team):
        return None
    offer = chart.market.use_offer[use[found.entry]].astype(np.int64)
    program, cost = _program(board, chart, use, found, spare)
    return Plan(teams, found, offer, program, cost)


def carry_over(
    board: Board,
    market: Market,
    planned: Plan,
    columns: Flag,
    scratch: Scratch,
    chain: Chain,
    seconds: float,
    stop: Callable[[], bool],
) -> bool:
    """Put the chosen fillings on the board, which may have changed since, if that is better; True when it is."""
    wanted, now = planned.offers(columns), planned.offers(planned.now)
    out, into = np.setdiff1d(now, wanted), np.setdiff1d(wanted, now)
    if not len(into):
        return False
    into = into[np.argsort(-market.offer_price[into], kind="stable")]
    better = not exchange(board, market.offer_order[out].astype(np.int64), into, scratch, chain)
    if better and board.change[SHORTAGE] <= 0 and board.change[PRICED] > SOME:
        settle(board)
        return True
    take_back(board)
    both = np.union1d(out, into)
    orders = np.unique(market.offer_order[both]).astype(np.int64)
    offers = _with_present(board, orders, both)
    return len(orders) <= DECIDED and choose(board, market, orders, offers, seconds, stop)


def _with_present(board: Board, orders: Whole, offers: Whole) -> Whole:
    held = board.orders[orders, CHOSEN]
    return np.union1d(offers, held[held >= 0])


def _entries(board: Board, chart: Chart, teams: Whole) -> tuple[Whole, Entries, Whole]:
    """The uses that may be chosen on these teams, and the teams' room when all of them are free."""
    market = chart.market
    inside = np.zeros(len(market.team_capacity), bool)
    inside[teams] = True
    use = chart.by_team[ranges(chart.team_start[teams], np.diff(chart.team_start)[teams])]
    offer = market.use_offer[use]
    held = board.orders[market.offer_order[offer], CHOSEN]
    able = chart.near[offer] | (held == offer)
    able &= _wholly(market, offer, inside)
    able &= (held < 0) | _wholly(market, np.maximum(held, 0), inside)
    use, offer, held = use[able], offer[able], held[able] == offer[able]
    number = np.searchsorted(teams, market.use_team[use])
    rank = np.lexsort((use, -chart.profit[use], number))
    use, held, number = use[rank], held[rank], number[rank]
    room = board.teams[teams, LEFT].copy()
    np.add.at(room, number[held], market.use_load[use[held]])
    start = np.searchsorted(number, np.arange(len(teams) + 1))
    entries = Entries(start, chart.profit[use], market.use_load[use], held.astype(np.int32))
    return use, entries, room


def _wholly(market: Market, offers: Whole | Index, inside: Flag) -> Flag:
    """Offers all of whose teams are inside."""
    first, width = market.use_start[offers], np.diff(market.use_start)[offers]
    good: Flag = inside[market.use_team[first]]
    for place in range(1, int(width.max(initial=0))):
        more = width > place
        good[more] &= inside[market.use_team[first[more] + place]]
    return good


def _program(board: Board, chart: Chart, use: Whole, found: Fillings, spare: float) -> tuple[highspy.HighsLp, Real]:
    """maximise the value of the chosen fillings: one for each team, one offer for each order, all within their money. And
    what each filling costs."""
    market = chart.market
    column = np.repeat(np.arange(len(found.team)), np.diff(found.start))
    uses = use[found.entry]
    offer = market.use_offer[uses]
    leads = uses == market.use_start[offer]  # an offer counts where its first team holds it
    orders, order = np.unique(market.offer_order[offer[leads]], return_inverse=True)
    rows = Rows(len(found.team))
    rows.add(found.team, np.arange(len(found.team)), 1.0, -np.inf, 1.0)
    must = (board.orders[orders, MUST] != 0) & (board.orders[orders, CHOSEN] >= 0)
    rows.add(order, column[leads], 1.0, np.where(must, 1.0, -np.inf), 1.0)
    cost: Real = np.bincount(column[leads], chart.cost[offer[leads]], len(found.team)).astype(float)
    # No reserve is kept: the present choice must be among the answers, or the solver has nothing to begin with.
    drawn = float(cost[found.now != 0].sum()) + spare
    if cost.max(initial=0.0) > SOME and np.isfinite(spare):
        paying = np.flatnonzero(cost > 0)
        rows.add(np.zeros(len(paying), np.int64), paying, cost[paying], -np.inf, drawn)
    _join(rows, market, uses, offer, column)
    floors(rows, board, market, offer[leads], column[leads])
    lp = highspy.HighsLp()
    lp.num_col_, lp.sense_ = len(found.team), highspy.ObjSense.kMaximize
    lp.col_cost_ = np.bincount(column[leads], market.offer_value[offer[leads]], len(found.team)).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.ones(lp.num_col_)
    lp.integrality_ = [highspy.HighsVarType.kInteger] * lp.num_col_
    rows.write(lp)
    return lp, cost


class Rows:
    """The rows of a program, put together from parts."""

    def __init__(self, columns: int) -> None:
        self.columns, self.count = columns, 0
        self.parts: list[tuple[Whole, Whole, Real]] = []
        self.bounds: list[tuple[Real, Real]] = []

    def add(
        self, row: Whole, column: Whole, value: Whole | Real | float, lower: Real | float, upper: Real | float
    ) -> None:
        """Rows 0…max(row) after those there are."""
        height = int(row.max(initial=-1)) + 1
        self.parts.append((row + self.count, column, np.broadcast_to(np.asarray(value, float), row.shape)))
        self.bounds.append((np.broadcast_to(lower, height).astype(float), np.broadcast_to(upper, height).astype(float)))
        self.count += height

    def write(self, lp: highspy.HighsLp) -> None:
        row, column, value = (np.concatenate(each) for each in zip(*self.parts, strict=True))
        matrix: csc_array = coo_array((value, (row, column)), (self.count, self.columns)).tocsc()
        lower, upper = (np.concatenate(each) for each in zip(*self.bounds, strict=True))
        lp.num_row_, lp.row_lower_, lp.row_upper_ = self.count, lower, upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
        lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
        lp.a_matrix_.value_ = matrix.data


def _join(rows: Rows, market: Market, uses: Whole, offer: Index, column: Whole) -> None:
    """An offer of several teams is held by all of them or none."""
    further = uses != market.use_start[offer]
    if not further.any():
        return
    known, row = np.unique(uses[further], return_inverse=True)
    rows_of = dict(zip(known.tolist(), range(len(known)), strict=True))
    lead_row, lead_column = [], []
    for each, where in zip(offer[~further].tolist(), column[~further].tolist(), strict=True):
        for use in range(market.use_start[each] + 1, market.use_start[each + 1]):
            if use in rows_of:
                lead_row.append(rows_of[use])
                lead_column.append(where)
    rows.add(
        np.concatenate([row, np.array(lead_row, np.int64)]),
        np.concatenate([column[further], np.array(lead_column, np.int64)]),
        np.concatenate([np.ones(len(row)), -np.ones(len(lead_row))]),
        0.0,
        0.0,
    )


def floors(rows: Rows, board: Board, market: Market, offer: Whole | Index, column: Whole) -> None:
    """No group falls below its floor, or below where it stands if that is lower."""
    if not len(market.group_least):
        return
    order = market.offer_order[offer]
    width = np.diff(market.group_start)[order]
    group = market.order_group[ranges(market.group_start[order], width)].astype(np.int64)
    if not len(group):
        return
    here = np.unique(order)
    here = here[board.orders[here, CHOSEN] >= 0]
    inside = np.bincount(
        market.order_group[ranges(market.group_start[here], np.diff(market.group_start)[here])],
        minlength=len(market.group_least),
    )
    least = np.clip(board.groups[:, LEAST] - board.groups[:, MATCHED] + inside, 0, inside)
    rows.add(group, np.repeat(column, width), 1.0, least[: int(group.max()) + 1].astype(float), np.inf)
