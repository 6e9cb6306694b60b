"""Why an order is matched or not, and what it would take: told only after the changed problem was solved again.

A remedy is told when, with the change, every best answer matches the order (or takes the offer): the best value of the
changed problem is strictly above the best value without it. So whoever re-solves finds it true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from marketplace.matching import relax
from marketplace.matching.answer import Hearing, Settings
from marketplace.matching.decoding import ledger_of, reason_of
from marketplace.matching.encoding import eligible_funds, encode
from marketplace.matching.paths import solve_arrays
from marketplace.matching.problem import COST_UNIT, Offer, Problem
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import Change, Limit, Reason, Solution, Status, Unmatched, number

FINENESS = 256
"""A remedy's amount is found to within this part of the largest change that can matter."""


@dataclass(frozen=True, slots=True)
class OfferTold:
    """One offer of the order. `reduced` is its value less what its teams and money cost at the shadow prices.

    `reason` says what keeps it out, None for the chosen one. `value_short` is the least whole rise of its value with
    which every best answer takes it; None when no rise would do, or when there was no time to prove one.
    """

    offer: str
    chosen: bool
    value: int
    reduced: float
    reason: Reason | None = None
    by: tuple[str, ...] = ()
    needs: Mapping[str, int] = field(default_factory=dict)
    value_short: int | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one order in one answer; `would_take` are single changes, each proved by solving again."""

    order: str
    matched: bool
    offer: str | None
    pay: Mapping[str, int]
    why: Unmatched | None
    loss_without: Fraction | None
    offers: tuple[OfferTold, ...]
    would_take: tuple[Change, ...]

    def to_json(self) -> dict[str, object]:
        return {
            "order": self.order,
            "matched": self.matched,
            "offer": self.offer,
            "pay": dict(self.pay),
            "reason": None if self.why is None else str(self.why.reason),
            "by": [] if self.why is None else list(self.why.by),
            "needs": {} if self.why is None else dict(self.why.needs),
            "loss_without": number(self.loss_without),
            "offers": [
                {
                    "offer": o.offer,
                    "chosen": o.chosen,
                    "value": o.value,
                    "reduced": round(o.reduced, 6),
                    "reason": None if o.reason is None else str(o.reason),
                    "by": list(o.by),
                    "needs": dict(o.needs),
                    "value_short": o.value_short,
                }
                for o in self.offers
            ],
            "would_take": [change.to_json() for change in self.would_take],
        }


def explain(problem: Problem, solution: Solution, order_id: str, settings: Settings | None = None) -> Explanation:
    """Why this order is matched or not; raises BadProblem when the problem has no such order.

    `settings.time_limit` bounds the re-solving; what could not be proved in time is left out.
    """
    if all(order.id != order_id for order in problem.orders):
        raise BadProblem(f"order: unknown order {order_id!r}")
    match = next((match for match in solution.matches if match.order == order_id), None)
    asked = _Asked(problem, solution, order_id, Hearing(settings or Settings(time_limit=10.0)))
    offers = tuple(
        asked.told(offer, None if match is None else match.offer)
        for offer in sorted(problem.offers, key=lambda b: b.id)
        if offer.order == order_id
    )
    return Explanation(
        order_id,
        match is not None,
        None if match is None else match.offer,
        {} if match is None else match.pay,
        None if match is not None else asked.why(),
        None if match is None else asked.loss(),
        offers,
        () if match is not None else asked.remedies(offers),
    )


class _Asked:
    def __init__(self, problem: Problem, solution: Solution, order: str, hearing: Hearing) -> None:
        self.problem, self.solution, self.order, self.hearing = problem, solution, order, hearing
        self.encoded = encode(problem)
        self.ledger = ledger_of(self.encoded, solution)
        self.row = self.encoded.order_ids.index(order)
        self.funds = eligible_funds(self.encoded.arrays)[self.row]
        self.offers = tuple(offer.id for offer in problem.offers if offer.order == order)
        self.best = self._best(problem)

    def _best(self, problem: Problem) -> Fraction | None:
        """The proved best value; None when nothing is feasible or time is up."""
        if self.hearing.left() <= 0:
            return None
        settings = replace(self.hearing.settings, time_limit=self.hearing.left(), gap=0.0)
        answer = solve_arrays(encode(problem).arrays, Hearing(settings))
        return answer.objective if answer.status == Status.OPTIMAL else None

    def why(self) -> Unmatched:
        rows = [row for row, of in enumerate(self.encoded.arrays.offer_order.tolist()) if of == self.row]
        return reason_of(self.encoded, self.ledger, self.row, rows, self.funds)

    def loss(self) -> Fraction | None:
        """What the best answer loses when this order may not be matched; None when it must be, or for want of time."""
        without = self._best(_forbidding(self.problem, self.offers))
        return None if self.best is None or without is None else self.best - without

    def told(self, offer: Offer, chosen: str | None) -> OfferTold:
        reduced = offer.value - self._at_prices(offer)
        if offer.id == chosen:
            return OfferTold(offer.id, True, offer.value, reduced)
        rival = self.ledger.leave(self.row) if self.row in self.ledger.chosen else None
        alone = reason_of(self.encoded, self.ledger, self.row, [self.encoded.offer_ids.index(offer.id)], self.funds)
        if rival is not None:
            self.ledger.enter(rival)
        fits = alone.reason == Reason.UNDECIDED and chosen is not None
        return OfferTold(
            offer.id,
            False,
            offer.value,
            reduced,
            Reason.OUTVALUED if fits else alone.reason,
            (chosen,) if fits and chosen is not None else alone.by,
            alone.needs,
            self._value_short(offer),
        )

    def _at_prices(self, offer: Offer) -> float:
        """What the offer's teams and its cheapest money cost at the answer's shadow prices, in value units."""
        prices = self.solution.prices
        capacity = sum(prices.teams.get(team, 0.0) * load for team, load in offer.uses.items())
        own = next(order.own_funds for order in self.problem.orders if order.id == offer.order)
        need = max(0, offer.price - own)
        rates = sorted(
            (
                prices.funds.get(f.id, 0.0) + f.cost / COST_UNIT,
                f.budget if f.amount_max is None else min(f.budget, f.amount_max),
            )
            for f in self.problem.funds
            if f.orders is None or self.order in f.orders
        )
        money = 0.0
        for rate, most in rates:
            money += rate * min(need, most)
            need -= min(need, most)
        return capacity + money

    def _value_short(self, offer: Offer) -> int | None:
        """With the offer locked the best value rises one for one with its value, so one re-solve tells the rise."""
        if offer.id in self.problem.rules.forbidden or self.best is None:
            return None
        rules = self.problem.rules
        locked = replace(self.problem, rules=replace(rules, locked=(*rules.locked, offer.id)))
        with_it, without = self._best(locked), self._best(_forbidding(self.problem, (offer.id,)))
        if with_it is None or without is None:
            return None
        return max(0, int((without - with_it) // 1) + 1)

    def remedies(self, offers: tuple[OfferTold, ...]) -> tuple[Change, ...]:
        """Single changes with which every best answer matches the order, smallest steps proved first."""
        if self.best is None:
            return ()
        limits = [Limit("own_funds", (self.order,))]
        teams = {team.id for team in self.problem.teams}
        funds = {fund.id for fund in self.problem.funds}
        named = sorted({name for told in offers for name in told.needs})
        limits += [Limit("capacity", (name,)) for name in named if name in teams]
        limits += [Limit("budget", (name,)) for name in named if name in funds]
        found = [self._least(limit) for limit in limits]
        values = [(told.value_short, told.offer) for told in offers if told.value_short]
        least = [Change(Limit("value", (offer,)), short) for short, offer in sorted(values)[:1] if short is not None]
        return tuple([change for change in found if change is not None] + least)

    def _least(self, limit: Limit) -> Change | None:
        most = relax.reach(self.problem, limit)
        if not most or not self._suffices(limit, most):
            return None
        low, high, step = 0, most, max(1, most // FINENESS)
        while high - low > step:
            middle = (low + high) // 2
            if self._suffices(limit, middle):
                high = middle
            else:
                low = middle
        return Change(limit, high)

    def _suffices(self, limit: Limit, by: int) -> bool:
        changed = relax.moved(self.problem, limit, by)
        with_it, without = self._best(changed), self._best(_forbidding(changed, self.offers))
        return with_it is not None and without is not None and with_it > without


def _forbidding(problem: Problem, offers: tuple[str, ...]) -> Problem:
    rules = problem.rules
    return replace(problem, rules=replace(rules, forbidden=tuple(dict.fromkeys((*rules.forbidden, *offers)))))
