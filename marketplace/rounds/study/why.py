"""Why an order is matched as it is, and for each bid that did not win the smallest change with which it would have.

"Would have won" means: with the change every best answer takes the bid. Each amount is the least whole one, in yuan, days
or points; one unit less was tried and is not enough. A larger change is taken to be enough too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from marketplace.kernel.lazy import LazyModule
from marketplace.kernel.money import BASIS
from marketplace.matching import relax
from marketplace.matching.problem import BadProblem, Offer, Problem
from marketplace.matching.solution import Limit, Solution, Status
from marketplace.rounds.study.trial import YUAN, Bench, OutOfTime, demanding, forbidding, least, locking, wins
from marketplace.rounds.whatif.changes import Changed, apply, repriced, sheet_at, weights_of
from marketplace.rounds.workflow import ChangeKind

if TYPE_CHECKING:
    from marketplace.matching.funding import Simulation

funding = LazyModule("marketplace.matching.funding")

Json = dict[str, Any]
MOST_FUNDS = 3
MOST_EXTRA_DAYS = 2_000


@dataclass
class Asked:
    """One order of a run: its bids, what the best answer is worth, and the problem to change."""

    bench: Bench
    scores: Mapping[str, Any]
    order: str

    @property
    def problem(self) -> Problem:
        return self.bench.problem

    @property
    def offers(self) -> list[Offer]:
        mine = [offer for offer in self.problem.offers if offer.order == self.order]
        return sorted(mine, key=lambda offer: (-offer.value, offer.id))

    @property
    def chosen(self) -> str | None:
        return next((match.offer for match in self.bench.solution.matches if match.order == self.order), None)


def study(asked: Asked, step: Callable[[int, int], None]) -> Json:
    """Answer for every bid of the order; ``step`` hears how far it is. Runs that were not proved best are told as estimates."""
    bench, offers = asked.bench, asked.offers
    proved = bench.solution.status is Status.OPTIMAL
    told: Json = {"order": asked.order, "chosen": asked.chosen, "offers": [], "changes": [], "proved": proved}
    told["binding"] = list(_binding(asked))
    complete = proved
    for number, offer in enumerate(offers):
        step(number, len(offers) + 1)
        row: Json = {
            "offer": offer.id,
            "value": offer.value,
            "chosen": offer.id == asked.chosen,
            **_beside(asked, offer),
        }
        told["offers"].append(row)
        if proved and not row["chosen"]:
            complete &= _filled(row, lambda offer=offer: _losing(asked, offer))  # type: ignore[misc]
    step(len(offers), len(offers) + 1)
    if proved:
        told["changes"] = []
        complete &= _filled(told, lambda: _loss(asked) if asked.chosen else _unmatched(asked))
    told.update(complete=complete, solved=bench.solved)
    return told


def _filled(row: Json, ask: Callable[[], Iterator[tuple[str, Any]]]) -> bool:
    """Put what was found into ``row`` (lists grow); False when time ran out on the way."""
    try:
        for key, value in ask():
            if isinstance(row.get(key), list):
                row[key].append(value)
            else:
                row[key] = value
    except OutOfTime:
        return False
    return True


def _beside(asked: Asked, offer: Offer) -> Json:
    """What an offer lacks beside the answer as it stands: days of teams, own money, or nothing (then it is outvalued)."""
    row: Json = {"changes": [], "short": None, "forbidden": offer.id in asked.problem.rules.forbidden}
    if offer.id == asked.chosen:
        return row
    told: Simulation = funding.simulate(asked.problem, offer, asked.bench.solution, 1)
    return {**row, "days": dict(told.teams_short), "own": told.own_missing}


def _losing(asked: Asked, offer: Offer) -> Iterator[tuple[str, Any]]:
    """(key, value) as they are found: by how many points it fell short, and each single change that would have won."""
    bench, best = asked.bench, asked.bench.solution.objective
    if offer.id in asked.problem.rules.forbidden:
        yield "changes", {"kind": ChangeKind.FREE.value, "of": offer.id, "by": 0}
        return
    with_it = bench.value(locking(asked.problem, offer.id))
    if with_it is not None and best is not None:
        yield "short", max(0, int((best - with_it) // 1) + 1)
    for change in _ways(asked, offer, best, with_it):
        if change is not None:
            yield "changes", change


def _ways(asked: Asked, offer: Offer, best: Fraction | None, with_it: Fraction | None) -> Iterator[Json | None]:
    yield _cheaper(asked, offer, best, with_it)
    short = funding.simulate(asked.problem, offer, asked.bench.solution, 1).teams_short
    for team in sorted({key.partition("@")[0] for key in short}):
        yield _more_days(asked, offer, tuple(sorted(k for k in short if k.partition("@")[0] == team)), team)
    if with_it is None or asked.chosen is None:
        for key in _funds_of(asked):
            yield _more_money(asked, offer, Limit("budget", (key,)), ChangeKind.BUDGET)
    yield _more_money(asked, offer, Limit("own_funds", (asked.order,)), ChangeKind.OWN_FUNDS)


def _cheaper(asked: Asked, offer: Offer, best: Fraction | None, with_it: Fraction | None) -> Json | None:
    """How much less it must ask. Without the bid the best value stays what it is, whatever the bid asks."""

    def suffices(cut: int) -> bool:
        changed = repriced(Changed(asked.problem, dict(asked.scores)), offer.id, -cut)
        return wins(asked.bench, locking(changed.problem, offer.id), best)

    guess = None if with_it is None or best is None else _cut_for(asked, offer, int((best - with_it) // 1) + 1)
    by = least(offer.price - 1, YUAN, suffices, guess)
    return None if by is None else {"kind": ChangeKind.PRICE.value, "of": offer.id, "by": -by}


def _cut_for(asked: Asked, offer: Offer, points: int) -> int | None:
    """The least cut (whole yuan) with which the bid's own score rises by so many points."""
    sheet = asked.scores.get("bids", {}).get(offer.id)
    if sheet is None or not sheet.get("ceiling"):
        return None
    weights = weights_of(asked.scores)

    def rises(cut: int) -> bool:
        return int(sheet_at(sheet, offer.price - cut, weights)["value"]) >= offer.value + points

    return least(offer.price - 1, YUAN, rises)


