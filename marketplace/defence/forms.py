"""Forms of the defence."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Optional

from marketplace.alliances.models import Alliance
from marketplace.defence.terms import (
    ArtTerms,
    CaseTerms,
    ContestTerms,
    CovenantTerms,
    ProductTerms,
    ThreatTerms,
    WatchTerms,
)
from marketplace.defence.workflow import CostRule, CovenantKind, ThreatKind
from marketplace.funds.models import Fund
from marketplace.kernel.days import LONG_AGO
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.patents.models import Patent
from marketplace.web.fields import DayField, LocalDateTimeField
from marketplace.web.filters import in_language
from marketplace.web.forms import (
    PLAIN,
    REQUIRED,
    AmountGiven,
    ChoiceField,
    Form,
    MoneyField,
    TicksField,
    at_most,
    number_or_none,
)


class OwnForm(Form):
    """A form filled for one of the actor's organisations."""

    organisation_id = SelectField(_l("On behalf of"), coerce=number_or_none)

    def choose_organisation(self, organisations: Sequence[Organisation]) -> None:
        self.organisation_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]


class WatchForm(OwnForm):
    name = StringField(_l("Name of the watch"), [REQUIRED, at_most(120)], filters=PLAIN)
    words = StringField(_l("Words, all of which must occur"), [Optional(), at_most(200)], filters=PLAIN)
    ipc = StringField(_l("Beginning of the IPC symbol"), [Optional(), at_most(20)], filters=PLAIN)
    applicant = StringField(_l("Part of the applicant's name"), [Optional(), at_most(200)], filters=PLAIN)

    def to_terms(self) -> WatchTerms:
        return WatchTerms(self.name.data or "", self.words.data or "", self.ipc.data or "", self.applicant.data or "")


class ThreatForm(OwnForm):
    alliance_id = SelectField(_l("Report it to the staff of"), coerce=number_or_none)
    kind = ChoiceField(ThreatKind, _l("What happened"))
    asserted = StringField(_l("Numbers of the patents held against you"), [REQUIRED, at_most(300)], filters=PLAIN)
    who = StringField(_l("Who holds them"), [REQUIRED, at_most(200)], filters=PLAIN)
    text = TextAreaField(
        _l("What is claimed, and until when"), [REQUIRED, at_most(8000)], filters=PLAIN, render_kw={"rows": 6}
    )

    def choose_alliance(self, alliances: Sequence[Alliance]) -> None:
        self.alliance_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in alliances]

    def to_terms(self) -> ThreatTerms:
        return ThreatTerms(
            self.alliance_id.data or 0,
            self.kind.data,
            self.asserted.data or "",
            self.who.data or "",
            self.text.data or "",
        )


class CaseForm(Form):
    title = StringField(_l("Title, for all members"), [REQUIRED, at_most(200)], filters=PLAIN)
    asserted = StringField(_l("Numbers of the asserted patents"), [REQUIRED, at_most(300)], filters=PLAIN)
    summary = TextAreaField(
        _l("What members should know"), [Optional(), at_most(5000)], filters=PLAIN, render_kw={"rows": 4}
    )
    counsel = TextAreaField(
        _l("Counsel's paper, for those who join"), [Optional(), at_most(20000)], filters=PLAIN, render_kw={"rows": 6}
    )
    budget = MoneyField(_l("Budget of the defence"), [AmountGiven()], least=1)
    rule = ChoiceField(CostRule, _l("How the cost is shared"))

    def to_terms(self) -> CaseTerms:
        return CaseTerms(
            title=self.title.data or "",
            asserted=self.asserted.data or "",
            budget=self.budget.data,  # type: ignore[arg-type]
            rule=self.rule.data,
            summary=self.summary.data or "",
            counsel=self.counsel.data or "",
        )


class ProductForm(OwnForm):
    """An exposed product; ``choose`` fills in the asserted patents."""

    name = StringField(_l("Product"), [REQUIRED, at_most(200)], filters=PLAIN)
    revenue = MoneyField(_l("Its revenue a year"), [AmountGiven()])
    patents = TicksField(_l("Asserted patents it is exposed to"), validate_choice=False)

    def choose(self, numbers: Sequence[str]) -> None:
        self.patents.choices = [(number, number) for number in numbers]

    def to_terms(self) -> ProductTerms:
        return ProductTerms(self.name.data or "", self.revenue.data, tuple(self.patents.data or ()))  # type: ignore[arg-type]


class PaperForm(Form):
    title = StringField(_l("Title of the paper"), [REQUIRED, at_most(200)], filters=PLAIN)
    upload = FileField(_l("File (PDF or DOCX)"), [FileRequired(_l("Choose a file."))])


