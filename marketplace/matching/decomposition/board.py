"""The state of a search in whole fen, as a few tables of integers, with moves that can be taken back exactly.

Row-wise tables keep what is used together in one place and compiled calls short (a compiled function pays for every array
it is given). Every change goes through `attach`, `detach` or `pay`, which log it; `take_back` undoes the log.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from marketplace.matching.decomposition.compiled import compiled
from marketplace.matching.decomposition.market import BASIS, COST_UNIT, Index, Market, Real, Whole

OWN, FIRST, LAST, SOURCE, SOURCES, GROUP, GROUPS, MUST, CHOSEN = range(9)  # orders
ORDER, PRICE, VALUE, USE, USES = range(5)  # offers
OFFER, TEAM, LOAD, NEXT, BEFORE = range(5)  # uses
HOLDER, FUND, ROW, PAID = range(4)  # sources
LEFT, HEAD, OPEN, CLOSE = range(4)  # teams: capacity left, first chosen use, its uses in by_team
SHARE, LIMIT, RATIO, MINIMUM, PUBLIC, COST, BEGIN, END = range(1, 9)  # funds, after LEFT: rules, its sources in by_fund
LEAST, MATCHED = range(2)  # groups
# counters: entries of the log, of which the first KEPT are moves that a rehearsal has settled; the value of all that is chosen
LOGGED, RANDOM, CEILING, MINIMA, TOTAL, REHEARSING, KEPT = range(7)
WORTH, PRICED, SHORTAGE = range(3)  # changes since the log was emptied
ATTACHED, DETACHED, PAYED, UNLINKED = range(4)  # kinds of log entries
LOG_ROWS = 32_768  # no trial changes more; the search stops short of it
RANDOM_MODULUS, RANDOM_FACTOR = 2_147_483_647, 48_271  # Lehmer's generator: no overflow, the same everywhere


class Board(NamedTuple):
    """Tables whose columns are named above; `left` in `rows` is the room of an (enterprise, fund) limit."""

    orders: Whole
    offers: Whole
    uses: Whole
    sources: Whole
    teams: Whole
    funds: Whole
    rows: Whole
    groups: Whole
    memberships: Whole
    ranked: Whole  # each order's sources by ascending price
    liked: Whole  # each order's offers by descending guide
    by_team: Whole
    by_fund: Whole
    guide: Real  # an offer's net value less its teams' time at their prices: what it is worth to its order
    net: Real  # an offer's value less the cheapest payment at the funds' prices
    money: Real  # each source's price per fen in the team-side dual
    asked: Real  # what being matched is worth to each order: its price in the team-side dual
    log: Whole
    counters: Whole
    change: Real


def empty(market: Market, guide: Real, net: Real, asked: Real, source_price: Real, seed: int) -> Board:
    """A board on which nothing is chosen yet."""
    none = np.full(market.orders, -1)
    orders = np.stack(
        [
            market.order_own,
            market.order_start[:-1],
            market.order_start[1:],
            market.source_start[:-1],
            market.source_start[1:],
            market.group_start[:-1],
            market.group_start[1:],
            market.order_must.astype(np.int64),
            none,
        ],
        axis=1,
    )
    offers = np.stack(
        [market.offer_order, market.offer_price, market.offer_value, market.use_start[:-1], market.use_start[1:]],
        axis=1,
    )
    blank = np.full(len(market.use_offer), -1)
    uses = np.stack([market.use_offer, market.use_team, market.use_load, blank, blank], axis=1)
    holder = np.repeat(np.arange(market.orders), np.diff(market.source_start))
    sources = np.stack([holder, market.source_fund, market.source_row, np.zeros(len(holder), np.int64)], axis=1)
    by_team, team_start = _grouped(market.use_team, len(market.team_capacity))
    by_fund, fund_start = _grouped(market.source_fund, len(market.fund_budget))
    teams = np.stack(
        [market.team_capacity, np.full(len(market.team_capacity), -1), team_start[:-1], team_start[1:]], axis=1
    )
    funds = np.stack(
        [
            market.fund_budget,
            market.fund_share,
            market.fund_limit,
            market.fund_match,
            market.fund_least,
            market.fund_public.astype(np.int64),
            market.fund_cost,
            fund_start[:-1],
            fund_start[1:],
        ],
        axis=1,
    )
    groups = np.stack([market.group_least, np.zeros_like(market.group_least)], axis=1)
    ceiling = BASIS if market.public_share < 0 else min(BASIS, market.public_share)
    counters = np.array(
        [0, seed * 7919 % (RANDOM_MODULUS - 1) + 1, ceiling, int((market.fund_least > 0).any()), 0, 0, 0]
    )
    return Board(
        orders,
        offers,
        uses,
        sources,
        teams,
        funds,
        market.row_limit.reshape(-1, 1).copy(),
        groups,
        market.order_group.astype(np.int64),
        np.lexsort((source_price, holder)),
        np.lexsort((-guide, market.offer_order)),
        by_team,
        by_fund,
        guide,
        net,
        source_price,
        asked,
        np.zeros((LOG_ROWS, 3), np.int64),
        counters,
        np.zeros(3),
    )


def reprice(board: Board, guide: Real, net: Real, asked: Real, source_price: Real) -> None:
    """Let other prices guide the search from now on."""
    board.guide[:], board.net[:], board.asked[:], board.money[:] = guide, net, asked, source_price
    board.ranked[:] = np.lexsort((source_price, board.sources[:, HOLDER]))
    board.liked[:] = np.lexsort((-guide, board.offers[:, ORDER]))


def _grouped(key: Index, count: int) -> tuple[Whole, Whole]:
    rank: Whole = np.argsort(key, kind="stable")
    return rank, np.concatenate([[0], np.cumsum(np.bincount(key, minlength=count))])


def objective(board: Board) -> int:
    """The exact objective in millionths of a value unit."""
    chosen = board.orders[:, CHOSEN]
    value = int(board.offers[chosen[chosen >= 0], VALUE].sum())
    cost = sum(int(cost) * int(paid) for cost, paid in zip(board.funds[:, COST], paid_by_fund(board), strict=True))
    return value * COST_UNIT - cost


def paid_by_fund(board: Board) -> Whole:
    """What every fund pays in all, in fen."""
    paid = np.zeros(len(board.funds), np.int64)
    np.add.at(paid, board.sources[:, FUND], board.sources[:, PAID])
    return paid


def shortage(board: Board) -> int:
    """How many required matches are missing: orders that must be matched, and floors of groups."""
    must = int(((board.orders[:, MUST] != 0) & (board.orders[:, CHOSEN] < 0)).sum())
    return must + int(np.maximum(0, board.groups[:, LEAST] - board.groups[:, MATCHED]).sum())


@compiled
def random(counters: Whole) -> float:
    """The next number in (0, 1)."""
    counters[RANDOM] = counters[RANDOM] * RANDOM_FACTOR % RANDOM_MODULUS
    return float(counters[RANDOM] / RANDOM_MODULUS)


@compiled
def _note(board: Board, kind: int, which: int, before: int) -> None:
    count = board.counters[LOGGED]
    board.log[count, 0] = kind
    board.log[count, 1] = which
    board.log[count, 2] = before
    board.counters[LOGGED] = count + 1


@compiled
def _count(board: Board, order: int, sign: int) -> None:
    """Count a match (+1) or its end (−1) in the order's groups and in the shortage."""
    if board.orders[order, MUST] != 0:
        board.change[SHORTAGE] -= sign
    for place in range(board.orders[order, GROUP], board.orders[order, GROUPS]):
        group = board.memberships[place]
        before = max(0, board.groups[group, LEAST] - board.groups[group, MATCHED])
        board.groups[group, MATCHED] += sign
        board.change[SHORTAGE] += max(0, board.groups[group, LEAST] - board.groups[group, MATCHED]) - before