def _more_days(asked: Asked, offer: Offer, keys: tuple[str, ...], team: str) -> Json | None:
    """How many more days in each of the quarters in which the team is short; one number for all of them."""

    def suffices(days: int) -> bool:
        problem = _only_keys(asked.problem, keys, days)
        return wins(asked.bench, locking(problem, offer.id), forbidding(problem, [offer.id]))

    most = min(MOST_EXTRA_DAYS, max(offer.uses.get(key, 0) for key in keys))
    by = least(most, 1, suffices, most)
    if by is None:
        return None
    return {"kind": ChangeKind.CAPACITY.value, "of": keys[0] if len(keys) == 1 else team, "keys": list(keys), "by": by}


def _only_keys(problem: Problem, keys: tuple[str, ...], days: int) -> Problem:
    teams = tuple(replace(t, capacity=t.capacity + days) if t.id in keys else t for t in problem.teams)
    return replace(problem, teams=teams)


def _more_money(asked: Asked, offer: Offer | None, limit: Limit, kind: ChangeKind) -> Json | None:
    """More in a fund, or more of the enterprise's own, with which the bid (None: some bid of the order) is taken."""

    def suffices(by: int) -> bool:
        problem = relax.moved(asked.problem, limit, by)
        if offer is not None:
            return wins(asked.bench, locking(problem, offer.id), forbidding(problem, [offer.id]))
        others = [each.id for each in asked.offers]
        return wins(asked.bench, demanding(problem, asked.order), forbidding(problem, others))

    dearest = max((each.price for each in asked.offers if offer is None or each.id == offer.id), default=0)
    try:
        by = least(-(-dearest // YUAN) * YUAN, YUAN, suffices)
    except BadProblem:  # an amount beyond what a problem may hold
        return None
    return None if by is None else {"kind": kind.value, "of": limit.of[0], "by": by}


def _funds_of(asked: Asked) -> list[str]:
    """The funds open to the order that the answer draws on most, relative to what they have."""
    drawn: dict[str, int] = {}
    for match in asked.bench.solution.matches:
        for source, fen in match.pay.items():
            drawn[source] = drawn.get(source, 0) + fen
    open_ = [f for f in asked.problem.funds if f.orders is None or asked.order in f.orders]
    full = sorted(open_, key=lambda f: (-(drawn.get(f.id, 0) * BASIS // f.budget if f.budget else BASIS), f.id))
    return [fund.id for fund in full[:MOST_FUNDS]]


def _loss(asked: Asked) -> Iterator[tuple[str, Any]]:
    """What the round would lose without this order's match; None when the order must be matched."""
    without = asked.bench.value(forbidding(asked.problem, [each.id for each in asked.offers]))
    best = asked.bench.solution.objective
    yield "loss", None if without is None or best is None else float(best - without)


def _unmatched(asked: Asked) -> Iterator[tuple[str, Any]]:
    """Single changes with which the order gets one of its bids, whichever."""
    if not asked.offers:
        return
    for key in _funds_of(asked):
        change = _more_money(asked, None, Limit("budget", (key,)), ChangeKind.BUDGET)
        if change is not None:
            yield "changes", change
    change = _more_money(asked, None, Limit("own_funds", (asked.order,)), ChangeKind.OWN_FUNDS)
    if change is not None:
        yield "changes", change


def _binding(asked: Asked) -> Iterator[Json]:
    """Limits that the order's match, or its best bid, runs into: full quarters, emptied funds, all own money used."""
    offer_id = asked.chosen or (asked.offers[0].id if asked.offers else None)
    if offer_id is None:
        return
    offer = next(each for each in asked.offers if each.id == offer_id)
    used, drawn = _used(asked.problem, asked.bench.solution)
    capacity = {team.id: team.capacity for team in asked.problem.teams}
    for key in sorted(offer.uses):
        if capacity[key] - used.get(key, 0) < max(1, offer.uses[key] // 10):
            yield {"kind": "capacity", "of": key, "used": used.get(key, 0), "most": capacity[key]}
    for fund in asked.problem.funds:
        is_open = fund.orders is None or asked.order in fund.orders
        if is_open and fund.budget and drawn.get(fund.id, 0) >= fund.budget - YUAN:
            yield {"kind": "budget", "of": fund.id, "used": drawn[fund.id], "most": fund.budget}
    own = next(order.own_funds for order in asked.problem.orders if order.id == asked.order)
    paid = next((m.pay.get("own", 0) for m in asked.bench.solution.matches if m.order == asked.order), 0)
    if asked.chosen and own and paid >= own:
        yield {"kind": "own_funds", "of": asked.order, "used": paid, "most": own}


def _used(problem: Problem, solution: Solution) -> tuple[dict[str, int], dict[str, int]]:
    """Days by team and quarter, and fen by source, that an answer takes."""
    offers = {offer.id: offer for offer in problem.offers}
    used: dict[str, int] = {}
    drawn: dict[str, int] = {}
    for match in solution.matches:
        for key, days in offers[match.offer].uses.items():
            used[key] = used.get(key, 0) + days
        for source, fen in match.pay.items():
            drawn[source] = drawn.get(source, 0) + fen
    return used, drawn


def holds(bench: Bench, scores: Mapping[str, Any], change: Json, order: str, offer: str | None = None) -> bool:
    """Whether, with this change made, every best answer takes the offer (None: matches the order): asked from scratch."""
    changed = apply(bench.problem, scores, [change], {}).problem
    if offer is not None:
        return wins(bench, locking(changed, offer), forbidding(changed, [offer]))
    return wins(
        bench, demanding(changed, order), forbidding(changed, [o.id for o in changed.offers if o.order == order])
    )
