"""A large answer that keeps standing while the city moves: orders and offers come and go, budgets and capacities change.

The bound is a sum, Σ π_o + Σ λ_f budget_f + … + Σ_t KP_t, in whole numbers. A change touches few terms; those are computed
anew exactly and the rest stays, so the certificate always proves the bound of the problem as it is now. The answer is
repaired where it was touched. Rows never change: what was withdrawn is forbidden, what was added stands at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from marketplace.matching.answer import Answer, status_of
from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import (
    BEGIN,
    CHOSEN,
    CLOSE,
    COST,
    END,
    FIRST,
    FUND,
    HOLDER,
    LAST,
    LEFT,
    LOAD,
    MUST,
    OFFER,
    OPEN,
    ORDER,
    PAID,
    SOURCE,
    SOURCES,
    TEAM,
    TOTAL,
    USE,
    USES,
    Board,
    empty,
)
from marketplace.matching.decomposition.certificate import Certificate, profit_parts, team_worth, whole_bound
from marketplace.matching.decomposition.market import COST_UNIT, ENDLESS, Whole, build
from marketplace.matching.decomposition.pricing import Terms, offer_costs, source_prices
from marketplace.matching.decomposition.repack import bench
from marketplace.matching.decomposition.room import (
    OFFERS,
    USES_EACH,
    Newcomer,
    Priced,
    enter,
    find_room,
    grown,
    in_order,
    priced,
    take,
    teams_of,
)
from marketplace.matching.decomposition.touch import cover, filling_worths, pack_teams, vacate
from marketplace.matching.encoding import Arrays
from marketplace.matching.ledger import Choice
from marketplace.matching.solution import Status

EXACT = 2**53  # whole numbers below this are exact in the knapsacks' floating point
TRIALS = 40  # repairs anywhere after a change, beside those at its place
SPARE = 1_000  # orders that may be added before the problem must be solved anew
PACKED = 8  # teams packed again after a change


class Lock(NamedTuple):
    """The rivals a locked offer keeps away, and whether its order had to be matched before."""

    rivals: tuple[int, ...]
    must: int


class Standing:
    """Made from a problem and an answer with a certificate; raises ValueError for an answer without one.
    A change about which the old prices prove nothing raises ValueError before anything is changed: then solve anew.
    """

    def __init__(self, arrays: Arrays, answer: Answer, seed: int = 0) -> None:
        if answer.certificate is None or answer.choices is None:
            raise ValueError("only an answer with a certificate can be kept standing")
        self.problem, self.market = arrays, build(arrays)
        self.told = Certificate.from_json(answer.certificate)
        self.newcomers: list[Newcomer] = []
        self.more: dict[int, list[int]] = {}  # uses of newcomers by team
        self.gone = set[int]()  # orders
        self.kept: dict[int, list[tuple[int, int]]] = {}  # of what was left out: the parts and loads of its uses
        self.locked: dict[int, Lock] = {}  # by the offer's row
        self._prove()
        self._set_up(answer, seed)

    def _prove(self) -> None:
        """The terms of the bound, one by one."""
        market, told = self.market, self.told
        self.part = profit_parts(
            market, told.scale, told.fund, told.row_price, told.group, told.order, told.split_of(market, self.problem)
        )
        self.worth = team_worth(market, self.part, 1)
        self.total = sum(told.order.tolist()) + sum(self.worth) + _product(told.fund, market.fund_budget)
        self.total += _product(told.row_price, market.row_limit) - _product(told.group, market.group_least)
        self.order_price = np.concatenate([told.order, np.zeros(SPARE, np.int64)])
        self.capacity, self.budget = market.team_capacity.copy(), market.fund_budget.copy()
        self.place = np.full(self.problem.offers, -1)
        self.place[market.offer_row] = np.arange(market.offers)

    def _set_up(self, answer: Answer, seed: int) -> None:
        self.team_price = np.zeros(len(self.market.team_capacity))
        for team, price in answer.team_price.items():
            self.team_price[team] = price
        self.board = grown(self._filled(answer, seed), SPARE)
        self.desk, scratch = bench(self.board), local.scratch(self.board)
        self.scratch = scratch._replace(
            amounts=np.zeros(max(len(scratch.amounts), len(self.board.funds)), np.int64),
            teams=np.zeros(max(len(scratch.teams), 2 * USES_EACH + 2), np.int64),
        )
        self.part = np.concatenate([self.part, np.zeros(len(self.board.uses) - len(self.part), np.int64)])
        self.away = np.zeros(len(self.board.offers), bool)
        self.musts = np.flatnonzero(self.market.order_must).tolist()
        self.missing = float(np.abs(self.market.offer_value).astype(float).sum()) + 1.0

    def _filled(self, answer: Answer, seed: int) -> Board:
        """The answer on a board guided by the certificate's prices."""
        market, told, scale = self.market, self.told, float(self.told.scale)
        fund, row = told.fund / scale, told.row_price / scale
        net = market.offer_value - offer_costs(market, Terms.of(market), fund, row, 1)
        time = np.bincount(market.use_offer, self.team_price[market.use_team] * market.use_load, market.offers)
        money = source_prices(market, Terms.of(market), fund, row)
        board = empty(market, net - time, net, told.order / scale, money, seed)
        for choice in answer.choices or ():
            take(board, int(self.place[choice.offer]), choice.pay)
        return board

    @property
    def bound(self) -> Fraction:
        """No answer to the present problem is better."""
        return whole_bound(Fraction(self.total, self.told.scale), bool(self.market.fund_cost.any()))

    @property
    def holds(self) -> bool:
        """Whether every demand is met; looks only at orders of which something may be demanded."""
        locked = [int(self.board.offers[self.offer_at(row), ORDER]) for row in self.locked]
        asked = self.board.orders[[*self.musts, *locked]]
        return not (asked[:, CHOSEN] < 0).any() and not (self.board.groups[:, 0] > self.board.groups[:, 1]).any()

    @property
    def objective(self) -> Fraction:
        """What the present answer is worth."""
        cost = _product(self.board.funds[:, COST], self.budget - self.board.funds[:, LEFT])
        return Fraction(int(self.board.counters[TOTAL]) * COST_UNIT - cost, COST_UNIT)

    def withdraw_order(self, order: int) -> None:
        """An order goes with all its offers."""
        if order < self.problem.orders and self.market.order_must[order]:
            raise ValueError("an order that must be matched cannot go")
        held = self.board.orders[order, CHOSEN] >= 0
        touched = self.leave(order)
        if held:  # or nothing was freed
            self.repair(touched, ())

    def leave(self, order: int) -> list[int]:
        """An order goes, and nothing is repaired yet; the teams that noticed."""
        row = self.board.orders[order]
        vacate(self.board, order)
        self.gone.add(order)
        for locked in [each for each in self.locked if self.board.offers[self.offer_at(each), ORDER] == order]:
            row[MUST] = self.locked.pop(locked).must
        touched = self._drop(self.board.liked[row[FIRST] : row[LAST]].tolist())  # without those that went before
        row[LAST] = row[FIRST]
        self.total -= max(0, int(self.order_price[order]))
        self.order_price[order] = min(0, self.order_price[order])
        return touched

    def withdraw_offer(self, row: int) -> None:
        """One offer goes, given by its row in the problem (newcomers' offers follow the problem's)."""
        offer = self.offer_at(row)
        if offer < 0 or self.away[offer]:
            return  # it could take part in no answer anyhow
        order = int(self.board.offers[offer, ORDER])
        if self.board.orders[order, CHOSEN] == offer:
            vacate(self.board, order)
        self.repair(self.leave_out(order, [offer]), (order,))

    def leave_out(self, order: int, offers: Sequence[int]) -> list[int]:
        """Some of an order's offers take part no more; the teams whose knapsacks noticed."""
        first, last = self.board.orders[order, FIRST], self.board.orders[order, LAST]
        liked = self.board.liked[first:last]
        out = np.isin(liked, offers)
        self.board.liked[first:last] = np.concatenate([liked[~out], liked[out]])
        self.board.orders[order, LAST] -= int(out.sum())
        return self._drop(offers)

    def add_order(self, come: Newcomer) -> int:
        """A new order with its offers; its row."""
        come = self.admitted(come)
        order, touched = self.enter(come)
        self.repair(touched, (order,))
        return order

    def admitted(self, come: Newcomer) -> Newcomer:
        """The newcomer with the funds open to everybody; raises ValueError for one that cannot be priced."""
        everyone = np.flatnonzero(self.problem.fund_all).tolist()
        come = replace(
            come, funds=tuple(sorted({*come.funds, *everyone})), offers=tuple(in_order(each) for each in come.offers)
        )
        if len(self.newcomers) == SPARE or len(come.offers) > OFFERS:
            raise ValueError("no room for so many new orders or offers")
        if any(self.problem.fund_enterprise_max[f] >= 0 for f in come.funds):
            raise ValueError("a fund limits what it pays an enterprise, and this order may share one")
        if any(len(offer.uses) > USES_EACH for offer in come.offers):
            raise ValueError("an offer of too many teams")
        return come

    def set_budget(self, fund: int, fen: int) -> None:
        """A fund has more or less to give; the bound moves by its price at once."""
        if fen > self.budget[fund] and self.market.fund_limit[fund] >= self.problem.fund_budget[fund]:
            raise ValueError("the budget was the largest grant of this fund, which would grow with it")
        more = fen - int(self.budget[fund])
        self.total += int(self.told.fund[fund]) * more
        self.budget[fund], board = fen, self.board
        board.funds[fund, LEFT] += more
        payers = board.by_fund[board.funds[fund, BEGIN] : board.funds[fund, END]]
        freed = [int(order) for order in cover(board, fund, payers) if order >= 0]
        for source in range(self.market.source_start[-1], len(board.sources)):
            if board.funds[fund, LEFT] >= 0:
                break
            if board.sources[source, FUND] == fund and board.sources[source, PAID] > 0:
                freed.append(int(board.sources[source, HOLDER]))
                vacate(board, freed[-1])
        self.repair([], freed, trials=TRIALS + min(20_000, 2 * len(payers)))

    def set_capacity(self, team: int, capacity: int) -> None:
        """A team has more or less time."""
        if capacity > self.market.team_capacity[team]:
            uses = np.flatnonzero(self.problem.use_team == team)
            loads = self.problem.use_load[uses]
            if ((loads > self.market.team_capacity[team]) & (loads <= capacity)).any():
                raise ValueError("offers that were too large for this team would now fit")
        board, freed = self.board, []
        board.teams[team, LEFT] += capacity - self.capacity[team]
        self.capacity[team] = capacity
        while board.teams[team, LEFT] < 0:
            held = [use for use in self._uses(team) if self._chosen(use)]
            worst = min(held, key=lambda use: board.net[board.uses[use, 0]] / max(1, board.uses[use, LOAD]))
            freed.append(int(board.offers[board.uses[worst, 0], ORDER]))
            vacate(board, freed[-1])
        self.recount([team])
        self.repair([team], freed)

    def arrays(self) -> Arrays:
        """The present problem, row by row as it was; newcomers at the end, what was withdrawn forbidden."""
        problem, late = self.problem, self.newcomers
        offers = [(problem.orders + number, offer) for number, come in enumerate(late) for offer in come.offers]
        uses = [
            (problem.offers + at, team, load)
            for at, (_, offer) in enumerate(offers)
            for team, load in offer.uses.items()
        ]
        eligible = [
            (f, problem.orders + at) for at, come in enumerate(late) for f in come.funds if not problem.fund_all[f]
        ]
        beside = [rival for held in self.locked.values() for rival in held.rivals]
        gone = self.rows_of(np.setdiff1d(np.flatnonzero(self.away), np.array(beside, np.int64)))

        def more(column: Whole, values: Iterable[int]) -> Whole:
            return np.concatenate([column, np.fromiter(values, np.int64)])

        return replace(
            problem,
            order_own=more(problem.order_own, (come.own for come in late)),
            order_enterprise=more(problem.order_enterprise, (-1 for _ in late)),
            order_must=more(problem.order_must, (0 for _ in late)),
            team_capacity=self.capacity[: problem.teams].copy(),
            offer_order=more(problem.offer_order, (order for order, _ in offers)),
            offer_price=more(problem.offer_price, (offer.price for _, offer in offers)),
            offer_value=more(problem.offer_value, (offer.value for _, offer in offers)),
            use_offer=more(problem.use_offer, (use[0] for use in uses)),
            use_team=more(problem.use_team, (use[1] for use in uses)),
            use_load=more(problem.use_load, (use[2] for use in uses)),
            fund_budget=self.budget.copy(),
            eligible_fund=more(problem.eligible_fund, (pair[0] for pair in eligible)),
            eligible_order=more(problem.eligible_order, (pair[1] for pair in eligible)),
            forbidden=np.union1d(problem.forbidden, gone),
            locked=np.union1d(problem.locked, np.array(sorted(self.locked), np.int64)),
        )

    def answer(self) -> Answer:
        """The present answer with its certificate, in the rows of `arrays()`; without matches while a demand is unmet."""
        board = self.board
        matched = np.flatnonzero(board.orders[:, CHOSEN] >= 0)
        choices = []
        for order, row in zip(matched.tolist(), self.rows_of(board.orders[matched, CHOSEN]).tolist(), strict=True):
            sources = range(board.orders[order, SOURCE], board.orders[order, SOURCES])
            paid = {int(board.sources[s, FUND]): int(board.sources[s, PAID]) for s in sources if board.sources[s, PAID]}
            choices.append(Choice(row, paid))
        order_price = self.order_price[: self.problem.orders + len(self.newcomers)]
        told = {**self.told.to_json(), "order": order_price.tolist(), "bound": str(self.bound)}
        prices = dict(enumerate(self.team_price[: self.problem.teams].tolist()))
        if not self.holds:
            return Answer(Status.CANCELLED, None, None, self.bound, prices, certificate=told)
        status = status_of(self.objective, self.bound, stopped=False)
        return Answer(status, tuple(choices), self.objective, self.bound, prices, certificate=told)

    def rows_of(self, offers: Whole) -> Whole:
        """The rows in `arrays()` of offers on the board; −1 for −1."""
        known, begins = self.market.offer_row, self._begins()
        number, place = np.divmod(np.maximum(offers - len(known), 0), OFFERS)
        late = begins[np.minimum(number, len(self.newcomers))] + place
        return np.where(offers < 0, -1, np.where(offers < len(known), known[np.minimum(offers, len(known) - 1)], late))

    def offer_at(self, row: int) -> int:
        """The board's row of an offer; −1 for one that can take part in no answer."""
        if row < self.problem.offers:
            return int(self.place[row])
        begins = self._begins()
        if row >= begins[-1]:
            raise ValueError(f"no offer has the row {row}")
        number = int(np.searchsorted(begins, row, side="right")) - 1
        return int(self.board.orders[self.problem.orders + number, FIRST] + row - begins[number])

    def _begins(self) -> Whole:
        """The row of each newcomer's first offer, and the row after the last."""
        return self.problem.offers + np.cumsum([0, *(len(come.offers) for come in self.newcomers)])

    def _uses(self, team: int) -> list[int]:
        begin, end = self.board.teams[team, OPEN], self.board.teams[team, CLOSE]
        return [*self.board.by_team[begin:end].tolist(), *self.more.get(team, [])]

    def _chosen(self, use: int) -> bool:
        offer = self.board.uses[use, OFFER]
        return bool(self.board.orders[self.board.offers[offer, ORDER], CHOSEN] == offer)

    def _drop(self, offers: Iterable[int]) -> list[int]:
        """Take offers out of every knapsack; the teams that noticed."""
        board, touched = self.board, set[int]()
        for offer in offers:
            self.away[offer] = True
            uses = range(board.offers[offer, USE], board.offers[offer, USES])
            self.kept[offer] = [(int(self.part[use]), int(board.uses[use, LOAD])) for use in uses]
            for use in uses:
                if self.part[use] > 0:
                    touched.add(int(board.uses[use, TEAM]))
                self.part[use], board.uses[use, LOAD] = 0, ENDLESS  # it fits nowhere any more
        self.recount(sorted(touched))
        return sorted(touched)

    def enter(self, come: Newcomer) -> tuple[int, list[int]]:
        """Write an admitted order on the board and into the proof; its row, and the teams its offers use."""
        board, order = self.board, self.problem.orders + len(self.newcomers)
        at = self.priced(come)
        enter(board, order, come, at, self.told.scale)
        self.newcomers.append(come)
        self.order_price[order] = at.asked
        self.total += at.asked
        touched = set[int]()
        for number, offer in enumerate(come.offers):
            where, rest = int(board.orders[order, FIRST]) + number, at.profit[number] - at.asked
            self.away[where] = False
            if at.able[number] and not offer.uses:
                self.total += max(0, rest)
            uses = range(board.offers[where, USE], board.offers[where, USES]) if at.able[number] else range(0)
            for use in uses:
                self.part[use] = rest // len(uses) + (rest % len(uses) if use == uses[0] else 0)
                self.more.setdefault(int(board.uses[use, TEAM]), []).append(use)
                if self.part[use] > 0:
                    touched.add(int(board.uses[use, TEAM]))
        self.recount(sorted(touched))
        return order, teams_of(come)

    def priced(self, come: Newcomer) -> Priced:
        return priced(self.market, come, self.told.fund, self.team_price, self.told.scale)

    def recount(self, teams: Sequence[int]) -> None:
        """The teams' exact knapsacks, anew."""
        late = [self.more.get(team, []) for team in teams]
        more = np.array([use for uses in late for use in uses], np.int64)
        start, found = np.cumsum([0, *map(len, late)]), np.zeros(len(teams))
        filling_worths(self.board, np.array(teams, np.int64), start, more, self.part, self.capacity, found)
        if found.max(initial=0.0) >= EXACT:
            raise OverflowError("values too large for an exact certificate")
        for team, worth in zip(teams, found.tolist(), strict=True):
            self.total += int(worth) - self.worth[team]
            self.worth[team] = int(worth)

    def repair(self, teams: Sequence[int], orders: Sequence[int], trials: int = TRIALS) -> None:
        """Use what was freed, place what lost its place, and look around a little."""
        board, scratch = self.board, self.scratch
        for order in orders:
            find_room(board, scratch, order, self.missing)
        pack_teams(board, scratch, self.desk, np.array(teams[:PACKED], np.int64), self.missing)
        local.improve(board, scratch, trials, 0.0, 0.0, self.missing)


def _product(price: Whole, amount: Whole) -> int:
    return sum(p * a for p, a in zip(price.tolist(), amount.tolist(), strict=True))
