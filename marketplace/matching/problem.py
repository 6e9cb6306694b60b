"""What is to be matched: `tripool-problem/1` as frozen values that cannot hold nonsense.

Units: money in whole fen, capacities and loads in person-days (or any whole unit), shares and ratios in 1/10,000
(basis points), a fund's cost in value units per 1,000,000 fen, values in whole units of the caller's choosing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from marketplace.matching import shape
from marketplace.matching.shape import BadProblem

__all__ = [
    "BASIS",
    "COST_UNIT",
    "FORMAT",
    "OWN",
    "AtLeast",
    "BadProblem",
    "Fund",
    "Offer",
    "Order",
    "Problem",
    "Rules",
    "Team",
]

FORMAT = "tripool-problem/1"
BASIS = 10_000
COST_UNIT = 1_000_000
OWN = "own"  # the name of the enterprise's own payment among the sources of a match, so no fund may be called so
LARGEST = 2**53  # integers up to here survive JSON readers and solvers that think in float64
LARGEST_RATIO = 10**7  # a thousandfold; keeps ratio · amount inside 64 bits


@dataclass(frozen=True, slots=True)
class Order:
    """What an enterprise wants done. Orders without an `enterprise` count as one unnamed enterprise."""

    id: str
    enterprise: str | None = None
    own_funds: int = 0
    must_match: bool = False
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    capacity: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer to one order; `uses` maps each team of the consortium to its load."""

    id: str
    order: str
    price: int
    value: int
    uses: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fund:
    """A source of money; None means no limit, `orders=None` means every order is eligible."""

    id: str
    budget: int
    public: bool = False
    cost: int = 0
    orders: tuple[str, ...] | None = None
    share_max: int | None = None
    amount_max: int | None = None
    amount_min: int = 0
    match_max: int | None = None
    enterprise_max: int | None = None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `matched` orders of `group` must be matched."""

    group: str
    matched: int


@dataclass(frozen=True, slots=True)
class Rules:
    public_share_max: int | None = None
    at_least: tuple[AtLeast, ...] = ()
    locked: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    conflicts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Orders, teams, offers, funds and rules; raises BadProblem when they contradict their own ids or ranges."""

    orders: tuple[Order, ...] = ()
    teams: tuple[Team, ...] = ()
    offers: tuple[Offer, ...] = ()
    funds: tuple[Fund, ...] = ()
    rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        _check_rows(self)
        _check_rules(self)

    @classmethod
    def from_json(cls, data: object) -> Problem:
        """Read a decoded `tripool-problem/1`; raises BadProblem with one line naming the place."""
        top = shape.mapping(data, "problem")
        if top.get("format") != FORMAT:
            raise BadProblem(f"format: {top.get('format')!r} is not {FORMAT!r}")
        return cls(
            orders=tuple(_order(row) for row in shape.rows(top, "orders")),
            teams=tuple(Team(id=row.text("id"), capacity=row.whole("capacity")) for row in shape.rows(top, "teams")),
            offers=tuple(_offer(row) for row in shape.rows(top, "offers")),
            funds=tuple(_fund(row) for row in shape.rows(top, "funds")),
            rules=_rules(top.get("rules")),
        )

    def to_json(self) -> dict[str, object]:
        """The same problem as a `tripool-problem/1` dictionary; `from_json` gives back an equal value."""
        return {
            "format": FORMAT,
            "orders": [
                {
                    "id": o.id,
                    "enterprise": o.enterprise,
                    "own_funds": o.own_funds,
                    "must_match": o.must_match,
                    "groups": list(o.groups),
                }
                for o in self.orders
            ],
            "teams": [{"id": t.id, "capacity": t.capacity} for t in self.teams],
            "offers": [
                {"id": b.id, "order": b.order, "uses": dict(b.uses), "price": b.price, "value": b.value}
                for b in self.offers
            ],
            "funds": [
                {
                    "id": f.id,
                    "budget": f.budget,
                    "public": f.public,
                    "cost": f.cost,
                    "orders": None if f.orders is None else list(f.orders),
                    "share_max": f.share_max,
                    "amount_max": f.amount_max,
                    "amount_min": f.amount_min,
                    "match_max": f.match_max,
                    "enterprise_max": f.enterprise_max,
                }
                for f in self.funds
            ],
            "rules": {
                "public_share_max": self.rules.public_share_max,
                "at_least": [{"group": r.group, "matched": r.matched} for r in self.rules.at_least],
                "locked": list(self.rules.locked),
                "forbidden": list(self.rules.forbidden),
                "conflicts": [list(pair) for pair in self.rules.conflicts],
            },
        }


def _order(row: shape.Row) -> Order:
    return Order(
        id=row.text("id"),
        enterprise=row.optional_text("enterprise"),
        own_funds=row.whole("own_funds", 0),
        must_match=row.flag("must_match"),
        groups=row.texts("groups") or (),
    )


def _offer(row: shape.Row) -> Offer:
    return Offer(
        id=row.text("id"),
        order=row.text("order"),
        price=row.whole("price"),
        value=row.whole("value"),
        uses=row.amounts("uses"),
    )