@compiled
def _link(board: Board, use: int, before: int) -> None:
    """Set the use behind `before` (−1: first) among those its team serves."""
    team = board.uses[use, TEAM]
    after = board.uses[before, NEXT] if before >= 0 else board.teams[team, HEAD]
    board.uses[use, NEXT] = after
    board.uses[use, BEFORE] = before
    if after >= 0:
        board.uses[after, BEFORE] = use
    if before >= 0:
        board.uses[before, NEXT] = use
    else:
        board.teams[team, HEAD] = use


@compiled
def _unlink(board: Board, use: int) -> None:
    after, before = board.uses[use, NEXT], board.uses[use, BEFORE]
    if before >= 0:
        board.uses[before, NEXT] = after
    else:
        board.teams[board.uses[use, TEAM], HEAD] = after
    if after >= 0:
        board.uses[after, BEFORE] = before


@compiled
def _put(board: Board, order: int, offer: int) -> None:
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        board.teams[board.uses[use, TEAM], LEFT] -= board.uses[use, LOAD]
    board.orders[order, CHOSEN] = offer
    board.counters[TOTAL] += board.offers[offer, VALUE]
    board.change[WORTH] += board.offers[offer, VALUE]
    board.change[PRICED] += board.offers[offer, VALUE]
    _count(board, order, 1)


