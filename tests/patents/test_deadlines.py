"""The engine against calendars reckoned by hand, and the arithmetic under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.patents import schedule
from marketplace.patents.deadlines import calendar, engine
from marketplace.patents.deadlines.calendar import add_months, is_working_day, months_between, rolled
from marketplace.patents.deadlines.engine import Facts, plan
from marketplace.patents.deadlines.rules import ANNUITIES, RULES, TERM_YEARS, annuity
from marketplace.patents.models import Patent, PatentEvent
from marketplace.patents.schedule import facts_of
from marketplace.patents.workflow import Delivery, EventKind, LegalState, PatentKind, Route, RuleCode, Trigger
from tests.patents.calendars import CALENDARS

KINDS = {"I": PatentKind.INVENTION, "U": PatentKind.UTILITY, "D": PatentKind.DESIGN}
DAYS = st.dates(date(1985, 4, 1), date(2040, 12, 31))


@dataclass(frozen=True)
class Case:
    facts: Facts
    rule: RuleCode
    number: int
    paper: date
    due: date
    last: date
    fee: int


def day(text: str) -> date | None:
    return None if text == "-" else date.fromisoformat(text)


def read(line: str) -> Case:
    patent, _, answer = line.partition("|")
    kind, route, office, priority, filed, granted = patent.split()
    named, _, values = answer.partition(":")
    rule, number = named.split()
    paper, due, last, fee = values.split()
    facts = Facts(
        KINDS[kind],
        office,
        date.fromisoformat(filed),
        Route(route),
        day(priority),
        day(granted),
    )
    return Case(facts, RuleCode(rule), int(number), *(date.fromisoformat(d) for d in (paper, due, last)), fee=int(fee))


CASES = [read(line) for line in CALENDARS.strip().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.facts.kind}-{c.facts.filed_on}-{c.rule}-{c.number}")
def test_the_engine_finds_the_day_that_was_reckoned_by_hand(case: Case) -> None:
    found = [due for due in plan(case.facts) if due.key == (case.rule, case.number)]
    assert [(d.paper_on, d.due_on, d.last_on, d.fee) for d in found] == [(case.paper, case.due, case.last, case.fee)]


def test_forty_patents_of_every_kind_and_route_were_reckoned() -> None:
    patents = {(c.facts.kind, c.facts.route, c.facts.priority_on, c.facts.filed_on, c.facts.granted_on) for c in CASES}
    assert len(patents) >= 40
    assert {p[0] for p in patents} == set(PatentKind)
    assert {p[1] for p in patents} == set(Route)


def test_without_the_holidays_hand_and_engine_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: the cases do notice an engine that knows no days off."""
    monkeypatch.setattr(engine, "rolled", lambda day: day)
    wrong = [c for c in CASES if c.due not in {d.due_on for d in plan(c.facts) if d.key == (c.rule, c.number)}]
    assert len(wrong) >= 12


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-01-01", 0, "2024-01-01"),
    ],
)
def test_months_are_counted_as_rule_five_says(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@given(DAYS, st.integers(0, 240))
def test_months_between_undoes_adding_months(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months


@given(DAYS)
def test_a_last_day_only_ever_moves_later_and_onto_a_working_day(start: date) -> None:
    end = rolled(start)
    assert is_working_day(end)
    assert start <= end <= start + timedelta(days=10)
    assert all(not is_working_day(start + timedelta(days=n)) for n in range((end - start).days))


@pytest.mark.parametrize(
    ("paid", "basis"),
    [
        ("2024-06-03", 0),
        ("2024-06-04", 0),
        ("2024-07-02", 0),
        ("2024-07-03", 500),
        ("2024-08-02", 500),
        ("2024-08-03", 1000),
        ("2024-11-03", 2500),
        ("2024-12-03", 2500),
    ],
)
def test_the_surcharge_grows_by_five_percent_a_whole_month(paid: str, basis: int) -> None:
    facts = Facts(PatentKind.INVENTION, "CN", date(2018, 6, 3), granted_on=date(2020, 1, 7))
    due = next(d for d in plan(facts) if d.key == (RuleCode.ANNUITY, 7))
    assert due.due_on == date(2024, 6, 3)
    assert due.surcharge(date.fromisoformat(paid)) == due.fee * basis // 10_000


@pytest.mark.parametrize("kind", list(PatentKind))
def test_each_year_of_the_term_has_a_fee_that_never_falls(kind: PatentKind) -> None:
    fees = [annuity(kind, year) for year in range(1, TERM_YEARS[kind] + 1)]
    assert fees == sorted(fees)
    assert ANNUITIES[kind][-1][0] == TERM_YEARS[kind]


@given(st.sampled_from(list(PatentKind)), DAYS, st.integers(30, 1500))
def test_annuities_follow_the_grant_without_gap_until_the_term_ends(kind: PatentKind, filed: date, wait: int) -> None:
    facts = Facts(kind, "CN", filed, granted_on=filed + timedelta(days=wait))
    years = [d.number for d in plan(facts) if d.rule is RuleCode.ANNUITY]
    first = months_between(filed, filed + timedelta(days=wait)) // 12 + 2
    assert years == list(range(first, first + len(years)))
    last = next(d for d in plan(facts) if d.rule is RuleCode.EXPIRY)
    assert all(d.paper_on <= last.due_on for d in plan(facts) if d.rule is RuleCode.ANNUITY)


@given(st.sampled_from(list(PatentKind)), DAYS, st.integers(30, 1500), DAYS, st.integers(0, 1500))
def test_looking_only_at_some_years_hides_nothing_of_them(
    kind: PatentKind, filed: date, wait: int, since: date, span: int
) -> None:
    facts = Facts(kind, "CN", filed, granted_on=filed + timedelta(days=wait))
    until = since + timedelta(days=span)
    whole = [d for d in plan(facts) if d.last_on >= since and d.paper_on <= until]
    assert [d for d in plan(facts, since, until) if d.last_on >= since and d.paper_on <= until] == whole


def test_the_office_s_papers_start_their_periods() -> None:
    events = {
        Trigger.OFFICE_ACTION: date(2025, 10, 31),
        Trigger.GRANT_NOTICE: date(2025, 12, 31),
    }
    facts = Facts(PatentKind.INVENTION, "CN", date(2023, 5, 5), events=events)
    days = {d.rule: d.due_on for d in plan(facts)}
    assert days[RuleCode.RESPONSE] == date(2026, 2, 28)
    assert days[RuleCode.REGISTRATION] == date(2026, 2, 28)


PAPERS = """
I office_action  electronic 2025-10-31 | 2026-02-28
I office_action  post       2025-09-16 | 2026-02-02
I office_action  hand       2026-02-27 | 2026-06-29
I office_action  electronic 2024-01-19 | 2024-06-03
I office_action  electronic 2024-01-20 | 2024-05-20
I further_action electronic 2026-03-06 | 2026-05-06
I further_action post       2025-12-16 | 2026-02-28
I correction     electronic 2026-03-10 | 2026-05-11
U office_action  electronic 2024-12-30 | 2025-02-28
U further_action post       2025-07-18 | 2025-10-09
U correction     electronic 2025-12-31 | 2026-02-28
D office_action  electronic 2025-06-30 | 2025-09-01
D correction     post       2025-07-31 | 2025-10-15
I grant_notice   post       2026-04-16 | 2026-07-01
U refuse         post       2025-06-16 | 2025-10-09
"""
"""Kind, paper, how it came and the day on it | last day to answer, reckoned by hand: 4 months for the first office action of an
invention, else 2 (the refusal 3); 15 days more when posted, or when electronic before 20 January 2024. 2026-02-28 is a worked
Saturday, 2026-05-01/05 and 2025-10-01/08 are holidays."""


@pytest.mark.parametrize("line", PAPERS.strip().splitlines())
def test_the_answer_to_each_paper_counts_from_its_receipt(line: str) -> None:
    kind, paper, delivery, on, _, last = line.split()
    patent = Patent(kind=KINDS[kind], office="CN", filed_on=date(2023, 5, 5), route=Route.DIRECT)
    event = PatentEvent(kind=EventKind(paper), on=date.fromisoformat(on), delivery=Delivery(delivery))
    asked = {RuleCode.RESPONSE, RuleCode.REGISTRATION, RuleCode.REEXAMINATION}
    assert [d.due_on.isoformat() for d in plan(facts_of(patent, [event])) if d.rule in asked] == [last]


def test_without_the_days_of_the_post_hand_and_engine_would_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: seven of the papers above do notice."""
    monkeypatch.setattr(schedule, "received_on", lambda paper, _delivery: paper)
    wrong = 0
    for line in PAPERS.strip().splitlines():
        try:
            test_the_answer_to_each_paper_counts_from_its_receipt(line)
        except AssertionError:
            wrong += 1
    assert wrong == 7


def published() -> Patent:
    """A published application for an invention."""
    kind, route = PatentKind.INVENTION, Route.DIRECT
    return Patent(state=LegalState.PUBLISHED, kind=kind, office="CN", filed_on=date(2023, 5, 5), route=route)


def test_each_office_action_asks_for_an_answer_of_its_own() -> None:
    patent = published()
    first = PatentEvent(id=1, kind=EventKind.OFFICE_ACTION, on=date(2025, 3, 10))
    second = PatentEvent(id=2, kind=EventKind.FURTHER_ACTION, on=date(2025, 9, 10))
    third = PatentEvent(id=3, kind=EventKind.FURTHER_ACTION, on=date(2026, 1, 12))
    answered = {(RuleCode.RESPONSE, 0), (RuleCode.RESPONSE, 1)}
    found = [
        (due.number, due.due_on)
        for due in schedule.to_do(patent, [first, second, third], answered, date(2026, 2, 1))
        if due.rule is RuleCode.RESPONSE
    ]
    assert found == [(2, date(2026, 3, 12))]


@pytest.mark.parametrize("late", [date(2025, 1, 10), date(2025, 6, 10)])
def test_a_paper_entered_late_leaves_the_answers_with_the_papers_they_were_given_to(late: date) -> None:
    patent = published()
    entered = [
        PatentEvent(id=1, kind=EventKind.OFFICE_ACTION, on=date(2025, 3, 10)),
        PatentEvent(id=2, kind=EventKind.FURTHER_ACTION, on=date(2025, 9, 10)),
        PatentEvent(id=3, kind=EventKind.CORRECTION, on=late),
    ]
    answers = {due.rule: due.number for due in schedule.whole(patent, entered[:1])}
    assert answers[RuleCode.RESPONSE] == 0
    numbers = schedule.facts_of(patent, entered).numbers
    assert numbers == {Trigger.OFFICE_ACTION: 0, Trigger.FURTHER_ACTION: 1, Trigger.CORRECTION: 2}


def test_foreign_rights_only_know_their_term() -> None:
    facts = Facts(PatentKind.INVENTION, "US", date(2020, 1, 1), granted_on=date(2022, 1, 1))
    assert [d.rule for d in plan(facts)] == [RuleCode.EXPIRY]


def test_every_rule_cites_its_statute() -> None:
    assert all(rule.citation for rule in RULES)
    assert all(first in calendar.CLOSED for first in (date(2026, 2, 15), date(2025, 10, 8)))


@pytest.mark.parametrize(
    ("kind", "years", "reexamination", "reward"),
    [
        (PatentKind.INVENTION, 20, 100_000, 400_000),
        (PatentKind.UTILITY, 10, 30_000, 150_000),
        (PatentKind.DESIGN, 15, 30_000, 150_000),
    ],
)
def test_terms_and_fees_are_those_of_the_statute(kind: PatentKind, years: int, reexamination: int, reward: int) -> None:
    """Patent Law 42; the office's schedule; rules 93: at least 4,000 yuan for an invention, 1,500 for the others."""
    filed, granted = date(2022, 3, 1), date(2023, 3, 1)
    facts = Facts(kind, "CN", filed, granted_on=granted, events={Trigger.REFUSED: date(2024, 5, 6)})
    found = {due.rule: due for due in plan(facts)}
    assert found[RuleCode.EXPIRY].due_on == add_months(filed, 12 * years) - timedelta(days=1)
    assert found[RuleCode.REEXAMINATION].fee == reexamination
    assert (found[RuleCode.REWARD].fee, found[RuleCode.REWARD].due_on) == (reward, date(2023, 6, 1))
