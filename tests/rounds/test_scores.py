"""The parts of a match's value, each by itself."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bids.workflow import Meets
from marketplace.rounds.gather import scores
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Part
from marketplace.talent.records import Record

M, E, P, N = Meets.MEETS, Meets.EXCEEDS, Meets.PARTLY, Meets.NOT


@pytest.mark.parametrize(
    ("answers", "score"),
    [([], 1000), ([M], 1000), ([E, M], 1000), ([P], 500), ([M, N], 500), ([N, N], 0), ([M, M, N], 666), ([P, N], 250)],
)
def test_targets_count_what_is_promised(answers: list[Meets], score: int) -> None:
    assert scores.targets(answers) == score


@pytest.mark.parametrize(
    ("asked", "ceiling", "score"), [(100, 100, 0), (75, 100, 500), (50, 100, 1000), (10, 100, 1000), (130, 100, 0)]
)
def test_a_price_earns_what_it_saves_up_to_half_the_ceiling(asked: int, ceiling: int, score: int) -> None:
    assert scores.price(asked, ceiling) == score


@pytest.mark.parametrize(
    ("end", "score"),
    [(date(2027, 6, 30), 1000), (date(2027, 7, 1), 1000), (date(2027, 9, 29), 500), (date(2028, 7, 1), 0)],
)
def test_being_late_costs_by_the_day(end: date, score: int) -> None:
    assert scores.time(end, date(2027, 7, 1)) == score


def test_few_pieces_of_evidence_and_few_bids_count_little() -> None:
    newcomer = scores.quality(0, 0, 0)
    lucky = scores.quality(1, 1, 1)
    proven = scores.quality(20, 9, 12)
    assert newcomer == 250
    assert newcomer < lucky < proven < 1000


def test_a_kept_contract_helps_and_a_broken_one_hurts() -> None:
    newcomer = scores.fit(600, Record().standing)
    punctual = scores.fit(600, Record(accepted=6, on_time=6, ratings=2, score=10).standing)
    late = scores.fit(600, Record(accepted=6, on_time=1, ratings=2, score=3).standing)
    assert late < newcomer == 600 < punctual
    assert (scores.fit(600, 0), scores.fit(600, 1000), scores.fit(1000, 1000)) == (360, 660, 1000)
    assert scores.judged(700, 4, 2, 4) == 700  # a committee's word is the committee's


@pytest.mark.parametrize(("plan", "evidence", "score"), [(0, 0, 0), (1, 1, 1000), (1, 0, 667), (0, 1, 333)])
def test_the_plan_counts_twice_as_much_as_the_evidence(plan: float, evidence: float, score: int) -> None:
    assert scores.texts(plan, evidence) == score


@given(
    st.fixed_dictionaries({part: st.integers(0, 1000) for part in Part}),
    st.fixed_dictionaries({part: st.integers(0, 100) for part in Part}),
)
def test_the_points_of_the_parts_sum_to_the_value(parts: dict[Part, int], weights: dict[Part, int]) -> None:
    value = scores.weigh(parts, weights)
    assert 0 <= value.value <= 1000
    assert sum(value.points.values()) == value.value
    assert all(points >= 0 for points in value.points.values())


def test_only_the_weighted_parts_count() -> None:
    parts = dict.fromkeys(Part, 0) | {Part.FIT: 800}
    assert scores.weigh(parts, {Part.FIT: 1}).value == 800
    assert scores.weigh(parts, {Part.PRICE: 1}).value == 0
    assert scores.weigh(parts, DEFAULT_WEIGHTS).value == 200


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 11, 15), 2, date(2028, 1, 15)),
        (date(2027, 1, 1), 12, date(2028, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_months_last(start: date, months: int, end: date) -> None:
    assert scores.add_months(start, months) == end
