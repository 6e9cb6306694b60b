"""Large neighbourhoods: free some hundred orders around a place that leaves value lying, and choose anew for all of them.

What the freed orders hold is given back; everybody else stays. First the funds are summed up in one budget at the dual's
prices (near the optimum their money is worth about the same everywhere) and the exact path chooses among near-optimal offers.
Then only the orders whose offer would change are freed, each with its old and its new offer, and the exact path solves that
with the real funds and every rule, in whole fen: the old choice is among the answers, so the board can only get better.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decomposition.board import (
    CHOSEN,
    FUND,
    HOLDER,
    LEAST,
    LEFT,
    LOAD,
    MATCHED,
    MUST,
    OFFER,
    PAID,
    SHORTAGE,
    TEAM,
    WORTH,
    Board,
    detach,
    settle,
    take_back,
)
from marketplace.matching.decomposition.market import Flag, Market, Real, Whole
from marketplace.matching.decomposition.payment import carry_out
from marketplace.matching.decomposition.search import fits
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact

NEAR = 0.02  # offers that lose at most this part of the mean value take part
FINE = 1_000  # the summed budget counts thousandths of a value unit
GAP = 3e-4  # how exactly a neighbourhood is solved


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
                for team in market.use_team[market.use_start[offer] : market.use_start[offer + 1]].tolist():
                    if team not in seen:
                        seen.add(team)
                        others = self.team_orders[self.team_start[team] : self.team_start[team + 1]]
                        fresh = [o for o in draw.permutation(np.unique(others)).tolist() if o not in found]
                        found.update(dict.fromkeys(fresh))
                        wait += fresh
        return np.array(sorted(list(found)[:size]), dtype=np.int64)


def sub_problem(board: Board, market: Market, orders: Whole, offers: Whole) -> Arrays:
    """The choice among `offers` of the freed `orders`, with what they hold given back, and without funds."""
    number, place = np.full(market.orders, -1), np.full(market.offers, -1)
    number[orders], place[offers] = np.arange(len(orders)), np.arange(len(offers))
    held = board.orders[orders, CHOSEN]
    matched = held >= 0
    freed = np.isin(board.uses[:, OFFER], held[matched])
    room = board.teams[:, LEFT].copy()
    np.add.at(room, board.uses[freed, TEAM], board.uses[freed, LOAD])
    uses = np.flatnonzero((place[market.use_offer] >= 0) & (market.use_load > 0))
    teams, use_team = np.unique(market.use_team[uses], return_inverse=True)
    members = np.flatnonzero(number[np.repeat(np.arange(market.orders), np.diff(market.group_start))] >= 0)
    member_order = np.repeat(np.arange(market.orders), np.diff(market.group_start))[members]
    inside = np.bincount(
        market.order_group[members][board.orders[member_order, CHOSEN] >= 0], minlength=len(market.group_least)
    )
    none = np.zeros(0, np.int64)
    return Arrays(
        order_own=market.order_own[orders],
        order_enterprise=np.arange(len(orders)),
        order_must=((board.orders[orders, MUST] != 0) & matched).astype(np.int64),
        team_capacity=room[teams],
        offer_order=number[market.offer_order[offers]],
        offer_price=np.zeros(len(offers), np.int64),
        offer_value=market.offer_value[offers],
        use_offer=place[market.use_offer[uses]],
        use_team=use_team,
        use_load=market.use_load[uses],
        fund_budget=none,
        fund_cost=none,
        fund_public=none,
        fund_share_max=none,
        fund_amount_max=none,
        fund_amount_min=none,
        fund_match_max=none,
        fund_enterprise_max=none,
        fund_all=none,
        eligible_fund=none,
        eligible_order=none,
        public_share_max=market.public_share,
        member_group=market.order_group[members].astype(np.int64),
        member_order=number[member_order],
        floor_group=np.arange(len(market.group_least)),
        floor_matched=np.clip(board.groups[:, LEAST] - board.groups[:, MATCHED] + inside, 0, inside),
    )


def with_budget(board: Board, market: Market, arrays: Arrays, orders: Whole, offers: Whole) -> Arrays:
    """The funds as one more team: what the freed orders cost now, at the prices of the dual."""
    price = np.ceil((market.offer_value[offers] - board.net[offers]) * FINE).astype(np.int64)
    now = np.isin(offers, board.orders[orders, CHOSEN])
    paid = np.flatnonzero(price > 0)
    return replace(
        arrays,
        team_capacity=np.append(arrays.team_capacity, int(price[now & (price > 0)].sum())),
        use_offer=np.concatenate([arrays.use_offer, paid]),
        use_team=np.concatenate([arrays.use_team, np.full(len(paid), arrays.teams)]),
        use_load=np.concatenate([arrays.use_load, price[paid]]),
    )


def with_funds(board: Board, market: Market, arrays: Arrays, orders: Whole, offers: Whole) -> Arrays:
    """The funds as they are, with what the freed orders draw given back; an enterprise's shared limit as it stands."""
    number = np.full(market.orders, -1)
    number[orders] = np.arange(len(orders))
    sources = np.flatnonzero(number[board.sources[:, HOLDER]] >= 0)
    budget = board.funds[:, LEFT].copy()
    np.add.at(budget, board.sources[sources, FUND], board.sources[sources, PAID])
    return replace(
        arrays,
        offer_price=market.offer_price[offers],
        fund_budget=budget,
        fund_cost=market.fund_cost,
        fund_public=market.fund_public.astype(np.int64),
        fund_share_max=market.fund_share,
        fund_amount_max=market.fund_limit,
        fund_amount_min=market.fund_least,
        fund_match_max=market.fund_match,
        fund_enterprise_max=np.full(len(budget), -1),
        fund_all=np.zeros(len(budget), np.int64),
        eligible_fund=board.sources[sources, FUND],
        eligible_order=number[board.sources[sources, HOLDER]],
    )


