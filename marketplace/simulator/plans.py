"""Ways to pay one price, side by side: pure reads of the funds' rules through ``matching.funding``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from marketplace.funds.models import Fund
from marketplace.funds.rules import NOTHING, Drawn, for_one_enterprise, public_ceiling
from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import BASIS
from marketplace.matching.problem import OWN, Offer, Order, Problem, Rules, Team
from marketplace.matching.problem import Fund as ProblemFund

if TYPE_CHECKING:
    from marketplace.matching.funding import Simulation

funding = LazyModule("marketplace.matching.funding")

MILLION = 1_000_000
"""Fen that a fund's cost is told for (see ``tripool-problem/1``)."""

Asker = Callable[[Iterable[Fund]], "Simulation"]
"""Answers how the price could be paid with some of the funds."""

UNKNOWN_DAYS = 10_000
"""Longer than any fund decides: one that does not say how long it takes is never called fast."""


class Best(StrEnum):
    """What a plan is best at among those shown."""

    LEAST_OWN = "least_own"
    LEAST_PUBLIC = "least_public"
    FEWEST_SOURCES = "fewest_sources"
    LEAST_INTEREST = "least_interest"
    FASTEST = "fastest"


class Limit(StrEnum):
    """The rule that keeps a part from being larger."""

    SHARE = "share"
    AMOUNT = "amount"
    MATCH = "match"
    ENTERPRISE = "enterprise"
    YEARLY = "yearly"
    PUBLIC = "public"
    AVAILABLE = "available"
    OWN_FUNDS = "own_funds"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Part:
    """What one source pays (fen); ``fund`` None is the enterprise itself. ``interest`` is over the whole term (fen)."""

    fund: Fund | None
    amount: int
    limit: Limit
    interest: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One exact way to pay the price."""

    parts: tuple[Part, ...]

    @property
    def own(self) -> int:
        return sum(part.amount for part in self.parts if part.fund is None)

    @property
    def public(self) -> int:
        return sum(part.amount for part in self.parts if part.fund is not None and part.fund.public)

    @property
    def interest(self) -> int:
        return sum(part.interest for part in self.parts)

    @property
    def days(self) -> int:
        """Days until the slowest source has decided; own money decides at once."""
        return max((_days(part.fund) for part in self.parts if part.fund is not None), default=0)

    @property
    def knows_days(self) -> bool:
        return self.days < UNKNOWN_DAYS

    def measure(self, best: Best) -> int:
        return {
            Best.LEAST_OWN: self.own,
            Best.LEAST_PUBLIC: self.public,
            Best.FEWEST_SOURCES: len(self.parts),
            Best.LEAST_INTEREST: self.interest,
            Best.FASTEST: self.days,
        }[best]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked: a price and own money (fen), what the enterprise holds by fund, the ceiling on public money in force."""

    price: int
    own_funds: int
    drawn: Mapping[int, Drawn]
    public_most: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Up to five plans with what each is best at; without any, ``own_missing`` fen more of own money would make one."""

    plans: tuple[tuple[Plan, tuple[Best, ...]], ...]
    own_missing: int


def answer(
    price: int, own_funds: int, funds: Sequence[Fund], drawn: Mapping[int, Drawn], public_most: int | None
) -> Answer:
    """Return up to five plans for ``price`` fen of which the enterprise can pay ``own_funds``.

    ``funds`` are those that may pay; ``drawn`` is what the enterprise holds of each already; ``public_most`` is the ceiling
    on public money in basis points. The strictest ceiling of any fund holds for all plans, as it does in a round.
    """
    public_most = public_ceiling(funds, public_most)
    asked = _asker(price, own_funds, drawn, public_most)
    whole = asked(funds)
    if not whole.payable:
        return Answer((), whole.own_missing)
    known = {str(fund.id): fund for fund in funds}
    plans: dict[tuple[tuple[str, int], ...], Plan] = {}
    for found in (whole, _fastest(asked, funds)):
        for option in found.options:
            plan = _plan(option.pay, known, Asked(price, own_funds, drawn, public_most))
            plans.setdefault(tuple(sorted(option.pay.items())), plan)
    return Answer(tuple(_winners(list(plans.values())).items()), 0)


def _asker(price: int, own_funds: int, drawn: Mapping[int, Drawn], public_most: int | None) -> Asker:
    offer = Offer("x", "o", price, 0, {"t": 1})

    def ask(funds: Iterable[Fund]) -> Simulation:
        problem = Problem(
            orders=(Order("o", own_funds=own_funds),),
            teams=(Team("t", 1),),
            funds=tuple(_as_problem(fund, drawn.get(fund.id, NOTHING)) for fund in funds),
            rules=Rules(public_share_max=public_most),
        )
        found: Simulation = funding.simulate(problem, offer)
        return found

    return ask


def _fastest(asked: Asker, funds: Sequence[Fund]) -> Simulation:
    """What can be paid with the quickest funds alone that suffice."""
    for days in sorted({0, *(_days(fund) for fund in funds)}):
        found = asked([fund for fund in funds if _days(fund) <= days])
        if found.payable:
            return found
    raise AssertionError("all funds together suffice, or nobody would ask")


def _as_problem(fund: Fund, drawn: Drawn) -> ProblemFund:
    """The fund with interest for its cost, so that “cheapest” means the least interest over the term."""
    return ProblemFund(
        id=str(fund.id),
        budget=fund.available,
        public=fund.public,
        cost=interest_of(fund, MILLION),
        share_max=fund.share_max,
        amount_max=fund.amount_max,
        amount_min=fund.amount_min,
        match_max=fund.match_max,
        enterprise_max=for_one_enterprise(fund, drawn),
    )


def interest_of(fund: Fund, amount: int) -> int:
    """Return the interest on ``amount`` fen until the end of the loan's term, in fen, rounded up."""
    if fund.rate is None or fund.term_months is None:
        return 0
    return -(-amount * fund.rate * fund.term_months // (12 * BASIS))


def _plan(pay: Mapping[str, int], known: Mapping[str, Fund], asked: Asked) -> Plan:
    own = pay.get(OWN, 0)
    public = sum(amount for key, amount in pay.items() if key != OWN and known[key].public)
    full = asked.public_most is not None and public >= asked.price * asked.public_most // BASIS
    parts = [Part(None, own, Limit.OWN_FUNDS if own == asked.own_funds else Limit.NEED, 0)] if own else []
    for key, amount in sorted(pay.items(), key=lambda item: -item[1]):
        if key != OWN:
            fund = known[key]
            limit = limit_of(fund, amount, asked.price, own, asked.drawn.get(fund.id, NOTHING))
            if limit is Limit.NEED and fund.public and full:
                limit = Limit.PUBLIC
            parts.append(Part(fund, amount, limit, interest_of(fund, amount)))
    return Plan(tuple(parts))


def limit_of(fund: Fund, amount: int, price: int, own: int, drawn: Drawn) -> Limit:
    """Return the rule that ``amount`` has reached; NEED when it could be more but need not."""
    limits = {
        Limit.SHARE: None if fund.share_max is None else price * fund.share_max // BASIS,
        Limit.AMOUNT: fund.amount_max,
        Limit.MATCH: None if fund.match_max is None else own * fund.match_max // BASIS,
        Limit.ENTERPRISE: None if fund.enterprise_max is None else fund.enterprise_max - drawn.ever,
        Limit.YEARLY: None if fund.yearly_max is None else fund.yearly_max - drawn.year,
        Limit.AVAILABLE: fund.available,
    }
    return next((limit for limit, most in limits.items() if most is not None and amount >= most), Limit.NEED)


def _winners(plans: Sequence[Plan]) -> dict[Plan, tuple[Best, ...]]:
    """Return the best plan of each kind with all that it is best at; among equals the one with less interest, then less own."""
    found: dict[Plan, tuple[Best, ...]] = {}
    for best in Best:
        winner = min(plans, key=lambda plan: (plan.measure(best), plan.interest, plan.own, plan.days, len(plan.parts)))
        found[winner] = (*found.get(winner, ()), best)
    return found


def _days(fund: Fund) -> int:
    return UNKNOWN_DAYS if fund.decision_days is None else fund.decision_days
