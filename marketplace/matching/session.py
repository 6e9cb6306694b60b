"""A problem that changes while people look at it: each change repairs the answer at once, `prove` makes it best again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from marketplace.matching.answer import Answer, Settings, status_of
from marketplace.matching.decoding import choices_of, decode
from marketplace.matching.encoding import encode
from marketplace.matching.engine import solve
from marketplace.matching.exact import ceiling
from marketplace.matching.greedy import first_answer
from marketplace.matching.modes import possible_terms
from marketplace.matching.problem import Offer, Order, Problem, Team
from marketplace.matching.shape import BadProblem
from marketplace.matching.solution import Progress, Solution


class Session:
    """A problem and an answer kept in step.

    Every change checks the new problem (BadProblem leaves the old one in force), keeps the matches that still hold and
    lets others in where they fit; the answer then satisfies every rule, or claims nothing. Its bound is one that needs
    no search, so usually far: `prove` searches on from the present answer.
    """

    def __init__(self, problem: Problem, settings: Settings | None = None, solution: Solution | None = None) -> None:
        self.settings = settings or Settings()
        self.problem = problem
        self.solution = solve(problem, self.settings) if solution is None else solution

    def prove(
        self, *, on_progress: Callable[[Progress], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> Solution:
        """Search from the present answer for the best one, within the settings."""
        self.solution = solve(
            self.problem, self.settings, on_progress=on_progress, cancelled=cancelled, warm=self.solution
        )
        return self.solution

    def add_order(self, order: Order, offers: Sequence[Offer] = (), funds: Sequence[str] = ()) -> Solution:
        """A new order with its offers; `funds` names those that admit it beside the funds open to everybody."""
        named = set(funds)
        pools = tuple(
            replace(fund, orders=(*fund.orders, order.id)) if fund.orders is not None and fund.id in named else fund
            for fund in self.problem.funds
        )
        unknown = named - {fund.id for fund in self.problem.funds}
        if unknown:
            raise BadProblem(f"funds: unknown fund {min(unknown)!r}")
        return self._become(
            replace(
                self.problem, orders=(*self.problem.orders, order), offers=(*self.problem.offers, *offers), funds=pools
            )
        )

    def withdraw_order(self, order_id: str) -> Solution:
        """An order goes, with its offers and whatever names them."""
        self._known(order_id, (order.id for order in self.problem.orders), "order")
        gone = {offer.id for offer in self.problem.offers if offer.order == order_id}
        pools = tuple(
            fund
            if fund.orders is None
            else replace(fund, orders=tuple(each for each in fund.orders if each != order_id))
            for fund in self.problem.funds
        )
        orders = tuple(order for order in self.problem.orders if order.id != order_id)
        return self._become(replace(_without_offers(self.problem, gone), orders=orders, funds=pools))

    def add_offer(self, offer: Offer) -> Solution:
        return self._become(replace(self.problem, offers=(*self.problem.offers, offer)))

    def withdraw_offer(self, offer_id: str) -> Solution:
        self._known(offer_id, (offer.id for offer in self.problem.offers), "offer")
        return self._become(_without_offers(self.problem, {offer_id}))

    def set_budget(self, fund_id: str, fen: int) -> Solution:
        self._known(fund_id, (fund.id for fund in self.problem.funds), "fund")
        return self._become(
            replace(
                self.problem,
                funds=tuple(replace(fund, budget=fen) if fund.id == fund_id else fund for fund in self.problem.funds),
            )
        )

    def set_capacity(self, team_id: str, capacity: int) -> Solution:
        self._known(team_id, (team.id for team in self.problem.teams), "team")
        return self._become(
            replace(
                self.problem,
                teams=tuple(Team(team.id, capacity) if team.id == team_id else team for team in self.problem.teams),
            )
        )

    def lock(self, offer_id: str) -> Solution:
        """This offer must be chosen; it is no longer forbidden."""
        return self._ruled(offer_id, locked=True, forbidden=False)

    def forbid(self, offer_id: str) -> Solution:
        """This offer must not be chosen; it is no longer locked."""
        return self._ruled(offer_id, locked=False, forbidden=True)

    def release(self, offer_id: str) -> Solution:
        """This offer is neither locked nor forbidden any more."""
        return self._ruled(offer_id, locked=False, forbidden=False)

    def _ruled(self, offer_id: str, *, locked: bool, forbidden: bool) -> Solution:
        rules = self.problem.rules

        def named(before: tuple[str, ...], wanted: bool) -> tuple[str, ...]:
            others = tuple(each for each in before if each != offer_id)
            return (*others, offer_id) if wanted else others

        return self._become(
            replace(
                self.problem,
                rules=replace(rules, locked=named(rules.locked, locked), forbidden=named(rules.forbidden, forbidden)),
            )
        )

    def _known(self, name: str, names: Iterable[str], kind: str) -> None:
        if name not in names:
            raise BadProblem(f"{kind}: unknown {kind} {name!r}")

    def _become(self, problem: Problem) -> Solution:
        """Take the new problem and repair the answer to fit it."""
        encoded = encode(problem)
        terms = list(possible_terms(encoded.arrays))
        funds = {each.offer: sorted(each.cap) for each in terms}
        ledger = first_answer(encoded.arrays, funds, choices_of(encoded, self.solution))
        held = ledger.demands_hold()
        objective = ledger.objective() if held else None
        bound = ceiling(encoded.arrays, terms)
        choices = tuple(ledger.chosen[order] for order in sorted(ledger.chosen)) if held else None
        answer = Answer(status_of(objective, bound, stopped=False), choices, objective, bound)
        self.problem = problem
        self.solution = decode(encoded, answer, self.settings)
        return self.solution


def _without_offers(problem: Problem, gone: set[str]) -> Problem:
    rules = problem.rules
    return replace(
        problem,
        offers=tuple(offer for offer in problem.offers if offer.id not in gone),
        rules=replace(
            rules,
            locked=tuple(each for each in rules.locked if each not in gone),
            forbidden=tuple(each for each in rules.forbidden if each not in gone),
            conflicts=tuple(pair for pair in rules.conflicts if not gone.intersection(pair)),
        ),
    )
