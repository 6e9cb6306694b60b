"""What would keep a bid out, or weaken it, told before it is submitted. Pure: same bid and order, same answer."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from marketplace.bids.terms import BASIS, Answer, BidTerms
from marketplace.bids.workflow import Meets
from marketplace.orders.readiness import CITY, as_number
from marketplace.orders.workflow import Comparator

LEAST_PLAN = 30
MAX_MONTHS = 120


class Weight(StrEnum):
    """``OUT``: the bid would not be admitted, so it cannot be submitted. ``WEAK``: it can, and will be compared as it is."""

    OUT = "out"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Measure:
    """A target of the order as the check reads it; values are decimal text."""

    target: int
    name: str
    comparator: Comparator
    value: str
    value_to: str
    must_have: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """What the order asks: ceiling in fen, deadline in UTC, delivery date, targets, and the bidding team's row number."""

    team: int
    ceiling: int | None
    deadline: datetime
    delivery_on: date | None
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to correct: the form field, how bad, and the code of the sentence."""

    place: str
    weight: Weight
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


_CHECKS = {
    "plan_short": ("plan", Weight.OUT),
    "schedule_missing": ("schedule", Weight.WEAK),
    "price_missing": ("price", Weight.OUT),
    "price_above": ("price", Weight.OUT),
    "start_missing": ("start_on", Weight.OUT),
    "start_early": ("start_on", Weight.OUT),
    "months_missing": ("months", Weight.OUT),
    "delivery_late": ("months", Weight.WEAK),
    "own_days_missing": ("own_days", Weight.OUT),
    "answer_missing": ("answers", Weight.OUT),
    "must_not_met": ("answers", Weight.OUT),
    "must_partly": ("answers", Weight.WEAK),
    "value_contradicts": ("answers", Weight.OUT),
    "value_missing": ("answers", Weight.WEAK),
    "capacity_short": ("own_days", Weight.WEAK),
    "prices_crossed": ("least_price", Weight.OUT),
    "money_missing": ("partners", Weight.OUT),
    "money_sum": ("partners", Weight.OUT),
    "partner_unauthorised": ("partners", Weight.OUT),
    "milestones_missing": ("milestones", Weight.WEAK),
    "milestone_late": ("milestones", Weight.OUT),
    "milestone_shares": ("milestones", Weight.OUT),
    "staff_missing": ("staff", Weight.WEAK),
    "staff_hours": ("staff", Weight.WEAK),
    "evidence_missing": ("answers", Weight.WEAK),
    "offered_twice": ("plan", Weight.WEAK),
}
HOURS_A_DAY = 8
CODES = tuple(f"preflight.{name}" for name in _CHECKS)

Found = Iterator[tuple[str, Mapping[str, object]]]


def check(terms: BidTerms, demand: Demand, *, concept: bool = False) -> list[Finding]:
    """Return everything to correct in ``terms``, the disqualifying first; a concept need not promise anything yet."""
    if concept:
        return _of_concept(terms)
    found = [*_content(terms, demand), *_answers(terms, demand), *_money(terms, demand), *_people(terms)]
    findings = [Finding(*_CHECKS[name], f"preflight.{name}", values) for name, values in found]
    return sorted(findings, key=lambda finding: finding.weight is Weight.WEAK)


def _of_concept(terms: BidTerms) -> list[Finding]:
    found: list[tuple[str, Mapping[str, object]]] = []
    if len("".join(terms.plan.split())) < LEAST_PLAN:
        found.append(("plan_short", {"least": LEAST_PLAN}))
    if not terms.schedule.strip():
        found.append(("schedule_missing", {}))
    if not terms.staff:
        found.append(("staff_missing", {}))
    return [Finding(*_CHECKS[name], f"preflight.{name}", values) for name, values in found]


def short_of_capacity(shortages: Mapping[str, tuple[int, int]]) -> list[Finding]:
    """Return one finding per quarter in which a team has fewer free days than the bid uses: {quarter: (asked, free)}."""
    return [
        Finding(*_CHECKS["capacity_short"], "preflight.capacity_short", {"quarter": q, "asked": asked, "free": free})
        for q, (asked, free) in sorted(shortages.items())
    ]


def unauthorised(teams: Iterable[int]) -> list[Finding]:
    """Return one finding when members' institutions have not authorised their present part."""
    count = len(list(teams))
    values = {"count": count}
    return [Finding(*_CHECKS["partner_unauthorised"], "preflight.partner_unauthorised", values)] if count else []


