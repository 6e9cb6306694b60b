"""Small random problems that use every rule, and their true optimum by trying everything in integers.

The brute force shares no idea with the engine: it walks order by order through every offer and every payment in whole
fen, and remembers the best value for each state of teams, funds, enterprises and groups.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from marketplace.matching.problem import BASIS, COST_UNIT, AtLeast, Fund, Offer, Order, Problem, Rules, Team

Pay = tuple[int, ...]


def random_problem(
    seed: int,
    *,
    orders: int = 5,
    offers: int = 4,
    teams: int = 4,
    funds: int = 3,
    groups: int = 2,
    money: int = 1,
    most_price: int = 12,
    demands: float = 0.12,
) -> Problem:
    """A problem in which each rule of the format is drawn with some chance; amounts are multiples of `money` fen.

    At most the given number of orders, and of offers for each. `demands` is how likely locks, floors and orders that
    must be matched are, and so how often nothing satisfies them.
    """
    draw = random.Random(seed)
    names = [f"o{i}" for i in range(draw.choice([1, 2, *([orders] * 6)]))]
    kinds = [f"g{i}" for i in range(groups)]
    staff = tuple(Team(f"t{i}", draw.choice([0, *range(4, 14)])) for i in range(draw.randint(1, teams)))
    wanted = tuple(
        Order(
            name,
            f"e{draw.randint(0, 2)}" if draw.random() < 0.9 else None,
            draw.randint(0, most_price) * money,
            draw.random() < demands / 2,
            tuple(kind for kind in kinds if draw.random() < 0.4),
        )
        for name in names
    )
    answers = tuple(
        _offer(draw, f"b{i}", draw.choice(names), staff, most_price, money)
        for i in range(draw.randint(offers * len(names) // 2, offers * len(names)))
    )
    money_pools = tuple(_fund(draw, f"f{i}", names, most_price, money) for i in range(draw.choice([0, *([funds] * 5)])))
    return Problem(wanted, staff, answers, money_pools, _rules(draw, answers, kinds, demands))


def _offer(draw: random.Random, name: str, order: str, teams: tuple[Team, ...], most_price: int, money: int) -> Offer:
    size = 0 if draw.random() < 0.1 else draw.choice([1, 1, 1, 2, 3])
    crew = draw.sample(teams, min(size, len(teams)))
    price = 0 if draw.random() < 0.05 else draw.randint(1, most_price) * money
    value = draw.randint(-3, 3) if draw.random() < 0.2 else draw.randint(1, 40)
    return Offer(name, order, price, value, {team.id: draw.randint(0, 7) for team in crew})


def _fund(draw: random.Random, name: str, orders: list[str], most_price: int, money: int) -> Fund:
    def perhaps(chance: float, low: int, high: int, unit: int = 1) -> int | None:
        return draw.randint(low, high) * unit if draw.random() < chance else None

    return Fund(
        name,
        budget=draw.randint(0, 2 * most_price) * money,
        public=draw.random() < 0.6,
        cost=draw.randint(0, 2 * COST_UNIT // money) if draw.random() < 0.4 else 0,
        orders=tuple(o for o in orders if draw.random() < 0.7) if draw.random() < 0.5 else None,
        share_max=perhaps(0.4, BASIS // 4, BASIS),
        amount_max=perhaps(0.3, 2, most_price, money),
        amount_min=perhaps(0.4, 1, most_price // 2, money) or 0,
        match_max=perhaps(0.4, BASIS // 4, 4 * BASIS),
        enterprise_max=perhaps(0.3, 3, 2 * most_price, money),
    )


def _rules(draw: random.Random, offers: tuple[Offer, ...], groups: list[str], demands: float) -> Rules:
    ids = [offer.id for offer in offers]
    pairs = [tuple(draw.sample(ids, 2)) for _ in range(draw.randint(0, 2))] if len(ids) > 1 else []
    return Rules(
        public_share_max=draw.randint(BASIS // 4, BASIS) if draw.random() < 0.4 else None,
        at_least=tuple(AtLeast(group, draw.randint(1, 2)) for group in groups if draw.random() < demands),
        locked=tuple(draw.sample(ids, 1)) if ids and draw.random() < demands / 2 else (),
        forbidden=tuple(draw.sample(ids, 1)) if ids and draw.random() < 0.3 else (),
        conflicts=tuple((a, b) for a, b in pairs),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """What is used so far; `kept` are the chosen offers that a lock or a conflict names."""

    load: tuple[int, ...]
    drawn: tuple[int, ...]
    by_enterprise: tuple[tuple[int, str | None, int], ...]
    grouped: tuple[int, ...]
    kept: frozenset[str]


def best_by_force(problem: Problem) -> Fraction | None:
    """The true optimum over whole fen, or None when no answer satisfies every rule. Only for a few fen and orders."""
    rules = problem.rules
    best = {
        _State((0,) * len(problem.teams), (0,) * len(problem.funds), (), (0,) * len(rules.at_least), frozenset()): 0
    }
    for order in problem.orders:
        following: dict[_State, int] = {} if order.must_match else dict(best)
        for offer in problem.offers:
            if offer.order != order.id or offer.id in rules.forbidden:
                continue
            for pay in _payments(problem, order, offer):
                gain = offer.value * COST_UNIT - sum(f.cost * y for f, y in zip(problem.funds, pay, strict=True))
                for state, value in best.items():
                    reached = _reach(problem, order, offer, pay, state)
                    if reached is not None and following.get(reached, value + gain - 1) < value + gain:
                        following[reached] = value + gain
        best = following
    finished = [
        value
        for state, value in best.items()
        if state.kept.issuperset(rules.locked)
        and all(n >= rule.matched for n, rule in zip(state.grouped, rules.at_least, strict=True))
    ]
    return Fraction(max(finished), COST_UNIT) if finished else None


def _payments(problem: Problem, order: Order, offer: Offer) -> list[Pay]:
    """Every payment the offer's own rules allow from which no fund could pay less for nothing."""
    ranges = [
        range(offer.price + 1) if fund.orders is None or order.id in fund.orders else range(1) for fund in problem.funds
    ]
    allowed = sorted((pay for pay in product(*ranges) if _allowed(problem, order, offer, pay)), key=sum)
    kept: list[Pay] = []
    for pay in allowed:
        if not any(all(a <= b for a, b in zip(other, pay, strict=True)) for other in kept):
            kept.append(pay)
    return kept


