"""What the check before submission finds, place by place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from marketplace.bids.preflight import (
    CODES,
    Demand,
    Measure,
    Weight,
    check,
    disqualifying,
    months_after,
    offered_twice,
    short_of_capacity,
    unauthorised,
)
from marketplace.bids.terms import Answer, BidTerms, Load, Milestone, Staff
from marketplace.bids.workflow import Meets
from marketplace.orders.workflow import Comparator

MEASURE = Measure(11, "耐盐雾", Comparator.AT_LEAST, "1000", "", True)
DEMAND = Demand(5, 50_000_000, datetime(2027, 2, 1, 2, tzinfo=UTC), date(2028, 1, 1), (MEASURE,))
GOOD = BidTerms(
    plan="以硅烷预处理与水性涂层结合，分三阶段试验并交付样件和完整的检测报告。",
    schedule="第1–3月试验",
    price=50_000_000,
    start_on=date(2027, 3, 1),
    months=6,
    loads=(Load(5, 90),),
    answers=(Answer(11, Meets.MEETS, "1000", "", "检测报告"),),
    milestones=(Milestone("配方", 3, "样件", 4_000), Milestone("验收", 6, "报告", 6_000)),
    staff=(Staff("林一", "负责人", 400),),
)


def answered(meets: Meets | None, value: str = "1000") -> BidTerms:
    return replace(GOOD, answers=(Answer(11, meets, value, "", "检测报告"),))


def asked(**values: Any) -> Demand:
    return replace(DEMAND, measures=(replace(MEASURE, **values),))


CASES: list[tuple[str, BidTerms, Demand]] = [
    ("plan_short", replace(GOOD, plan="好  " * 5), DEMAND),
    ("schedule_missing", replace(GOOD, schedule=" "), DEMAND),
    ("price_missing", replace(GOOD, price=None), DEMAND),
    ("price_above", replace(GOOD, price=50_000_001), DEMAND),
    ("start_missing", replace(GOOD, start_on=None), DEMAND),
    ("start_early", replace(GOOD, start_on=date(2027, 2, 1)), DEMAND),
    ("months_missing", replace(GOOD, months=None), DEMAND),
    ("months_missing", replace(GOOD, months=0), DEMAND),
    ("months_missing", replace(GOOD, months=121), DEMAND),
    ("delivery_late", replace(GOOD, months=11), DEMAND),
    ("own_days_missing", replace(GOOD, loads=(Load(6, 90, 50_000_000),)), DEMAND),
    ("prices_crossed", replace(GOOD, least_price=50_000_001), DEMAND),
    ("prices_crossed", replace(GOOD, most_price=49_999_999), DEMAND),
    ("money_missing", replace(GOOD, loads=(Load(5, 60, 1), Load(6, 30))), DEMAND),
    ("money_sum", replace(GOOD, loads=(Load(5, 60, 49_999_999), Load(6, 30, 2))), DEMAND),
    ("milestones_missing", replace(GOOD, milestones=()), DEMAND),
    ("milestone_late", replace(GOOD, milestones=(Milestone("验收", 7, "", 10_000),)), DEMAND),
    ("milestone_shares", replace(GOOD, milestones=(Milestone("验收", 6, "", 9_999),)), DEMAND),
    ("staff_missing", replace(GOOD, staff=()), DEMAND),
    ("staff_hours", replace(GOOD, staff=(Staff("林一", "", 721),)), DEMAND),
    ("evidence_missing", replace(GOOD, answers=(Answer(11, Meets.MEETS, "1000"),)), DEMAND),
    ("answer_missing", replace(GOOD, answers=()), DEMAND),
    ("answer_missing", answered(None), DEMAND),
    ("must_not_met", answered(Meets.NOT, ""), DEMAND),
    ("must_partly", answered(Meets.PARTLY, "800"), DEMAND),
    ("value_contradicts", answered(Meets.MEETS, "999"), DEMAND),
    ("value_contradicts", answered(Meets.EXCEEDS, "4"), asked(comparator=Comparator.AT_MOST, value="3")),
    ("value_contradicts", answered(Meets.MEETS, "2"), asked(comparator=Comparator.EQUAL, value="3")),
    ("value_contradicts", answered(Meets.MEETS, "9"), asked(comparator=Comparator.BETWEEN, value="3", value_to="5")),
    ("value_missing", answered(Meets.MEETS, "很好"), DEMAND),
]


@pytest.mark.parametrize(("code", "terms", "demand"), CASES)
def test_each_weakness_is_named(code: str, terms: BidTerms, demand: Demand) -> None:
    assert {f.code.removeprefix("preflight.") for f in check(terms, demand)} == {code}


def test_every_check_has_a_case() -> None:
    found_elsewhere = [*short_of_capacity({"2027Q1": (2, 1)}), *unauthorised([7]), *offered_twice(["RD-1"])]
    assert {f"preflight.{code}" for code, _, _ in CASES} | {f.code for f in found_elsewhere} == set(CODES)


@pytest.mark.parametrize(
    ("terms", "demand"),
    [
        (GOOD, DEMAND),
        (replace(GOOD, months=10), DEMAND),
        (replace(GOOD, least_price=50_000_000, most_price=50_000_000), DEMAND),
        (replace(GOOD, loads=(Load(5, 60, 49_999_999), Load(6, 30, 1))), DEMAND),
        (replace(GOOD, milestones=(Milestone("验收", 6),)), DEMAND),
        (answered(Meets.NOT, ""), asked(must_have=False)),
        (answered(Meets.MEETS, "3"), asked(comparator=Comparator.EQUAL, value="3.0")),
        (answered(Meets.MEETS, "5"), asked(comparator=Comparator.BETWEEN, value="3", value_to="5")),
        (answered(Meets.MEETS, "1"), asked(value="尽可能高")),
        (replace(GOOD, price=10**12), replace(DEMAND, ceiling=None)),
    ],
)
def test_a_good_bid_has_no_finding(terms: BidTerms, demand: Demand) -> None:
    assert check(terms, demand) == []


def test_an_empty_draft_cannot_be_submitted() -> None:
    findings = check(BidTerms(), DEMAND)
    assert len(disqualifying(findings)) == 6
    assert findings[-1].weight is Weight.WEAK


def test_members_without_authorisation_keep_a_bid_out_and_a_bid_offered_twice_is_a_warning() -> None:
    (out,) = unauthorised([6, 7])
    assert (out.weight, out.values, unauthorised([])) == (Weight.OUT, {"count": 2}, [])
    assert [f.weight for f in offered_twice(["RD-1", "RD-2"])] == [Weight.WEAK, Weight.WEAK]


def test_missing_capacity_weakens_and_does_not_forbid() -> None:
    (finding,) = short_of_capacity({"2027Q1": (90, 40)})
    assert finding.weight is Weight.WEAK
    assert finding.values == {"quarter": "2027Q1", "asked": 90, "free": 40}


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 12, 1), 1, date(2028, 1, 1)),
        (date(2100, 12, 31), 120, date(2110, 12, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
