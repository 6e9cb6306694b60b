"""From ids to arrays and back: the one place where the order of rows is decided.

Rows are sorted by id before anything is computed, so permuting the input changes nothing. The arrays are the columnar
form of `tripool-problem/1`: all int64, row numbers instead of ids, −1 = no limit (and no enterprise).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from marketplace.matching.problem import Fund, Offer, Order, Problem, Team

Ints = NDArray[np.int64]
NO_LIMIT = -1


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


class FundTerms(NamedTuple):
    """One fund's row as plain integers, which code that looks at one offer at a time reads much faster."""

    budget: int
    cost: int
    public: int
    share_max: int
    amount_max: int
    amount_min: int
    match_max: int
    enterprise_max: int


@dataclass(frozen=True)
class Arrays:
    """A problem as int64 columns; the names are those of the `.npz` file, then the rules it has no columns for.

    `use_*` lists (offer, team, load), `eligible_*` lists (fund, order) for funds whose `fund_all` is 0. `member_*`
    lists (group, order), `floor_*` lists (group, least number of matched orders); `conflict_a[i]` and `conflict_b[i]`
    exclude each other.
    """

    order_own: Ints
    order_enterprise: Ints
    order_must: Ints
    team_capacity: Ints
    offer_order: Ints
    offer_price: Ints
    offer_value: Ints
    use_offer: Ints
    use_team: Ints
    use_load: Ints
    fund_budget: Ints
    fund_cost: Ints
    fund_public: Ints
    fund_share_max: Ints
    fund_amount_max: Ints
    fund_amount_min: Ints
    fund_match_max: Ints
    fund_enterprise_max: Ints
    fund_all: Ints
    eligible_fund: Ints
    eligible_order: Ints
    public_share_max: int = NO_LIMIT
    locked: Ints = field(default_factory=_none)
    forbidden: Ints = field(default_factory=_none)
    conflict_a: Ints = field(default_factory=_none)
    conflict_b: Ints = field(default_factory=_none)
    member_group: Ints = field(default_factory=_none)
    member_order: Ints = field(default_factory=_none)
    floor_group: Ints = field(default_factory=_none)
    floor_matched: Ints = field(default_factory=_none)

    @cached_property
    def terms(self) -> tuple[FundTerms, ...]:
        """The limits of every fund, row by row."""
        columns = (getattr(self, f"fund_{name}").tolist() for name in FundTerms._fields)
        return tuple(FundTerms(*row) for row in zip(*columns, strict=True))

    @property
    def orders(self) -> int:
        return len(self.order_own)

    @property
    def teams(self) -> int:
        return len(self.team_capacity)

    @property
    def offers(self) -> int:
        return len(self.offer_order)

    @property
    def funds(self) -> int:
        return len(self.fund_budget)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Arrays and the ids their rows stand for, each list sorted."""

    arrays: Arrays
    order_ids: Sequence[str]
    team_ids: Sequence[str]
    offer_ids: Sequence[str]
    fund_ids: Sequence[str]
    group_ids: Sequence[str]


def encode(problem: Problem) -> Encoded:
    """Sort every list by id and number it. Nothing is lost except labels the mathematics does not need."""
    orders = sorted(problem.orders, key=lambda o: o.id)
    teams = sorted(problem.teams, key=lambda t: t.id)
    offers = sorted(problem.offers, key=lambda b: b.id)
    funds = sorted(problem.funds, key=lambda f: f.id)
    order_row, team_row, offer_row = _rows(orders), _rows(teams), _rows(offers)
    enterprise_row = _numbered(o.enterprise for o in orders if o.enterprise is not None)
    group_row = _numbered(rule.group for rule in problem.rules.at_least)
    uses = sorted((offer_row[b.id], team_row[t], load) for b in offers for t, load in b.uses.items() if load)
    eligible = sorted((i, order_row[o]) for i, f in enumerate(funds) if f.orders is not None for o in f.orders)
    members = sorted((group_row[g], i) for i, o in enumerate(orders) for g in o.groups if g in group_row)
    conflicts = sorted(
        {(min(a, b), max(a, b)) for a, b in ((offer_row[p], offer_row[q]) for p, q in problem.rules.conflicts)}
    )
    floors = sorted((group_row[rule.group], rule.matched) for rule in problem.rules.at_least)
    arrays = Arrays(
        order_own=_column(o.own_funds for o in orders),
        order_enterprise=_column(NO_LIMIT if o.enterprise is None else enterprise_row[o.enterprise] for o in orders),
        order_must=_column(o.must_match for o in orders),
        team_capacity=_column(t.capacity for t in teams),
        offer_order=_column(order_row[b.order] for b in offers),
        offer_price=_column(b.price for b in offers),
        offer_value=_column(b.value for b in offers),
        use_offer=_column(u[0] for u in uses),
        use_team=_column(u[1] for u in uses),
        use_load=_column(u[2] for u in uses),
        fund_budget=_column(f.budget for f in funds),
        fund_cost=_column(f.cost for f in funds),
        fund_public=_column(f.public for f in funds),
        fund_share_max=_limits(f.share_max for f in funds),
        fund_amount_max=_limits(f.amount_max for f in funds),
        fund_amount_min=_column(f.amount_min for f in funds),
        fund_match_max=_limits(f.match_max for f in funds),
        fund_all=_column(f.orders is None for f in funds),
        fund_enterprise_max=_limits(f.enterprise_max for f in funds),
        eligible_fund=_column(e[0] for e in eligible),
        eligible_order=_column(e[1] for e in eligible),
        public_share_max=NO_LIMIT if problem.rules.public_share_max is None else problem.rules.public_share_max,
        locked=_column(sorted({offer_row[b] for b in problem.rules.locked})),
        forbidden=_column(sorted({offer_row[b] for b in problem.rules.forbidden})),
        conflict_a=_column(c[0] for c in conflicts),
        conflict_b=_column(c[1] for c in conflicts),
        member_group=_column(m[0] for m in members),
        member_order=_column(m[1] for m in members),
        floor_group=_column(f[0] for f in floors),
        floor_matched=_column(f[1] for f in floors),
    )
    return Encoded(
        arrays, tuple(order_row), tuple(team_row), tuple(offer_row), tuple(f.id for f in funds), tuple(group_row)
    )


def _rows(sorted_rows: Sequence[Order | Team | Offer | Fund]) -> dict[str, int]:
    return {row.id: i for i, row in enumerate(sorted_rows)}


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: i for i, name in enumerate(sorted(set(names)))}


def _column(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _limits(values: Iterable[int | None]) -> Ints:
    return _column(NO_LIMIT if value is None else value for value in values)


def eligible_funds(arrays: Arrays) -> list[list[int]]:
    """For each order the funds it may draw on, ascending."""
    everyone = [int(f) for f in np.flatnonzero(arrays.fund_all)]
    found = [list(everyone) for _ in range(arrays.orders)]
    for fund, order in zip(arrays.eligible_fund.tolist(), arrays.eligible_order.tolist(), strict=True):
        found[order].append(fund)
    return [sorted(set(funds)) for funds in found]
