"""What many neighbourhoods propose, decided together over the real funds.

Each neighbourhood has its present choice and some proposals; a program takes one of them for each and pays every order that
any of them would change, fund by fund. All other matches keep their payments. Deciding together is what makes proposals
affordable: most of them draw more or less than they free, and only their sum fits the money there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from marketplace.matching.decomposition.board import (
    CHOSEN,
    LEFT,
    PAID,
    SHORTAGE,
    WORTH,
    Board,
    detach,
    settle,
    take_back,
)
from marketplace.matching.decomposition.dive import spread
from marketplace.matching.decomposition.exchange import Chain, exchange
from marketplace.matching.decomposition.market import (
    COST_UNIT,
    Index,
    Market,
    Real,
    Whole,
    caps,
    own_payment,
    public_room,
    ranges,
)
from marketplace.matching.decomposition.payment import carry_out
from marketplace.matching.decomposition.search import Scratch
from marketplace.matching.decomposition.teams import SOME, Rows, floors
from marketplace.matching.search import Effort, go_on

EFFORT = Effort(branches=20, turns=60, precision=5e-4, restarts=False)
MONEY = 1e6  # fen in one unit of the program's money, so that its numbers are of one size
HAIR = 0.01  # fen: what the program's rounding may hide of a whole one
ENTRIES = 6  # log entries for each order beyond those for its payments, out and in again


@dataclass(frozen=True, slots=True)
class _Options:
    """Option k belongs to neighbourhood `group[k]` and is the present one where `now[k]`; entry e says that option
    `option[e]` matches an order by `offer[e]`. Only orders that some option changes are listed."""

    group: Whole
    now: Whole
    option: Whole
    offer: Whole
    orders: Whole


def decide(
    board: Board,
    market: Market,
    proposals: list[list[Whole]],
    scratch: Scratch,
    links: Chain,
    seconds: float,
    stop: Callable[[], bool],
) -> bool:
    """Carry out the best affordable combination. proposals[n]: the offers that neighbourhood n holds now, then, for each of
    its proposals, those it would hold instead. True when the board got better.
    """
    options = _options(board, market, proposals)
    if not len(options.orders):
        return False
    source = ranges(market.source_start[options.orders], np.diff(market.source_start)[options.orders])
    program, start = _program(board, market, options, source)
    _, values = go_on(program, start, EFFORT, seconds, stop)
    if values is None:
        return False
    taken = values[: len(options.group)] > 0.5
    chosen = options.offer[taken[options.option]]
    target = np.zeros(len(market.source_fund))
    target[source] = values[len(options.group) :] * MONEY
    return _carry_out(board, market, options.orders, chosen, target, scratch, links)


def _options(board: Board, market: Market, proposals: list[list[Whole]]) -> _Options:
    """The options, as many of them as the board's log can take back."""
    group: list[int] = []
    now, option, offer, orders = [], [], [], [np.zeros(0, np.int64)]
    room = len(board.log) // 2
    for number, sets in enumerate(proposals):
        changed = [np.setxor1d(sets[0], each) for each in sets[1:]]
        here = np.unique(market.offer_order[np.concatenate([np.zeros(0, np.int64), *changed])]).astype(np.int64)
        room -= int((2 * np.diff(market.source_start)[here] + ENTRIES).sum())
        if not len(here) or room < 0:
            continue
        orders.append(here)
        for place, each in enumerate(sets):
            mine = each[np.isin(market.offer_order[each], here)]
            option.append(np.full(len(mine), len(group)))
            offer.append(mine)
            group.append(number)
            now.append(place == 0)
    none = [np.zeros(0, np.int64)]
    return _Options(
        np.array(group, np.int64),
        np.array(now, np.int64),
        np.concatenate(option or none),
        np.concatenate(offer or none),
        np.unique(np.concatenate(orders)),
    )


