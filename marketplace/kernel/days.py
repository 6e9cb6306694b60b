"""Days that people type: read in one place, and a year that nobody means is a slip of the keyboard."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from marketplace.kernel.errors import Invalid
from marketplace.kernel.numbers import narrow

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Between these lie the days of plans, rules and agreements."""
LONG_AGO = 1900
"""The first year of papers, posts and relations."""

_YEAR, _PART = r"([0-9]{4})", r"([0-9]{1,2})"
_WHOLE = (
    re.compile(rf"{_YEAR} ?年 ?{_PART} ?月 ?{_PART} ?[日号]?"),
    re.compile(rf"{_YEAR}-{_PART}-{_PART}|{_YEAR}/{_PART}/{_PART}|{_YEAR}\.{_PART}\.{_PART}"),
    re.compile(rf"{_YEAR}([0-9]{{2}})([0-9]{{2}})"),
)
_MONTH = re.compile(rf"{_YEAR} ?[-/.年] ?{_PART} ?月?")
_TIME = re.compile(
    r"(?<=[0-9日号])(?: *T *| +|(?<=[日号]))([0-9]{1,2})[:点时]([0-9]{1,2})?(?:分|:[0-9]{2}(?:\.[0-9]+)?)?$"
)
_OF_A_CELL = re.compile(
    r"(?<=[0-9日号])[ T]+[0-9]{1,2}:?[0-9]{2}(?::?[0-9]{2}(?:\.[0-9]+)?)?(?: ?(?:Z|[AaPp][Mm]|[+-][0-9]{2}:?[0-9]{2}))?$"
)
"""A time and no more: behind a first day may stand a second one, and then nobody knows which is meant."""


def require_year(day: date | None, field: str | None = None, first: int = FIRST_YEAR) -> None:
    """Raise Invalid ``day.year`` on ``field`` unless the day's year lies from ``first`` to LAST_YEAR; None is no day."""
    if day is not None and not first <= day.year <= LAST_YEAR:
        raise Invalid("day.year", {"first": str(first), "last": str(LAST_YEAR)}, field=field)


def parse(text: str, first: int = FIRST_YEAR) -> date:
    """Return the day of "2027-03-01", "2027/3/1", "2027.3.1", "2027年3月1日" or "20270301", in digits of either width.

    Raises Invalid for all else, with a code that says why: no day of its month, not the whole day, an unknown order.
    """
    plain = _plain(text)
    for form in _WHOLE:
        if found := form.fullmatch(plain):
            day = _day(*(int(part) for part in found.groups() if part))
            require_year(day, first=first)
            return day
    if re.fullmatch(rf"{_YEAR} ?年?", plain):
        raise Invalid("day.year_alone")
    if _MONTH.fullmatch(plain):
        raise Invalid("day.month_alone")
    raise Invalid("day.order" if re.search("[0-9]", plain) else "day.unread")


def parse_cell(text: str, first: int = FIRST_YEAR) -> date:
    """Return the day of a cell of a file, as ``parse`` does; a time after it counts for nothing."""
    return parse(_OF_A_CELL.sub("", _plain(text)), first)


def parse_moment(text: str, first: int = FIRST_YEAR) -> datetime:
    """Return the day and time, without a zone, of "2027-03-01 17:30" or "2027年3月1日17时30分"; raises Invalid for all else."""
    plain = _plain(text)
    found = _TIME.search(plain)
    day = parse(plain[: found.start()] if found else plain, first)
    if found is None:
        raise Invalid("day.time_missing")
    try:
        return datetime.combine(day, time(int(found[1]), int(found[2] or 0)))
    except ValueError as error:
        raise Invalid("day.time_missing") from error


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", narrow(text).replace("。", "."))


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Invalid("day.none") from error
