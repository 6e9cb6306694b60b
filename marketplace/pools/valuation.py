"""What a patent may be worth, three ways, each with the assumptions it rests on. Estimates, never prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from marketplace.kernel.money import BASIS
from marketplace.patents.deadlines.calendar import months_between
from marketplace.patents.deadlines.rules import annuity
from marketplace.patents.workflow import PatentKind

YUAN = 100


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Amounts in fen, rates in basis points; every one is shown and can be changed on the page.

    ``cost`` to invent and file anew; ``base`` usual price of such a right; ``sales`` a year under the patent; ``royalty`` on
    them; ``discount`` a year; ``spread`` how far the true value may lie from the middle.
    """

    cost: int = 15_000_000
    base: int = 8_000_000
    sales: int = 200_000_000
    royalty: int = 200
    discount: int = 1_500
    spread: int = 3_500


@dataclass(frozen=True, slots=True)
class Signals:
    """What the register and the licences know about a right."""

    kind: PatentKind
    filed_on: date
    expires_on: date
    granted: bool
    claims: int
    family: int
    citations: int | None
    licences: int
    royalties: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One way to value: fen, low ≤ middle ≤ high."""

    way: str
    low: int
    middle: int
    high: int


def remaining_months(signals: Signals, today: date) -> int:
    return months_between(today, signals.expires_on)


def estimates(signals: Signals, assumptions: Assumptions, today: date) -> list[Estimate]:
    """Return the cost, market and income estimates."""
    ways = (("cost", _cost), ("market", _market), ("income", _income))
    return [_range(way, work(signals, assumptions, today), assumptions.spread) for way, work in ways]


def _cost(signals: Signals, assumptions: Assumptions, today: date) -> Decimal:
    """What it would take to have it again, less the part of the term that is gone."""
    years = min(
        months_between(signals.filed_on, today) // 12 + 1, months_between(signals.filed_on, signals.expires_on) // 12
    )
    kept = sum(annuity(signals.kind, year) for year in range(1, years + 1)) if signals.granted else 0
    return Decimal(assumptions.cost + kept) * _life(signals, today)


def _market(signals: Signals, assumptions: Assumptions, today: date) -> Decimal:
    """The usual price, more for breadth, family, citations and licences, less for age, half while it is only applied for."""
    factor = Decimal(BASIS)
    factor += 300 * min(signals.claims, 20) + 1_500 * min(signals.family, 6)
    factor += 400 * min(signals.citations or 0, 15) + 2_000 * min(signals.licences, 5)
    value = Decimal(assumptions.base) * factor / BASIS * _life(signals, today)
    return value if signals.granted else value / 2


def _income(signals: Signals, assumptions: Assumptions, today: date) -> Decimal:
    """Royalties of the years that are left, each discounted; what licences brought already is not counted again."""
    yearly = Decimal(assumptions.sales) * assumptions.royalty / BASIS
    rate = 1 + Decimal(assumptions.discount) / BASIS
    months = remaining_months(signals, today)
    whole = sum((yearly / rate**year for year in range(1, months // 12 + 1)), Decimal(0))
    return whole + yearly * (months % 12) / 12 / rate ** (months // 12 + 1)


def _life(signals: Signals, today: date) -> Decimal:
    """The part of the term that is left."""
    term = max(1, months_between(signals.filed_on, signals.expires_on))
    return Decimal(min(term, remaining_months(signals, today))) / term


def _range(way: str, middle: Decimal, spread: int) -> Estimate:
    low, high = middle * (BASIS - spread) / BASIS, middle * (BASIS + spread) / BASIS
    return Estimate(way, *(_rounded(value) for value in (low, middle, high)))


def _rounded(value: Decimal) -> int:
    """Whole thousands of yuan: more digits would pretend to know."""
    thousand = 1_000 * YUAN
    return int((value / thousand).quantize(Decimal(1), ROUND_HALF_EVEN)) * thousand
