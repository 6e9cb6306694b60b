"""Forms of licences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.kernel.fields import Field
from marketplace.licences.terms import OfferTerms, OpenTerms
from marketplace.licences.workflow import Breach, FeeMode, LicenceKind
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.web import words
from marketplace.web.fields import DayField, DecimalField
from marketplace.web.filters import in_language
from marketplace.web.forms import (
    PLAIN,
    REQUIRED,
    AmountGiven,
    ChoiceField,
    Form,
    MoneyField,
    ReasonForm,
    TicksField,
    at_most,
    number_or_none,
)

DAY = InputRequired(_l("Please give a day."))
RATE = NumberRange(0, 100, _l("Give a number between %(min)s and %(max)s."))


def basis_points(value: Decimal | None) -> int:
    return int((value or Decimal(0)) * 100)


class LicenseeForm(Form):
    """Who asks, and what for."""

    licensee_id = SelectField(_l("Licensee"), coerce=number_or_none)
    purpose = TextAreaField(
        _l("What you will make with it"), [REQUIRED, at_most(1000)], filters=PLAIN, render_kw={"rows": 4}
    )

    def choose_licensee(self, organisations: Sequence[Organisation]) -> None:
        self.licensee_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]


class RequestForm(LicenseeForm):
    """Leave to use patents of one owner: the one whose page it was asked on, and ``further`` ones."""

    further = TicksField(_l("Further patents of the same owner"), [Optional()], coerce=number_or_none)
    field_of_use = StringField(_l("Field of use"), [Optional(), at_most(200)], filters=PLAIN)
    territory = StringField(_l("Territory"), [Optional(), at_most(200)], filters=PLAIN)

    def choose_further(self, patents: Sequence[Patent]) -> None:
        self.further.choices = [
            SelectChoice(str(row.id), f"{in_language(row, 'title')} ({row.full_number})") for row in patents
        ]


class BundleForm(LicenseeForm):
    """A bundle of a pool: the whole, one field of it, or the patents that a reader ``picked`` on another page."""

    field = ChoiceField(Field, _l("Which patents"), empty=_l("The whole pool"))
    patents = HiddenField()

    @property
    def picked(self) -> set[int]:
        """The ids of the picked patents; none when a bundle is chosen by its field. What is no id is 0, which no patent has."""
        text = (self.patents.data or "")[:2_000]
        return {number_or_none(part) or 0 for part in text.split(",")} if text else set()

    def choose_field(self, present: Sequence[Field]) -> None:
        self.field.choices = [
            ("", _l("The whole pool")),
            *(pair for pair in words.choices(Field) if pair[0] in present),
        ]


class OfferForm(Form):
    """Conditions of a licence."""

    kind = ChoiceField(LicenceKind, _l("Kind"))
    field_of_use = StringField(_l("Field of use"), [Optional(), at_most(200)], filters=PLAIN)
    territory = StringField(_l("Territory"), [Optional(), at_most(200)], filters=PLAIN)
    starts_on = DayField(_l("From"), [DAY])
    ends_on = DayField(_l("Until"), [DAY])
    fee_mode = ChoiceField(FeeMode, _l("How it is paid"))
    lump = MoneyField(_l("Lump sum"), [Optional()])
    entry_fee = MoneyField(_l("Entry fee"), [Optional()])
    rate = DecimalField(_l("Running royalty, % of net sales"), [Optional(), RATE], places=2)
    pay_from = DayField(_l("Royalties are owed from"), [Optional()])
    may_sublicense = BooleanField(_l("The licensee may give sub-licences"))

    def to_terms(self) -> OfferTerms:
        return OfferTerms(
            kind=self.kind.data,
            fee_mode=self.fee_mode.data,
            starts_on=self.starts_on.data or date.min,
            ends_on=self.ends_on.data or date.min,
            lump=self.lump.data or 0,  # type: ignore[arg-type]
            entry_fee=self.entry_fee.data or 0,  # type: ignore[arg-type]
            rate=basis_points(self.rate.data),
            pay_from=self.pay_from.data,
            field_of_use=self.field_of_use.data or "",
            territory=self.territory.data or "",
            may_sublicense=self.may_sublicense.data,
        )


class SublicenceForm(Form):
    """Who gets a sub-licence, and what for."""

    licensee = StringField(_l("Name of the sub-licensee"), [REQUIRED, at_most(200)], filters=PLAIN)
    purpose = TextAreaField(
        _l("What they will make with it"), [REQUIRED, at_most(1000)], filters=PLAIN, render_kw={"rows": 4}
    )


class OpenForm(Form):
    """An open licence's statement."""

    fee_mode = SelectField(
        _l("How it is paid"),
        choices=lambda: [(m.value, words.label(m)) for m in (FeeMode.LUMP, FeeMode.RUNNING, FeeMode.FREE)],
    )
    lump = MoneyField(_l("Lump sum"), [Optional()])
    rate = DecimalField(_l("Running royalty, % of net sales"), [Optional(), RATE], places=2)
    ends_on = DayField(_l("Until"), [DAY])
    evaluation_report = StringField(
        _l("Number of the patent evaluation report"), [Optional(), at_most(60)], filters=PLAIN
    )
    other = StringField(_l("Other conditions"), [Optional(), at_most(500)], filters=PLAIN)
    pledged = BooleanField(_l("The patent is pledged"))
    disputed = BooleanField(_l("The right is in dispute or under preservation"))
    consent = BooleanField(_l("Pledgee and co-owners, if any, have agreed in writing"))

    def to_terms(self) -> OpenTerms:
        return OpenTerms(
            fee_mode=FeeMode(self.fee_mode.data),
            ends_on=self.ends_on.data or date.min,
            lump=self.lump.data or 0,  # type: ignore[arg-type]
            rate=basis_points(self.rate.data),
            evaluation_report=self.evaluation_report.data or "",
            other=self.other.data or "",
            pledged=self.pledged.data,
            consent=self.consent.data,
            disputed=self.disputed.data,
        )


class TakerForm(Form):
    """Who takes an open licence."""

    licensee_id = SelectField(_l("Licensee"), coerce=number_or_none)

    def choose_licensee(self, organisations: Sequence[Organisation]) -> None:
        self.licensee_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]


class StatementForm(Form):
    sales = MoneyField(_l("Net sales in the quarter"), [AmountGiven()])


class ReceiptForm(Form):
    amount = MoneyField(_l("Amount"), [AmountGiven()], least=1)
    paper = StringField(_l("Bank paper"), [REQUIRED, at_most(200)], filters=PLAIN)


class NoticeForm(ReasonForm):
    """What the other side broke; only what is open to the writer can be chosen."""

    breach = ChoiceField(Breach, _l("What was broken"))

    def choose_breach(self, open_ones: Sequence[Breach]) -> None:
        self.breach.choices = [pair for pair in words.choices(Breach) if pair[0] in open_ones]


class FilingForm(Form):
    day = DayField(_l("Recorded on"), [DAY])
    number = StringField(_l("Record number"), [REQUIRED, at_most(60)], filters=PLAIN)
