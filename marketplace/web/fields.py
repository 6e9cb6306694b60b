"""Fields for numbers, days and times: read as people type them; what cannot be read is shown again, with one sentence why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, DateTimeLocalField, Field
from wtforms import DecimalField as _DecimalField
from wtforms import IntegerField as _IntegerField
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from marketplace.kernel import days, numbers
from marketplace.kernel.days import FIRST_YEAR
from marketplace.kernel.errors import Invalid
from marketplace.web import words
from marketplace.web.filters import CITY

LARGEST = 2**31
"""What the database keeps in 32 bits lies below."""


class _Digits(TextInput):
    """A text field with the keys of numbers: a browser's own number field swallows full-width digits and separators."""

    def __init__(self, inputmode: str) -> None:
        super().__init__()
        self.inputmode = inputmode

    def __call__(self, field: Field, **kwargs: Any) -> Any:
        return super().__call__(field, **{"inputmode": self.inputmode, "autocomplete": "off", **kwargs})


class _Typed(Field):
    """A field whose validators need not speak as well when what was typed could not be read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = self.read(valuelist[0])

    def read(self, text: str) -> Any:
        """Return what ``text`` means; raise ValueError with a sentence when it means nothing."""
        raise NotImplementedError

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.process_errors:
            raise StopValidation


class WholeField(_Typed, _IntegerField):
    """A whole number that the database can keep."""

    widget = _Digits("numeric")

    def read(self, text: str) -> int:
        try:
            number = numbers.whole(text)
        except ValueError as error:
            raise ValueError(_("Write a whole number, such as 12 or 1,200.")) from error
        if abs(number) >= LARGEST:
            raise ValueError(_("This number is too large."))
        return number


class DecimalField(_Typed, _DecimalField):
    """A number with or without decimal places; ``data`` is a Decimal."""

    widget = _Digits("decimal")

    def read(self, text: str) -> Any:
        try:
            number = numbers.decimal(text)
        except ValueError as error:
            raise ValueError(_("Write a number, such as 12.5 or 1,200.")) from error
        if abs(number) >= LARGEST:
            raise ValueError(_("This number is too large."))
        return number


class _DayTyped(_Typed):
    """A day, with or without its time; its year is one that people mean, from ``first`` on.

    A browser's calendar shows nothing but the one form it knows: what was typed otherwise and is wrong stands in a plain field.
    """

    first = FIRST_YEAR

    def __call__(self, **kwargs: Any) -> Any:
        return super().__call__(**({"type": "text"} if self.process_errors else {}), **kwargs)

    def _value(self) -> str:
        if self.data is None:
            return " ".join(self.raw_data or [])
        return self.written(self.data)

    def written(self, value: Any) -> str:
        raise NotImplementedError

    def read(self, text: str) -> Any:
        try:
            return self.meant(text)
        except Invalid as refused:
            raise ValueError(words.sentence(refused.code, refused.values)) from refused

    def meant(self, text: str) -> Any:
        raise NotImplementedError


class DayField(_DayTyped, DateField):
    """A day as people write it (kernel/days.py)."""

    def __init__(self, label: Any = None, validators: Any = None, *, first: int = FIRST_YEAR, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.first = first

    def written(self, value: date) -> str:
        return value.isoformat()

    def meant(self, text: str) -> date:
        return days.parse(text, self.first)


class LocalDateTimeField(_DayTyped, DateTimeLocalField):
    """A time typed in the city's time zone; ``data`` is aware, in UTC."""

    def written(self, value: datetime) -> str:
        return value.astimezone(CITY).strftime("%Y-%m-%dT%H:%M")

    def meant(self, text: str) -> datetime:
        return days.parse_moment(text, self.first).replace(tzinfo=CITY).astimezone(UTC)
