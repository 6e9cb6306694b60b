"""The exact path: branch and cut proposes modes in floating point, whole-fen payments confirm or refute them.

A proposal that integers refute (the tolerances of a floating-point solver can hide some fen) is excluded by a cut over
the modes that cannot be taken together, and the search goes on; so what is returned satisfies every rule to the fen,
and the bound stays one over all true answers, because only impossible combinations are ever cut.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np

from marketplace.matching.answer import Answer, Hearing, status_of
from marketplace.matching.encoding import NO_LIMIT, Arrays
from marketplace.matching.greedy import first_answer
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.model import Floats, Model, build
from marketplace.matching.modes import Mode, Terms, mode_of, modes_of, open_mode, possible_terms
from marketplace.matching.payments import Unpayable, pay
from marketplace.matching.problem import COST_UNIT
from marketplace.matching.search import Ending, Outcome, Search, Watch
from marketplace.matching.solution import Status

ROUNDING = Fraction(1, 2 * 10**9)
"""What the solver's dual bound is raised by, relative to its size: floating-point sums may be that far off."""
PRICE_SHARE = 0.2
"""The part of the time limit that the relaxation for shadow prices may take."""

MOST_SPELLED = 8
"""Funds with a smallest grant up to which an order's modes are spelled out: at most 256 for each offer."""


def solve_exact(arrays: Arrays, hearing: Hearing, warm: Sequence[Choice] = ()) -> Answer:
    """The best answer for these arrays; the search starts from what still holds of `warm`."""
    terms = list(possible_terms(arrays))
    funds = {each.offer: sorted(each.cap) for each in terms}
    firsts = [first_answer(arrays, funds), *([first_answer(arrays, funds, warm)] if warm else [])]
    best = max((each for each in firsts if each.demands_hold()), key=Ledger.objective, default=None)
    return _Run(arrays, terms, hearing, best).run()


