"""Forms of contracts: a clause, the plan, the particulars, a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FileField,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from marketplace.contracts.planning import MOST_STEPS
from marketplace.contracts.service.negotiating import LONGEST
from marketplace.contracts.terms import (
    ClauseTerms,
    DeliveryTerms,
    EvidenceTerms,
    PlanStep,
    SignatureTerms,
    VerdictTerms,
)
from marketplace.contracts.workflow import Outcome
from marketplace.kernel.money import BASIS
from marketplace.web.forms import AmountGiven, Form, MoneyField, without_nul

REQUIRED = DataRequired(_l("Please fill this in."))
PER_CENT = BASIS // 100
PERCENTAGE = re.compile(r"^([0-9]{1,3})(?:\.([0-9]{1,2}))? *[%％]?$")


def at_most(count: int) -> Length:
    return Length(max=count, message=_l("At most %(max)d characters."))


def plain(text: str | None) -> str:
    return (without_nul(text) or "").replace("\r\n", "\n").strip()


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


class StepForm(PlainForm):
    """One milestone; the share is typed in per cent with up to two places."""

    title = StringField(_l("Milestone"), [REQUIRED, at_most(120)], filters=[plain])
    deliverables = StringField(_l("What is delivered"), [REQUIRED, at_most(300)], filters=[plain])
    due_on = DateField(_l("Due on"), [InputRequired(_l("Please give a day."))])
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
    training_places = IntegerField(
        _l("Students trained together"), [InputRequired(_l("Please give a number.")), NumberRange(0, 100)]
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
    found = PERCENTAGE.match((text or "").strip())
    if found is None:
        return None
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return points if 0 < points <= BASIS else None


class OnceForm(Form):
    """A command that must happen once: its key was made when the page was shown."""

    key = HiddenField(validators=[REQUIRED])


class DeliverForm(Form):
    """What is handed over; the evidence per target is read from fields of its own (see ``evidence_of``)."""

    note = TextAreaField(_l("What you deliver"), [REQUIRED, at_most(4000)], filters=[plain], render_kw={"rows": 5})
    upload = MultipleFileField(_l("Files"), [Optional()])

    @property
    def files(self) -> list[Any]:
        return [file for file in self.upload.data or [] if getattr(file, "filename", "")]

    def to_terms(self, evidence: tuple[EvidenceTerms, ...]) -> DeliveryTerms:
        return DeliveryTerms(self.note.data or "", evidence)


def evidence_of(typed: Mapping[str, str], target_ids: Iterable[int]) -> tuple[EvidenceTerms, ...]:
    """Read ``value-<target>`` and ``method-<target>``; whatever is too long is cut as the column is."""
    return tuple(
        EvidenceTerms(key, plain(typed.get(f"value-{key}"))[:40], plain(typed.get(f"method-{key}"))[:300])
        for key in target_ids
    )


class VerdictForm(OnceForm):
    outcome = RadioField(_l("Your decision"), choices=[])
    amount = MoneyField(_l("Amount accepted (yuan)"), [Optional()])
    reasons = TextAreaField(_l("Reasons"), [Optional(), at_most(4000)], filters=[plain], render_kw={"rows": 4})

    def to_terms(self) -> VerdictTerms:
        amount = {Outcome.ACCEPT.value: None, Outcome.REJECT.value: 0}.get(
            self.outcome.data or "", self.amount.data or 0
        )
        return VerdictTerms(None if amount is None else int(amount), self.reasons.data or "")


class ExpertForm(Form):
    email = StringField(_l("E-mail address of the expert's account"), [REQUIRED, at_most(254)], filters=[plain])


class OpinionForm(Form):
    passed = RadioField(
        _l("Your opinion"),
        [InputRequired(_l("Please choose."))],
        choices=[("1", _l("The evidence shows that the targets are met")), ("0", _l("It does not show that"))],
    )
    reasons = TextAreaField(_l("Reasons"), [REQUIRED, at_most(4000)], filters=[plain], render_kw={"rows": 4})


class DisputeForm(Form):
    reason = TextAreaField(_l("What you do not accept, and why"), [REQUIRED, at_most(4000)], filters=[plain])


class AmountForm(Form):
    amount = MoneyField(_l("Amount to be accepted (yuan)"), [AmountGiven()])


class AdviceForm(AmountForm):
    text = TextAreaField(_l("Reasons"), [REQUIRED, at_most(4000)], filters=[plain], render_kw={"rows": 4})


class DeclareForm(OnceForm):
    bank_reference = StringField(_l("Number of the bank transfer"), [REQUIRED, at_most(60)], filters=[plain])


class ReceiptsForm(Form):
    upload = FileField(_l("Bank answer (CSV)"), [REQUIRED])
