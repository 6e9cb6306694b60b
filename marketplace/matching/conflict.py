"""Why nothing satisfies every rule: an irreducible conflict, and repairs that were re-solved before they are told.

The conflict is found by halving (Junker, QuickXplain, AAAI 2004), first among the demands with every limit in force,
then among the limits with those demands; what is minimal first stays minimal, because fewer limits only help.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from marketplace.matching import relax
from marketplace.matching.answer import Answer, Hearing
from marketplace.matching.encoding import encode
from marketplace.matching.paths import solve_arrays
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Change, Limit, Repair, Status

MOST_REPAIRS = 8


class _Undecided(Exception):
    """Time ran out inside a question; what was found before stands."""


def diagnose(problem: Problem, hearing: Hearing) -> tuple[tuple[Limit, ...], tuple[Repair, ...]]:
    """An irreducible set of demands and limits that no answer can satisfy together, and changes that would do.

    When time runs out the conflict may be larger than needed and repairs may be missing, but what is told is true.
    """
    ask = _Questions(hearing)
    demanded = ask.shrink(
        tuple(relax.demands(problem)), lambda kept: relax.without(problem, set(relax.demands(problem)) - set(kept))
    )
    small = _only(relax.without(problem, set(relax.demands(problem)) - set(demanded)), demanded)
    limiting = ask.shrink(
        tuple(relax.limits(small)), lambda kept: relax.without(small, set(relax.limits(small)) - set(kept))
    )
    conflict = (*demanded, *limiting)
    repairs = list(ask.single(problem, conflict))
    if not repairs:
        repairs = list(ask.combined(problem, demanded))
    repairs.sort(key=lambda repair: (repair.objective is None, -(repair.objective or 0)))
    return conflict, tuple(repairs[:MOST_REPAIRS])


def _only(problem: Problem, demanded: Sequence[Limit]) -> Problem:
    """The part of the problem that these demands concern; nobody else needs to be matched."""
    groups = {name for limit in demanded if limit.kind == "at_least" for name in limit.of}
    orders = {name for limit in demanded if limit.kind == "must_match" for name in limit.of}
    locked = {name for limit in demanded if limit.kind == "locked" for name in limit.of}
    orders |= {offer.order for offer in problem.offers if offer.id in locked}
    orders |= {order.id for order in problem.orders if groups & set(order.groups)}
    offers = tuple(offer for offer in problem.offers if offer.order in orders)
    ids = {offer.id for offer in offers}
    teams = {team for offer in offers for team in offer.uses}
    rules = problem.rules
    return Problem(
        tuple(order for order in problem.orders if order.id in orders),
        tuple(team for team in problem.teams if team.id in teams),
        offers,
        tuple(
            replace(fund, orders=tuple(o for o in fund.orders if o in orders)) if fund.orders is not None else fund
            for fund in problem.funds
        ),
        replace(
            rules,
            forbidden=tuple(offer for offer in rules.forbidden if offer in ids),
            conflicts=tuple(pair for pair in rules.conflicts if ids.issuperset(pair)),
        ),
    )


class _Questions:
    def __init__(self, hearing: Hearing) -> None:
        self.hearing = hearing

    def _solve(self, problem: Problem) -> Answer:
        if self.hearing.stop() or self.hearing.left() <= 0:
            raise _Undecided
        settings = replace(self.hearing.settings, time_limit=self.hearing.left())
        return solve_arrays(encode(problem).arrays, Hearing(settings, cancelled=self.hearing.cancelled))

    def feasible(self, problem: Problem) -> bool:
        """Whether any answer satisfies every rule, whatever it is worth."""
        free = replace(
            problem,
            offers=tuple(replace(offer, value=0) for offer in problem.offers),
            funds=tuple(replace(fund, cost=0) for fund in problem.funds),
        )
        status = self._solve(free).status
        if status == Status.CANCELLED:
            raise _Undecided
        return status != Status.INFEASIBLE

    def shrink(self, found: tuple[Limit, ...], keep: Callable[[tuple[Limit, ...]], Problem]) -> tuple[Limit, ...]:
        """A minimal part of `found` that still leaves keep(part) infeasible."""
        try:
            if not self.feasible(keep(())):
                return ()
            return self._explain((), found, keep, changed=False)
        except _Undecided:
            return found

    def _explain(
        self,
        base: tuple[Limit, ...],
        found: tuple[Limit, ...],
        keep: Callable[[tuple[Limit, ...]], Problem],
        *,
        changed: bool,
    ) -> tuple[Limit, ...]:
        if changed and not self.feasible(keep(base)):
            return ()
        if len(found) == 1:
            return found
        middle = len(found) // 2
        first, second = found[:middle], found[middle:]
        right = self._explain((*base, *first), second, keep, changed=True)
        left = self._explain((*base, *right), first, keep, changed=bool(right))
        return (*left, *right)

    def single(self, problem: Problem, conflict: Sequence[Limit]) -> list[Repair]:
        """The least change of each member of the conflict that suffices alone."""
        found: list[Repair] = []
        try:
            for limit in conflict:
                change = self._least(problem, limit)
                if change is not None:
                    found.append(self._priced(problem, (change,)))
        except _Undecided:
            pass
        return found

    def combined(self, problem: Problem, demanded: Sequence[Limit]) -> list[Repair]:
        """When several conflicts stand side by side: demands to drop until none is left, none of them in vain."""
        dropped: list[Limit] = []
        try:
            while demanded:
                dropped.append(demanded[-1])
                rest = relax.without(problem, dropped)
                if self.feasible(rest):
                    break
                kept = tuple(relax.demands(rest))
                demanded = self.shrink(
                    kept,
                    lambda part, rest=rest, kept=kept: relax.without(  # type: ignore[misc]
                        rest, set(kept) - set(part)
                    ),
                )
            for limit in tuple(dropped):
                fewer = [other for other in dropped if other != limit]
                if self.feasible(relax.without(problem, fewer)):
                    dropped = fewer
            return [self._priced(problem, tuple(Change(limit, None) for limit in dropped))]
        except _Undecided:
            return []

    def _least(self, problem: Problem, limit: Limit) -> Change | None:
        most = relax.reach(problem, limit)
        if most is None:
            return Change(limit, None) if self.feasible(relax.without(problem, [limit])) else None
        if most == 0 or not self.feasible(relax.moved(problem, limit, most)):
            return None
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            if self.feasible(relax.moved(problem, limit, middle)):
                high = middle
            else:
                low = middle
        return Change(limit, high)

    def _priced(self, problem: Problem, changes: tuple[Change, ...]) -> Repair:
        """The repair with the best objective the repaired problem reaches, when there is time to say."""
        for change in changes:
            problem = (
                relax.without(problem, [change.limit])
                if change.by is None
                else relax.moved(problem, change.limit, change.by)
            )
        try:
            answer = self._solve(problem)
        except _Undecided:
            return Repair(changes)
        return Repair(changes, answer.objective if answer.status == Status.OPTIMAL else None)
