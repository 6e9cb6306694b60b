"""Days that people type: a year that nobody means is a slip of the keyboard."""

from __future__ import annotations

from datetime import date

from marketplace.kernel.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Between these lie the days of plans, rules and agreements."""
LONG_AGO = 1900
"""The first year of papers, posts and relations."""


def require_year(day: date | None, field: str | None = None, first: int = FIRST_YEAR) -> None:
    """Raise Invalid ``day.year`` on ``field`` unless the day's year lies from ``first`` to LAST_YEAR; None is no day."""
    if day is not None and not first <= day.year <= LAST_YEAR:
        raise Invalid("day.year", {"first": str(first), "last": str(LAST_YEAR)}, field=field)
