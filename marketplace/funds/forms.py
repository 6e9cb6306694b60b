"""Forms of funds and contributions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import NumberRange, Optional, Regexp, ValidationError

from marketplace.alliances.models import Alliance
from marketplace.funds.models import Fund
from marketplace.funds.service.checks import LARGEST_COST, LONGEST_DECISION, LONGEST_TERM
from marketplace.funds.terms import ContributionTerms, FundTerms, TransferTerms
from marketplace.funds.workflow import FundKind, Guarantee, Instrument
from marketplace.kernel import numbers
from marketplace.kernel.fields import Field
from marketplace.organisations.facts import is_industry
from marketplace.organisations.workflow import Size
from marketplace.web import words
from marketplace.web.fields import DayField, WholeField
from marketplace.web.filters import in_language
from marketplace.web.forms import (
    PLAIN,
    REQUIRED,
    AmountGiven,
    ChoiceField,
    Form,
    MoneyField,
    PercentField,
    TicksField,
    at_most,
    number_or_none,
)
from marketplace.web.meanwhile import VersionedForm

BETWEEN = _l("Give a number between %(min)s and %(max)s.")
_REGION = re.compile(r"^[1-8][0-9]{5}$", re.ASCII)
_YEAR = re.compile(r"^20[0-9]{2}$", re.ASCII)


class CodesField(StringField):
    """Codes typed one after the other: 441900, 440100; ``data`` is their list.

    ``sound`` says whether one is right, ``wrong`` is the message with ``%(code)s``, ``kind`` what a code becomes.
    """

    data: Any
    typed: str | None = None

    def __init__(
        self, *args: Any, sound: Callable[[str], bool], wrong: Any, kind: Callable[[str], Any] = str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sound, self.wrong, self.kind = sound, wrong, kind

    def _value(self) -> str:
        return ", ".join(str(code) for code in self.data or []) if self.typed is None else self.typed

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        codes = (
            list(dict.fromkeys(re.split(r"[\s,、;]+", numbers.narrow(self.typed).upper())))
            if self.typed.strip()
            else []
        )
        self.data = [self.kind(code) if self.sound(code) else code for code in codes]

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - the signature is WTForms'
        wrong = [code for code in self.data or [] if not self.sound(str(code))]
        if wrong:
            raise ValidationError(str(self.wrong) % {"code": str(wrong[0])[:20]})


class SplitField(StringField):
    """Parts of a whole typed as 54:26:16:4; ``data`` is their list."""

    data: Any
    typed: str | None = None

    def _value(self) -> str:
        return ":".join(map(str, self.data or [])) if self.typed is None else self.typed

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = []
        if not self.typed.strip():
            return
        try:
            parts = [numbers.whole(part) for part in numbers.narrow(self.typed).split(":")]
        except ValueError:
            parts = [-1]
        if not all(0 <= part < 1_000 for part in parts):
            raise ValueError(_("Write whole numbers with colons between them, such as 54:26:16:4."))
        self.data = parts


class FundForm(VersionedForm):
    """A fund's name and rules."""

    code = StringField(
        _l("Code"),
        [REQUIRED, Regexp(r"^[A-Za-z0-9-]{2,20}\Z", message=_l("Two to twenty letters, digits or hyphens."))],
    )
    name = StringField(_l("Name"), [REQUIRED, at_most(120)], filters=PLAIN)
    name_en = StringField(_l("English name"), [Optional(), at_most(120)], filters=PLAIN)
    about = TextAreaField(_l("What it is for"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 4})
    kind = ChoiceField(FundKind, _l("Kind"))
    alliance_id = SelectField(_l("Alliance"), [Optional()], coerce=number_or_none)
    public = BooleanField(_l("This is public money: it counts towards the ceiling on public funding"))
    share_max = PercentField(_l("Largest share of the price, %"), [Optional()])
    amount_min = MoneyField(_l("Smallest amount"), [Optional()])
    amount_max = MoneyField(_l("Largest amount for one order"), [Optional()])
    match_max = PercentField(_l("Most for the enterprise's own money, %"), [Optional()])
    enterprise_max = MoneyField(_l("Most for one enterprise"), [Optional()])
    yearly_max = MoneyField(_l("Most for one enterprise in a year"), [Optional()])
    public_share_max = PercentField(_l("All public money in a match at most, %"), [Optional()])
    cost = WholeField(
        _l("What the money costs"),
        [Optional(), NumberRange(0, LARGEST_COST, BETWEEN)],
    )
    rate = PercentField(_l("Yearly interest of a loan, %"), [Optional()])
    term_months = WholeField(_l("Term of a loan, months"), [Optional(), NumberRange(1, LONGEST_TERM, BETWEEN)])
    guarantee = ChoiceField(Guarantee, _l("Guarantee of a loan"), [Optional()], empty=_l("None"))
    instrument = ChoiceField(
        Instrument, _l("How an industry fund gives"), [Optional()], empty=_l("Not an industry fund")
    )
    loss_split = SplitField(_l("Who bears a loss"), [Optional()])
    decision_days = WholeField(_l("Days until a decision"), [Optional(), NumberRange(0, LONGEST_DECISION, BETWEEN)])
    fields = TicksField(_l("Fields of technology"), choices=lambda: words.choices(Field))
    sizes = TicksField(_l("Sizes of enterprises"), choices=lambda: words.choices(Size))
    regions = CodesField(
        _l("Regions"),
        [Optional()],
        sound=lambda code: bool(_REGION.match(code)),
        wrong=_l("“%(code)s” is not a six-digit division code such as 441900."),
    )
    industries = CodesField(
        _l("Industries"),
        [Optional()],
        sound=is_industry,
        wrong=_l("“%(code)s” is neither a section such as C nor a division such as C39 of GB/T 4754."),
    )
    years = CodesField(
        _l("Years of orders"),
        [Optional()],
        sound=lambda code: bool(_YEAR.match(code)),
        wrong=_l("“%(code)s” is not a year such as 2027."),
        kind=int,
    )
    valid_from = DayField(_l("Pays from"), [Optional()])
    valid_to = DayField(_l("Pays until"), [Optional()])
    effective_on = DayField(_l("The new rules hold from"), [Optional()])
    why = TextAreaField(_l("Why they change"), [Optional(), at_most(500)], filters=PLAIN, render_kw={"rows": 2})

    def choose_alliance(self, alliances: list[Alliance] | Any) -> None:
        self.alliance_id.choices = [
            SelectChoice("", _l("All alliances of the centre")),
            *(SelectChoice(str(alliance.id), in_language(alliance)) for alliance in alliances),
        ]

    def to_terms(self) -> FundTerms:
        return FundTerms(
            code=self.code.data or "",
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            about=self.about.data or "",
            kind=self.kind.data,
            alliance_id=self.alliance_id.data,
            public=self.public.data,
            cost=self.cost.data or 0,
            share_max=self.share_max.data,
            amount_min=self.amount_min.data or 0,  # type: ignore[arg-type]
            amount_max=self.amount_max.data,  # type: ignore[arg-type]
            match_max=self.match_max.data,
            enterprise_max=self.enterprise_max.data,  # type: ignore[arg-type]
            rate=self.rate.data,
            term_months=self.term_months.data,
            loss_split=tuple(self.loss_split.data or ()),
            decision_days=self.decision_days.data,
            fields=tuple(self.fields.data or ()),
            sizes=tuple(self.sizes.data or ()),
            regions=tuple(self.regions.data or ()),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            yearly_max=self.yearly_max.data,  # type: ignore[arg-type]
            public_share_max=self.public_share_max.data,
            industries=tuple(self.industries.data or ()),
            years=tuple(self.years.data or ()),
            guarantee=self.guarantee.data or None,
            instrument=self.instrument.data or None,
        )


