"""The large path: prices, a proof, a first solution, and search until the gap is small enough or time is up."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from marketplace.matching.answer import Answer, Hearing, status_of
from marketplace.matching.decomposition import assignment, neighbourhoods, order_dual, team_dual
from marketplace.matching.decomposition import search as local
from marketplace.matching.decomposition.board import CHOSEN, LEFT, PAID, Board, empty, objective, reprice, shortage
from marketplace.matching.decomposition.certificate import Certificate, certify
from marketplace.matching.decomposition.compiled import AVAILABLE
from marketplace.matching.decomposition.dive import dive
from marketplace.matching.decomposition.losses import losses
from marketplace.matching.decomposition.market import BASIS, COST_UNIT, Flag, Market, Real, Whole, build, restrict
from marketplace.matching.decomposition.order_dual import OrderPrices, Scales
from marketplace.matching.decomposition.pricing import Terms, offer_costs, source_prices
from marketplace.matching.decomposition.repack import bench, repack
from marketplace.matching.decomposition.team_dual import SETTLED, Ergodic, TeamPrices
from marketplace.matching.decomposition.teams import Chart
from marketplace.matching.decomposition.tours import tour
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact
from marketplace.matching.ledger import Choice
from marketplace.matching.solution import Progress, Status

FEW_FOR_BRANCHING = 4_000  # up to here prices find the first answers, and branch and cut the proof over what they leave
FROM_OFFERS = 1_000 if AVAILABLE else FEW_FOR_BRANCHING  # below, branch and cut is done sooner, or than bare Python
MANY_OFFERS = 400_000  # from here on a step costs more than it brings
FAR = 0.5  # offers so far (in mean values) below their order's best are set aside while many are priced
CLOSE = 0.02  # offers that lack no more than this (in mean values) to pay at the teams' prices take part in the search
READMISSIONS = 4  # rounds of pricing offers that were set aside
LOST = 1e-4  # what the bound may lose, relatively, to offers that were set aside before they are priced too
ORDER_STEPS, TEAM_STEPS, MORE_STEPS, DIVE_STEPS = 60, 80, 300, 50
MANY_DIVE_STEPS = 30
FEW_OFFERS = 50_000  # up to here steps are so cheap that more of them pay, and a second thread does not
FEW_TEAM_STEPS = 200
ROUNDS = 10  # rounds of local search while trust in the dual's prices fades
WITHIN = (0.05, 0.1, 0.2)  # how much (in mean values) a filling may lose to take part: more when less finds nothing
CORE, BRANCHED = 3_000, 100_000  # so few offers can be branched over to the end; beyond so many nobody looks
FEW_TO_BRANCH = 600  # so few offers near the optimum are branched over at once
ENOUGH = 0.1  # the part of the time limit left to branch and cut when assignment without money takes the most
ENOUGH_GAINED = 0.01  # the part of the gap that a tour must gain for another to follow
RESERVE = 0.03  # the part of the time limit kept for the answer


def suits(arrays: Arrays) -> str | None:
    """Why this path should take the problem, in one sentence; None when it should not.

    It prices every rule except money that pays for being used (a negative cost), and computes in 64 bits.
    """
    if arrays.offers < FROM_OFFERS or refusal(arrays) is not None:
        return None
    return f"{arrays.offers} offers: prices reach a small certified gap long before branch and cut does"


def refusal(arrays: Arrays) -> str | None:
    """Why this path cannot take the problem, in one sentence; None when it can."""
    if (arrays.fund_cost < 0).any():
        return "a fund has a negative cost"
    price = int(arrays.offer_price.max(initial=0))
    ratio = max(BASIS, int(arrays.fund_match_max.max(initial=0)))
    if price * ratio >= 2**62:
        return f"a price of {price} fen is too large for the price method"
    if int(np.abs(arrays.offer_value).astype(float).sum()) >= 2**46:
        return "the values are too large for the price method"
    return None


def solve_large(arrays: Arrays, hearing: Hearing) -> Answer:
    """The best answer found, its bound and the certificate of the bound. Raises ValueError for a problem it refuses."""
    reason = refusal(arrays)
    if reason is not None:
        raise ValueError(reason)
    market = build(arrays)
    if _impossible(market):
        return Answer(Status.INFEASIBLE, None, None, None)
    if market.offers == 0:
        return Answer(Status.OPTIMAL, (), Fraction(0), Fraction(0))
    return _Run(arrays, market, hearing).run()


def _impossible(market: Market) -> bool:
    """Whether a required match has no possible offer left."""
    served = np.diff(market.order_start) > 0
    order = np.repeat(np.arange(market.orders), np.diff(market.group_start))
    reachable = np.bincount(market.order_group[served[order]], minlength=len(market.group_least))
    return bool((market.order_must & ~served).any() or (reachable < market.group_least).any())


class _Run:
    def __init__(self, arrays: Arrays, market: Market, hearing: Hearing) -> None:
        self.arrays, self.market, self.hearing = arrays, market, hearing
        self.many = market.offers > MANY_OFFERS
        self.threads = min(2, os.cpu_count() or 1) if market.offers > FEW_OFFERS else 1
        self.terms, self.scales = Terms.of(market), Scales.of(market)
        self.near: Flag = np.ones(market.offers, bool)
        self.bound: Fraction | None = None
        self.certificate: Certificate | None = None
        self.best: tuple[int, Whole, Whole] | None = None  # objective in millionths, chosen offers, payments by source
        self.board_market = market
        self.early: float | None = None  # what the first prices prove, before there is a certificate

    def run(self) -> Answer:
        at = self._order_prices()
        self.team_price = at.team
        self._set_aside(at)
        prices, met = self._team_prices(at)
        self._search(prices, met, at)
        return self._answer(prices)

    def _stop_at(self, share: float) -> Callable[[], bool]:
        """True once the caller stops, or only the given part of the time limit is left."""
        last = share * self.hearing.settings.time_limit
        return lambda: self.hearing.stop() or self.hearing.left() <= last

    def _order_prices(self) -> OrderPrices:
        start = order_dual.start_prices(self.market, self.scales)
        return order_dual.descend(
            self.market, self.terms, start, self.scales, ORDER_STEPS, self.threads, self._stop_at(0.7), self._hear
        )

    def _set_aside(self, at: OrderPrices) -> None:
        """Leave offers far below their order's best out of everything but the certificate, where there are many."""
        market = self.market
        if market.offers <= FEW_OFFERS:
            return
        prices = at.at(market)
        worth = market.offer_value + prices.bonus[market.offer_order]
        worth = worth - offer_costs(market, self.terms, at.fund, at.row, self.threads)
        worth -= np.bincount(market.use_offer, prices.team[market.use_team] * market.use_load, market.offers)
        best = np.zeros(market.orders)
        np.maximum.at(best, market.offer_order, worth)
        self.near = worth >= best[market.offer_order] - FAR * self.scales.value
        self.near |= market.order_must[market.offer_order]
        self.board_market = restrict(market, self.near)

    def _team_prices(self, at: OrderPrices) -> tuple[TeamPrices, Ergodic]:
        market, stop = self.board_market, self._stop_at(0.4)
        start = team_dual.start_from(market, self.terms, at, self.threads)
        steps = TEAM_STEPS if market.offers > FEW_OFFERS else FEW_TEAM_STEPS
        # A bound over the offers that are not set aside proves nothing yet, so nothing is told of it.
        prices, met = team_dual.descend(market, self.terms, start, self.scales, steps, self.threads, stop, self._beat)
        for _ in range(READMISSIONS):
            if self._certify(prices) - Fraction(prices.bound) <= Fraction(LOST * abs(prices.bound)):
                return self._admit(prices, met)
            prices, met = self._readmit(prices, steps, stop)
        self._certify(prices)
        return self._admit(prices, met)

    def _admit(self, prices: TeamPrices, met: Ergodic) -> tuple[TeamPrices, Ergodic]:
        """Let the offers that were set aside but nearly pay take part from here on, so that the bound loses nothing to them."""
        if self.market.offers <= FEW_OFFERS:
            return prices, met
        often = np.zeros(self.market.offers)
        often[self.near] = met.frequency
        split = self._open(prices, CLOSE * self.scales.value)
        return replace(prices, split=split), replace(met, frequency=often[self.near])

    def _readmit(self, prices: TeamPrices, steps: int, stop: Callable[[], bool]) -> tuple[TeamPrices, Ergodic]:
        """Price the offers, too, that were set aside and pay at these prices: the teams' time costs less than it seemed."""
        start = replace(prices, split=self._open(prices, 0.0), bound=np.inf)
        return team_dual.descend(
            self.board_market, self.terms, start, self.scales, steps, self.threads, stop, self._beat
        )

    def _open(self, prices: TeamPrices, lacking: float) -> Real:
        """Widen the market by the offers that lack no more than this to pay; what the splits are there."""
        whole = self._everywhere(prices)
        money = source_prices(self.market, self.terms, prices.fund, prices.row)
        asked = prices.order - order_dual.bonus(self.market, prices.group) - lacking
        items = team_dual.paying_items(self.market, self.terms, money, asked, whole.split, self.threads)
        self.near[self.market.use_offer[items.use]] = True
        self.board_market = restrict(self.market, self.near)
        split: Real = whole.split[self.near[self.market.use_offer]]
        return split

    def _everywhere(self, prices: TeamPrices) -> TeamPrices:
        """The same prices for the market with every offer."""
        split = np.zeros(len(self.market.use_offer))
        split[self.near[self.market.use_offer]] = prices.split
        return replace(prices, split=split)

    def _certify(self, prices: TeamPrices) -> Fraction:
        """What these prices prove; the best proof is kept."""
        found = certify(self.arrays, self.market, self._everywhere(prices), self.threads)
        if self.bound is None or found.bound < self.bound:
            self.bound, self.certificate = found.bound, found
        self._report()
        return found.bound

    def _search(self, prices: TeamPrices, met: Ergodic, at: OrderPrices) -> None:
        market = self.board_market
        board = empty(market, *self._guides(prices, at.team), self.hearing.settings.seed)
        scratch, desk = local.scratch(board), bench(board)
        stop = self._stop_at(RESERVE)
        self._keep(board)
        steps, soon = MANY_DIVE_STEPS if self.many else DIVE_STEPS, self._stop_at(0.2)
        dive(board, market, self.terms, self.scales, prices, met, scratch, steps, self.threads, soon)
        self._keep(board)
        missing = float(np.abs(market.offer_value).sum()) + 1.0
        local.fill(board, scratch, local.by_guide(board))
        for turn in range(ROUNDS):
            if stop() or self._done():
                return
            weight = max(0.0, 0.9 * (1.0 - turn / (0.8 * ROUNDS)))
            repack(board, scratch, desk, 2 * len(board.teams), 1.0, weight, 0.0, missing)
            local.improve(board, scratch, market.orders, weight, 0.0, missing)
            self._keep(board)
        self._refine(board, market, prices, stop)

    def _guides(self, prices: TeamPrices, team: Real) -> tuple[Real, Real, Real, Real]:
        """What guides the search: each offer's worth to its order and before its teams' time, asked prices, money's prices."""
        market = self.board_market
        net = market.offer_value + order_dual.bonus(market, prices.group)[market.offer_order]
        net = net - offer_costs(market, self.terms, prices.fund, prices.row, self.threads)
        time = np.bincount(market.use_offer, team[market.use_team] * market.use_load, market.offers)
        return net - time, net, prices.order, source_prices(market, self.terms, prices.fund, prices.row)

    def _refine(self, board: Board, market: Market, prices: TeamPrices, stop: Callable[[], bool]) -> None:
        """Neighbourhoods and more steps of the dual in turn; branching to the end once few offers can matter."""
        draw, width, stride = np.random.default_rng(self.hearing.settings.seed), 0, 0.5
        size, scratch = neighbourhoods.first_size(market.teams), local.scratch(board)
        while not stop() and not self._done():
            prices, _ = team_dual.descend(
                market, self.terms, prices, self.scales, MORE_STEPS, self.threads, stop, self._beat, stride, SETTLED
            )
            stride *= 0.3
            self._certify(prices)
            self._reassign(board, prices, draw)
            if self.best is None and market.offers <= FEW_FOR_BRANCHING and assignment.suits(market):
                return  # branch and cut on all offers comes next, in the time that is left
            if self._branch(prices):
                return
            reprice(board, *self._guides(prices, self.team_price))
            loss, net, part = losses(market, self.terms, prices, self.scales.value, self.threads)
            within = WITHIN[min(width, len(WITHIN) - 1)] * self.scales.value
            chart, begun = Chart.of(market, loss, net, part, within), self.best
            self._tour(board, chart, within, draw, stop)
            if stop() or self._done():
                return
            # Idle money tempts every neighbourhood, and the rules of the single orders let hardly any of it be paid: some of it
            # takes part only every other time that the money drawn brings nothing more.
            share = draw.random() if width % 2 else 0.0
            spare = share * float(prices.fund @ board.funds[:, LEFT])
            size = neighbourhoods.renew_all(
                board,
                chart,
                within,
                spare,
                size,
                draw,
                lambda: self._keep(board),
                self.hearing.left,
                lambda: stop() or self._done(),
            )
            if stop() or self._done():
                return
            local.improve(board, scratch, market.orders, 0.0, 0.0, 1.0)
            self._keep(board)
            width += begun is self.best

    def _tour(
        self, board: Board, chart: Chart, within: float, draw: np.random.Generator, stop: Callable[[], bool]
    ) -> None:
        """Where there are many offers: tours over all teams, as long as they bring much of what the bound still allows."""
        scratch, gained = local.scratch(board), np.inf
        while self.market.offers > FEW_OFFERS and self.best is not None and self.bound is not None:
            if stop() or self._done() or gained < ENOUGH_GAINED * (float(self.bound) - self.best[0] / COST_UNIT):
                return
            gained = tour(board, chart, within, draw, self.hearing.left, stop)
            self._keep(board)
            local.improve(board, scratch, chart.market.orders, 0.0, 0.0, 1.0)
            self._keep(board)

    def _reassign(self, board: Board, prices: TeamPrices, draw: np.random.Generator) -> None:
        """Without money, where branch and cut comes next and has much to do: neighbourhoods first, for most of the time."""
        market = self.board_market
        if self.bound is None or market.offers > FEW_FOR_BRANCHING or not assignment.suits(market):
            return
        told, proved = losses(market, self.terms, prices, self.scales.value, self.threads), float(self.bound)
        gap = np.inf if self.best is None else proved - self.best[0] / COST_UNIT
        if int((told[0] <= gap).sum()) <= FEW_TO_BRANCH:
            return
        late, left = self._stop_at(ENOUGH), self.hearing.left
        assignment.assign_all(
            board, market, told, proved, draw, lambda: self._keep(board), left, lambda: late() or self._done()
        )

    def _branch(self, prices: TeamPrices) -> bool:
        """Solve exactly over the offers no better solution can do without; True when that settled the problem."""
        market = self.market
        if self.best is None or self.bound is None or market.offers > BRANCHED:
            return False
        proved = self._certify(prices)
        loss, _, _ = losses(market, self.terms, self._everywhere(prices), self.scales.value, self.threads)
        # Widened far beyond the rounding of the losses, which are computed in floating point.
        gap = float(proved) * (1 + 1e-9) + 1 - self.best[0] / COST_UNIT + 1e-6 * self.scales.value
        out = loss > gap
        if market.offers > FEW_FOR_BRANCHING and market.offers - int(out.sum()) > CORE:
            return False
        forbidden = np.union1d(self.arrays.forbidden, market.offer_row[out])
        settings = replace(self.hearing.settings, time_limit=self.hearing.left())
        rest = Hearing(settings, self._overhear, self.hearing.cancelled)
        answer = solve_exact(replace(self.arrays, forbidden=forbidden), rest, self._choices())
        best = Fraction(self.best[0], COST_UNIT)
        if answer.choices is not None and answer.objective is not None and answer.objective > best:
            best = answer.objective
            self._adopt(answer)
        proved = best if answer.status == Status.INFEASIBLE or answer.bound is None else max(best, answer.bound)
        if proved < self.bound:
            self.bound = proved  # branch and cut leaves no prices that prove it: the certificate stays what they proved
        self._report()
        return True

    def _overhear(self, news: Progress) -> None:
        """Tell of branch and cut what holds for the whole problem: beyond what is left nothing is better than the best."""
        if self.best is None or self.bound is None or news.bound is None:
            return
        best = max(Fraction(self.best[0], COST_UNIT), Fraction(news.objective or 0))
        self.hearing.report(best, min(self.bound, max(best, Fraction(news.bound))))

    def _adopt(self, answer: Answer) -> None:
        market = self.market
        chosen, paid = np.full(market.orders, -1), np.zeros(len(market.source_fund), np.int64)
        place = {int(row): number for number, row in enumerate(market.offer_row)}
        for choice in answer.choices or ():
            offer = place[choice.offer]
            order = int(market.offer_order[offer])
            chosen[order] = offer
            for source in range(market.source_start[order], market.source_start[order + 1]):
                paid[source] = choice.pay.get(int(market.source_fund[source]), 0)
        assert answer.objective is not None
        rows = np.where(chosen >= 0, market.offer_row[np.maximum(chosen, 0)], -1)
        self.best = int(answer.objective * COST_UNIT), rows, paid

    def _keep(self, board: Board) -> None:
        """Remember the board if it satisfies every demand and is the best so far."""
        worth = objective(board)
        if shortage(board) == 0 and (self.best is None or worth > self.best[0]):
            chosen = board.orders[:, CHOSEN]
            rows = np.where(chosen >= 0, self.board_market.offer_row[np.maximum(chosen, 0)], -1)
            self.best = worth, rows, board.sources[:, PAID].copy()
        self._report()

    def _done(self) -> bool:
        if self.best is None or self.bound is None:
            return False
        return self.bound - Fraction(self.best[0], COST_UNIT) <= Fraction(self.hearing.settings.gap) * abs(self.bound)

    def _hear(self, bound: float) -> None:
        """A bound of the first prices, which hold for every offer: true but for rounding, so widened a little."""
        if np.isfinite(bound):
            self.early = bound + abs(bound) * 1e-9 + 1.0
        self._report()

    def _beat(self, _: float) -> None:
        self._report()

    def _report(self) -> None:
        found = None if self.best is None else Fraction(self.best[0], COST_UNIT)
        shown = self.bound
        if shown is None and self.early is not None:
            shown = Fraction(int(self.early))
        self.hearing.report(found, shown)

    def _answer(self, prices: TeamPrices) -> Answer:
        found = None if self.best is None else Fraction(self.best[0], COST_UNIT)
        return Answer(
            status_of(found, self.bound, self.hearing.stopped),
            None if self.best is None else self._choices(),
            found,
            self.bound,
            dict(enumerate(self.team_price[: self.market.teams].tolist())),
            dict(enumerate(prices.fund.tolist())),
            None if self.certificate is None else self.certificate.to_json(),
        )

    def _choices(self) -> tuple[Choice, ...]:
        """The best answer so far, in rows of the input."""
        if self.best is None:
            return ()
        _, rows, paid = self.best
        fund, start, amounts = self.market.source_fund.tolist(), self.market.source_start.tolist(), paid.tolist()
        return tuple(
            Choice(offer, {fund[k]: amounts[k] for k in range(start[order], start[order + 1]) if amounts[k]})
            for order, offer in enumerate(rows.tolist())
            if offer >= 0
        )
