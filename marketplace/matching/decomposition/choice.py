"""Old or new: the exact path decides, in whole fen and with the real funds, which changes of a neighbourhood are carried out.

The orders whose offer would change are freed, each with its present and its new offer; everybody else stays. The present
choice is among the answers, so the board can only get better.
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
from marketplace.matching.decomposition.market import Market, Whole
from marketplace.matching.decomposition.payment import carry_out
from marketplace.matching.decomposition.search import fits
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact

GAP = 3e-4  # how exactly the choice is made


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


def choose(
    board: Board, market: Market, orders: Whole, offers: Whole, seconds: float, stop: Callable[[], bool]
) -> bool:
    """Free these orders and choose anew among these offers; True when the board got better."""
    arrays = with_funds(board, market, sub_problem(board, market, orders, offers), orders, offers)
    hearing = Hearing(Settings(time_limit=seconds, gap=GAP), cancelled=stop)
    return renew(board, market, orders, offers, solve_exact(arrays, hearing))
