"""A scenario's changes applied to the frozen problem of the run it starts from. Pure: problem and score sheets in and out.

A change is plain JSON: ``kind`` (see ``ChangeKind``), ``of`` the key it is about, ``by`` a whole number (fen, person-days,
orders or basis points; may be negative), and for a few kinds ``weights``, ``keys`` or ``aim``. Raises BadProblem for a
change that names what the problem does not have: a scenario never quietly means something else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marketplace.matching import relax
from marketplace.matching.problem import BASIS, AtLeast, BadProblem, Fund, Offer, Problem
from marketplace.matching.solution import Limit
from marketplace.rounds.gather.scores import price as price_score
from marketplace.rounds.gather.scores import weigh
from marketplace.rounds.whatif.aims import aimed
from marketplace.rounds.workflow import Aim, ChangeKind, Part

Change = Mapping[str, Any]
Scores = Mapping[str, Any]


class NotInRun(BadProblem):
    """A change is about an offer, order, team or fund (``what``) that the run's problem does not have."""

    def __init__(self, what: str, key: str) -> None:
        super().__init__(f"{what}: unknown {what} {key!r}")
        self.what = what


@dataclass(frozen=True, slots=True)
class Changed:
    """The changed problem, and the score sheets that belong to it."""

    problem: Problem
    scores: dict[str, Any]


def apply(problem: Problem, scores: Scores, changes: Sequence[Change], chosen: Mapping[str, str]) -> Changed:
    """Return the problem with ``changes`` made one after the other; ``chosen`` maps orders to offers in the base's answer."""
    now = Changed(problem, dict(scores))
    for change in changes:
        kind = ChangeKind(change["kind"])
        now = (
            Changed(_AIMED[kind](now.problem, change, chosen), now.scores)
            if kind in _AIMED
            else _one(now, kind, change)
        )
    return now


def _one(now: Changed, kind: ChangeKind, change: Change) -> Changed:
    if kind is ChangeKind.WEIGHTS:
        return reweighed(now, {Part(part): weight for part, weight in change["weights"].items()})
    if kind is ChangeKind.PRICE:
        return repriced(now, change["of"], change["by"])
    if kind is ChangeKind.ADD_ORDER:
        return _with_order(now, change)
    return replace(now, problem=_PLAIN[kind](now.problem, change))


def reweighed(now: Changed, weights: Mapping[Part, int]) -> Changed:
    """Every offer is worth what the new weights make of the same parts."""
    sheets = {key: _resheeted(sheet, sheet["parts"], weights) for key, sheet in now.scores.get("bids", {}).items()}
    offers = tuple(
        replace(offer, value=sheets[offer.id]["value"]) if offer.id in sheets else offer for offer in now.problem.offers
    )
    weighed = {part.value: weight for part, weight in weights.items()}
    return Changed(replace(now.problem, offers=offers), {**now.scores, "bids": sheets, "weights": weighed})


def repriced(now: Changed, key: str, by: int) -> Changed:
    """One bid costs ``by`` fen more (less, if negative): its price score moves with it, measured at the frozen ceiling."""
    offer = _offer(now.problem, key)
    price = offer.price + by
    if price <= 0:
        raise BadProblem(f"price: {key} would cost nothing")
    sheet = now.scores.get("bids", {}).get(key)
    if sheet is None or not sheet.get("ceiling"):
        changed = replace(offer, price=price)
        return replace(now, problem=_with_offer(now.problem, changed))
    new = sheet_at(sheet, price, weights_of(now.scores))
    changed = replace(offer, price=price, value=new["value"])
    sheets = {**now.scores["bids"], key: new}
    return Changed(_with_offer(now.problem, changed), {**now.scores, "bids": sheets})


def sheet_at(sheet: Scores, price: int, weights: Mapping[Part, int]) -> dict[str, Any]:
    """The score sheet of a bid if it cost ``price``."""
    return _resheeted(sheet, {**sheet["parts"], Part.PRICE.value: price_score(price, sheet["ceiling"])}, weights)


def weights_of(scores: Scores) -> dict[Part, int]:
    return {Part(part): weight for part, weight in scores.get("weights", {}).items()}


def _resheeted(sheet: Scores, parts: Mapping[str, int], weights: Mapping[Part, int]) -> dict[str, Any]:
    value = weigh({part: parts.get(part.value, 0) for part in Part}, weights)
    points = {part.value: n for part, n in value.points.items()}
    return {**sheet, "parts": dict(parts), "points": points, "value": value.value}


