"""Days as deadlines count them: from the day after the event, in the city's calendar, to the end of the last day. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")
SATURDAY = 5
YEARLY = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Public holidays with a fixed date (month, day); used for years whose calendar is not known yet."""


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


HOLIDAYS: frozenset[date] = frozenset(
    [
        *_span(date(2026, 1, 1), date(2026, 1, 3)),
        *_span(date(2026, 2, 15), date(2026, 2, 23)),
        *_span(date(2026, 4, 4), date(2026, 4, 6)),
        *_span(date(2026, 5, 1), date(2026, 5, 5)),
        *_span(date(2026, 6, 19), date(2026, 6, 21)),
        *_span(date(2026, 9, 25), date(2026, 9, 27)),
        *_span(date(2026, 10, 1), date(2026, 10, 7)),
    ]
)
"""Days off by the State Council's calendar of a year; add each new year's when it is announced."""

MAKE_UP_DAYS = frozenset(
    {
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    }
)
"""Weekend days that are worked instead."""

KNOWN_YEARS = frozenset(day.year for day in HOLIDAYS)


def is_working_day(day: date, holidays: Collection[date] = HOLIDAYS) -> bool:
    """True for Monday to Friday that are no holiday, and for weekend days that are worked in exchange for one."""
    if day in MAKE_UP_DAYS:
        return True
    if day.weekday() >= SATURDAY or day in holidays:
        return False
    return day.year in KNOWN_YEARS or (day.month, day.day) not in YEARLY


def end_of_working_day(start: datetime, count: int) -> datetime:
    """Return the end of the ``count``-th working day after the day of ``start``: the first instant that is too late."""
    day = start.astimezone(CITY).date()
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return _end_of(day)


def end_of_calendar_day(start: datetime, count: int) -> datetime:
    """Return the end of the ``count``-th day after that of ``start``, or of the next working day if that is none."""
    day = start.astimezone(CITY).date() + timedelta(days=count)
    while not is_working_day(day):
        day += timedelta(days=1)
    return _end_of(day)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CITY)
