"""The exact path: branch and cut proposes modes in floating point, whole-fen payments confirm or refute them.

A proposal that integers refute (the tolerances of a floating-point solver can hide some fen) is excluded by a cut over
the modes that cannot be taken together, and the search goes on; so what is returned satisfies every rule to the fen,
and the bound stays one over all true answers, because only impossible combinations are ever cut.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from marketplace.matching.answer import Answer, Hearing, status_of
from marketplace.matching.encoding import Arrays
from marketplace.matching.greedy import first_answer
from marketplace.matching.ledger import Choice, Ledger
from marketplace.matching.model import Floats, Model, build
from marketplace.matching.modes import Mode, all_modes
from marketplace.matching.payments import Unpayable, pay
from marketplace.matching.problem import COST_UNIT
from marketplace.matching.search import Ending, Outcome, Search, Watch
from marketplace.matching.solution import Status

ROUNDING = Fraction(1, 2 * 10**9)
"""What the solver's dual bound is raised by, relative to its size: floating-point sums may be that far off."""
PRICE_SHARE = 0.2
"""The part of the time limit that the relaxation for shadow prices may take."""


def solve_exact(arrays: Arrays, hearing: Hearing, warm: Sequence[Choice] = ()) -> Answer:
    """The best answer for these arrays; the search starts from what still holds of `warm`.

    Raises modes.TooManyMinimums.
    """
    modes = all_modes(arrays)
    firsts = [first_answer(arrays, modes), *([first_answer(arrays, modes, warm)] if warm else [])]
    best = max((each for each in firsts if each.demands_hold()), key=Ledger.objective, default=None)
    return _Run(arrays, build(arrays, modes), hearing, best).run()


class _Run:
    def __init__(self, arrays: Arrays, model: Model, hearing: Hearing, best: Ledger | None) -> None:
        self.arrays, self.model, self.hearing, self.best = arrays, model, hearing, best
        costs = {int(arrays.fund_cost[fund]) for _, fund in model.grants}
        self.step = Fraction(math.gcd(COST_UNIT, *costs), COST_UNIT)
        self.search = Search(model, hearing.settings.seed)
        self.watch = Watch(self._report, hearing.stop)
        self.bound = ceiling(arrays, model.modes)

    def run(self) -> Answer:
        prices = self.search.relax(self.hearing.left() * PRICE_SHARE, self.watch)
        settings = self.hearing.settings
        while True:
            start = None if self.best is None else _columns(self.arrays, self.model, self.best)
            outcome = self.search.branch(self.hearing.left(), settings.gap, self.watch, start)
            if outcome.ending == Ending.INFEASIBLE:
                return Answer(Status.INFEASIBLE, None, None, None)
            self.bound = min(self.bound, self._rounded(outcome.bound))
            refuted = self._confirm(outcome)
            if not refuted or outcome.ending != Ending.PROVED or self.hearing.left() <= 0:
                break
            for together in refuted:
                self.search.forbid(together)
        return self._answer(outcome, prices)

    def _answer(self, outcome: Outcome, duals: Floats | None) -> Answer:
        objective = None if self.best is None else self.best.objective()
        bound = self.bound if objective is None else max(self.bound, objective)
        status = status_of(objective, bound, outcome.ending == Ending.STOPPED)
        if status == Status.OPTIMAL:
            bound = objective if objective is not None else bound
        choices = None if self.best is None else tuple(self.best.chosen[order] for order in sorted(self.best.chosen))
        teams, funds = ({}, {}) if duals is None else _prices(self.arrays, self.model, duals)
        return Answer(status, choices, objective, bound, teams, funds)

    def _confirm(self, outcome: Outcome) -> list[tuple[int, ...]]:
        """Keep the proposal if integers confirm it and it is better; else the sets of modes that exclude each other."""
        if outcome.columns is None:
            return []
        taken = [m for m in range(len(self.model.modes)) if outcome.columns[m] > 0.5]
        modes = [self.model.modes[m] for m in taken]
        overfull = _overfull_teams(self.arrays, modes)
        if overfull:
            return [tuple(taken[i] for i in together) for together in overfull]
        paid = pay(self.arrays, modes, _proposal(self.model, outcome.columns))
        if isinstance(paid, Unpayable):
            return [tuple(taken[i] for i in paid.modes)]
        ledger = Ledger.of(self.arrays, [Choice(mode.offer, funds) for mode, funds in zip(modes, paid, strict=True)])
        assert ledger.demands_hold(), "the model's rows hold every demand"
        if self.best is None or ledger.objective() > self.best.objective():
            self.best = ledger
        return []

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


def ceiling(arrays: Arrays, modes: Sequence[Mode]) -> Fraction:
    """A bound that needs no solver: each order's best value, as if it were alone and money cost nothing."""
    best: dict[int, int] = {}
    for mode in modes:
        value = int(arrays.offer_value[mode.offer])
        least = value if arrays.order_must[mode.order] else 0
        best[mode.order] = max(best.get(mode.order, least), value)
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
    paid = np.rint(columns[len(model.modes) :] * model.money_unit)
    return {grant: int(amount) for grant, amount in zip(model.grants, paid.tolist(), strict=True)}


def _columns(arrays: Arrays, model: Model, ledger: Ledger) -> Floats:
    """An answer as columns of the model: for each choice the mode its payment belongs to."""
    columns = np.zeros(len(model.modes) + len(model.grants))
    for m, mode in enumerate(model.modes):
        choice = ledger.chosen.get(mode.order)
        if choice is not None and choice.offer == mode.offer and mode.allows(choice.pay, arrays):
            columns[m] = 1.0
    for i, (order, fund) in enumerate(model.grants):
        choice = ledger.chosen.get(order)
        if choice is not None:
            columns[len(model.modes) + i] = choice.pay.get(fund, 0) / model.money_unit
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