def renew(board: Board, market: Market, orders: Whole, offers: Whole, answer: Answer) -> bool:
    """Put the answer for the freed orders on the board if it is better and no enterprise's limit stands in its way."""
    if answer.choices is None:
        return False
    for order in orders[board.orders[orders, CHOSEN] >= 0]:
        detach(board, order)
    good = True
    for choice in answer.choices:
        offer = int(offers[choice.offer])
        order = market.offer_order[offer]
        ranked = board.ranked[market.source_start[order] : market.source_start[order + 1]]
        amounts = np.array([choice.pay.get(int(market.source_fund[source]), 0) for source in ranked], dtype=np.int64)
        rows = market.source_row[ranked]
        limited = rows >= 0
        good = fits(board, offer) and bool((amounts[limited] <= board.rows[rows[limited], 0]).all())
        if not good:
            break
        carry_out(board, offer, amounts)
    good = good and (board.change[SHORTAGE] < 0 or (board.change[SHORTAGE] == 0 and board.change[WORTH] > 1e-6))
    if good:
        settle(board)
    else:
        take_back(board)
    return bool(good)


def improve_once(
    board: Board,
    market: Market,
    region: Region,
    size: int,
    seconds: float,
    draw: np.random.Generator,
    stop: Callable[[], bool],
) -> bool:
    """Free one neighbourhood and choose anew; True when the board got better."""
    hearing = Hearing(Settings(time_limit=seconds, gap=GAP), cancelled=stop)
    orders = region.around(region.seed(draw), size, draw)
    held = board.orders[orders, CHOSEN]
    near = np.concatenate(
        [
            np.flatnonzero(region.near[market.order_start[order] : market.order_start[order + 1]])
            + market.order_start[order]
            for order in orders
        ]
    )
    offers = np.union1d(near, held[held >= 0])
    wish = solve_exact(with_budget(board, market, sub_problem(board, market, orders, offers), orders, offers), hearing)
    if wish.choices is None:
        return False
    wanted = np.full(market.orders, -1)
    chosen = offers[np.array([choice.offer for choice in wish.choices], dtype=np.int64)]
    wanted[market.offer_order[chosen]] = chosen
    orders = orders[wanted[orders] != held]
    if not len(orders):
        return False
    offers = np.union1d(wanted[orders], board.orders[orders, CHOSEN])
    offers = offers[offers >= 0]
    arrays = with_funds(board, market, sub_problem(board, market, orders, offers), orders, offers)
    hearing = Hearing(Settings(time_limit=seconds, gap=GAP), cancelled=stop)
    return renew(board, market, orders, offers, solve_exact(arrays, hearing))
