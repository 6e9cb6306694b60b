"""Forms of the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, NumberRange, Optional

from marketplace.kernel.days import LONG_AGO
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.organisations.naming import folded
from marketplace.patents import holders, queries
from marketplace.patents.terms import EventTerms, PatentTerms, ShareTerms, StepTerms, TransferTerms
from marketplace.patents.workflow import Delivery, EventKind, PatentKind, Route, RuleCode
from marketplace.web.fields import DayField, DecimalField, WholeField
from marketplace.web.filters import in_language
from marketplace.web.forms import PLAIN, REQUIRED, ChoiceField, Form, MoneyField, at_most, ipc_symbols, number_or_none
from marketplace.web.meanwhile import VersionedForm

DAY = InputRequired(_l("Please give a day."))


class PatentForm(VersionedForm):
    """A patent or application; ``version`` is the one its author saw."""

    organisation_id = SelectField(_l("Whose patent"), [Optional()], coerce=number_or_none)
    number = StringField(_l("Application number"), [REQUIRED, at_most(40)], filters=PLAIN)
    kind = ChoiceField(PatentKind, _l("Kind"))
    route = ChoiceField(Route, _l("How it was filed"), default=Route.DIRECT)
    title = StringField(_l("Title"), [REQUIRED, at_most(300)], filters=PLAIN)
    title_en = StringField(_l("English title"), [Optional(), at_most(400)], filters=PLAIN)
    field = ChoiceField(Field, _l("Field of technology"))
    ipc = StringField(_l("IPC symbols"), [Optional(), at_most(400), ipc_symbols(400)], filters=PLAIN)
    abstract = TextAreaField(_l("Abstract"), [Optional(), at_most(5000)], filters=PLAIN, render_kw={"rows": 5})
    claims = TextAreaField(_l("Claims"), [Optional(), at_most(60000)], filters=PLAIN, render_kw={"rows": 8})
    applicants = StringField(_l("Applicants as in the application"), [Optional(), at_most(1000)], filters=PLAIN)
    owners = TextAreaField(_l("Who owns it now"), [Optional(), at_most(8000)], filters=PLAIN, render_kw={"rows": 3})
    inventors = TextAreaField(_l("Inventors"), [Optional(), at_most(8000)], filters=PLAIN, render_kw={"rows": 4})
    inventor_share = DecimalField(
        _l("Share of net income agreed with the inventors, %"),
        [Optional(), NumberRange(0, 100, _l("Give a number between %(min)s and %(max)s."))],
        places=2,
    )
    family = StringField(_l("Family"), [Optional(), at_most(60)], filters=PLAIN)
    citations = WholeField(_l("Times cited"), [Optional(), NumberRange(0, 100_000, _l("Give a whole number."))])
    priority_on = DayField(_l("Priority date"), [Optional()], first=LONG_AGO)
    filed_on = DayField(_l("Filing date"), [DAY], first=LONG_AGO)
    published_on = DayField(_l("Published on"), [Optional()], first=LONG_AGO)
    publication_number = StringField(_l("Publication number"), [Optional(), at_most(30)], filters=PLAIN)
    granted_on = DayField(_l("Granted on"), [Optional()], first=LONG_AGO)

    def choose_organisation(self, organisations: Sequence[Organisation]) -> None:
        self.organisation_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]

    def to_terms(self) -> PatentTerms:
        agreed: Decimal | None = self.inventor_share.data
        return PatentTerms(
            number=self.number.data or "",
            kind=self.kind.data,
            title=self.title.data or "",
            field=self.field.data,
            filed_on=self.filed_on.data or date.min,
            title_en=self.title_en.data or "",
            abstract=self.abstract.data or "",
            claims=self.claims.data or "",
            ipc=self.ipc.data or "",
            applicants=self.applicants.data or "",
            family=self.family.data or "",
            route=self.route.data,
            citations=self.citations.data,
            inventor_share=None if agreed is None else int(agreed * 100),
            priority_on=self.priority_on.data,
            published_on=self.published_on.data,
            publication_number=self.publication_number.data or "",
            granted_on=self.granted_on.data,
            inventors=holders.parse(self.inventors.data or "", "inventors"),
            owners=holders.known(holders.parse(self.owners.data or "", "owners")),
        )


class SharesForm(Form):
    """Who holds how much from a day on."""

    shares = TextAreaField(
        _l("One holder a line, with the share"), [REQUIRED, at_most(8000)], filters=PLAIN, render_kw={"rows": 6}
    )
    day = DayField(_l("From"), [DAY], first=LONG_AGO)

    def to_terms(self) -> tuple[ShareTerms, ...]:
        return holders.known(holders.parse(self.shares.data or "", "shares"))


class EventForm(Form):
    """What a paper of the office says."""

    kind = SelectField(_l("What happened"), validate_choice=True)
    on = DayField(_l("Day on the paper"), [DAY], first=LONG_AGO)
    delivery = ChoiceField(Delivery, _l("How the paper came"), default=Delivery.ELECTRONIC)
    note = StringField(_l("Reason or number of the paper"), [Optional(), at_most(500)], filters=PLAIN)

    def to_terms(self) -> EventTerms:
        return EventTerms(EventKind(self.kind.data), self.on.data or date.min, self.note.data or "", self.delivery.data)


class TransferForm(Form):
    """A patent is handed on. ``taken`` names the buyer whom the page showed its reader; another one is shown first."""

    buyer = StringField(_l("Buyer"), [REQUIRED, at_most(200)], filters=PLAIN)
    on = DayField(_l("Entered at the office on"), [DAY], first=LONG_AGO)
    asserts = BooleanField(_l("The buyer makes nothing itself and lives from asserting patents"))
    note = StringField(_l("Number of the office's notice"), [Optional(), at_most(200)], filters=PLAIN)
    taken = HiddenField(default="")
    outside = BooleanField(
        _l(
            "I sell it to somebody outside: the row here becomes history, and nobody on this site keeps its deadlines any more"
        )
    )

    def confirms(self, terms: TransferTerms) -> bool:
        """Whether the reader saw who this buyer is taken to be, and ticked that it is somebody outside where it is."""
        buyer = f"{terms.buyer_id or ''}:{folded(terms.buyer)}"
        seen, self.taken.data = self.taken.data == buyer, buyer
        if not seen:
            self.outside.data = False
        elif terms.buyer_id is None and not self.outside.data:
            self.outside.errors = [*self.outside.errors, _l("Tick this, or correct the name of the buyer.")]
            return False
        return seen

    def to_terms(self) -> TransferTerms:
        name = (self.buyer.data or "").strip()
        member = queries.find_organisation(name)
        return TransferTerms(
            name, member.id if member else None, self.on.data or date.min, self.asserts.data, self.note.data or ""
        )


class StepForm(Form):
    """A deadline that was met."""

    rule = HiddenField()
    number = HiddenField(default="0")
    done_on = DayField(_l("Done on"), [DAY], first=LONG_AGO)
    paid = MoneyField(_l("Paid"), [Optional()])

    def to_terms(self) -> StepTerms | None:
        """None when the hidden fields name no rule."""
        if self.rule.data not in set(RuleCode):
            return None
        return StepTerms(
            RuleCode(self.rule.data),
            number_or_none(self.number.data) or 0,
            self.done_on.data or date.min,
            self.paid.data or 0,  # type: ignore[arg-type]
        )
