"""A city-sized problem by ids while people work on it: every change repairs answer and certificate in milliseconds.

`Session` does the same for problems small enough to be repaired whole. Here nothing is looked at that a change does not
touch; what the old prices prove nothing about is solved anew from the changed problem (`Stand.anew` says so).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.decoding import decode
from marketplace.matching.decomposition import rehearsal, rulings, solve_large
from marketplace.matching.decomposition.room import Newcomer, NewOffer
from marketplace.matching.decomposition.standing import SPARE, Standing
from marketplace.matching.encoding import Arrays, Encoded, encode
from marketplace.matching.names import Numbers, Rows
from marketplace.matching.problem import Offer, Order, Problem
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import Solution, relative_gap


@dataclass(frozen=True, slots=True)
class Stand:
    """What is known after a change: the answer's exact worth (None while a demand is unmet: nothing is claimed then), what
    no answer is worth more than, both in value units, and whether the problem had to be solved anew."""

    objective: Fraction | None
    bound: Fraction
    anew: bool = False

    @property
    def gap(self) -> float | None:
        return relative_gap(self.objective, self.bound)


class LiveSession:
    """A large problem and its answer kept in step; `arrays()` and `answer()` are what `verify` checks.

    Unknown ids and orders a large session cannot take raise BadProblem and change nothing.
    """

    def __init__(self, encoded: Encoded, settings: Settings | None = None, answer: Answer | None = None) -> None:
        self.settings = settings or Settings()
        self.standing = Standing(encoded.arrays, answer or self._solved(encoded.arrays))
        self.names = encoded
        self._orders, self._offers = Rows(encoded.order_ids), Rows(encoded.offer_ids)
        self._teams, self._funds = Rows(encoded.team_ids), Rows(encoded.fund_ids)
        self._late_orders: list[str] = []
        self._late_offers: list[str] = []
        self._left: set[int] = set()  # rows of orders that came again

    @classmethod
    def of(cls, problem: Problem, settings: Settings | None = None) -> LiveSession:
        return cls(encode(problem), settings)

    @classmethod
    def of_columns(cls, arrays: Arrays, settings: Settings | None = None, answer: Answer | None = None) -> LiveSession:
        """A columnar problem; its ids are its row numbers in words: "17"."""
        counts = (arrays.orders, arrays.teams, arrays.offers, arrays.funds, len(arrays.floor_group))
        return cls(Encoded(arrays, *map(Numbers, counts)), settings, answer)

    @property
    def stand(self) -> Stand:
        return Stand(self.standing.objective if self.standing.holds else None, self.standing.bound)

    def withdraw_order(self, order_id: str) -> Stand:
        """An order goes, with its offers."""
        row = _row(self._orders, order_id, "order")
        stand = self._try(lambda: self.standing.withdraw_order(row))
        del self._orders[order_id]
        return stand

    def withdraw_offer(self, offer_id: str) -> Stand:
        """An offer goes for good; `forbid` is the one that can be released."""
        stand = self.forbid(offer_id)
        del self._offers[offer_id]
        return stand

    def add_order(self, order: Order, offers: Sequence[Offer] = (), funds: Sequence[str] = ()) -> Stand:
        """A new order with its offers; `funds` names those that admit it beside the funds open to everybody."""
        if order.id in self._orders:
            raise BadProblem(f"orders: {order.id!r} is given twice")
        taken = next((each.id for each in offers if each.id in self._offers or each.order != order.id), None)
        if taken is not None:
            raise BadProblem(f"offers: {taken!r} is given twice or belongs to another order")
        if order.must_match or set(order.groups) & set(self.names.group_ids):
            raise BadProblem(
                f"orders: {order.id!r} must be matched or counts for a floor: solve the problem anew with it"
            )
        come = Newcomer(
            order.own_funds,
            tuple(NewOffer(each.price, each.value, self._uses(each)) for each in offers),
            tuple(_row(self._funds, name, "fund") for name in funds),
        )
        if len(self.standing.newcomers) == SPARE:
            self.settle()
        before = len(self._late_offers)
        try:
            self._orders[order.id] = self.standing.add_order(come)
        except ValueError as error:
            raise BadProblem(f"orders: {order.id!r}: {error}: solve the problem anew with it") from None
        self._late_orders.append(order.id)
        for number, each in enumerate(offers):
            self._offers[each.id] = len(self.names.offer_ids) + before + number
            self._late_offers.append(each.id)
        return self.stand

    def add_offer(self, offer: Offer) -> Stand:
        """One more offer for an order that is there."""
        if offer.id in self._offers:
            raise BadProblem(f"offers: {offer.id!r} is given twice")
        order, come = _row(self._orders, offer.order, "order"), NewOffer(offer.price, offer.value, self._uses(offer))
        if len(self.standing.newcomers) == SPARE:
            self.settle()
        try:
            late, rows = rehearsal.add_offer(self.standing, order, come)
        except ValueError:
            return self._enlarge(offer, order, come)
        known = [*(self._name_of(row) for row in rows), offer.id]
        self._left.add(order)
        self._orders[offer.order] = late
        self._late_orders.append(offer.order)
        for name in known:
            self._offers[name] = len(self.names.offer_ids) + len(self._late_offers)
            self._late_offers.append(name)
        return self.stand

    def _name_of(self, row: int) -> str:
        before = len(self.names.offer_ids)
        return self.names.offer_ids[row] if row < before else self._late_offers[row - before]

    def _enlarge(self, offer: Offer, order: int, come: NewOffer) -> Stand:
        """Solve the problem anew with an offer more."""
        arrays = self.arrays()
        uses = sorted(come.uses.items())
        more = {"offer_order": [order], "offer_price": [come.price], "offer_value": [come.value]}
        more |= {"use_offer": [arrays.offers] * len(uses), "use_team": [team for team, _ in uses]}
        more |= {"use_load": [load for _, load in uses]}
        columns: dict[str, Any] = {
            name: np.append(getattr(arrays, name), np.array(new, np.int64)) for name, new in more.items()
        }
        larger = replace(arrays, **columns)
        answer = self._solved(larger)
        self._offers[offer.id] = arrays.offers
        self._late_offers.append(offer.id)
        self._stand_on(larger, answer)
        return replace(self.stand, anew=True)

    def set_budget(self, fund_id: str, fen: int) -> Stand:
        row = _row(self._funds, fund_id, "fund")
        return self._try(lambda: self.standing.set_budget(row, fen), ("fund_budget", row, fen))

    def set_capacity(self, team_id: str, capacity: int) -> Stand:
        row = _row(self._teams, team_id, "team")
        return self._try(lambda: self.standing.set_capacity(row, capacity), ("team_capacity", row, capacity))

    def lock(self, offer_id: str) -> Stand:
        """This offer must be chosen; it is no longer forbidden. Without room for it nothing is claimed: release or `prove`."""
        row = _row(self._offers, offer_id, "offer")
        return self._try(lambda: rulings.lock(self.standing, row))

    def forbid(self, offer_id: str) -> Stand:
        """This offer must not be chosen; it is no longer locked."""
        row = _row(self._offers, offer_id, "offer")
        if row in self.standing.locked:
            rulings.release(self.standing, row)
        return self._try(lambda: self.standing.withdraw_offer(row))

    def release(self, offer_id: str) -> Stand:
        """This offer is neither locked nor forbidden any more."""
        row = _row(self._offers, offer_id, "offer")
        problem = self.standing.problem
        decided = np.union1d(problem.locked, problem.forbidden)  # before the prices were found
        if row in self.standing.locked or row not in decided:
            return self._try(lambda: rulings.release(self.standing, row))
        self.standing.problem = replace(
            problem, locked=np.setdiff1d(problem.locked, [row]), forbidden=np.setdiff1d(problem.forbidden, [row])
        )
        return self.prove()

    def arrays(self) -> Arrays:
        """The present problem; what is gone is forbidden in it."""
        return self.standing.arrays()

    def answer(self) -> Answer:
        return self.standing.answer()

    def solution(self) -> Solution:
        """The whole answer by ids, without the orders that went; this looks at everything."""
        told = decode(replace(self._names_now(), arrays=self.arrays()), self.answer(), self.settings)
        return replace(told, unmatched=tuple(each for each in told.unmatched if each.order in self._orders))

    def settle(self) -> None:
        """Take the present problem as the one to change from now on; nothing is searched."""
        self._stand_on(self.arrays(), self.answer())

    def prove(self) -> Stand:
        """Solve the present problem anew, within the settings; BadProblem when no certified answer is found."""
        self._stand_on(self.arrays(), self._solved(self.arrays()))
        return replace(self.stand, anew=True)

    def _try(self, change: Callable[[], None], cell: tuple[str, int, int] | None = None) -> Stand:
        """Change what stands; where prices prove nothing about it, change the problem and solve anew."""
        try:
            change()
        except ValueError as error:
            if cell is None:
                raise BadProblem(str(error)) from None
            arrays, (name, row, value) = self.arrays(), cell
            column = getattr(arrays, name).copy()
            column[row] = value
            budget = name == "fund_budget"
            arrays = replace(arrays, fund_budget=column) if budget else replace(arrays, team_capacity=column)
            self._stand_on(arrays, self._solved(arrays))
            return replace(self.stand, anew=True)
        return self.stand

    def _solved(self, arrays: Arrays) -> Answer:
        answer = solve_large(arrays, Hearing(self.settings))
        if answer.certificate is None or answer.choices is None:
            raise BadProblem(f"no certified answer was found ({answer.status}): a session needs one to start from")
        return answer

    def _stand_on(self, arrays: Arrays, answer: Answer) -> None:
        self.standing = Standing(arrays, answer)
        self.names = self._names_now()
        self._late_orders, self._late_offers, self._left = [], [], set()

    def _names_now(self) -> Encoded:
        """The names of all rows; the row that an order left when it came again has none."""
        orders = [*self.names.order_ids, *self._late_orders]
        for row in self._left:
            orders[row] = ""
        return replace(self.names, order_ids=tuple(orders), offer_ids=(*self.names.offer_ids, *self._late_offers))

    def _uses(self, offer: Offer) -> dict[int, int]:
        return {_row(self._teams, team, "team"): load for team, load in offer.uses.items() if load}


def _row(rows: Rows, name: str, kind: str) -> int:
    if name not in rows:
        raise BadProblem(f"{kind}: unknown {kind} {name!r}")
    return rows[name]
