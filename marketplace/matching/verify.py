"""Check an answer against its problem from scratch: exact integers, plain Python, none of the solver's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.problem import BASIS, COST_UNIT, OWN, Fund, Offer, Order, Problem, Team
from marketplace.matching.recheck import BadCertificate, recheck
from marketplace.matching.solution import Match, Solution, Status, relative_gap

OPTIMAL_WITHIN = Fraction(1, 10**9)
CLAIM_WITHIN = Fraction(1, 1000)  # a claimed objective was written as a float
CLAIM_RELATIVE = Fraction(1, 10**12)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `objective` is recomputed from the matches; `bound` is the claim, `gap` lies between the two.

    `proof` says where the bound stands: `certificate` when it was recomputed from the prices beside the answer,
    `solver` when it is the search's word (and what a certificate proves, if that is less), `none` without a bound.
    """

    broken: tuple[str, ...]
    objective: Fraction
    bound: Fraction | None
    proof: str = "none"

    @property
    def ok(self) -> bool:
        return not self.broken

    @property
    def gap(self) -> float | None:
        return relative_gap(self.objective, self.bound)


def verify(problem: Problem, solution: Solution) -> Report:
    """Every rule of the problem and every claim of the answer, one line for each that does not hold."""
    book = _Book(problem)
    broken: list[str] = []
    for match in solution.matches:
        broken += book.enter(match)
    broken += _shared_limits(book)
    broken += _rules(book)
    if must_hold(solution.status, solution.objective):
        broken += _demands(book)
    for match in solution.matches:
        broken += _options(book, match)
    broken += claims(solution.status, solution.objective, solution.bound, book.objective)
    broken += _account(book, solution)
    proof, doubts = proof_of(solution.bound, solution.certificate, lambda: encode(problem).arrays)
    return Report((*broken, *doubts), book.objective, solution.bound, proof)


class _Book:
    """The running totals of an answer: who is matched, what each team works and what each fund pays."""

    def __init__(self, problem: Problem) -> None:
        self.rules = problem.rules
        self.orders: Mapping[str, Order] = {o.id: o for o in problem.orders}
        self.teams: Mapping[str, Team] = {t.id: t for t in problem.teams}
        self.offers: Mapping[str, Offer] = {b.id: b for b in problem.offers}
        self.funds: Mapping[str, Fund] = {f.id: f for f in problem.funds}
        self.eligible = {f.id: frozenset(f.orders) for f in problem.funds if f.orders is not None}
        self.times: Counter[str] = Counter()
        self.chosen: set[str] = set()
        self.load: Counter[str] = Counter()
        self.drawn: Counter[str] = Counter()
        self.by_enterprise: Counter[tuple[str, str | None]] = Counter()
        self.grouped: Counter[str] = Counter()
        self.objective = Fraction(0)

    def enter(self, match: Match) -> Iterator[str]:
        offer = self.offers.get(match.offer)
        if offer is None:
            yield f"match names the unknown offer {match.offer!r}"
            return
        if offer.order != match.order:
            yield f"{offer.id}: belongs to order {offer.order}, not {match.order}"
        yield from self.payment(offer, match.pay, offer.id)
        order = self.orders[offer.order]
        self.chosen.add(offer.id)
        self.times[order.id] += 1
        self.load.update(offer.uses)
        self.grouped.update(order.groups)
        self.objective += offer.value
        for source, amount in match.pay.items():
            if source in self.funds:
                self.drawn[source] += amount
                self.by_enterprise[source, order.enterprise] += amount
                self.objective -= Fraction(self.funds[source].cost * amount, COST_UNIT)

    def payment(self, offer: Offer, pay: Mapping[str, int], name: str) -> Iterator[str]:
        """The rules one payment must satisfy by itself."""
        own, own_funds = pay.get(OWN, 0), self.orders[offer.order].own_funds
        if sum(pay.values()) != offer.price:
            yield f"{name}: payments sum to {sum(pay.values())}, the price is {offer.price}"
        if own > own_funds:
            yield f"{name}: own payment {own} is above the own funds {own_funds}"
        public = 0
        for source, amount in pay.items():
            if amount < 0:
                yield f"{name}: {source} pays {amount}"
            if source == OWN or amount == 0:
                continue
            if source not in self.funds:
                yield f"{name}: unknown fund {source!r}"
                continue
            public += amount if self.funds[source].public else 0
            yield from self._grant(self.funds[source], offer, amount, own, name)
        most = self.rules.public_share_max
        if most is not None and public * BASIS > most * offer.price:
            yield f"{name}: public money {public} is above its share of the price"

    def _grant(self, fund: Fund, offer: Offer, amount: int, own: int, name: str) -> Iterator[str]:
        if fund.id in self.eligible and offer.order not in self.eligible[fund.id]:
            yield f"{name}: order {offer.order} is not eligible for fund {fund.id}"
        if fund.share_max is not None and amount * BASIS > fund.share_max * offer.price:
            yield f"{name}: fund {fund.id} pays {amount}, above its share of the price"
        if fund.amount_max is not None and amount > fund.amount_max:
            yield f"{name}: fund {fund.id} pays {amount}, above its largest grant {fund.amount_max}"
        if amount < fund.amount_min:
            yield f"{name}: fund {fund.id} pays {amount}, below its smallest grant {fund.amount_min}"
        if fund.match_max is not None and amount * BASIS > fund.match_max * own:
            yield f"{name}: fund {fund.id} pays {amount}, above its ratio to the own payment {own}"