def rules_named(problem: Problem, kind: str, of: Sequence[str]) -> list[Limit]:
    """The problem's limits that make up one rule as people know it: a fund's rule holds for all of its set-aside parts."""
    if kind not in {*relax.FUND_LIMITS, "amount_min"}:
        return [Limit(kind, tuple(of))]
    whole = {name.partition("@")[0] for name in of}
    return [
        Limit(kind, (fund.id,))
        for fund in problem.funds
        if fund.id.partition("@")[0] in whole and getattr(fund, kind) not in (None, 0)
    ]


def without_rule(problem: Problem, kind: str, of: Sequence[str]) -> Problem:
    """The problem without one rule. Without a limit per enterprise nothing is set aside for single ones either."""
    freed = relax.without(problem, rules_named(problem, kind, of))
    return _joined(freed, {name.partition("@")[0] for name in of}) if kind == "enterprise_max" else freed


def _joined(problem: Problem, whole: set[str]) -> Problem:
    """The problem with the set-aside parts of these funds given back to the fund they were taken from."""
    parts = [fund for fund in problem.funds if fund.id.partition("@")[0] in whole and "@" in fund.id]
    funds = []
    for fund in problem.funds:
        if fund in parts:
            continue
        mine = [part for part in parts if part.id.partition("@")[0] == fund.id]
        orders = (
            None if fund.orders is None else tuple(sorted({*fund.orders, *(o for p in mine for o in p.orders or ())}))
        )
        funds.append(replace(fund, budget=fund.budget + sum(part.budget for part in mine), orders=orders))
    return replace(problem, funds=tuple(funds))


def _ruled(problem: Problem, key: str, *, locked: bool, forbidden: bool) -> Problem:
    _offer(problem, key)
    rules = problem.rules

    def named(before: tuple[str, ...], wanted: bool) -> tuple[str, ...]:
        others = tuple(each for each in before if each != key)
        return (*others, key) if wanted else others

    rules = replace(rules, locked=named(rules.locked, locked), forbidden=named(rules.forbidden, forbidden))
    return replace(problem, rules=rules)


def _must(problem: Problem, change: Change) -> Problem:
    _known(change["of"], [order.id for order in problem.orders], "order")
    orders = tuple(replace(o, must_match=True) if o.id == change["of"] else o for o in problem.orders)
    return replace(problem, orders=orders)


def _drop_order(problem: Problem, change: Change) -> Problem:
    key = change["of"]
    _known(key, [order.id for order in problem.orders], "order")
    gone = {offer.id for offer in problem.offers if offer.order == key}
    rules = problem.rules
    return replace(
        problem,
        orders=tuple(order for order in problem.orders if order.id != key),
        offers=tuple(offer for offer in problem.offers if offer.order != key),
        funds=tuple(
            fund if fund.orders is None else replace(fund, orders=tuple(o for o in fund.orders if o != key))
            for fund in problem.funds
        ),
        rules=replace(
            rules,
            locked=tuple(each for each in rules.locked if each not in gone),
            forbidden=tuple(each for each in rules.forbidden if each not in gone),
            conflicts=tuple(pair for pair in rules.conflicts if not gone.intersection(pair)),
        ),
    )


def _with_order(now: Changed, change: Change) -> Changed:
    """An order that the run did not have, with its offers, teams and the funds open to it, as ``gather.graft`` read them."""
    part = Problem.from_json({**change["part"], "format": "tripool-problem/1"})
    key = change["of"]
    if any(order.id == key for order in now.problem.orders):
        raise BadProblem(f"order: {key} takes part already")
    teams = {team.id for team in now.problem.teams}
    open_to = {fund.id.partition("@")[0] for fund in part.funds}
    funds = tuple(
        replace(fund, orders=(*fund.orders, key)) if fund.orders is not None and fund.id in open_to else fund
        for fund in now.problem.funds
    )
    problem = replace(
        now.problem,
        orders=(*now.problem.orders, *part.orders),
        teams=(*now.problem.teams, *(team for team in part.teams if team.id not in teams)),
        offers=(*now.problem.offers, *part.offers),
        funds=funds,
    )
    added = Changed(problem, {**now.scores, "bids": {**now.scores.get("bids", {}), **change["sheets"]}})
    return reweighed(added, weights_of(now.scores))


def _budget(problem: Problem, change: Change) -> Problem:
    return _fund(problem, change["of"], lambda fund: replace(fund, budget=max(0, fund.budget + change["by"])))