class _Run:
    def __init__(self, arrays: Arrays, terms: Sequence[Terms], hearing: Hearing, best: Ledger | None) -> None:
        self.arrays, self.terms, self.hearing, self.best = arrays, terms, hearing, best
        self.terms_of = {each.offer: each for each in terms}
        self.spelled: set[int] = set()
        self.watch = Watch(self._report, hearing.stop)
        self._load()
        costs = {int(arrays.fund_cost[fund]) for _, fund in self.model.grants}
        self.step = Fraction(math.gcd(COST_UNIT, *costs), COST_UNIT)
        self.bound = ceiling(arrays, self.terms)

    def _load(self) -> None:
        """The model with open modes for all orders that have a choice of smallest grants, but for those spelled out."""
        opened = {each.order for each in self.terms if each.takers()} - self.spelled
        modes: list[Mode] = []
        for each in self.terms:
            if each.order in opened:
                mode = open_mode(self.arrays, each)
                modes += [] if mode is None else [mode]
            else:
                modes += modes_of(self.arrays, each)
        self.opened = opened
        self.model = build(self.arrays, modes, opened)
        self.search = Search(self.model, self.hearing.settings.seed)

    def run(self) -> Answer:
        duals = self.search.relax(self.hearing.left() * PRICE_SHARE, self.watch)
        prices = ({}, {}) if duals is None else _prices(self.arrays, self.model, duals)
        while True:
            start = None if self.best is None else _columns(self.arrays, self.model, self.best)
            outcome = self.search.branch(self.hearing.left(), self.hearing.settings.gap, self.watch, start)
            if outcome.ending == Ending.INFEASIBLE:
                return Answer(Status.INFEASIBLE, None, None, None)
            self.bound = min(self.bound, self._rounded(outcome.bound))
            again = self._confirm(outcome) or self._sharpen(outcome)
            if not again or outcome.ending != Ending.PROVED or self.hearing.left() <= 0:
                return self._answer(outcome, *prices)

    def _confirm(self, outcome: Outcome) -> bool:
        """Keep the proposal if integers confirm it and it is better; else exclude what they refute and ask again."""
        if outcome.columns is None:
            return False
        taken = [m for m in range(len(self.model.modes)) if outcome.columns[m] > 0.5]
        modes = [self._spelled_out(m, outcome.columns) for m in taken]
        impossible: list[tuple[int, ...]] = [(m,) for m, mode in zip(taken, modes, strict=True) if mode is None]
        known = [mode for mode in modes if mode is not None]
        refuted = impossible or [tuple(taken[i] for i in each) for each in _overfull_teams(self.arrays, known)]
        if not refuted:
            paid = pay(self.arrays, known, _proposal(self.model, outcome.columns))
            if not isinstance(paid, Unpayable):
                self._keep([Choice(mode.offer, funds) for mode, funds in zip(known, paid, strict=True)])
                return False
            refuted = [tuple(taken[i] for i in paid.modes)]
        doubtful = self._roundable(self.model.modes[m].order for together in refuted for m in together)
        if doubtful:
            self.spelled |= doubtful
            self._load()
        else:
            for together in refuted:
                self._forbid(together, outcome.columns)
        return True

    def _keep(self, choices: Sequence[Choice]) -> None:
        ledger = Ledger.of(self.arrays, choices)
        assert ledger.demands_hold(), "the model's rows hold every demand"
        if self.best is None or ledger.objective() > self.best.objective():
            self.best = ledger

    def _spelled_out(self, m: int, columns: Floats) -> Mode | None:
        """The mode a column stands for; None when the fraction of a fen an open one is too generous was needed."""
        mode = self.model.modes[m]
        if mode.order not in self.opened:
            return mode
        terms = self.terms_of[mode.offer]
        on = self.model.switched_on(mode.order, columns)
        return mode_of(self.arrays, terms, [f for f in sorted(on) if f in terms.minimum], terms.own_funds)

    def _roundable(self, orders: Iterable[int]) -> set[int]:
        """Those orders whose open modes can be too generous and are few enough to spell out."""
        ratio = self.arrays.fund_match_max
        asked = self.opened.intersection(orders)
        found: set[int] = set()
        for order in sorted(asked):
            its = [each for each in self.terms if each.order == order]
            few = max(len(each.takers()) for each in its) <= MOST_SPELLED
            if few and any(ratio[f] != NO_LIMIT for each in its for f in each.cap):
                found.add(order)
        return found

    def _sharpen(self, outcome: Outcome) -> bool:
        """Spell out chosen orders when a proved answer is worth less in whole fen than the model thought."""
        if self.best is None or outcome.columns is None or self.hearing.settings.gap:
            return False
        if status_of(self.best.objective(), self.bound, stopped=False) == Status.OPTIMAL:
            return False
        chosen = (mode.order for m, mode in enumerate(self.model.modes) if outcome.columns[m] > 0.5)
        doubtful = self._roundable(chosen)
        if not doubtful:
            return False
        self.spelled |= doubtful
        self._load()
        return True

    def _forbid(self, together: Sequence[int], columns: Floats) -> None:
        orders = {self.model.modes[m].order for m in together}
        place = self.model.first_switch
        switches = [place + i for i, (order, _) in enumerate(self.model.switches) if order in orders]
        on = [*together, *(z for z in switches if columns[z] > 0.5)]
        self.search.forbid(on, [z for z in switches if columns[z] <= 0.5])

    def _answer(self, outcome: Outcome, teams: Mapping[int, float], funds: Mapping[int, float]) -> Answer:
        objective = None if self.best is None else self.best.objective()
        bound = self.bound if objective is None else max(self.bound, objective)
        status = status_of(objective, bound, outcome.ending == Ending.STOPPED)
        if status == Status.OPTIMAL:
            bound = objective if objective is not None else bound
        choices = None if self.best is None else tuple(self.best.chosen[order] for order in sorted(self.best.chosen))
        return Answer(status, choices, objective, bound, teams, funds)

    def _rounded(self, bound: float) -> Fraction:
        """The solver's dual bound in value units, rounded so that it stays above every true answer."""
        if not math.isfinite(bound):
            return self.bound
        exact = Fraction(bound) * int(self.model.value_unit)
        above = exact + abs(exact) * ROUNDING + self.step / 1000
        return math.floor(above / self.step) * self.step  # every objective is a multiple of the step

    def _report(self, objective: float, bound: float) -> None:
        best = None if self.best is None else self.best.objective()
        if math.isfinite(objective):
            found = Fraction(objective) * int(self.model.value_unit)
            best = found if best is None else max(best, found)
        self.hearing.report(best, min(self.bound, self._rounded(bound)))


