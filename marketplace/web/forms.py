"""Form classes and fields that every room shares: amounts, shares, choices from enums."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from wtforms import (
    Field,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from marketplace.kernel import money, numbers
from marketplace.kernel.errors import Invalid
from marketplace.kernel.patents import classifications
from marketplace.web import expired, words

Words = Any

REQUIRED = DataRequired(_l("Please fill this in."))


def without_nul(value: Any) -> Any:
    """Return typed text without the NUL that PostgreSQL refuses; other values as they are."""
    return value.replace("\x00", "") if isinstance(value, str) else value


_LINES = frozenset("\n\r\t")
_JOINERS = frozenset("\u200c\u200d")
_OUTSIDE_WORDS = re.compile(r"(?<!\S)[\u200c\u200d]+|[\u200c\u200d]+(?!\S)")
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing, though Unicode counts them neither as controls nor as spaces."""


def visible(value: Any) -> Any:
    """Return typed text without what nobody sees; other values as they are.

    Controls and formats (Unicode Cc and Cf: NUL, zero-width space, turned reading direction) hide or forge what others will
    read and make an empty reason look given. Line ends and tabs stay, and joiners inside a word, which Persian, Indic scripts
    and emoji need. What then shows nothing at all is empty.
    """
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return value
    kept = "".join(c for c in value if c in _LINES or c in _JOINERS or unicodedata.category(c) not in {"Cc", "Cf"})
    kept = _OUTSIDE_WORDS.sub("", kept)
    return kept if any(not c.isspace() and c not in _BLANKS for c in kept) else ""


def plain(text: str | None) -> str:
    """Return typed text as others will see it (``visible``), with plain line ends and no space around it."""
    return (visible(text) or "").replace("\r\n", "\n").strip()


PLAIN = [plain]


def at_most(count: int) -> Length:
    return Length(max=count, message=_l("At most %(max)d characters."))


def number_or_none(value: Any) -> int | None:
    """Coerce a select's value; what is no short number is no choice either."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def typed(field: StringField) -> str:
    """Return what was typed ('' for nothing): WTForms' fields may hold None."""
    return field.data or ""


def ipc_symbols(most: int) -> Callable[[object, Any], None]:
    """Validator of lists of IPC symbols, ``most`` characters as they are kept: told beside the other slips of the form."""

    def check(_form: object, field: Any) -> None:
        try:
            classifications(field.data or "", most)
        except Invalid as refused:
            raise ValidationError(words.sentence(refused.code, refused.values)) from refused

    return check


class MayWait(Optional):
    """Validator of draft fields: empty is fine for now, but the field is not optional, and is not called so."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


def _name_choice(field: Any) -> None:
    """Let a select say in the reader's language which choice is missing, where WTForms speaks of coercion."""
    message = _l("Please choose one of those offered for “%(field)s”.", field=field.label.text)
    field.invalid_value_message = field.invalid_value_message or message
    if not isinstance(field, SelectMultipleField):  # whose message WTForms fills with the values
        field.invalid_choice_message = field.invalid_choice_message or message


class _Token(_FlaskFormCSRF):  # type: ignore[misc]
    """The token of a form; where it has died, the page says so once, above its form (web/expired.py)."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as refused:
            raise ValidationError(expired.notice()) from refused


class Form(FlaskForm):  # type: ignore[misc]
    """Base of all forms; ``to_terms`` of a room's form hands plain values to its service."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Whatever a field asks of its own: text keeps what can be seen, choices are named.

        A password is nobody's reading: it keeps all but the NUL that cannot be stored.
        """

        csrf_class = _Token

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField):
                first = without_nul if issubclass(kind, PasswordField) else visible
                options = {**options, "filters": (first, *unbound_field.kwargs.get("filters", ()))}
            field = super().bind_field(form, unbound_field, options)
            if isinstance(field, SelectField):
                _name_choice(field)
            return field

    @property
    def has_errors(self) -> bool:
        return bool(self.errors)


class ReasonForm(Form):
    """One sentence why; asked wherever a transition needs a reason."""

    reason = StringField(
        _l("Reason"),
        [DataRequired(_l("Please write the reason.")), Length(max=500, message=_l("At most %(max)d characters."))],
    )


def change_rows(*lists: Any) -> bool:
    """Add or remove a row of a form's lists as the buttons asked (browsers without scripts); return whether one was pressed."""
    added, removed = request.form.get("add_row"), request.form.get("remove_row")
    if added is None and removed is None:
        return False
    for rows in lists:
        if rows.name == added and len(rows.entries) < rows.max_entries:
            rows.append_entry()
        rows.entries = [entry for entry in rows.entries if entry.name != removed]
        if not rows.entries:
            rows.append_entry()
    return True


class TicksField(SelectMultipleField):
    """Several choices as ticks; ``data`` is the list of their values."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EmptyForm(Form):
    """A button: nothing but the CSRF token."""


class MoneyField(StringField):
    """An amount typed as 48万 or 480,000; ``data`` is whole fen (or None when nothing was typed)."""

    money = True

    def __init__(self, label: Words = None, validators: Any = None, *, least: int = 0, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.least = least
        self.typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else money.plain(self.data)  # type: ignore[arg-type]

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if not self.typed.strip():
            return
        try:
            self.data = money.parse(self.typed)  # type: ignore[assignment]
        except money.TooLarge as error:
            most = f"{money.yuan(money.MAX_FEN):,.0f}"
            raise ValueError(_("The amount may be at most %(most)s yuan.", most=most)) from error
        except ValueError as error:
            raise ValueError(_("Write an amount in yuan, such as 480,000.")) from error
        if self.data < self.least:  # type: ignore[operator]
            raise ValueError(_("The amount must be at least %(least)s yuan.", least=money.plain(self.least)))


class PercentField(StringField):
    """A share typed as 30, 30 % or 12.5; ``data`` is whole basis points (or None when nothing was typed)."""

    data: Any
    typed: str | None = None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else f"{(Decimal(self.data) / 100).normalize():f}"

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        if not self.typed.strip():
            return
        try:
            self.data = numbers.basis_points(self.typed)
        except ValueError as error:
            raise ValueError(_("Write a percentage such as 30 or 12.5.")) from error


class AmountGiven:
    """Validator: an amount must be typed (0 counts)."""

    field_flags = {"required": True}  # noqa: RUF012 - WTForms reads a class attribute

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        if field.data is None and not field.errors:
            raise StopValidation(_("Please give an amount."))


class ChoiceField(SelectField):
    """A select over an enum; ``data`` is the member, or None where the empty choice is allowed and taken."""

    def __init__(
        self, kind: type[StrEnum], label: Words = None, validators: Any = None, *, empty: Words = None, **kwargs: Any
    ) -> None:
        self.kind = kind
        self.empty = empty
        super().__init__(label, validators, choices=self._labelled, coerce=self._member, validate_choice=True, **kwargs)

    def _labelled(self) -> list[tuple[str, Any]]:
        first = [] if self.empty is None else [("", self.empty)]
        return [*first, *words.choices(self.kind)]

    def _member(self, value: Any) -> StrEnum | None:
        if value in (None, ""):
            return None
        return value if isinstance(value, self.kind) else self.kind(value)

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - the signature is WTForms'
        if self.data is None and self.empty is None and not self.process_errors:
            raise StopValidation(_("Please choose."))
