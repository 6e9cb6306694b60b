"""How periods are counted: month arithmetic, leap days, and last days that fall on a holiday.

A period in months ends on the same day of its last month, or on that month's last day where there is no such day; when the
last day is a holiday, the first working day after it counts (Implementing Rules of the Patent Law, rules 5 and 6).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

_DAY = timedelta(days=1)

_CLOSED = """
2023-01-01 2023-01-02
2023-01-21 2023-01-27
2023-04-05 2023-04-05
2023-04-29 2023-05-03
2023-06-22 2023-06-24
2023-09-29 2023-10-06
2024-01-01 2024-01-01
2024-02-10 2024-02-17
2024-04-04 2024-04-06
2024-05-01 2024-05-05
2024-06-10 2024-06-10
2024-09-15 2024-09-17
2024-10-01 2024-10-07
2025-01-01 2025-01-01
2025-01-28 2025-02-04
2025-04-04 2025-04-06
2025-05-01 2025-05-05
2025-05-31 2025-06-02
2025-10-01 2025-10-08
2026-01-01 2026-01-03
2026-02-15 2026-02-23
2026-04-04 2026-04-06
2026-05-01 2026-05-05
2026-06-19 2026-06-21
2026-09-25 2026-09-27
2026-10-01 2026-10-07
"""
_WORKED = """
2023-01-28 2023-01-29 2023-04-23 2023-05-06 2023-06-25 2023-10-07 2023-10-08
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


def _days() -> Iterator[date]:
    for line in _CLOSED.split("\n"):
        if line:
            first, last = (date.fromisoformat(text) for text in line.split())
            yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


CLOSED = frozenset(_days())
"""Days off as the State Council announced them, year by year."""
WORKED = frozenset(date.fromisoformat(text) for text in _WORKED.split())
"""Saturdays and Sundays that were announced as working days in exchange."""
ANNOUNCED = range(2023, 2027)
"""Years whose days off are known. For others only weekends and the fixed public holidays count, so a reminder comes early."""
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def is_working_day(day: date) -> bool:
    """Return whether offices work on ``day``."""
    if day in WORKED:
        return True
    return day.weekday() < 5 and day not in CLOSED and not (day.year not in ANNOUNCED and (day.month, day.day) in FIXED)


def rolled(day: date) -> date:
    """Return ``day``, or the first working day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_months(day: date, months: int) -> date:
    """Return the day ``months`` later (earlier when negative): 29 February + 12 = 28 February, 31 August + 6 = its last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def months_between(first: date, second: date) -> int:
    """Return how many whole months passed from ``first`` to ``second`` (0 when ``second`` is earlier)."""
    months = max(0, (second.year - first.year) * 12 + second.month - first.month)
    return months - 1 if months and add_months(first, months) > second else months