def _shared_limits(book: _Book) -> Iterator[str]:
    for order_id, times in book.times.items():
        if times > 1:
            yield f"order {order_id} is matched {times} times"
    for team_id, load in book.load.items():
        if load > book.teams[team_id].capacity:
            yield f"team {team_id} works {load}, has {book.teams[team_id].capacity}"
    for fund_id, amount in book.drawn.items():
        if amount > book.funds[fund_id].budget:
            yield f"fund {fund_id} pays {amount}, has {book.funds[fund_id].budget}"
    for (fund_id, enterprise), amount in book.by_enterprise.items():
        most = book.funds[fund_id].enterprise_max
        if most is not None and amount > most:
            yield f"fund {fund_id} pays enterprise {enterprise} {amount}, its limit is {most}"


def _rules(book: _Book) -> Iterator[str]:
    for offer_id in sorted(book.chosen.intersection(book.rules.forbidden)):
        yield f"forbidden offer {offer_id} is chosen"
    for one, other in book.rules.conflicts:
        if one in book.chosen and other in book.chosen:
            yield f"conflicting offers {one} and {other} are both chosen"


def _demands(book: _Book) -> Iterator[str]:
    for order in book.orders.values():
        if order.must_match and not book.times[order.id]:
            yield f"order {order.id} must be matched and is not"
    for rule in book.rules.at_least:
        if book.grouped[rule.group] < rule.matched:
            yield f"group {rule.group} has {book.grouped[rule.group]} matches, needs {rule.matched}"
    for offer_id in sorted(set(book.rules.locked) - book.chosen):
        yield f"locked offer {offer_id} is not chosen"


def _options(book: _Book, match: Match) -> Iterator[str]:
    """Each option must hold when it alone replaces the payment of its match."""
    offer = book.offers.get(match.offer)
    if offer is None:
        return
    enterprise = book.orders[offer.order].enterprise
    for option in match.options:
        name = f"{offer.id} option {option.label}"
        yield from book.payment(offer, option.pay, name)
        for source, amount in option.pay.items():
            fund, more = book.funds.get(source), amount - match.pay.get(source, 0)
            if fund is None:
                continue
            if book.drawn[source] + more > fund.budget:
                yield f"{name}: fund {source} would be overdrawn"
            if fund.enterprise_max is not None and book.by_enterprise[source, enterprise] + more > fund.enterprise_max:
                yield f"{name}: fund {source} would pay its enterprise too much"


def _account(book: _Book, solution: Solution) -> Iterator[str]:
    if solution.status == Status.INFEASIBLE and solution.matches:
        yield "an infeasible problem has no matches"
    for unmatched in solution.unmatched:
        if unmatched.order not in book.orders:
            yield f"unmatched names the unknown order {unmatched.order!r}"
        elif unmatched.order in book.times:
            yield f"order {unmatched.order} is matched and told unmatched"


def must_hold(status: Status, objective: Fraction | None) -> bool:
    """An infeasible problem has no answer, and a search stopped before its first answer does not claim one."""
    return status != Status.INFEASIBLE and (status != Status.CANCELLED or objective is not None)


def claims(status: Status, objective: Fraction | None, bound: Fraction | None, exact: Fraction) -> Iterator[str]:
    """What is wrong with the claimed status, objective and bound when the exact objective is this."""
    if status in (Status.OPTIMAL, Status.FEASIBLE) and (objective is None or bound is None):
        yield f"status {status} without an objective and a bound"
    leeway = max(CLAIM_WITHIN, CLAIM_RELATIVE * abs(exact))
    if objective is not None and abs(objective - exact) > leeway:
        yield f"claimed objective {float(objective)}, exact {float(exact)}"
    if bound is None or not must_hold(status, objective):
        return
    if bound < exact - leeway:
        yield f"claimed bound {float(bound)} is below the objective {float(exact)}"
    if status == Status.OPTIMAL and bound - exact > max(leeway, OPTIMAL_WITHIN * abs(bound)):
        yield f"claimed optimal, but the bound {float(bound)} is above the objective {float(exact)}"


def proof_of(
    bound: Fraction | None, certificate: Mapping[str, object] | None, arrays: Callable[[], Arrays]
) -> tuple[str, tuple[str, ...]]:
    """How the claimed bound is proved, and what is wrong with the certificate if there is one."""
    if bound is None:
        return "none", ()
    if certificate is None:
        return "solver", ()
    try:
        proved = recheck(arrays(), certificate)
    except BadCertificate as error:
        return "none", (f"certificate: {error}",)
    if proved > bound + max(CLAIM_WITHIN, CLAIM_RELATIVE * abs(bound)):
        # A search to the end may prove more than the prices do.
        return f"solver (certificate: {float(proved)})", ()
    return "certificate", ()