class CounterForm(Form):
    """``choose`` fills in the pool's patents, those that fit best first."""

    patent_id = SelectField(_l("Patent of the pool"), coerce=number_or_none)
    why = StringField(_l("Why it matters"), [REQUIRED, at_most(500)], filters=PLAIN)

    def choose(self, patents: Sequence[Patent]) -> None:
        self.patent_id.choices = [
            SelectChoice(str(row.id), f"{in_language(row, 'title')} · {row.number}") for row in patents
        ]


class ContestForm(Form):
    number = SelectField(_l("Asserted patent"))
    claim = StringField(_l("Claim"), [REQUIRED, at_most(60)], filters=PLAIN, default="1")
    elements = TextAreaField(
        _l("Elements of the claim, one on each line"), [REQUIRED, at_most(8000)], filters=PLAIN, render_kw={"rows": 6}
    )
    before_on = DayField(_l("Art counts when published before"), [InputRequired(_l("Give a date."))])
    bounty = MoneyField(_l("Bounty"), [AmountGiven()], least=1)
    fund_id = SelectField(_l("Fund that pays it"), coerce=number_or_none)
    closes_at = LocalDateTimeField(_l("Entries until"), [InputRequired(_l("Give a date and time."))])

    def choose(self, numbers: Sequence[str], funds: Sequence[Fund]) -> None:
        self.number.choices = [(number, number) for number in numbers]
        self.fund_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in funds]

    def to_terms(self) -> ContestTerms:
        lines = tuple(line.strip()[:500] for line in (self.elements.data or "").splitlines() if line.strip())
        return ContestTerms(
            number=self.number.data or "",
            claim=self.claim.data or "",
            elements=lines,
            before_on=self.before_on.data,  # type: ignore[arg-type]
            bounty=self.bounty.data,  # type: ignore[arg-type]
            fund_id=self.fund_id.data or 0,
            closes_at=self.closes_at.data,  # type: ignore[arg-type]
        )


class ArtForm(Form):
    """An entry; the passages are fields of the page, one for each element, named ``passage-0`` and so on."""

    title = StringField(_l("Title of the document"), [REQUIRED, at_most(300)], filters=PLAIN)
    reference = StringField(_l("Number or address to check it by"), [REQUIRED, at_most(200)], filters=PLAIN)
    published_on = DayField(_l("Published on"), [InputRequired(_l("Give a date."))], first=LONG_AGO)
    passages = FieldList(
        TextAreaField(_l("Passage"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 2}), max_entries=30
    )

    def lay_out(self, elements: Sequence[str]) -> None:
        """Have one passage for each element, whatever was sent."""
        while len(self.passages) > len(elements):
            self.passages.pop_entry()
        while len(self.passages) < len(elements):
            self.passages.append_entry()
        for entry, element in zip(self.passages, elements, strict=True):
            entry.label.text = element

    def to_terms(self) -> ArtTerms:
        passages = tuple(entry.data or "" for entry in self.passages)
        return ArtTerms(self.title.data or "", self.reference.data or "", self.published_on.data, passages)  # type: ignore[arg-type]


class AwardForm(Form):
    holding = TicksField(_l("Entries that hold"), coerce=number_or_none, validate_choice=False)


class PayForm(Form):
    bank_reference = StringField(_l("The bank's reference"), [REQUIRED, at_most(60)], filters=PLAIN)


class CovenantForm(Form):
    alliance_id = SelectField(_l("Alliance"), coerce=number_or_none)
    kind = ChoiceField(CovenantKind, _l("Kind of covenant"))
    field = ChoiceField(Field, _l("Field"), [Optional()], empty=_l("Every field"))
    title = StringField(_l("Title"), [REQUIRED, at_most(200)], filters=PLAIN)
    text = TextAreaField(_l("Text"), [REQUIRED, at_most(8000)], filters=PLAIN, render_kw={"rows": 8})

    def choose(self, alliances: Sequence[Alliance]) -> None:
        self.alliance_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in alliances]

    def to_terms(self) -> CovenantTerms:
        return CovenantTerms(self.kind.data, self.title.data or "", self.text.data or "", self.field.data)


class OutcomeForm(Form):
    outcome = TextAreaField(_l("How it ended"), [REQUIRED, at_most(1000)], filters=PLAIN, render_kw={"rows": 3})
    spent = MoneyField(_l("What it cost"), [AmountGiven()])
    saved = MoneyField(_l("What it saved the members"), [AmountGiven()])