def offered_twice(references: Iterable[str]) -> list[Finding]:
    """Return one finding per other order to which the bidder offers nearly the same text."""
    name = "offered_twice"
    return [Finding(*_CHECKS[name], f"preflight.{name}", {"reference": reference}) for reference in references]


def disqualifying(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.weight is Weight.OUT]


def _content(terms: BidTerms, demand: Demand) -> Found:
    if len("".join(terms.plan.split())) < LEAST_PLAN:
        yield "plan_short", {"least": LEAST_PLAN}
    if not terms.schedule.strip():
        yield "schedule_missing", {}
    if terms.price is None or terms.price <= 0:
        yield "price_missing", {}
    elif demand.ceiling is not None and terms.price > demand.ceiling:
        yield "price_above", {}
    if terms.start_on is None:
        yield "start_missing", {}
    elif terms.start_on <= demand.deadline.astimezone(CITY).date():
        yield "start_early", {}
    if terms.months is None or not 1 <= terms.months <= MAX_MONTHS:
        yield "months_missing", {"most": MAX_MONTHS}
    elif terms.start_on and demand.delivery_on and months_after(terms.start_on, terms.months) > demand.delivery_on:
        yield "delivery_late", {}
    if not any(load.team == demand.team and load.person_days > 0 for load in terms.loads):
        yield "own_days_missing", {}


def months_after(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _money(terms: BidTerms, demand: Demand) -> Found:
    """Prices in order, members' money that adds up, milestones inside the project whose shares are the whole price."""
    low, price, high = terms.least_price, terms.price, terms.most_price
    if price is not None and ((low is not None and low > price) or (high is not None and high < price)):
        yield "prices_crossed", {}
    if any(load.team != demand.team for load in terms.loads):
        if any(load.money is None for load in terms.loads):
            yield "money_missing", {}
        elif price is not None and sum(load.money or 0 for load in terms.loads) != price:
            yield "money_sum", {}
    if not terms.milestones:
        yield "milestones_missing", {}
    if (
        terms.months
        and 1 <= terms.months <= MAX_MONTHS
        and any(not 1 <= step.month <= terms.months for step in terms.milestones)
    ):
        yield "milestone_late", {"months": terms.months}
    shares = [step.share for step in terms.milestones if step.share is not None]
    if shares and sum(shares) != BASIS:
        yield "milestone_shares", {}


def _people(terms: BidTerms) -> Found:
    """Named staff whose hours fit the person-days, and promises with evidence."""
    if not terms.staff:
        yield "staff_missing", {}
    hours, days = sum(person.hours or 0 for person in terms.staff), sum(load.person_days for load in terms.loads)
    if hours > days * HOURS_A_DAY:
        yield "staff_hours", {"hours": hours, "days": days}
    claims = [a for a in terms.answers if a.meets in {Meets.MEETS, Meets.EXCEEDS}]
    if claims and not any(a.evidence.strip() for a in claims):
        yield "evidence_missing", {}


def _answers(terms: BidTerms, demand: Demand) -> Found:
    given = {answer.target: answer for answer in terms.answers}
    for number, measure in enumerate(demand.measures, 1):
        values = {"number": number, "name": measure.name}
        answer = given.get(measure.target)
        if answer is None or answer.meets is None:
            yield "answer_missing", values
        elif measure.must_have and answer.meets is Meets.NOT:
            yield "must_not_met", values
        elif measure.must_have and answer.meets is Meets.PARTLY:
            yield "must_partly", values
        elif answer.meets in {Meets.MEETS, Meets.EXCEEDS}:
            yield from _promise(answer, measure, values)


def _promise(answer: Answer, measure: Measure, values: Mapping[str, object]) -> Found:
    promised = as_number(answer.value)
    if promised is None:
        yield "value_missing", values
    elif not _reaches(promised, measure):
        yield "value_contradicts", values


def _reaches(promised: Decimal, measure: Measure) -> bool:
    """Whether the promised value satisfies the target; a target without a number cannot be contradicted."""
    low, high = as_number(measure.value), as_number(measure.value_to)
    if low is None:
        return True
    match measure.comparator:
        case Comparator.AT_LEAST:
            return promised >= low
        case Comparator.AT_MOST:
            return promised <= low
        case Comparator.EQUAL:
            return promised == low
        case Comparator.BETWEEN:
            return low <= promised and (high is None or promised <= high)
