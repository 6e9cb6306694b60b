"""The demands and limits of a problem one by one, and the problem without some of them or with one moved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from marketplace.matching.problem import BASIS, LARGEST, Fund, Problem
from marketplace.matching.solution import Limit

FUND_LIMITS = ("share_max", "amount_max", "match_max", "enterprise_max")
RAISED = ("capacity", "own_funds", "budget", *FUND_LIMITS, "public_share_max")
LOWERED = ("amount_min", "at_least")


def demands(problem: Problem) -> Iterator[Limit]:
    """What forces matches; a problem without demands is feasible because matching nothing is."""
    for order in problem.orders:
        if order.must_match:
            yield Limit("must_match", (order.id,))
    for group in dict.fromkeys(rule.group for rule in problem.rules.at_least if rule.matched):
        yield Limit("at_least", (group,))
    for offer in dict.fromkeys(problem.rules.locked):
        yield Limit("locked", (offer,))


def limits(problem: Problem) -> Iterator[Limit]:
    """What keeps matches out."""
    for team in problem.teams:
        yield Limit("capacity", (team.id,))
    for order in problem.orders:
        yield Limit("own_funds", (order.id,))
    for fund in problem.funds:
        yield Limit("budget", (fund.id,))
        if fund.orders is not None:
            yield Limit("orders", (fund.id,))
        if fund.amount_min:
            yield Limit("amount_min", (fund.id,))
        for kind in FUND_LIMITS:
            if getattr(fund, kind) is not None:
                yield Limit(kind, (fund.id,))
    if problem.rules.public_share_max is not None:
        yield Limit("public_share_max")
    for offer in dict.fromkeys(problem.rules.forbidden):
        yield Limit("forbidden", (offer,))
    for pair in dict.fromkeys(problem.rules.conflicts):
        yield Limit("conflicts", pair)


def without(problem: Problem, dropped: Collection[Limit]) -> Problem:
    """The problem with these demands and limits gone; an amount that is always needed becomes as large as can matter."""
    of = set(dropped)
    load = {team.id: 0 for team in problem.teams}
    for offer in problem.offers:
        for team_id, used in offer.uses.items():
            load[team_id] += used
    dearest = max((offer.price for offer in problem.offers), default=0)
    rules = problem.rules
    return replace(
        problem,
        orders=tuple(
            replace(
                order,
                must_match=order.must_match and Limit("must_match", (order.id,)) not in of,
                own_funds=max(order.own_funds, dearest) if Limit("own_funds", (order.id,)) in of else order.own_funds,
            )
            for order in problem.orders
        ),
        teams=tuple(
            replace(team, capacity=min(LARGEST, max(team.capacity, load[team.id])))
            if Limit("capacity", (team.id,)) in of
            else team
            for team in problem.teams
        ),
        funds=tuple(_fund_without(fund, of) for fund in problem.funds),
        rules=replace(
            rules,
            public_share_max=None if Limit("public_share_max") in of else rules.public_share_max,
            at_least=tuple(rule for rule in rules.at_least if Limit("at_least", (rule.group,)) not in of),
            locked=tuple(offer for offer in rules.locked if Limit("locked", (offer,)) not in of),
            forbidden=tuple(offer for offer in rules.forbidden if Limit("forbidden", (offer,)) not in of),
            conflicts=tuple(pair for pair in rules.conflicts if Limit("conflicts", pair) not in of),
        ),
    )


def _fund_without(fund: Fund, of: set[Limit]) -> Fund:
    def kept(kind: str, value: int | None, otherwise: int | None = None) -> int | None:
        return otherwise if Limit(kind, (fund.id,)) in of else value

    return replace(
        fund,
        budget=kept("budget", fund.budget, LARGEST) or 0,
        amount_min=kept("amount_min", fund.amount_min) or 0,
        orders=None if Limit("orders", (fund.id,)) in of else fund.orders,
        share_max=kept("share_max", fund.share_max),
        amount_max=kept("amount_max", fund.amount_max),
        match_max=kept("match_max", fund.match_max),
        enterprise_max=kept("enterprise_max", fund.enterprise_max),
    )


def moved(problem: Problem, limit: Limit, by: int) -> Problem:
    """The problem with a numeric limit loosened by so much: RAISED kinds up, LOWERED kinds down."""
    name, rules = (limit.of or ("",))[0], problem.rules
    if limit.kind == "capacity":
        return replace(
            problem, teams=tuple(replace(t, capacity=t.capacity + by) if t.id == name else t for t in problem.teams)
        )
    if limit.kind == "own_funds":
        return replace(
            problem, orders=tuple(replace(o, own_funds=o.own_funds + by) if o.id == name else o for o in problem.orders)
        )
    if limit.kind == "public_share_max":
        return replace(problem, rules=replace(rules, public_share_max=(rules.public_share_max or 0) + by))
    if limit.kind == "at_least":
        return replace(
            problem,
            rules=replace(
                rules,
                at_least=tuple(
                    replace(r, matched=max(0, r.matched - by)) if r.group == name else r for r in rules.at_least
                ),
            ),
        )
    return _with_fund(problem, name, limit.kind, lambda value: value - by if limit.kind in LOWERED else value + by)


def _with_fund(problem: Problem, name: str, kind: str, change: Callable[[int], int]) -> Problem:
    def changed(fund: Fund) -> Fund:
        amount: dict[str, Any] = {kind: max(0, change(getattr(fund, kind)))}
        return replace(fund, **amount)

    return replace(problem, funds=tuple(changed(fund) if fund.id == name else fund for fund in problem.funds))


def reach(problem: Problem, limit: Limit) -> int | None:
    """By how much a limit can be moved before moving it further changes nothing; None when it is not a number."""
    if limit.kind not in RAISED + LOWERED:
        return None
    name = (limit.of or ("",))[0]
    dearest = max((offer.price for offer in problem.offers), default=0)
    if limit.kind == "at_least":
        return max(rule.matched for rule in problem.rules.at_least if rule.group == name)
    if limit.kind == "public_share_max":
        return BASIS
    if limit.kind == "capacity":
        team = next(team for team in problem.teams if team.id == name)
        return min(LARGEST - team.capacity, sum(offer.uses.get(name, 0) for offer in problem.offers))
    if limit.kind == "own_funds":
        return min(LARGEST - next(order.own_funds for order in problem.orders if order.id == name), dearest)
    now: int = getattr(next(fund for fund in problem.funds if fund.id == name), limit.kind)
    most = {"amount_min": now, "share_max": BASIS, "match_max": 100 * BASIS, "amount_max": dearest}
    return min(LARGEST - now, most.get(limit.kind, dearest * len(problem.orders)))
