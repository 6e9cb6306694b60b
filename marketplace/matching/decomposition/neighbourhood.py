"""Large neighbourhoods: free some hundred orders around a place that leaves value lying, and choose anew for all of them.

What the freed orders hold is given back; everybody else stays. For the choice alone the funds are summed up in one budget at
the dual's prices (near the optimum their money is worth about the same everywhere): that small problem goes to the exact
path. Then every offer is paid in whole fen under every rule, and the board is kept only if it became better.
"""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decomposition.board import (
    CHOSEN,
    LEAST,
    LEFT,
    LOAD,
    LOGGED,
    MATCHED,
    MUST,
    OFFER,
    SHORTAGE,
    TEAM,
    WORTH,
    Board,
    detach,
    settle,
    take_back,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import Flag, Market, Real, Whole
from marketplace.matching.decomposition.payment import carry_out, plan
from marketplace.matching.decomposition.search import Scratch, fits, free_money, insert
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact

NEAR = 0.02  # offers that lose at most this part of the mean value take part
FINE = 1_000  # the summed budget counts thousandths of a value unit
GAP = 1e-4  # how exactly a neighbourhood is solved


class Region:
    """The offers worth considering, by order and by team, and where to look next."""

    def __init__(self, board: Board, market: Market, loss: Real, value: float) -> None:
        self.board, self.market = board, market
        self.near: Flag = loss <= NEAR * value
        used = np.flatnonzero(self.near[market.use_offer] & (market.use_load > 0))
        used = used[np.argsort(market.use_team[used], kind="stable")]
        self.team_orders = market.offer_order[market.use_offer[used]]
        self.team_start = np.searchsorted(market.use_team[used], np.arange(len(market.team_capacity) + 1))
        self.visited = np.zeros(market.orders)
        # An order far below its best place, or without one it deserves, is where value lies.
        self.loss = loss

    def seed(self, draw: np.random.Generator) -> int:
        """An order that loses much against the dual, at random among them; those looked at before wait their turn."""
        chosen = self.board.orders[:, CHOSEN]
        lost = np.where(chosen >= 0, self.loss[np.maximum(chosen, 0)], self.board.asked)
        return int(np.argmax((lost + 1e-3 * lost.mean() + 1e-12) * draw.random(len(lost)) / (1.0 + self.visited) ** 2))

    def around(self, order: int, size: int, draw: np.random.Generator) -> Whole:
        """About `size` orders reached from this one over near-optimal offers, breadth first."""
        market, found, wait, seen = self.market, {order: None}, [order], set[int]()
        while wait and len(found) < size:
            here = wait.pop(0)
            self.visited[here] += 1
            offers = np.arange(market.order_start[here], market.order_start[here + 1])
            offers = offers[self.near[offers] | (offers == self.board.orders[here, CHOSEN])]
            for offer in offers:
                for team in market.use_team[market.use_start[offer]:market.use_start[offer + 1]].tolist():
                    if team not in seen:
                        seen.add(team)
                        others = self.team_orders[self.team_start[team]:self.team_start[team + 1]]
                        fresh = [o for o in draw.permutation(np.unique(others)).tolist() if o not in found]
                        found.update(dict.fromkeys(fresh))
                        wait += fresh
        return np.array(sorted(list(found)[:size]), dtype=np.int64)


def sub_problem(board: Board, market: Market, orders: Whole, near: Flag) -> tuple[Arrays, Whole]:
    """Which offers to choose for the freed orders as a problem without funds, and the offers its rows stand for."""
    number = np.full(market.orders, -1)
    number[orders] = np.arange(len(orders))
    held = board.orders[orders, CHOSEN]
    held = held[held >= 0]
    takes_part = (number[market.offer_order] >= 0) & near
    takes_part[held] = True
    offers = np.flatnonzero(takes_part)
    freed = np.isin(board.uses[:, OFFER], held)
    room = board.teams[:, LEFT].copy()
    np.add.at(room, board.uses[freed, TEAM], board.uses[freed, LOAD])
    place = np.full(market.offers, -1)
    place[offers] = np.arange(len(offers))
    uses = np.flatnonzero(takes_part[market.use_offer] & (market.use_load > 0))
    teams, use_team = np.unique(market.use_team[uses], return_inverse=True)
    # One more team stands for money: what the freed orders pay now, at the prices of the dual.
    price = np.ceil((market.offer_value[offers] - board.net[offers]) * FINE).astype(np.int64)
    budget = int(price[place[held]].sum())
    members = np.flatnonzero(number[np.repeat(np.arange(market.orders), np.diff(market.group_start))] >= 0)
    member_order = np.repeat(np.arange(market.orders), np.diff(market.group_start))[members]
    inside = np.bincount(market.order_group[members][board.orders[member_order, CHOSEN] >= 0],
                         minlength=len(market.group_least))
    floors = np.clip(board.groups[:, LEAST] - board.groups[:, MATCHED] + inside, 0, inside)
    none, zero = np.zeros(0, np.int64), np.zeros(len(orders), np.int64)
    return Arrays(
        order_own=zero, order_enterprise=np.arange(len(orders)),
        order_must=((board.orders[orders, MUST] != 0) & (board.orders[orders, CHOSEN] >= 0)).astype(np.int64),
        team_capacity=np.append(room[teams], budget), offer_order=number[market.offer_order[offers]],
        offer_price=np.zeros(len(offers), np.int64), offer_value=market.offer_value[offers],
        use_offer=np.concatenate([place[market.use_offer[uses]], np.flatnonzero(price)]),
        use_team=np.concatenate([use_team, np.full(int(np.count_nonzero(price)), len(teams))]),
        use_load=np.concatenate([market.use_load[uses], price[price != 0]]),
        fund_budget=none, fund_cost=none, fund_public=none, fund_share_max=none, fund_amount_max=none, fund_amount_min=none,
        fund_match_max=none, fund_enterprise_max=none, fund_all=none, eligible_fund=none, eligible_order=none,
        member_group=market.order_group[members].astype(np.int64), member_order=number[member_order],
        floor_group=np.arange(len(floors)), floor_matched=floors), offers


@compiled
def _exchange(board: Board, orders: Whole, offers: Whole, scratch: Scratch, waiting: Whole) -> None:
    """Give each order the offer wanted for it (−1: none), paying as well as possible; who lost a place looks for another."""
    waits = 0
    for place in range(len(orders)):
        order = orders[place]
        if board.orders[order, CHOSEN] >= 0:
            detach(board, order)
    for place in range(len(orders)):
        order, offer = orders[place], offers[place]
        if offer < 0 or board.orders[order, CHOSEN] >= 0 or not fits(board, offer):
            continue
        missing = plan(board, offer, scratch.amounts)
        if missing > 0:
            ejected = free_money(board, offer, order, missing, scratch.waiting, 0)
            for each in range(max(0, ejected)):
                if waits < len(waiting):
                    waiting[waits] = scratch.waiting[each]
                    waits += 1
            missing = plan(board, offer, scratch.amounts) if ejected >= 0 and fits(board, offer) else 1
        if missing == 0:
            carry_out(board, offer, scratch.amounts)
        if board.counters[LOGGED] > len(board.log) // 2:
            return
    for place in range(len(orders)):
        if board.orders[orders[place], CHOSEN] < 0:
            insert(board, orders[place], scratch.amounts)
    for place in range(waits):
        if board.orders[waiting[place], CHOSEN] < 0:
            insert(board, waiting[place], scratch.amounts)


def renew(board: Board, market: Market, orders: Whole, offers: Whole, answer: Answer, scratch: Scratch) -> bool:
    """Bring the sub-problem's answer onto the board; True when the board got better, else it is as it was."""
    if answer.choices is None:
        return False
    wanted = np.full(market.orders, -1)
    for choice in answer.choices:
        wanted[market.offer_order[offers[choice.offer]]] = offers[choice.offer]
    changed = orders[wanted[orders] != board.orders[orders, CHOSEN]]
    if not len(changed):
        return False
    _exchange(board, changed, wanted[changed], scratch, np.zeros(64, np.int64))
    better = board.change[SHORTAGE] < 0 or (board.change[SHORTAGE] == 0 and board.change[WORTH] > 1e-6)
    if better:
        settle(board)
    else:
        take_back(board)
    return bool(better)


def improve_once(board: Board, market: Market, region: Region, scratch: Scratch, size: int, seconds: float,
                 draw: np.random.Generator, stop: Callable[[], bool]) -> bool:
    """Free one neighbourhood and choose anew; True when the board got better."""
    orders = region.around(region.seed(draw), size, draw)
    arrays, offers = sub_problem(board, market, orders, region.near)
    answer = solve_exact(arrays, Hearing(Settings(time_limit=seconds, gap=GAP), cancelled=stop))
    return renew(board, market, orders, offers, answer, scratch)


