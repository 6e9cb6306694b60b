"""Forms of delivery, dispute and payment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Optional

from marketplace.contracts.terms import DeliveryTerms, EvidenceTerms, VerdictTerms
from marketplace.contracts.workflow import Outcome
from marketplace.web.forms import REQUIRED, AmountGiven, Form, MoneyField, at_most, plain


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
        choices=[
            SelectChoice("1", _l("The evidence shows that the targets are met")),
            SelectChoice("0", _l("It does not show that")),
        ],
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
    upload = FileField(_l("Bank answer (CSV or XLSX)"), [REQUIRED])
