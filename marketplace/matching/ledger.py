"""What an answer has used so far and what it leaves, in rows and whole fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import nsmallest

from marketplace.matching.encoding import NO_LIMIT, Arrays
from marketplace.matching.problem import COST_UNIT


@dataclass(frozen=True, slots=True)
class Choice:
    """An offer taken and what each fund pays for it; the rest of its price is the enterprise's own."""

    offer: int
    pay: Mapping[int, int]


@dataclass(slots=True)
class Ledger:
    """Choices by order with the loads and draws they add up to; `enter` and `leave` keep the sums right."""

    arrays: Arrays
    uses: Mapping[int, Mapping[int, int]]
    rivals: Mapping[int, frozenset[int]]
    chosen: dict[int, Choice] = field(default_factory=dict)
    load: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    drawn: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    drawn_by: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    taken: set[int] = field(default_factory=set)
    workers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    drawers: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, arrays: Arrays, choices: Iterable[Choice] = ()) -> Ledger:
        ledger = cls(arrays, uses_of(arrays), rivals_of(arrays))
        for choice in choices:
            ledger.enter(choice)
        return ledger

    def enter(self, choice: Choice) -> None:
        order = int(self.arrays.offer_order[choice.offer])
        self.chosen[order] = choice
        self.taken.add(choice.offer)
        for team in self.uses.get(choice.offer, {}):
            self.workers[team].add(order)
        for fund in choice.pay:
            self.drawers[fund].add(order)
        self._book(choice, 1)

    def leave(self, order: int) -> Choice:
        choice = self.chosen.pop(order)
        self.taken.discard(choice.offer)
        for team in self.uses.get(choice.offer, {}):
            self.workers[team].discard(order)
        for fund in choice.pay:
            self.drawers[fund].discard(order)
        self._book(choice, -1)
        return choice

    def _book(self, choice: Choice, sign: int) -> None:
        enterprise = int(self.arrays.order_enterprise[self.arrays.offer_order[choice.offer]])
        for team, load in self.uses.get(choice.offer, {}).items():
            self.load[team] += sign * load
        for fund, amount in choice.pay.items():
            self.drawn[fund] += sign * amount
            self.drawn_by[fund, enterprise] += sign * amount

    def money_left(self, fund: int, order: int) -> int:
        """Fen the fund could still give this order: its budget, and its limit for the order's enterprise."""
        left = self.arrays.terms[fund].budget - self.drawn[fund]
        limit = self.arrays.terms[fund].enterprise_max
        if limit != NO_LIMIT:
            left = min(left, limit - self.drawn_by[fund, int(self.arrays.order_enterprise[order])])
        return left

    def teams_short(self, offer: int) -> dict[int, int]:
        """Capacity missing for this offer beside the choices, by team."""
        short = {
            team: self.load[team] + load - int(self.arrays.team_capacity[team])
            for team, load in self.uses.get(offer, {}).items()
        }
        return {team: missing for team, missing in short.items() if missing > 0}

    def chosen_rivals(self, offer: int) -> list[int]:
        """Chosen offers this one may not stand beside."""
        return sorted(self.rivals.get(offer, frozenset()) & self.taken)

    def holders(self, teams: Iterable[int], funds: Iterable[int], count: int) -> list[int]:
        """Chosen offers that hold most of these teams and funds, at most `count` for each."""
        found: set[int] = set()
        for team in teams:
            by_load = ((-self.uses[self.chosen[o].offer][team], self.chosen[o].offer) for o in self.workers[team])
            found.update(offer for _, offer in nsmallest(count, by_load))
        for fund in funds:
            by_draw = ((-self.chosen[o].pay[fund], self.chosen[o].offer) for o in self.drawers[fund])
            found.update(offer for _, offer in nsmallest(count, by_draw))
        return sorted(found)

    def demands_hold(self) -> bool:
        """Whether every order that must be matched, every lock and every group floor is satisfied."""
        arrays = self.arrays
        counts: dict[int, int] = defaultdict(int)
        for group, order in zip(arrays.member_group.tolist(), arrays.member_order.tolist(), strict=True):
            counts[group] += order in self.chosen
        floors = zip(arrays.floor_group.tolist(), arrays.floor_matched.tolist(), strict=True)
        return (
            all(order in self.chosen for order in range(arrays.orders) if arrays.order_must[order])
            and self.taken.issuperset(arrays.locked.tolist())
            and all(counts[group] >= least for group, least in floors)
        )

    def objective(self) -> Fraction:
        """Exact value of the choices in value units."""
        value = sum(int(self.arrays.offer_value[choice.offer]) for choice in self.chosen.values())
        cost = sum(self.arrays.terms[fund].cost * amount for fund, amount in self.drawn.items())
        return value - Fraction(cost, COST_UNIT)


def uses_of(arrays: Arrays) -> dict[int, dict[int, int]]:
    """Loads by offer and team."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for offer, team, load in zip(
        arrays.use_offer.tolist(), arrays.use_team.tolist(), arrays.use_load.tolist(), strict=True
    ):
        found[offer][team] = load
    return dict(found)


def rivals_of(arrays: Arrays) -> dict[int, frozenset[int]]:
    """Offers in conflict with each offer."""
    found: dict[int, set[int]] = defaultdict(set)
    for one, other in zip(arrays.conflict_a.tolist(), arrays.conflict_b.tolist(), strict=True):
        found[one].add(other)
        found[other].add(one)
    return {offer: frozenset(rivals) for offer, rivals in found.items()}
