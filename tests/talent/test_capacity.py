"""Person-days are spread exactly and never promised twice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace.db.base import db
from marketplace.kernel.errors import Conflict
from marketplace.talent import capacity
from tests.factories import Make

DATES = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2027, 1, 1), "2027Q1"),
        (date(2027, 3, 31), "2027Q1"),
        (date(2027, 4, 1), "2027Q2"),
        (date(2027, 9, 30), "2027Q3"),
        (date(2027, 12, 31), "2027Q4"),
    ],
)
def test_a_day_is_in_its_calendar_quarter(day: date, quarter: str) -> None:
    assert capacity.quarter_of(day) == quarter


def test_quarters_follow_each_other_over_the_new_year() -> None:
    assert capacity.quarters_from(date(2027, 8, 9), 4) == ["2027Q3", "2027Q4", "2028Q1", "2028Q2"]


@pytest.mark.parametrize(
    ("days", "start", "months", "loads"),
    [
        (90, date(2027, 1, 1), 3, {"2027Q1": 90}),
        (100, date(2027, 2, 15), 7, {"2027Q1": 21, "2027Q2": 43, "2027Q3": 36}),
        (1, date(2027, 3, 31), 2, {"2027Q2": 1}),
        (5, date(2027, 1, 31), 1, {"2027Q1": 5}),
        (0, date(2027, 1, 31), 1, {}),
    ],
)
def test_days_are_spread_by_calendar_days(days: int, start: date, months: int, loads: dict[str, int]) -> None:
    assert capacity.spread(days, start, months) == loads


@given(days=st.integers(0, 100_000), start=DATES, months=st.integers(1, 120))
def test_the_parts_of_a_spread_sum_to_the_whole(days: int, start: date, months: int) -> None:
    loads = capacity.spread(days, start, months)
    assert sum(loads.values()) == days
    assert all(part > 0 for part in loads.values())
    assert list(loads) == sorted(loads)
    assert not loads or min(loads) >= capacity.quarter_of(start)


@pytest.mark.parametrize(("days", "months"), [(-1, 3), (10, 0)])
def test_a_senseless_spread_is_an_error(days: int, months: int) -> None:
    with pytest.raises(ValueError, match="at least"):
        capacity.spread(days, date(2027, 1, 1), months)


def test_free_days_are_the_usual_capacity_until_something_is_reserved(make: Make) -> None:
    team = make.team(capacity_days=200)
    capacity.reserve(make.call(), {(team.id, "2027Q2"): 150})
    pairs = [(team.id, "2027Q1"), (team.id, "2027Q2"), (999_999, "2027Q1")]
    assert capacity.free_days(pairs) == {pairs[0]: 200, pairs[1]: 50, pairs[2]: 0}
    assert [(q.capacity, q.reserved, q.free) for q in capacity.outlook(team, ["2027Q1", "2027Q2"])] == [
        (200, 0, 200),
        (200, 150, 50),
    ]


def test_a_reservation_above_what_is_free_is_refused_and_says_how_much_is_left(make: Make) -> None:
    team = make.team(capacity_days=200, name="表面工程团队")
    capacity.reserve(make.call(), {(team.id, "2027Q1"): 150})
    with pytest.raises(Conflict) as refused:
        capacity.reserve(make.call(), {(team.id, "2027Q1"): 51})
    assert refused.value.code == "talent.full"
    assert refused.value.values == {"team": "表面工程团队", "quarter": "2027Q1", "free": 50, "asked": 51}
    capacity.reserve(make.call(), {(team.id, "2027Q1"): 50})
    assert capacity.free_days([(team.id, "2027Q1")]) == {(team.id, "2027Q1"): 0}


def test_a_team_that_does_not_exist_has_nothing_to_reserve(make: Make) -> None:
    with pytest.raises(Conflict, match=r"talent\.full"):
        capacity.reserve(make.call(), {(999_999, "2027Q1"): 1})


def test_days_that_were_not_promised_cannot_be_given_back(make: Make) -> None:
    team = make.team()
    capacity.reserve(make.call(), {(team.id, "2027Q1"): 10})
    with pytest.raises(Conflict, match=r"talent\.not_reserved"):
        capacity.release(make.call(), {(team.id, "2027Q1"): 11})
    capacity.release(make.call(), {(team.id, "2027Q1"): 10, (team.id, "2027Q2"): 0})
    assert capacity.free_days([(team.id, "2027Q1")]) == {(team.id, "2027Q1"): 200}


def test_the_database_itself_refuses_to_go_above_capacity(make: Make) -> None:
    team = make.team(capacity_days=100)
    capacity.reserve(make.call(), {(team.id, "2027Q1"): 100})
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text("UPDATE team_quarters SET reserved_days = reserved_days + 1"))


STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from(["2027Q1", "2027Q2"]), st.integers(1, 120)), min_size=1, max_size=12
)


def test_any_run_of_reservations_agrees_with_a_plain_count(make: Make) -> None:
    """Reserve and release at random: what the database says is what a dictionary says, and never above capacity."""
    call = make.call()
    organisation = make.university()

    @settings(max_examples=25, deadline=None, database=None)
    @given(steps=STEPS)
    def run(steps: list[tuple[bool, str, int]]) -> None:
        team = make.team(organisation, capacity_days=200)
        model = {"2027Q1": 0, "2027Q2": 0}
        for takes, quarter, days in steps:
            change = days if takes else -days
            fits = 0 <= model[quarter] + change <= 200
            act = capacity.reserve if takes else capacity.release
            try:
                act(call, {(team.id, quarter): days})
                assert fits
                model[quarter] += change
            except Conflict:
                assert not fits
        pairs = [(team.id, quarter) for quarter in model]
        assert capacity.free_days(pairs) == {(team.id, q): 200 - reserved for q, reserved in model.items()}

    run()
