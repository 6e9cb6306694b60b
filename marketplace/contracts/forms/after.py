"""Forms of changes, of an end, and of what remains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Optional

from marketplace.contracts.planning import MOST_STEPS
from marketplace.contracts.terms import ChangeTerms, RatingTerms, ResultTerms, StepChange, TrainingTerms
from marketplace.contracts.workflow import ChangeKind, ResultKind, TrainingLevel
from marketplace.web.fields import DayField
from marketplace.web.forms import REQUIRED, AmountGiven, ChoiceField, Form, MoneyField, at_most, plain


class ChangeStepForm(Form):
    """One open milestone as it shall be."""

    class Meta:
        csrf = False  # the form around it carries the token

    milestone = HiddenField()
    title = StringField(_l("Milestone"), [REQUIRED, at_most(120)], filters=[plain])
    deliverables = StringField(_l("What is delivered"), [REQUIRED, at_most(300)], filters=[plain])
    due_on = DayField(_l("Due on"), [InputRequired(_l("Please give a day."))])
    amount = MoneyField(_l("Amount (yuan)"), [AmountGiven()])

    def to_step(self) -> StepChange:
        assert self.due_on.data is not None  # validated
        key = str(self.milestone.data or "")
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0
        return StepChange(
            number, self.title.data or "", self.deliverables.data or "", self.due_on.data, int(self.amount.data or 0)
        )


class ChangeForm(Form):
    """A change of the open milestones with a typed reason."""

    kind = SelectField(_l("Kind of change"), choices=[])
    reason = TextAreaField(_l("Reason"), [REQUIRED, at_most(2000)], filters=[plain], render_kw={"rows": 4})
    steps = FieldList(FormField(ChangeStepForm), min_entries=0, max_entries=MOST_STEPS)

    def fill(self, milestones: Iterable[Any]) -> None:
        for row in milestones:
            self.steps.append_entry(
                {
                    "milestone": str(row.id),
                    "title": row.title,
                    "deliverables": row.deliverables,
                    "due_on": row.due_on,
                    "amount": row.amount,
                }
            )

    def to_terms(self) -> ChangeTerms:
        steps = tuple(entry.form.to_step() for entry in self.steps.entries)
        return ChangeTerms(ChangeKind(self.kind.data), self.reason.data or "", steps)


class EndForm(Form):
    """An end with a settlement."""

    kind = SelectField(_l("Why the contract ends"), choices=[])
    reason = TextAreaField(_l("Reason"), [REQUIRED, at_most(2000)], filters=[plain], render_kw={"rows": 4})
    earned = MoneyField(_l("What the institution shall have in all (yuan)"), [AmountGiven()])

    def to_terms(self) -> ChangeTerms:
        return ChangeTerms(ChangeKind(self.kind.data), self.reason.data or "", earned=int(self.earned.data or 0))


class EndRulingForm(Form):
    """What an officer writes down where the sides did not agree."""

    earned = MoneyField(_l("What the institution shall have in all (yuan)"), [AmountGiven()])
    text = TextAreaField(_l("Reasons"), [REQUIRED, at_most(2000)], filters=[plain], render_kw={"rows": 4})


class TrainingForm(Form):
    student = StringField(_l("Student"), [REQUIRED, at_most(100)], filters=[plain])
    level = ChoiceField(TrainingLevel, _l("Level"))
    topic = StringField(_l("Topic"), [Optional(), at_most(200)], filters=[plain])
    mentor_enterprise = StringField(_l("Mentor in the enterprise"), [REQUIRED, at_most(100)], filters=[plain])
    mentor_institution = StringField(_l("Mentor in the institution"), [REQUIRED, at_most(100)], filters=[plain])
    starts_on = DayField(_l("Begins on"), [InputRequired(_l("Please give a day."))])

    def to_terms(self) -> TrainingTerms:
        assert self.starts_on.data is not None  # validated
        return TrainingTerms(
            self.student.data or "",
            self.level.data,
            self.mentor_enterprise.data or "",
            self.mentor_institution.data or "",
            self.starts_on.data,
            self.topic.data or "",
        )


class TrainingEndForm(Form):
    finished = RadioField(
        _l("How it ended"),
        [InputRequired(_l("Please choose."))],
        choices=[SelectChoice("1", _l("Training completed")), SelectChoice("0", _l("Left before the end"))],
    )
    ended_on = DayField(_l("Ended on"), [InputRequired(_l("Please give a day."))])
    now = StringField(_l("What the person does now"), [REQUIRED, at_most(300)], filters=[plain])


class ResultForm(Form):
    kind = ChoiceField(ResultKind, _l("Kind"))
    title = StringField(_l("Title"), [REQUIRED, at_most(300)], filters=[plain])
    number = StringField(_l("Number"), [Optional(), at_most(60)], filters=[plain])
    on = DayField(_l("Date"), [InputRequired(_l("Please give a day."))])
    holder = StringField(_l("Holder"), [Optional(), at_most(200)], filters=[plain])

    def to_terms(self) -> ResultTerms:
        assert self.on.data is not None  # validated
        return ResultTerms(
            self.kind.data,
            self.title.data or "",
            self.on.data,
            self.number.data or "",
            self.holder.data or "",
        )


SCALE = [SelectChoice(str(n), str(n)) for n in range(5, 0, -1)]


class RatingForm(Form):
    quality = RadioField(_l("Quality of the work"), [InputRequired(_l("Please choose."))], choices=SCALE)
    timeliness = RadioField(_l("Punctuality"), [InputRequired(_l("Please choose."))], choices=SCALE)
    cooperation = RadioField(_l("Cooperation"), [InputRequired(_l("Please choose."))], choices=SCALE)
    reasons = TextAreaField(_l("Reasons"), [REQUIRED, at_most(2000)], filters=[plain], render_kw={"rows": 4})

    def to_terms(self) -> RatingTerms:
        quality, timeliness, cooperation = (
            int(field.data or 0) for field in (self.quality, self.timeliness, self.cooperation)
        )
        return RatingTerms(quality, timeliness, cooperation, self.reasons.data or "")
