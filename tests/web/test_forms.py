"""What shared fields accept, what they say, and that nothing typed breaks the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    FloatField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.kernel.days import LONG_AGO
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders.workflow import IpWish
from marketplace.web import fields
from marketplace.web.errors import refusals_on
from marketplace.web.fields import DayField, LocalDateTimeField, WholeField
from marketplace.web.forms import (
    AmountGiven,
    ChoiceField,
    EmptyForm,
    Form,
    MoneyField,
    PercentField,
    ReasonForm,
    plain,
)


class Sample(Form):
    text = StringField()
    long = TextAreaField(filters=[lambda value: (value or "").strip()])
    amount = MoneyField(least=100)
    part = PercentField()
    needed = MoneyField(validators=[AmountGiven()])
    when = LocalDateTimeField()
    day = DayField()
    past = DayField(validators=[InputRequired("Give a date.")], first=LONG_AGO)
    wish = ChoiceField(IpWish, empty="any")
    must = ChoiceField(IpWish)
    team = SelectField(coerce=int, choices=[SelectChoice(1, "one")], default=1)
    secret = PasswordField()
    days = WholeField(validators=[Optional(), NumberRange(0, 100, "0 to 100")])
    share = fields.DecimalField(validators=[Optional(), NumberRange(0, 100, "0 to 100")], places=None)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def sample(**values: str) -> Sample:
    form = Sample(formdata=MultiDict({"needed": "0", "must": "joint", "team": "1", **values}))
    form.validate()
    return form


def errors(form: Sample, name: str) -> list[str]:
    return [str(error) for error in form[name].errors]


def test_every_text_field_drops_nul_and_keeps_its_own_filters() -> None:
    form = sample(text="a\x00b", long=" \x00 c \x00")
    assert (form.text.data, form.long.data) == ("ab", "c")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\x01\x02", ""),
        ("\x07\u200b", ""),
        ("\ufeff \u2060\u00ad", ""),
        ("\u200d\u200c", ""),
        ("\u3164 \u2800", ""),
        ("a\u202eb\u2066c", "abc"),
        ("第一\u200b行\r\n第二\t行", "第一行\r\n第二\t行"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬 \u200d x\u200d", "👩\u200d🔬  x"),
    ],
)
def test_text_keeps_what_can_be_seen(typed: str, kept: str) -> None:
    assert sample(text=typed).text.data == kept
    assert plain(typed) == kept.replace("\r\n", "\n").strip()


def test_a_password_keeps_all_but_nul() -> None:
    assert Sample(formdata=MultiDict({"secret": "a\u200b\x00b"})).secret.data == "a\u200bb"


@pytest.mark.parametrize("value", ["", "x", "3"])
def test_a_wrong_choice_names_its_field(value: str) -> None:
    assert errors(sample(team=value), "team") == ["Please choose one of those offered for “Team”."]
    assert not errors(sample(team="1"), "team")


def test_a_wrong_choice_of_an_enum_is_told_once() -> None:
    form = sample(must="no choice")
    assert errors(form, "must") == ["Please choose one of those offered for “Must”."]


@pytest.mark.parametrize("typed", ["", "   ", "\x00", " \x00 ", "\x00\x01", "\x07\u200b", "\u3164"])
def test_a_reason_is_needed(typed: str) -> None:
    form = ReasonForm(formdata=MultiDict({"reason": typed}))
    assert not form.validate()
    assert [str(e) for e in form.reason.errors] == ["Please write the reason."]


def test_a_reason_has_a_longest_length() -> None:
    assert ReasonForm(formdata=MultiDict({"reason": "字" * 500})).validate()
    form = ReasonForm(formdata=MultiDict({"reason": "字" * 501}))
    assert not form.validate()
    assert [str(e) for e in form.reason.errors] == ["At most 500 characters."]


@pytest.mark.parametrize(
    ("typed", "data", "said"),
    [
        ("48万", 48_000_000, []),
        ("", None, []),
        ("much", None, ["Write an amount in yuan, such as 480,000."]),
        ("9" * 40, None, ["The amount may be at most 10,000,000,000,000 yuan."]),
        ("1,5", None, ["Write an amount in yuan, such as 480,000."]),
        ("0.5", 50, ["The amount must be at least 1 yuan."]),
    ],
)
def test_an_amount_is_fen_and_what_was_typed_is_shown_again(typed: str, data: int | None, said: list[str]) -> None:
    form = sample(amount=typed)
    assert (form.amount.data, errors(form, "amount"), form.amount._value()) == (data, said, typed)


@pytest.mark.parametrize("typed", ["12.5", "１２．５", "１２．５％"])
def test_a_percentage_is_read_in_digits_of_either_width(typed: str) -> None:
    assert sample(part=typed).part.data == 1250


def test_a_needed_amount_may_be_zero_but_not_missing() -> None:
    assert errors(sample(needed="0"), "needed") == []
    assert errors(sample(needed=""), "needed") == ["Please give an amount."]


def test_a_time_is_typed_in_the_citys_zone() -> None:
    form = sample(when="2027-01-12T10:00")
    assert form.when.data == datetime(2027, 1, 12, 2, 0, tzinfo=UTC)
    shown = Sample(data={"when": datetime(2027, 1, 12, 2, 0, tzinfo=UTC)})
    assert shown.when._value() == "2027-01-12T10:00"


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59", "soon", "2027-02-30T10:00"])
def test_a_time_that_cannot_be_is_refused(typed: str) -> None:
    form = sample(when=typed)
    assert len(errors(form, "when")) == 1
    assert form.when._value() == typed


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2000-01-01", []),
        ("2100-12-31", []),
        ("1999-12-31", ["Give a year between 2000 and 2100."]),
        ("0001-01-01", ["Give a year between 2000 and 2100."]),
        ("9999-12-31", ["Give a year between 2000 and 2100."]),
    ],
)
def test_a_day_has_a_year_that_people_mean(typed: str, said: list[str]) -> None:
    form = sample(day=typed)
    assert errors(form, "day") == said
    assert form.day._value() == typed


def test_papers_are_older_and_what_was_typed_wrong_is_not_called_missing() -> None:
    assert errors(sample(past="1931-05-04"), "past") == []
    assert errors(sample(past="0031-05-04"), "past") == ["Give a year between 1900 and 2100."]
    assert errors(sample(past=""), "past") == ["Give a date."]


@pytest.mark.parametrize("typed", ["2027年3月1日", "2027/3/1", "2027.3.1", "２０２７－０３－０１", "2027 年 3 月 1 日"])
def test_a_day_is_read_as_people_write_it_and_shown_as_a_calendar_knows_it(typed: str) -> None:
    form = sample(day=typed)
    assert (errors(form, "day"), form.day._value()) == ([], "2027-03-01")
    assert 'type="date"' in form.day()


@pytest.mark.parametrize(
    "typed", ["2027年3月1日17时30分", "2027/3/1 17:30", "２０２７.３.１　１７：３０", "2027-03-01T17:30:00"]
)
def test_a_time_is_read_as_people_write_it(typed: str) -> None:
    form = sample(when=typed)
    assert (errors(form, "when"), form.when._value()) == ([], "2027-03-01T17:30")


@pytest.mark.parametrize(
    ("typed", "said"), [("2027年3月", "This is a month."), ("3/1/2027", "This day can be read in more")]
)
def test_a_day_that_has_two_meanings_is_refused_and_stays_on_the_page(typed: str, said: str) -> None:
    """A browser's calendar would show nothing of it, so the field becomes a plain one."""
    form = sample(past=typed)
    assert [told[: len(said)] for told in errors(form, "past")] == [said]
    assert f'value="{typed}"' in form.past()
    assert 'type="text"' in form.past()


