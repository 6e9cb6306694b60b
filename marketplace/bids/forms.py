"""Forms of bids. They check shapes only; ``preflight`` says what a submission lacks. None of them is kept in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import DateField, FieldList, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.bids.preflight import MAX_MONTHS
from marketplace.bids.terms import MAX_DAYS, Answer, BidTerms, Load
from marketplace.bids.workflow import Meets
from marketplace.orders.models import Order
from marketplace.orders.terms import AmendTerms
from marketplace.web.forms import ChoiceField, Form, LocalDateTimeField, MoneyField

MAX_PARTNERS = 5
LONG = 20_000


def plain(text: str | None) -> str:
    """Return typed text without the NUL that PostgreSQL refuses, with plain line ends and no space around it."""
    return (text or "").replace("\x00", "").replace("\r\n", "\n").strip()


def at_most(limit: int) -> Length:
    return Length(max=limit, message=_l("At most %(max)d characters."))


def within(least: int, most: int) -> NumberRange:
    return NumberRange(min=least, max=most, message=_l("A whole number from %(min)s to %(max)s."))


def year_in_reach(_form: object, field: Any) -> None:
    """Validator of dates: a year people mean."""
    if isinstance(field.data, date) and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_l("Give a year between 2000 and 2100."))


class MayWait(Optional):
    """Validator of draft fields: empty is fine for now, but the field is not optional, and is not called so."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {}


class PartnerRow(Form):
    """Person-days of a partner team."""

    class Meta:
        csrf = False  # the form around it carries the token

    team = SelectField(_l("Partner team"), default="")
    person_days = IntegerField(_l("Person-days"), [MayWait(), within(1, MAX_DAYS)])

    def validate_team(self, field: SelectField) -> None:
        """A team needs days, and days need a team."""
        days = any(self.person_days.raw_data or [])
        if field.data and not days:
            raise ValidationError(_l("Say how many person-days this team puts in."))
        if days and not field.data:
            raise ValidationError(_l("Choose the team these days belong to."))


class AnswerRow(Form):
    """The answer to one target of the order."""

    class Meta:
        csrf = False  # the form around it carries the token

    meets = ChoiceField(Meets, _l("The bid"), empty=_l("Please choose"))
    value = StringField(_l("Promised value"), [at_most(40)], filters=[plain], render_kw={"inputmode": "decimal"})
    note = StringField(_l("Remark"), [Optional(), at_most(500)], filters=[plain])


class BidForm(Form):
    """The whole bid; the answers stand in the order of the targets."""

    plan = TextAreaField(_l("Technical plan"), [at_most(LONG)], filters=[plain], render_kw={"rows": 12})
    schedule = TextAreaField(_l("Schedule"), [at_most(LONG)], filters=[plain], render_kw={"rows": 5})
    answers = FieldList(FormField(AnswerRow))
    price = MoneyField(_l("Price"), least=1)
    start_on = DateField(_l("Start of work"), [MayWait(), year_in_reach])
    months = IntegerField(_l("Duration in months"), [MayWait(), within(1, MAX_MONTHS)])
    own_days = IntegerField(_l("Person-days of your team"), [MayWait(), within(1, MAX_DAYS)])
    partners = FieldList(FormField(PartnerRow), min_entries=1, max_entries=MAX_PARTNERS)

    def __init__(self, order: Order, team_id: int, partner_choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.order, self.team_id = order, team_id
        self.partner_choices = [("", _l("No partner")), *partner_choices]
        while len(self.answers) < len(order.targets):
            self.answers.append_entry()
        self.answers.entries = self.answers.entries[: len(order.targets)]
        self.offer_partners()

    def offer_partners(self) -> None:
        """Give every partner row the teams to choose from."""
        for row in self.partners:
            row.form.team.choices = self.partner_choices

    def rows_changed(self) -> bool:
        """Add or remove a partner row as the buttons asked (browsers without scripts); return whether one was pressed."""
        if not {"add_row", "remove_row"} & set(request.form):
            return False
        if "add_row" in request.form and len(self.partners.entries) < MAX_PARTNERS:
            self.partners.append_entry()
        self.partners.entries = [e for e in self.partners.entries if e.name != request.form.get("remove_row")]
        if not self.partners.entries:
            self.partners.append_entry()
        self.offer_partners()
        return True

    def validate_partners(self, field: FieldList[Any]) -> None:
        """Each partner team once."""
        named = [row.form.team.data for row in field if row.form.team.data]
        if len(set(named)) != len(named):
            raise ValidationError(_l("Name each partner team once."))

    def to_terms(self) -> BidTerms:
        """Return the content; rows that say nothing are left out."""
        own = [Load(self.team_id, self.own_days.data)] if self.own_days.data else []
        partners = [
            Load(int(row.form.team.data), row.form.person_days.data)
            for row in self.partners
            if row.form.team.data and row.form.person_days.data
        ]
        answers = [
            Answer(target.id, row.form.meets.data, row.form.value.data or "", row.form.note.data or "")
            for target, row in zip(self.order.targets, self.answers, strict=True)
        ]
        return BidTerms(
            plan=self.plan.data or "",
            schedule=self.schedule.data or "",
            price=self.price.data,  # type: ignore[arg-type]
            start_on=self.start_on.data,
            months=self.months.data,
            loads=(*own, *partners),
            answers=tuple(answers),
        )


def as_data(terms: BidTerms, order: Order, team_id: int) -> dict[str, Any]:
    """Return what ``BidForm`` shows for ``terms``."""
    given = {answer.target: answer for answer in terms.answers}
    return {
        "plan": terms.plan,
        "schedule": terms.schedule,
        "price": terms.price,
        "start_on": terms.start_on,
        "months": terms.months,
        "own_days": next((load.person_days for load in terms.loads if load.team == team_id), None),
        "partners": [
            {"team": str(load.team), "person_days": load.person_days} for load in terms.loads if load.team != team_id
        ],
        "answers": [
            {"meets": a.meets, "value": a.value, "note": a.note} if (a := given.get(target.id)) else {}
            for target in order.targets
        ],
    }


class StartForm(Form):
    """Which team bids."""

    team = SelectField(_l("Team"), coerce=int)


class AmendForm(Form):
    """The public text, and what changed."""

    title = StringField(_l("Title"), [InputRequired(_l("The title cannot be empty.")), at_most(200)], filters=[plain])
    problem = TextAreaField(
        _l("Problem"),
        [InputRequired(_l("The problem cannot be empty.")), at_most(LONG)],
        filters=[plain],
        render_kw={"rows": 9},
    )
    background = TextAreaField(_l("Background"), [Optional(), at_most(LONG)], filters=[plain], render_kw={"rows": 6})
    note = StringField(
        _l("What changed"), [InputRequired(_l("Tell the teams what changed.")), at_most(500)], filters=[plain]
    )

    question = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def to_terms(self) -> AmendTerms:
        title, problem, background, note = (
            field.data or "" for field in (self.title, self.problem, self.background, self.note)
        )
        return AmendTerms(title, problem, background, note, self.question.data)


class AnswerForm(Form):
    """The answer to a question, for everybody."""

    answer = TextAreaField(
        _l("Answer"),
        [InputRequired(_l("Please write the answer.")), at_most(5000)],
        filters=[plain],
        render_kw={"rows": 5},
    )


class DeadlineForm(Form):
    """A later deadline, and why."""

    deadline = LocalDateTimeField(_l("New deadline"), [InputRequired(_l("Please give the new deadline."))])
    why = StringField(_l("Why"), [InputRequired(_l("Please write the reason.")), at_most(500)], filters=[plain])