class ContributionForm(Form):
    """Money for a fund."""

    amount = MoneyField(_l("Amount"), [AmountGiven()], least=1)
    source = StringField(_l("Who brings it in, and on what paper"), [REQUIRED, at_most(200)], filters=PLAIN)

    def to_terms(self) -> ContributionTerms:
        return ContributionTerms(self.amount.data, self.source.data or "")  # type: ignore[arg-type]


class BankForm(Form):
    """A bank statement to compare."""

    upload = FileField(_l("Bank statement (CSV or XLSX)"), [REQUIRED])


class TransferForm(Form):
    """Money that goes to another fund."""

    target_id = SelectField(_l("To which fund"), [REQUIRED], coerce=number_or_none)
    amount = MoneyField(_l("Amount"), [AmountGiven()], least=1)
    reason = TextAreaField(_l("Why"), [REQUIRED, at_most(500)], filters=PLAIN, render_kw={"rows": 3})

    def choose_target(self, funds: Iterable[Fund]) -> None:
        self.target_id.choices = [
            SelectChoice("", _l("Please choose")),
            *(SelectChoice(str(fund.id), f"{in_language(fund)} ({fund.code})") for fund in funds),
        ]

    def to_terms(self) -> TransferTerms:
        return TransferTerms(self.target_id.data or 0, self.amount.data, self.reason.data or "")  # type: ignore[arg-type]