@pytest.mark.parametrize("kind", [DateField, DateTimeLocalField, DecimalField, FloatField, IntegerField])
def test_every_number_and_day_that_is_typed_is_read_in_one_way(kind: type) -> None:
    found = [f"{form.__module__}.{name}" for form, name, used in fields_of(BaseForm) if used is kind]
    assert [each for each in found if each.startswith("marketplace.")] == []


def test_the_librarys_own_fields_would_read_them_in_another() -> None:
    """The twin."""

    class Plain(Form):
        day = DateField()
        share = DecimalField()

    form = Plain(MultiDict({"day": "0001-01-01", "share": "１,２００"}))
    form.validate()
    assert (errors(form, "day"), errors(form, "share")) == ([], ["Not a valid decimal value."])


def fields_of(form: type) -> Iterator[tuple[type, str, Any]]:
    for name, field in vars(form).items():
        if hasattr(field, "field_class"):
            yield form, name, field.field_class
    for inner in form.__subclasses__():
        yield from fields_of(inner)


def test_a_choice_is_a_member_or_nothing_where_that_is_allowed() -> None:
    form = sample(wish="", must="team")
    assert (form.wish.data, form.must.data, errors(form, "wish")) == (None, IpWish.TEAM, [])
    assert errors(sample(must=""), "must") == ["Please choose."]
    assert errors(sample(wish="nonsense"), "wish")


@pytest.mark.parametrize(
    ("refused", "place"),
    [(Invalid("stale", field="text"), "text"), (Invalid("stale", field="other"), None), (Conflict("stale"), None)],
)
def test_a_refusal_stands_beside_its_field_or_above_the_form(refused: Any, place: str | None) -> None:
    form = sample()
    with refusals_on(form):
        raise refused
    said = form.form_errors if place is None else form[place].errors
    assert [str(e)[:21] for e in said] == ["Somebody else changed"]
    assert form.has_errors


def test_a_form_does_not_tell_that_a_hidden_thing_exists() -> None:
    with pytest.raises(NotFound), refusals_on(EmptyForm()):
        raise NotFound("bid")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", []),
        ("100", []),
        ("101", ["0 to 100"]),
        ("2147483648", ["This number is too large."]),
        ("9" * 400, ["This number is too large."]),
        ("-" + "9" * 400, ["This number is too large."]),
        ("５０", []),
        ("1,5", ["Write a whole number, such as 12 or 1,200."]),
        ("1.5", ["Write a whole number, such as 12 or 1,200."]),
        ("much", ["Write a whole number, such as 12 or 1,200."]),
    ],
)
def test_a_whole_number_fits_where_it_is_kept(typed: str, said: list[str]) -> None:
    assert errors(sample(days=typed), "days") == said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("１２．５", []),
        ("", []),
        ("1,00", ["Write a number, such as 12.5 or 1,200."]),
        ("nan", ["Write a number, such as 12.5 or 1,200."]),
        ("1e1", ["Write a number, such as 12.5 or 1,200."]),
        ("101", ["0 to 100"]),
    ],
)
def test_a_number_is_read_strictly_in_digits_of_either_width(typed: str, said: list[str]) -> None:
    form = sample(share=typed)
    assert (errors(form, "share"), form.share._value()) == (said, typed)
    assert 'inputmode="decimal"' in form.share()
