"""Deadlines in working days, with the year's holidays and the days worked instead."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.awards.days import CITY, end_of_calendar_day, end_of_working_day, is_working_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2027-01-12T10:00", 3, "2027-01-16T00:00"),  # Tuesday: Wednesday, Thursday, Friday
        ("2027-01-14T10:00", 3, "2027-01-20T00:00"),  # over a weekend
        ("2026-09-30T09:00", 1, "2026-10-09T00:00"),  # National Day: back to work on Thursday the 8th
        ("2026-02-13T09:00", 2, "2026-02-25T00:00"),  # Saturday the 14th is worked, then the Spring Festival
        ("2026-12-31T23:59", 1, "2027-01-05T00:00"),  # New Year's Day of a year whose calendar is not known yet
        ("2027-01-12T23:59", 1, "2027-01-14T00:00"),
        ("2027-01-13T00:00", 1, "2027-01-15T00:00"),
    ],
)
def test_working_days_end_with_the_last_one(start: str, days: int, end: str) -> None:
    assert end_of_working_day(at(start), days) == at(end)


def test_calendar_days_that_end_on_a_day_off_end_on_the_next_working_day() -> None:
    assert end_of_calendar_day(at("2027-01-12T10:00"), 3) == at("2027-01-16T00:00")
    assert end_of_calendar_day(at("2027-01-13T10:00"), 3) == at("2027-01-19T00:00")


@given(st.dates(date(2025, 1, 1), date(2029, 1, 1)), st.integers(1, 12))
def test_there_are_exactly_so_many_working_days_in_between(start: date, count: int) -> None:
    begin = datetime(start.year, start.month, start.day, 9, tzinfo=UTC)
    end = end_of_working_day(begin, count)
    first, last = begin.astimezone(CITY).date(), end.astimezone(CITY).date()
    days = [first + timedelta(days=n) for n in range(1, (last - first).days)]
    assert sum(map(is_working_day, days)) == count
    assert is_working_day(last - timedelta(days=1))


def test_a_weekend_day_worked_for_a_holiday_is_a_working_day() -> None:
    assert is_working_day(date(2026, 10, 10))
    assert not is_working_day(date(2026, 10, 1))
    assert not is_working_day(date(2026, 10, 11))