def _fund(row: shape.Row) -> Fund:
    # A misspelt limit would otherwise be a rule silently dropped.
    row.refuse_unknown(
        lambda key: key.endswith(("_max", "_min")),
        {"share_max", "amount_max", "amount_min", "match_max", "enterprise_max"},
        "limit",
    )
    return Fund(
        id=row.text("id"),
        budget=row.whole("budget"),
        public=row.flag("public"),
        cost=row.whole("cost", 0),
        orders=row.texts("orders"),
        share_max=row.optional_whole("share_max"),
        amount_max=row.optional_whole("amount_max"),
        amount_min=row.optional_whole("amount_min") or 0,
        match_max=row.optional_whole("match_max"),
        enterprise_max=row.optional_whole("enterprise_max"),
    )


def _rules(data: object) -> Rules:
    if data is None:
        return Rules()
    row = shape.Row(shape.mapping(data, "rules"), "rules")
    row.refuse_unknown(lambda _: True, {"public_share_max", "at_least", "locked", "forbidden", "conflicts"}, "rule")
    return Rules(
        public_share_max=row.optional_whole("public_share_max"),
        at_least=tuple(AtLeast(each.text("group"), each.whole("matched")) for each in row.rows("at_least")),
        locked=row.texts("locked") or (),
        forbidden=row.texts("forbidden") or (),
        conflicts=row.pairs("conflicts"),
    )


def _check_rows(problem: Problem) -> None:
    orders = _unique("orders", problem.orders)
    teams = _unique("teams", problem.teams)
    _unique("offers", problem.offers)
    _unique("funds", problem.funds)
    for i, order in enumerate(problem.orders):
        _within(order.own_funds, f"orders[{i}].own_funds")
        _distinct(order.groups, f"orders[{i}].groups")
    for i, team in enumerate(problem.teams):
        _within(team.capacity, f"teams[{i}].capacity")
    for i, offer in enumerate(problem.offers):
        _known(offer.order, orders, f"offers[{i}].order", "order")
        _within(offer.price, f"offers[{i}].price")
        _within(offer.value, f"offers[{i}].value", least=-LARGEST)
        for team_id, load in offer.uses.items():
            _known(team_id, teams, f"offers[{i}].uses", "team")
            _within(load, f"offers[{i}].uses.{team_id}")
    for i, fund in enumerate(problem.funds):
        _check_fund(fund, f"funds[{i}]", orders)


def _check_fund(fund: Fund, at: str, orders: frozenset[str]) -> None:
    if fund.id == OWN:
        raise BadProblem(f"{at}.id: {OWN!r} is the name of the enterprise's own payment")
    _within(fund.budget, f"{at}.budget")
    _within(fund.cost, f"{at}.cost")
    _within(fund.amount_min, f"{at}.amount_min")
    limits = (
        ("share_max", fund.share_max, LARGEST_RATIO),
        ("match_max", fund.match_max, LARGEST_RATIO),
        ("amount_max", fund.amount_max, LARGEST),
        ("enterprise_max", fund.enterprise_max, LARGEST),
    )
    for name, value, most in limits:
        if value is not None:
            _within(value, f"{at}.{name}", most=most)
    if fund.orders is not None:
        _distinct(fund.orders, f"{at}.orders")
        for j, order_id in enumerate(fund.orders):
            _known(order_id, orders, f"{at}.orders[{j}]", "order")


def _check_rules(problem: Problem) -> None:
    rules, offers = problem.rules, frozenset(offer.id for offer in problem.offers)
    if rules.public_share_max is not None:
        _within(rules.public_share_max, "rules.public_share_max", most=LARGEST_RATIO)
    for i, rule in enumerate(rules.at_least):
        _within(rule.matched, f"rules.at_least[{i}].matched")
    for name, named in (("locked", rules.locked), ("forbidden", rules.forbidden)):
        for i, offer_id in enumerate(named):
            _known(offer_id, offers, f"rules.{name}[{i}]", "offer")
    for i, pair in enumerate(rules.conflicts):
        for offer_id in pair:
            _known(offer_id, offers, f"rules.conflicts[{i}]", "offer")
        _distinct(pair, f"rules.conflicts[{i}]")


def _unique(name: str, rows: Iterable[Order | Team | Offer | Fund]) -> frozenset[str]:
    seen: set[str] = set()
    for i, row in enumerate(rows):
        if row.id in seen:
            raise BadProblem(f"{name}[{i}].id: {row.id!r} is used twice")
        seen.add(row.id)
    return frozenset(seen)


def _distinct(names: Iterable[str], at: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadProblem(f"{at}: {name!r} is named twice")
        seen.add(name)


def _known(name: str, known: frozenset[str], at: str, kind: str) -> None:
    if name not in known:
        raise BadProblem(f"{at}: unknown {kind} {name!r}")


def _within(value: int, at: str, *, least: int = 0, most: int = LARGEST) -> None:
    if value < least:
        raise BadProblem(f"{at}: {value} is below {least}")
    if value > most:
        raise BadProblem(f"{at}: {value} is above {most}")
