"""A first solution: fix the offers the team-side dual almost always chooses, price the rest again, and so on.

Money for a fixed offer is taken at the average of the cheapest payments over prices met on the way (the ergodic primal
average, Anstreicher and Wolsey 2009): at any single price all orders would empty the same fund.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marketplace.matching.decomposition import team_dual
from marketplace.matching.decomposition.board import (
    CEILING,
    CHOSEN,
    FUND,
    LEFT,
    MINIMUM,
    ORDER,
    OWN,
    PRICE,
    PUBLIC,
    ROW,
    SOURCE,
    SOURCES,
    Board,
    settle,
)
from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import BASIS, Index, Market, Real, Whole, restrict
from marketplace.matching.decomposition.order_dual import Scales
from marketplace.matching.decomposition.payment import cap, carry_out, plan
from marketplace.matching.decomposition.pricing import Terms, cheapest, rank_sources, source_prices
from marketplace.matching.decomposition.search import Scratch, fits
from marketplace.matching.decomposition.team_dual import Ergodic, TeamPrices

STRIDE = 0.8
FEW = 20_000  # with so few offers left a second thread costs more than it brings
DONE = 0.002  # what is left of all offers when pricing it again is no longer worth its time
LEVELS = (0.97, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)


@compiled
def _targets(
    source_fund: Index,
    terms: Terms,
    samples: Real,
    full: float,
    own: float,
    begin: int,
    end: int,
    rank: Whole,
    sources: Real,
    amounts: Real,
    target: Real,
) -> None:
    """The mean of the cheapest payments over the sampled prices, by source of the order."""
    target[: end - begin] = 0.0
    for sample in range(len(samples)):
        rank_sources(source_fund, samples[sample], begin, end, terms, rank, sources)
        cheapest(full, own, terms.public_share, sources, end - begin, amounts)
        for place in range(end - begin):
            target[rank[place] - begin] += amounts[place] / len(samples)


@compiled
def spread(board: Board, offer: int, target: Real, amounts: Whole) -> int:
    """The target in whole fen within what is left, the rest from the fund with most left; what is missing."""
    order, price = board.offers[offer, ORDER], board.offers[offer, PRICE]
    begin, end = board.orders[order, SOURCE], board.orders[order, SOURCES]
    own = min(price, board.orders[order, OWN])
    left, room = price - own, price * board.counters[CEILING] // BASIS
    for turn in range(end - begin + 1):
        richest, most_left = -1, 0
        for place in range(begin, end):
            source = board.ranked[place]
            fund, row = board.sources[source, FUND], board.sources[source, ROW]
            given = amounts[place - begin] if turn > 0 else 0
            most = min(cap(board, fund, price, own), board.funds[fund, LEFT])
            if row >= 0:
                most = min(most, board.rows[row, 0])
            most = min(most - given, left)
            if board.funds[fund, PUBLIC] != 0:
                most = min(most, room)
            if turn == 0:
                given = max(0, min(most, int(target[source - begin])))
                amounts[place - begin] = given
                left -= given
                if board.funds[fund, PUBLIC] != 0:
                    room -= given
            elif most > 0 and board.funds[fund, LEFT] - given > most_left:
                richest, most_left = place, board.funds[fund, LEFT] - given
                amount = most
        if left == 0:
            break
        if turn > 0:
            if richest < 0:
                return int(left)
            amounts[richest - begin] += amount
            left -= amount
            if board.funds[board.sources[board.ranked[richest], FUND], PUBLIC] != 0:
                room -= amount
    for place in range(begin, end):
        if 0 < amounts[place - begin] < board.funds[board.sources[board.ranked[place], FUND], MINIMUM]:
            return plan(board, offer, amounts)
    return int(left)


@compiled
def _fix(board: Board, market: Market, terms: Terms, samples: Real, offers: Whole, scratch: Scratch) -> int:
    """Choose the offers one after the other where teams and funds allow; how many."""
    source_fund = market.source_fund
    widest = len(scratch.amounts)
    rank, sources = np.empty(widest, np.int64), np.empty((widest, 5))
    amounts, target = np.empty(widest), np.empty(widest)
    fixed = 0
    for place in range(len(offers)):
        offer = offers[place]
        order, full = board.offers[offer, ORDER], float(board.offers[offer, PRICE])
        if board.orders[order, CHOSEN] >= 0 or not fits(board, offer):
            continue
        begin, end = board.orders[order, SOURCE], board.orders[order, SOURCES]
        _targets(
            source_fund,
            terms,
            samples,
            full,
            min(full, float(board.orders[order, OWN])),
            begin,
            end,
            rank,
            sources,
            amounts,
            target,
        )
        if spread(board, offer, target, scratch.amounts) == 0:
            carry_out(board, offer, scratch.amounts)
            settle(board)
            fixed += 1
    return fixed


def dive(
    board: Board,
    market: Market,
    terms: Terms,
    scales: Scales,
    at: TeamPrices,
    met: Ergodic,
    scratch: Scratch,
    steps: int,
    threads: int,
    stop: Callable[[], bool],
) -> None:
    """Fill the (empty) board, most certain offers first; between levels the residual market is priced again."""
    frequency, numbers, rest = met.frequency, np.arange(market.offers), market
    for level in LEVELS:
        samples = np.array(
            [source_prices(market, terms, fund, row) for fund, row in zip(met.fund, met.row, strict=True)]
        )
        sure = np.flatnonzero(frequency > level)
        sure = sure[np.argsort(-frequency[sure], kind="stable")]
        _fix(board, market, terms, samples, numbers[sure], scratch)
        if level == LEVELS[-1] or stop():
            return
        rest, numbers, at = _residual(board, rest, numbers, at)
        if rest.offers <= DONE * market.offers:
            return
        at, met = team_dual.descend(
            rest, terms, at, scales, steps, threads if rest.offers > FEW else 1, stop, stride=STRIDE
        )
        frequency = met.frequency


def _residual(board: Board, market: Market, numbers: Whole, at: TeamPrices) -> tuple[Market, Whole, TeamPrices]:
    """What is still open: offers of unmatched orders that fit the room and money left."""
    open_ = board.orders[market.offer_order, CHOSEN] < 0
    room = board.teams[:, LEFT]
    np.logical_and.at(open_, market.use_offer, market.use_load <= room[market.use_team])
    rest = restrict(market, open_)._replace(
        team_capacity=room.copy(),
        fund_budget=board.funds[:, LEFT].copy(),
        row_limit=board.rows[:, 0].copy(),
        group_least=np.maximum(0, board.groups[:, 0] - board.groups[:, 1]),
    )
    order = np.where(board.orders[:, CHOSEN] >= 0, 0.0, at.order)
    used = open_[market.use_offer]
    return rest, numbers[open_], TeamPrices(order, at.fund, at.row, at.group, at.split[used], np.inf)