@compiled
def _lift(board: Board, order: int, offer: int) -> None:
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        board.teams[board.uses[use, TEAM], LEFT] += board.uses[use, LOAD]
    board.orders[order, CHOSEN] = -1
    board.counters[TOTAL] -= board.offers[offer, VALUE]
    board.change[WORTH] -= board.offers[offer, VALUE]
    board.change[PRICED] -= board.offers[offer, VALUE]
    _count(board, order, -1)


@compiled
def _set_paid(board: Board, source: int, amount: int) -> None:
    more = amount - board.sources[source, PAID]
    fund, row = board.sources[source, FUND], board.sources[source, ROW]
    board.sources[source, PAID] = amount
    board.funds[fund, LEFT] -= more
    if row >= 0:
        board.rows[row, 0] -= more
    board.change[WORTH] -= more * board.funds[fund, COST] / COST_UNIT
    board.change[PRICED] -= more * board.money[source]


@compiled
def attach(board: Board, order: int, offer: int) -> None:
    """Choose `offer` for the unmatched `order`; capacity is the caller's care."""
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        _link(board, use, -1)
    _put(board, order, offer)
    _note(board, ATTACHED, order, offer)


@compiled
def pay(board: Board, source: int, amount: int) -> None:
    """Let `source` pay `amount` fen from now on."""
    if board.sources[source, PAID] != amount:
        _note(board, PAYED, source, board.sources[source, PAID])
        _set_paid(board, source, amount)


@compiled
def detach(board: Board, order: int) -> None:
    """End the order's match and its payments."""
    for source in range(board.orders[order, SOURCE], board.orders[order, SOURCES]):
        pay(board, source, 0)
    offer = board.orders[order, CHOSEN]
    for use in range(board.offers[offer, USE], board.offers[offer, USES]):
        # Its place is logged: put first instead, it would change what the next trial meets.
        _note(board, UNLINKED, use, board.uses[use, BEFORE])
        _unlink(board, use)
    _lift(board, order, offer)
    _note(board, DETACHED, order, offer)


@compiled
def settle(board: Board) -> None:
    """Keep what was logged; in a rehearsal until its end."""
    if board.counters[REHEARSING] != 0:
        board.counters[KEPT] = board.counters[LOGGED]
    else:
        board.counters[LOGGED] = 0
    board.change[:] = 0.0


@compiled
def take_back(board: Board) -> None:
    """Undo what was logged and not settled, last first."""
    for entry in range(board.counters[LOGGED] - 1, board.counters[KEPT] - 1, -1):
        kind, which, before = board.log[entry, 0], board.log[entry, 1], board.log[entry, 2]
        if kind == ATTACHED:
            _lift(board, which, before)
            for use in range(board.offers[before, USE], board.offers[before, USES]):
                _unlink(board, use)
        elif kind == DETACHED:
            _put(board, which, before)
        elif kind == UNLINKED:
            _link(board, which, before)
        else:
            _set_paid(board, which, before)
    board.counters[LOGGED] = board.counters[KEPT]
    settle(board)


@compiled
def rehearse(board: Board) -> int:
    """Let moves be settled only until `end_rehearsal`, which is given the draw that this returns."""
    board.counters[REHEARSING] = 1
    return int(board.counters[RANDOM])


@compiled
def end_rehearsal(board: Board, draw: int) -> None:
    """Put back everything that was moved since `rehearse`, and the draws: the same moves would then find the same."""
    board.counters[KEPT] = 0
    take_back(board)
    board.counters[REHEARSING], board.counters[RANDOM] = 0, draw


def standing(board: Board) -> tuple[int, int]:
    """How good the board is: first that nobody who must be matched is missing, then the value."""
    return -shortage(board), int(board.counters[TOTAL])


def put_all(board: Board, held: Whole) -> None:
    """Go over to this choice: by order the offer, −1 for none."""
    changed = np.flatnonzero(board.orders[:, CHOSEN] != held)
    for order in changed[board.orders[changed, CHOSEN] >= 0].tolist():
        detach(board, order)
    for order in changed[held[changed] >= 0].tolist():
        attach(board, order, int(held[order]))
    settle(board)