def ceiling(arrays: Arrays, terms: Iterable[Terms]) -> Fraction:
    """A bound that needs no solver: each order's best value, as if it were alone and money cost nothing."""
    best: dict[int, int] = {}
    for each in terms:
        value = int(arrays.offer_value[each.offer])
        least = value if arrays.order_must[each.order] else 0
        best[each.order] = max(best.get(each.order, least), value)
    return Fraction(sum(best.values()))


def _overfull_teams(arrays: Arrays, modes: Sequence[Mode]) -> list[tuple[int, ...]]:
    place = {mode.offer: i for i, mode in enumerate(modes)}
    loads: dict[int, list[tuple[int, int]]] = {}
    for offer, team, load in zip(
        arrays.use_offer.tolist(), arrays.use_team.tolist(), arrays.use_load.tolist(), strict=True
    ):
        if offer in place:
            loads.setdefault(team, []).append((load, place[offer]))
    return [
        tuple(i for _, i in works)
        for team, works in sorted(loads.items())
        if sum(load for load, _ in works) > arrays.team_capacity[team]
    ]


def _proposal(model: Model, columns: Floats) -> dict[tuple[int, int], int]:
    paid = np.rint(columns[len(model.modes) : model.first_switch] * model.money_unit)
    return {grant: int(amount) for grant, amount in zip(model.grants, paid.tolist(), strict=True)}


def _columns(arrays: Arrays, model: Model, ledger: Ledger) -> Floats:
    """An answer as columns of the model: for each choice the mode its payment belongs to, switches and own forgone."""
    columns = np.zeros(len(model.gain))
    forgone = {order: place for place, order in enumerate(model.forgone, model.first_switch + len(model.switches))}
    for m, mode in enumerate(model.modes):
        choice = ledger.chosen.get(mode.order)
        if choice is None or choice.offer != mode.offer:
            continue
        if mode.order in forgone:
            columns[m] = 1.0
            columns[forgone[mode.order]] = (sum(choice.pay.values()) - mode.need) / model.money_unit
        elif mode.allows(choice.pay, arrays):
            columns[m] = 1.0
    for i, (order, fund) in enumerate(model.grants, len(model.modes)):
        choice = ledger.chosen.get(order)
        columns[i] = 0.0 if choice is None else choice.pay.get(fund, 0) / model.money_unit
    for i, (order, fund) in enumerate(model.switches, model.first_switch):
        choice = ledger.chosen.get(order)
        columns[i] = float(choice is not None and fund in choice.pay)
    return columns


def _prices(arrays: Arrays, model: Model, duals: Floats) -> tuple[dict[int, float], dict[int, float]]:
    """Shadow prices in value units per unit of capacity and per fen; 0 where a limit cannot bind."""
    teams = dict.fromkeys(range(arrays.teams), 0.0)
    funds = dict.fromkeys(range(arrays.funds), 0.0)
    for team, (row, unit) in model.team_row.items():
        teams[team] = abs(float(duals[row])) * model.value_unit / unit
    for fund, row in model.fund_row.items():
        funds[fund] = abs(float(duals[row])) * model.value_unit / model.money_unit
    return teams, funds