def _capacity(problem: Problem, change: Change) -> Problem:
    """More or fewer days for a team: in one quarter (``t3@2027Q1``), in each of ``keys``, or in all its quarters (``t3``)."""
    key, by, keys = change["of"], change["by"], change.get("keys", ())
    named = [t.id for t in problem.teams if (t.id in keys if keys else key in (t.id, t.id.partition("@")[0]))]
    if not named:
        raise NotInRun("team", key)
    teams = tuple(replace(t, capacity=max(0, t.capacity + by)) if t.id in named else t for t in problem.teams)
    return replace(problem, teams=teams)


def _own_funds(problem: Problem, change: Change) -> Problem:
    _known(change["of"], [order.id for order in problem.orders], "order")
    orders = tuple(
        replace(o, own_funds=max(0, o.own_funds + change["by"])) if o.id == change["of"] else o for o in problem.orders
    )
    return replace(problem, orders=orders)


def _floor(problem: Problem, change: Change) -> Problem:
    others = tuple(rule for rule in problem.rules.at_least if rule.group != change["of"])
    floor = (AtLeast(change["of"], change["by"]),) if change["by"] > 0 else ()
    return replace(problem, rules=replace(problem.rules, at_least=(*others, *floor)))


def _public_share(problem: Problem, change: Change) -> Problem:
    return replace(problem, rules=replace(problem.rules, public_share_max=change["by"]))


def _public_part(problem: Problem, change: Change) -> Problem:
    """Public budgets cut to a part (basis points): a point of the frontier."""
    funds = tuple(replace(f, budget=f.budget * change["by"] // BASIS) if f.public else f for f in problem.funds)
    return replace(problem, funds=funds)


def _repaired(problem: Problem, limit: Limit, by: int | None) -> Problem:
    """One change of a repair of contradicting demands: a demand dropped (``by`` None), or a limit moved by so much."""
    return relax.without(problem, [limit]) if by is None else relax.moved(problem, limit, by)


def _hand(problem: Problem, change: Change, _chosen: Mapping[str, str]) -> Problem:
    """Exactly these offers and no others: what an officer matched by hand. The round's own demands stay in force."""
    keys = tuple(change["keys"])
    for key in keys:
        _offer(problem, key)
    others = tuple(offer.id for offer in problem.offers if offer.id not in keys)
    kept_out = tuple(dict.fromkeys((*problem.rules.forbidden, *others)))
    locked = tuple(dict.fromkeys((*problem.rules.locked, *keys)))
    return replace(problem, rules=replace(problem.rules, locked=locked, forbidden=kept_out))


def _fund(problem: Problem, key: str, changed: Callable[[Fund], Fund]) -> Problem:
    _known(key, [fund.id for fund in problem.funds], "fund")
    return replace(problem, funds=tuple(changed(fund) if fund.id == key else fund for fund in problem.funds))


def _offer(problem: Problem, key: str) -> Offer:
    found = next((offer for offer in problem.offers if offer.id == key), None)
    if found is None:
        raise NotInRun("offer", key)
    return found


def _with_offer(problem: Problem, changed: Offer) -> Problem:
    return replace(problem, offers=tuple(changed if offer.id == changed.id else offer for offer in problem.offers))


def _known(key: str, keys: Sequence[str], kind: str) -> None:
    if key not in keys:
        raise NotInRun(kind, key)


_PLAIN: Mapping[ChangeKind, Callable[[Problem, Change], Problem]] = {
    ChangeKind.LOCK: lambda p, c: _ruled(p, c["of"], locked=True, forbidden=False),
    ChangeKind.CHOOSE: lambda p, c: _ruled(p, c["of"], locked=True, forbidden=False),
    ChangeKind.FORBID: lambda p, c: _ruled(p, c["of"], locked=False, forbidden=True),
    ChangeKind.FREE: lambda p, c: _ruled(p, c["of"], locked=False, forbidden=False),
    ChangeKind.MUST: _must,
    ChangeKind.DROP_ORDER: _drop_order,
    ChangeKind.BUDGET: _budget,
    ChangeKind.CAPACITY: _capacity,
    ChangeKind.OWN_FUNDS: _own_funds,
    ChangeKind.FLOOR: _floor,
    ChangeKind.PUBLIC_SHARE: _public_share,
    ChangeKind.PUBLIC_PART: _public_part,
    ChangeKind.DROP_RULE: lambda p, c: without_rule(p, c["rule"], c["keys"]),
    ChangeKind.REPAIR: lambda p, c: _repaired(p, Limit(c["limit"], tuple(c["keys"])), c["by"]),
}
_AIMED: Mapping[ChangeKind, Callable[[Problem, Change, Mapping[str, str]], Problem]] = {
    ChangeKind.AIM: lambda p, c, chosen: aimed(p, Aim(c["aim"]), chosen),
    ChangeKind.HAND: _hand,
}