def _program(board: Board, market: Market, options: _Options, source: Whole) -> tuple[highspy.HighsLp, Real]:
    """maximise the value of the options less the cost of money, over options and payments; and the values that stand now."""
    count, total = len(options.group), len(options.group) + len(source)
    pays, fund = count + np.arange(len(source)), market.source_fund[source]
    place = np.zeros(market.orders, np.int64)
    place[options.orders] = np.arange(len(options.orders))
    order = place[market.offer_order[options.offer]]
    width = np.diff(market.source_start)[options.orders]
    payer = np.repeat(np.arange(len(options.orders)), width)
    rows = Rows(total)
    rows.add(np.unique(options.group, return_inverse=True)[1], np.arange(count), 1.0, 1.0, 1.0)
    rows.add(order, options.option, 1.0, -np.inf, 1.0)  # two neighbourhoods may want the same waiting order
    need = (market.offer_price[options.offer] - own_payment(market, options.offer)) / MONEY
    rows.add(np.concatenate([payer, order]), np.concatenate([pays, options.option]), _signs(payer, need), 0.0, 0.0)
    entry = np.repeat(np.arange(len(order)), width[order])
    drawn = ranges((np.cumsum(width) - width)[order], width[order])
    most = np.minimum(caps(market, options.offer[entry], source[drawn]) / MONEY, need[entry])
    rows.add(
        np.concatenate([np.arange(len(source)), drawn]),
        np.concatenate([pays, options.option[entry]]),
        _signs(source, most),
        -np.inf,
        0.0,
    )
    public = np.flatnonzero(market.fund_public[fund])
    if market.public_share >= 0 and len(public):
        room = public_room(market, options.offer) / MONEY
        rows.add(
            np.concatenate([payer[public], order]),
            np.concatenate([pays[public], options.option]),
            _signs(public, room),
            -np.inf,
            0.0,
        )
    _limits(rows, board.funds[:, LEFT], fund, pays, board.sources[source, PAID])
    shared = np.flatnonzero(market.source_row[source] >= 0)
    _limits(
        rows, board.rows[:, 0], market.source_row[source[shared]], pays[shared], board.sources[source[shared], PAID]
    )
    floors(rows, board, market, options.offer, options.option)
    lp = highspy.HighsLp()
    lp.num_col_, lp.sense_ = total, highspy.ObjSense.kMaximize
    worth = np.bincount(options.option, market.offer_value[options.offer], count)
    lp.col_cost_ = np.concatenate([worth, -market.fund_cost[fund] * (MONEY / COST_UNIT)])
    lp.col_lower_ = np.zeros(total)
    lp.col_upper_ = np.concatenate([np.ones(count), np.full(len(source), np.inf)])
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * count + [kinds.kContinuous] * len(source)
    rows.write(lp)
    return lp, np.concatenate([options.now.astype(float), board.sources[source, PAID] / MONEY])


def _signs(plus: Whole, minus: Real) -> Real:
    return np.concatenate([np.ones(len(plus)), -minus])


def _limits(rows: Rows, left: Whole, limit: Whole | Index, columns: Whole, paid: Whole) -> None:
    """No limit is drawn on beyond what it has left once these payments are given back."""
    if not len(limit):
        return
    used, row = np.unique(limit, return_inverse=True)
    freed = left[used] + np.bincount(row, paid)
    rows.add(row, columns, 1.0, -np.inf, freed / MONEY)


def _carry_out(
    board: Board, market: Market, orders: Whole, offers: Whole, target: Real, scratch: Scratch, links: Chain
) -> bool:
    """Match the orders by these offers, paid as near to the target as whole fen allow; True when that is better."""
    for order in orders[board.orders[orders, CHOSEN] >= 0]:
        detach(board, order)
    late = []
    for offer in offers:
        order = market.offer_order[offer]
        aim = target[market.source_start[order] : market.source_start[order + 1]] + HAIR
        if spread(board, offer, aim, scratch.amounts) == 0:
            carry_out(board, offer, scratch.amounts)
        else:
            late.append(offer)
    if late:
        exchange(board, np.zeros(0, np.int64), np.array(late, np.int64), scratch, links)
    if board.change[SHORTAGE] <= 0 and board.change[WORTH] > SOME:
        settle(board)
        return True
    take_back(board)
    return False
