"""Applies the rules to one patent's dates. The same facts always give the same calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from marketplace.kernel.money import share
from marketplace.patents.deadlines.calendar import add_months, months_between, rolled
from marketplace.patents.deadlines.rules import (
    OLD_DESIGN_YEARS,
    REWARD,
    RULES,
    SURCHARGE,
    TERM_YEARS,
    Rule,
    annuity,
)
from marketplace.patents.workflow import Duty, PatentKind, Route, RuleCode, Trigger

NEW_DESIGN_TERM = date(2021, 6, 1)
ANNUITY_WINDOW = 1
"""Months before its last day in which an annuity is usually paid."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the calendar depends on. ``priority_on`` is the earliest date claimed; ``events`` the days other triggers came.

    ``numbers`` counts papers from 0, so that the answer to one office action is not taken for the answer to the next.
    """

    kind: PatentKind
    office: str
    filed_on: date
    route: Route = Route.DIRECT
    priority_on: date | None = None
    granted_on: date | None = None
    events: dict[Trigger, date] = field(default_factory=dict)
    numbers: dict[Trigger, int] = field(default_factory=dict)

    def day(self, trigger: Trigger) -> date | None:
        if trigger is Trigger.FILED:
            return self.filed_on
        if trigger is Trigger.PRIORITY:
            return self.priority_on or self.filed_on
        if trigger is Trigger.GRANTED:
            return self.granted_on
        return self.events.get(trigger)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: from ``opens_on`` to ``due_on``, with a surcharge until ``last_on``.

    ``number`` is an annuity's year, or counts papers from 0; ``fee`` in fen without surcharge; ``paper_on`` is the day before
    holidays were taken into account.
    """

    rule: RuleCode
    number: int
    opens_on: date
    paper_on: date
    due_on: date
    last_on: date
    fee: int
    who: Duty
    citation: str

    @property
    def key(self) -> tuple[RuleCode, int]:
        return self.rule, self.number

    def surcharge(self, paid_on: date) -> int:
        """Return the fen on top of the fee when it is paid on ``paid_on``: 5 % for each whole month late (rules 115)."""
        if self.rule is not RuleCode.ANNUITY or paid_on <= self.due_on:
            return 0
        return share(self.fee, SURCHARGE * min(5, months_between(self.paper_on, paid_on)))


def expires_on(facts: Facts) -> date:
    """Return the last day of the term: the day before the anniversary of the filing date (Patent Law 42)."""
    years = TERM_YEARS[facts.kind]
    if facts.kind is PatentKind.DESIGN and facts.filed_on < NEW_DESIGN_TERM:
        years = OLD_DESIGN_YEARS
    return add_months(facts.filed_on, 12 * years) - timedelta(days=1)


def plan(facts: Facts, since: date | None = None, until: date | None = None) -> list[Due]:
    """Return everything the rules ask of a patent with these facts, by due day.

    With ``since`` and ``until`` annuities that were over before or begin after are left out, which is most of the work.
    """
    found = [due for rule in RULES if _applies(rule, facts) for due in _dues(rule, facts, since, until)]
    return sorted(found, key=lambda due: (due.due_on, due.rule, due.number))


def open_dues(
    facts: Facts, done: Collection[tuple[RuleCode, int]], today: date, until: date | None = None
) -> list[Due]:
    """Return what is still to do: neither done nor so long past that nothing can be done about it any more."""
    return [due for due in plan(facts, today, until) if due.key not in done and due.last_on >= today]


def _applies(rule: Rule, facts: Facts) -> bool:
    """Rules are those of the Chinese office and of the treaty; elsewhere only the term is reckoned."""
    international = facts.office == "WO"
    if facts.office != "CN" and not international:
        return rule.code is RuleCode.EXPIRY and facts.kind is PatentKind.INVENTION
    if facts.kind not in rule.kinds or (rule.pct is not None and rule.pct is not (facts.route is Route.PCT)):
        return False
    if rule.code is RuleCode.PRIORITY:
        return facts.priority_on is None and facts.granted_on is None
    if rule.code in {RuleCode.PUBLICATION, RuleCode.EXAMINATION, RuleCode.RESPONSE, RuleCode.REGISTRATION}:
        return facts.granted_on is None and not (international and rule.code is not RuleCode.PUBLICATION)
    if rule.code in {RuleCode.ANNUITY, RuleCode.EXPIRY}:
        return facts.granted_on is not None and not international
    return rule.international == international


def _dues(rule: Rule, facts: Facts, since: date | None, until: date | None) -> Iterator[Due]:
    start = facts.day(rule.trigger)
    if start is None:
        return
    if rule.code is RuleCode.EXPIRY:
        last = expires_on(facts)
        yield Due(rule.code, 0, last, last, last, last, 0, rule.who, rule.citation)
    elif rule.repeats:
        yield from _annuities(rule, facts, since, until)
    else:
        fee = REWARD[facts.kind] if rule.code is RuleCode.REWARD else rule.fee
        last = add_months(start, rule.months + rule.grace)
        yield _due(rule, start, add_months(start, rule.months), last, facts.numbers.get(rule.trigger, 0), fee)


def _annuities(rule: Rule, facts: Facts, since: date | None, until: date | None) -> Iterator[Due]:
    """The year of the grant is paid at registration; each later year is due before it begins, counted from the filing date."""
    assert facts.granted_on is not None
    granted_year = months_between(facts.filed_on, facts.granted_on) // 12 + 1
    end = min(expires_on(facts), until or date.max)
    year = max(granted_year + 1, months_between(facts.filed_on, since) // 12 if since else 0)
    while (paper := add_months(facts.filed_on, 12 * (year - 1))) <= end:
        last = add_months(paper, rule.grace)
        yield _due(rule, add_months(paper, -ANNUITY_WINDOW), paper, last, year, annuity(facts.kind, year))
        year += 1


def _due(rule: Rule, opens: date, paper: date, last: date, number: int, fee: int) -> Due:
    return Due(
        rule.code,
        number,
        opens,
        paper,
        rolled(paper) if rule.rolls else paper,
        rolled(last) if rule.rolls else last,
        fee,
        rule.who,
        rule.citation,
    )
