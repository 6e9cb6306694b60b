"""Who gets what in a run: by size, alliance, institution and first-timers, with sample sizes and what deserves a second look.

A flag is a question, not a verdict: small samples are said to be small, and intervals are shown (Wilson, 95 %).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.kernel.money import BASIS
from marketplace.orders.models import Order
from marketplace.rounds.answers import answer_of, bids_by_key
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import Run
from marketplace.rounds.whatif.figures import Answer, public_funds
from marketplace.web.filters import in_language, percent
from marketplace.web.words import label

ENOUGH = 5
"""Below so many orders (or bids) a share says nothing yet."""
FOUR_FIFTHS = 8_000
"""A group whose success is below four fifths of the best group's deserves a second look (the usual rule of thumb)."""
HALF = 5_000
Z = 1.96


@dataclass(frozen=True, slots=True)
class Group:
    """One group: how many tried, how many succeeded, the share with its interval (basis points), money in fen, a remark."""

    name: str
    tried: int
    won: int
    share: int
    low: int
    high: int
    money: int
    public: int
    remark: str = ""
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Tables by what they group, each with its caption, and the flags of all."""

    tables: list[tuple[str, str, list[Group]]]
    flags: list[str]
    orders: int


@dataclass(frozen=True, slots=True)
class _Case:
    """An order or a bid: its group, whether it succeeded, and the money of its match."""

    group: str
    won: bool
    money: int
    public: int


def fairness_of(run: Run) -> Report:
    """Count the run's answer by group; four statements whatever the size of the round."""
    answer = answer_of(run)
    keys = [order["id"] for order in answer.problem.get("orders", [])]
    rows = db.session.scalars(
        select(Order)
        .where(Order.id.in_({row_of(key) for key in keys}))
        .options(joinedload(Order.organisation), joinedload(Order.alliance))
    )
    orders = {f"o{row.id}": row for row in rows}
    first = {o["id"] for o in answer.problem.get("orders", []) if "first_timer" in o.get("groups", [])}
    paid = _paid(answer)

    def cases(group: Callable[[str], str]) -> list[_Case]:
        return [_Case(group(key), key in paid, *paid.get(key, (0, 0))) for key in keys if key in orders]

    by_first = {True: _("first order ever"), False: _("has ordered before")}
    tables = [
        (
            "size",
            _("Orders by size of the enterprise"),
            _groups(cases(lambda key: label(orders[key].organisation.size))),
        ),
        ("alliance", _("Orders by alliance"), _groups(cases(lambda key: in_language(orders[key].alliance)))),
        ("first", _("Orders of first-timers"), _groups(cases(lambda key: by_first[key in first]))),
        ("institution", _("Bids by institution"), _concentrated(_groups(_bids(answer, paid)))),
    ]
    flags = [
        f"{caption}: {group.name} – {group.remark}"
        for _k, caption, groups in tables
        for group in groups
        if group.flagged
    ]
    return Report(tables, flags, len(keys))


def _paid(answer: Answer) -> dict[str, tuple[int, int]]:
    """(money, public money) of each match, by order."""
    public = public_funds(answer.problem)
    return {
        order: (sum(pay.values()), sum(fen for source, fen in pay.items() if source in public))
        for order, pay in answer.pays.items()
    }


def _bids(answer: Answer, paid: Mapping[str, tuple[int, int]]) -> list[_Case]:
    offers: list[Mapping[str, Any]] = answer.problem.get("offers", [])
    bids, pairs = bids_by_key(offer["id"] for offer in offers), answer.pairs
    found = []
    for offer in offers:
        bid, won = bids.get(offer["id"]), pairs.get(offer["order"]) == offer["id"]
        if bid is not None:
            found.append(_Case(in_language(bid.team.organisation), won, *(paid[offer["order"]] if won else (0, 0))))
    return found


def _groups(cases: Iterable[_Case]) -> list[Group]:
    """The groups with their shares; a group far below the best of those that are large enough is flagged."""
    by_name: dict[str, list[_Case]] = {}
    for case in cases:
        by_name.setdefault(case.group, []).append(case)
    groups = [_group(name, listed) for name, listed in by_name.items()]
    best = max((group.share for group in groups if group.tried >= ENOUGH), default=0)
    told = [_judged(group, best) for group in groups]
    return sorted(told, key=lambda group: (-group.tried, group.name))


def _group(name: str, cases: list[_Case]) -> Group:
    tried, won = len(cases), sum(case.won for case in cases)
    low, high = interval(won, tried)
    money, public = sum(case.money for case in cases), sum(case.public for case in cases)
    return Group(name, tried, won, won * BASIS // tried, low, high, money, public)


def _judged(group: Group, best: int) -> Group:
    if group.tried < ENOUGH:
        return _with(group, _("too few to judge"))
    if best and group.share * BASIS < FOUR_FIFTHS * best:
        share = percent(group.share * BASIS // best // 100 * 100)
        return _with(group, _("succeeds only %(share)s as often as the best group", share=share), flagged=True)
    return group


def _concentrated(groups: list[Group]) -> list[Group]:
    """Flag the institution that gets more than half of all money."""
    total = sum(group.money for group in groups)
    return [
        _with(group, _("gets more than half of all money"), flagged=True)
        if len(groups) > 1 and total and group.money * BASIS > HALF * total
        else group
        for group in groups
    ]


def _with(group: Group, remark: str, *, flagged: bool = False) -> Group:
    return Group(
        group.name,
        group.tried,
        group.won,
        group.share,
        group.low,
        group.high,
        group.money,
        group.public,
        remark,
        flagged,
    )


def interval(won: int, tried: int) -> tuple[int, int]:
    """The 95 % interval of a share in basis points (Wilson), (0, 10000) for an empty sample."""
    if not tried:
        return 0, BASIS
    share, spread = won / tried, Z * Z / tried
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / tried + spread / (4 * tried)) / (1 + spread)
    return max(0, round(BASIS * (middle - half))), min(BASIS, round(BASIS * (middle + half)))
