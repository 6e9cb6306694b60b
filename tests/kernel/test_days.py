"""Days in the forms that people use, and no guess where two days could be meant."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.kernel import days
from marketplace.kernel.errors import Invalid


@pytest.mark.parametrize(
    "typed",
    ["2027-03-01", "2027-3-1", "2027/3/1", "2027.3.1", "2027。3。1", "20270301", "2027年3月1日", "2027年3月1号", "2027年03月01",
     " 2027 年 3 月 1 日 ", "２０２７年３月１日", "２０２７／３／１", "２０２７．３．１"],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(typed: str) -> None:
    assert days.parse(typed) == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2027", "day.year_alone"),
        ("２０２７年", "day.year_alone"),
        ("2027年3月", "day.month_alone"),
        ("2027.3", "day.month_alone"),
        ("3/1/2027", "day.order"),
        ("27年3月1日", "day.order"),
        ("3月1日", "day.order"),
        ("2027-3/1", "day.order"),
        ("2027-03-01 2028-03-01", "day.order"),
        ("20270301 20280301", "day.order"),
        ("2027年3月1日 2028年3月1日", "day.order"),
        ("2027-02-30", "day.none"),
        ("2027-13-01", "day.none"),
        ("0000-01-01", "day.none"),
        ("soon", "day.unread"),
        ("", "day.unread"),
        ("1999-12-31", "day.year"),
        ("2101年1月1日", "day.year"),
    ],
)
def test_a_day_that_is_none_or_could_be_two_is_refused_with_the_reason(typed: str, code: str) -> None:
    for read in (days.parse, days.parse_cell, days.parse_moment):
        with pytest.raises(Invalid) as refused:
            read(typed)
        assert refused.value.code == code


@pytest.mark.parametrize(
    "typed",
    [
        "2027-03-01 17:05",
        "2027-03-01T17:05:59",
        "2027年3月1日 17:05",
        "2027年3月1日17时5分",
        "２０２７／３／１　１７：０５",
    ],
)
def test_a_moment_is_a_day_and_a_time(typed: str) -> None:
    assert days.parse_moment(typed).isoformat() == "2027-03-01T17:05:00"
    assert days.parse_moment("2027年3月1日 17时").isoformat() == "2027-03-01T17:00:00"


@pytest.mark.parametrize("typed", ["2027-03-01", "2027年3月1日", "2027-03-01 25:00", "20270301 1:99"])
def test_a_day_alone_is_no_moment(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        days.parse_moment(typed)
    assert refused.value.code == "day.time_missing"


@pytest.mark.parametrize(
    "typed",
    [
        "2027-03-01",
        "2027-03-01 10:15:00",
        "20270301 101500",
        "2027/3/1 0:00",
        "2027-03-01T00:00:00+08:00",
        "2027-03-01 10:15:00.0",
        "2027-03-01T02:15Z",
        "2027/3/1 2:15 PM",
    ],
)
def test_a_cells_time_counts_for_nothing(typed: str) -> None:
    assert days.parse_cell(typed) == date(2027, 3, 1)
