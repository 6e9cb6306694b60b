"""The exact model: the tight formulation as one sparse mixed-integer program.

    maximise   Σ value_j w_m − Σ cost_f y_of / 10^6          (m runs over the modes of offer j of order o)
    Σ_{m of o} w_m ≤ 1,   = 1 where the order must be matched
    Σ_m load_jt w_m ≤ capacity_t
    Σ_f y_of = Σ_{m of o} need_m w_m (+ d_o)
    Σ_m least_mf w_m ≤ y_of ≤ Σ_m most_mf w_m
    Σ_{f public} y_of ≤ Σ_m public_m w_m
    Σ_o y_of ≤ budget_f,  Σ_{o of e} y_of ≤ enterprise_max_f
    Σ_{o of g} Σ_m w_m ≥ n_g,  Σ_{m of j} w_m = 1 if locked,  Σ_{m of j} w_m + Σ_{m of k} w_m ≤ 1 in conflict

An *open* order has one mode for each offer, with the largest own payment; which funds with a smallest grant take part
is left to switches z_of ∈ {0, 1}, and d_o is the own money forgone to make room for smallest grants:

    amount_min_f z_of ≤ y_of ≤ most_of z_of,   z_of ≤ Σ_{m with f} w_m,   d_o ≤ Σ_m own_m w_m
    y_of ≤ match_max_f (Σ_m own_m w_m − d_o)

Bounding y by the chosen modes instead of by a variable for the enterprise's payment is what makes the linear
relaxation about 1 % instead of 30 % too high. Money, loads and values are scaled by powers of two, which is exact in
binary floating point, so that no coefficient is far from 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.encoding import NO_LIMIT, Arrays
from marketplace.matching.modes import Mode
from marketplace.matching.problem import BASIS, COST_UNIT

Floats = NDArray[np.float64]
LARGEST_COEFFICIENT = 2**10


@dataclass(slots=True)
class Rows:
    """Sparse rows as they are added: lower ≤ Σ value · column ≤ upper."""

    start: list[int] = field(default_factory=lambda: [0])
    column: list[int] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, entries: Iterable[tuple[int, float]], lower: float, upper: float) -> int:
        for column, value in entries:
            self.column.append(column)
            self.value.append(value)
        self.start.append(len(self.column))
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1


@dataclass(frozen=True, slots=True)
class Model:
    """Columns: first the modes, then y by (order, fund) in `grants`, z in `switches`, d by order in `forgone`.

    The units divide what they scale; `most` bounds the columns after the modes.
    """

    modes: tuple[Mode, ...]
    grants: tuple[tuple[int, int], ...]
    switches: tuple[tuple[int, int], ...]
    forgone: tuple[int, ...]
    rows: Rows
    gain: Floats
    most: Floats
    money_unit: float
    value_unit: float
    team_row: dict[int, tuple[int, float]]
    fund_row: dict[int, int]

    @property
    def first_switch(self) -> int:
        return len(self.modes) + len(self.grants)

    @property
    def whole(self) -> list[int]:
        """The columns that must be 0 or 1."""
        return [*range(len(self.modes)), *range(self.first_switch, self.first_switch + len(self.switches))]

    def switched_on(self, order: int, columns: Floats) -> frozenset[int]:
        """The funds with a smallest grant that a solution of the model lets take part for an open order."""
        place = self.first_switch
        return frozenset(f for i, (o, f) in enumerate(self.switches) if o == order and columns[place + i] > 0.5)


def build(arrays: Arrays, modes: Sequence[Mode], open_orders: Collection[int] = ()) -> Model:
    """Lay out columns and rows; rows that cannot bind are left out."""
    grants = tuple(sorted({(mode.order, grant.fund) for mode in modes for grant in mode.grants}))
    switches = tuple((o, f) for o, f in grants if o in open_orders and arrays.fund_amount_min[f] > 0)
    forgone = tuple(sorted({order for order, _ in switches}))
    money = _unit(max((mode.need for mode in modes), default=1))
    value = _unit(int(np.abs(arrays.offer_value).max(initial=1)))
    layout = _Layout(arrays, tuple(modes), grants, switches, forgone, money)
    layout.orders()
    teams = layout.teams()
    layout.payments()
    funds = layout.funds()
    layout.rules()
    own = {order: max(modes[m].own for m in layout.by_order[order]) for order in forgone}
    most = [
        *(layout.most[grant] / money for grant in grants),
        *(1.0 for _ in switches),
        *(own[o] / money for o in forgone),
    ]
    cost = [-float(Fraction(int(arrays.fund_cost[f]), COST_UNIT)) * money / value for _, f in grants]
    gain = [*(arrays.offer_value[mode.offer] / value for mode in modes), *cost, *(0.0 for _ in (*switches, *forgone))]
    return Model(
        tuple(modes),
        grants,
        switches,
        forgone,
        layout.rows,
        np.array(gain, dtype=np.float64),
        np.array(most, dtype=np.float64),
        money,
        value,
        teams,
        funds,
    )


def _unit(largest: int) -> float:
    """The power of two that brings the largest amount to about LARGEST_COEFFICIENT; at least 1."""
    return float(2 ** max(0, largest.bit_length() - LARGEST_COEFFICIENT.bit_length()))


class _Layout:
    def __init__(
        self,
        arrays: Arrays,
        modes: tuple[Mode, ...],
        grants: tuple[tuple[int, int], ...],
        switches: tuple[tuple[int, int], ...],
        forgone: tuple[int, ...],
        unit: float,
    ) -> None:
        self.arrays, self.modes, self.grants, self.unit, self.rows = arrays, modes, grants, unit, Rows()
        place = len(modes)
        self.column = {grant: place + i for i, grant in enumerate(grants)}
        self.switch = {switch: place + len(grants) + i for i, switch in enumerate(switches)}
        self.forgone = {order: place + len(grants) + len(switches) + i for i, order in enumerate(forgone)}
        self.by_order: dict[int, list[int]] = defaultdict(list)
        self.by_offer: dict[int, list[int]] = defaultdict(list)
        self.most = dict.fromkeys(grants, 0)
        for m, mode in enumerate(modes):
            self.by_order[mode.order].append(m)
            self.by_offer[mode.offer].append(m)
            for grant in mode.grants:
                self.most[mode.order, grant.fund] = max(self.most[mode.order, grant.fund], grant.most)

    def orders(self) -> None:
        for order in range(self.arrays.orders):
            must = bool(self.arrays.order_must[order])
            columns = self.by_order[order]
            if must or len(columns) > 1:
                self.rows.add(((m, 1.0) for m in columns), 1.0 if must else -np.inf, 1.0)

    def teams(self) -> dict[int, tuple[int, float]]:
        """Rows by team with the unit their loads were divided by."""
        loads: dict[int, dict[int, int]] = defaultdict(dict)
        columns = zip(
            self.arrays.use_offer.tolist(), self.arrays.use_team.tolist(), self.arrays.use_load.tolist(), strict=True
        )
        for offer, team, load in columns:
            for m in self.by_offer.get(offer, ()):
                loads[team][m] = load
        found: dict[int, tuple[int, float]] = {}
        for team, load_of in sorted(loads.items()):
            worst: dict[int, int] = defaultdict(int)
            for m, load in load_of.items():
                worst[self.modes[m].order] = max(worst[self.modes[m].order], load)
            capacity = int(self.arrays.team_capacity[team])
            if sum(worst.values()) > capacity:
                unit = _unit(max(load_of.values()))
                row = self.rows.add(((m, load / unit) for m, load in load_of.items()), -np.inf, capacity / unit)
                found[team] = row, unit
        return found

    def payments(self) -> None:
        for order, columns in self.by_order.items():
            funds = sorted({grant.fund for m in columns for grant in self.modes[m].grants})
            if not funds:
                continue
            met = [*((self.column[order, f], 1.0) for f in funds), *self._each(columns, lambda mode: -mode.need)]
            if order in self.forgone:
                met.append((self.forgone[order], -1.0))
                self.rows.add([(self.forgone[order], 1.0), *self._each(columns, lambda mode: -mode.own)], -np.inf, 0.0)
            self.rows.add(met, 0.0, 0.0)
            for fund in funds:
                self._link(order, fund, columns)
                if order in self.forgone:
                    self._choose(order, fund, columns)
            self._public(order, funds, columns)

    def _each(self, columns: Iterable[int], amount: Callable[[Mode], int]) -> list[tuple[int, float]]:
        return [(m, amount(self.modes[m]) / self.unit) for m in columns]

    def _link(self, order: int, fund: int, columns: list[int]) -> None:
        y = self.column[order, fund]
        limits = [(m, grant) for m in columns for grant in self.modes[m].grants if grant.fund == fund]
        self.rows.add([(y, 1.0), *((m, -grant.most / self.unit) for m, grant in limits)], -np.inf, 0.0)
        if any(grant.least for _, grant in limits):
            self.rows.add(
                [(y, 1.0), *((m, -grant.least / self.unit) for m, grant in limits if grant.least)], 0.0, np.inf
            )

    def _choose(self, order: int, fund: int, columns: list[int]) -> None:
        """A fund of an open order: nothing or its smallest grant, and its ratio to the own money that is left."""
        y, ratio = self.column[order, fund], int(self.arrays.fund_match_max[fund])
        z = self.switch.get((order, fund))
        if z is not None:
            least = int(self.arrays.fund_amount_min[fund])
            taking = [m for m in columns if any(grant.fund == fund for grant in self.modes[m].grants)]
            self.rows.add([(y, 1.0), (z, -self.most[order, fund] / self.unit)], -np.inf, 0.0)
            self.rows.add([(y, 1.0), (z, -least / self.unit)], 0.0, np.inf)
            self.rows.add([(z, 1.0), *((m, -1.0) for m in taking)], -np.inf, 0.0)
        if ratio != NO_LIMIT:
            part = ratio / BASIS
            own = [(m, part * -self.modes[m].own / self.unit) for m in columns]
            self.rows.add([(y, 1.0), (self.forgone[order], part), *own], -np.inf, 0.0)

    def _public(self, order: int, funds: list[int], columns: list[int]) -> None:
        public = [f for f in funds if self.arrays.fund_public[f]]
        if any(
            sum(grant.most for grant in self.modes[m].grants if self.arrays.fund_public[grant.fund])
            > self.modes[m].public_most
            for m in columns
        ):
            self.rows.add(
                [
                    *((self.column[order, f], 1.0) for f in public),
                    *((m, -self.modes[m].public_most / self.unit) for m in columns),
                ],
                -np.inf,
                0.0,
            )

    def funds(self) -> dict[int, int]:
        """Budget rows by fund; enterprise limits are added beside them."""
        most = self.most
        drawers: dict[int, list[int]] = defaultdict(list)
        for order, fund in self.grants:
            drawers[fund].append(order)
        found: dict[int, int] = {}
        for fund, orders in sorted(drawers.items()):
            row = self._ceiling(fund, orders, most, int(self.arrays.fund_budget[fund]))
            if row is not None:
                found[fund] = row
            limit = int(self.arrays.fund_enterprise_max[fund])
            if limit != NO_LIMIT:
                by_enterprise: dict[int, list[int]] = defaultdict(list)
                for order in orders:
                    by_enterprise[int(self.arrays.order_enterprise[order])].append(order)
                for same in by_enterprise.values():
                    self._ceiling(fund, same, most, limit)
        return found

    def _ceiling(self, fund: int, orders: list[int], most: dict[tuple[int, int], int], limit: int) -> int | None:
        if sum(most[order, fund] for order in orders) <= limit:
            return None
        return self.rows.add(((self.column[order, fund], 1.0) for order in orders), -np.inf, limit / self.unit)

    def rules(self) -> None:
        arrays = self.arrays
        members: dict[int, list[int]] = defaultdict(list)
        for group, order in zip(arrays.member_group.tolist(), arrays.member_order.tolist(), strict=True):
            members[group] += self.by_order[order]
        for group, matched in zip(arrays.floor_group.tolist(), arrays.floor_matched.tolist(), strict=True):
            if matched:
                self.rows.add(((m, 1.0) for m in members[group]), matched, np.inf)
        for offer in arrays.locked.tolist():
            self.rows.add(((m, 1.0) for m in self.by_offer[offer]), 1.0, np.inf)
        for one, other in zip(arrays.conflict_a.tolist(), arrays.conflict_b.tolist(), strict=True):
            columns = self.by_offer[one] + self.by_offer[other]
            if arrays.offer_order[one] != arrays.offer_order[other]:
                self.rows.add(((m, 1.0) for m in columns), -np.inf, 1.0)
