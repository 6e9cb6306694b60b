"""Forms of the text: a clause, the plan, the particulars, a signature."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from marketplace.contracts.planning import MOST_STEPS
from marketplace.contracts.service.negotiating import LONGEST
from marketplace.contracts.terms import ClauseTerms, PlanStep, SignatureTerms
from marketplace.kernel import numbers
from marketplace.kernel.money import BASIS
from marketplace.web.fields import DayField, WholeField
from marketplace.web.forms import REQUIRED, AmountGiven, Form, MoneyField, at_most, plain

PER_CENT = BASIS // 100

BETWEEN = _l("Give a number between %(min)s and %(max)s.")


class SeenForm(Form):
    """A decision on a clause: the version that the reader saw."""

    seen = HiddenField(validators=[REQUIRED])

    @property
    def version(self) -> int:
        text = str(self.seen.data or "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class ClauseForm(SeenForm):
    """Another text and why."""

    text = TextAreaField(
        _l("The text you ask for"), [REQUIRED, at_most(LONGEST)], filters=[plain], render_kw={"rows": 12}
    )
    note = StringField(_l("Why"), [Optional(), at_most(500)], filters=[plain])

    def to_terms(self) -> ClauseTerms:
        return ClauseTerms(text=self.text.data or "", note=self.note.data or "")


class StepForm(Form):
    """One milestone; the share is typed in per cent with up to two places."""

    class Meta:
        csrf = False  # the form around it carries the token

    title = StringField(_l("Milestone"), [REQUIRED, at_most(120)], filters=[plain])
    deliverables = StringField(_l("What is delivered"), [REQUIRED, at_most(300)], filters=[plain])
    due_on = DayField(_l("Due on"), [InputRequired(_l("Please give a day."))])
    share = StringField(_l("Share of the price (%)"), [REQUIRED], filters=[plain], render_kw={"inputmode": "decimal"})

    def validate_share(self, field: StringField) -> None:
        if _basis_points(field.data) is None:
            raise ValidationError(_l("Write a percentage such as 30 or 12.5."))

    def to_step(self) -> PlanStep:
        share = _basis_points(self.share.data) or 0
        assert self.due_on.data is not None  # validated
        return PlanStep(self.title.data or "", self.deliverables.data or "", self.due_on.data, share)


class PlanForm(SeenForm):
    """The milestones as one side wants them."""

    steps = FieldList(FormField(StepForm), min_entries=1, max_entries=MOST_STEPS)
    note = StringField(_l("Why"), [Optional(), at_most(500)], filters=[plain])

    def fill(self, plan: list[Any]) -> None:
        while self.steps.entries:
            self.steps.pop_entry()
        for data in plan:
            step = PlanStep.from_json(data)
            self.steps.append_entry(
                {
                    "title": step.title,
                    "deliverables": step.deliverables,
                    "due_on": step.due_on,
                    "share": f"{step.share / PER_CENT:g}",
                }
            )

    def to_terms(self) -> ClauseTerms:
        plan = tuple(entry.form.to_step() for entry in self.steps.entries)
        return ClauseTerms(plan=plan, note=self.note.data or "")


class ParticularsForm(Form):
    technology_value = MoneyField(_l("Technology value (yuan)"), [AmountGiven()])
    training_places = WholeField(
        _l("Students trained together"), [InputRequired(_l("Please give a number.")), NumberRange(0, 100, BETWEEN)]
    )

    def to_terms(self) -> tuple[int, int]:
        """(technology value in fen, students)."""
        return int(self.technology_value.data or 0), self.training_places.data or 0


class SignForm(Form):
    document_hash = HiddenField(validators=[REQUIRED])
    typed_name = StringField(
        _l("Your name"), [REQUIRED, at_most(100)], filters=[plain], render_kw={"autocomplete": "off"}
    )

    def to_terms(self) -> SignatureTerms:
        return SignatureTerms(self.typed_name.data or "", self.document_hash.data or "")


def _basis_points(text: str | None) -> int | None:
    """30 → 3000, 12.5 → 1250; None for what is no percentage above 0 and at most 100."""
    try:
        points = numbers.basis_points(text or "")
    except ValueError:
        return None
    return points if 0 < points <= BASIS else None