def _allowed(problem: Problem, order: Order, offer: Offer, pay: Pay) -> bool:
    own = offer.price - sum(pay)
    if not 0 <= own <= order.own_funds:
        return False
    share = problem.rules.public_share_max
    public = sum(y for fund, y in zip(problem.funds, pay, strict=True) if fund.public)
    if share is not None and public * BASIS > share * offer.price:
        return False
    return all(
        y == 0
        or (
            y >= fund.amount_min
            and (fund.amount_max is None or y <= fund.amount_max)
            and (fund.share_max is None or y * BASIS <= fund.share_max * offer.price)
            and (fund.match_max is None or y * BASIS <= fund.match_max * own)
        )
        for fund, y in zip(problem.funds, pay, strict=True)
    )


def _reach(problem: Problem, order: Order, offer: Offer, pay: Pay, state: _State) -> _State | None:
    rules = problem.rules
    load = tuple(used + offer.uses.get(team.id, 0) for used, team in zip(state.load, problem.teams, strict=True))
    drawn = tuple(used + y for used, y in zip(state.drawn, pay, strict=True))
    if any(a > team.capacity for a, team in zip(load, problem.teams, strict=True)):
        return None
    if any(a > fund.budget for a, fund in zip(drawn, problem.funds, strict=True)):
        return None
    draws = {(f, e): y for f, e, y in state.by_enterprise}
    for f, (fund, y) in enumerate(zip(problem.funds, pay, strict=True)):
        if fund.enterprise_max is not None and y:
            draws[f, order.enterprise] = draws.get((f, order.enterprise), 0) + y
            if draws[f, order.enterprise] > fund.enterprise_max:
                return None
    if any({offer.id, other} == set(pair) for pair in rules.conflicts for other in state.kept):
        return None
    named = offer.id in rules.locked or any(offer.id in pair for pair in rules.conflicts)
    grouped = tuple(n + (rule.group in order.groups) for n, rule in zip(state.grouped, rules.at_least, strict=True))
    return _State(
        load,
        drawn,
        tuple(sorted(((f, e, y) for (f, e), y in draws.items()), key=str)),
        grouped,
        state.kept | {offer.id} if named else state.kept,
    )
