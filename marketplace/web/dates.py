"""How days and moments are written: per language, in the city's time zone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime, get_locale

CITY = ZoneInfo("Asia/Shanghai")


def day(value: date | None) -> str:
    """With weekday: a date people plan by."""
    if value is None:
        return "—"
    pattern = "y年M月d日 EEE" if str(get_locale()).startswith("zh") else "EEE d MMM y"
    return str(format_date(value, pattern))


def moment(value: datetime | None) -> str:
    if value is None:
        return "—"
    pattern = "y年M月d日 EEE HH:mm" if str(get_locale()).startswith("zh") else "EEE d MMM y, HH:mm"
    return str(format_datetime(value, pattern))


def written(value: object) -> object:
    """Return a day or moment as readers write it, anything else as it is."""
    if isinstance(value, datetime):
        return moment(value)
    return day(value) if isinstance(value, date) else value


def from_iso(text: str) -> str:
    """Return a day or moment that was stored as text (2027-01-12, or with its time and zone) as readers write it."""
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return str(written(read(text)))
        except ValueError:
            continue
    return text
