"""Forms of teams, capabilities and evidence."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import Visibility
from marketplace.kernel.days import LONG_AGO
from marketplace.kernel.fields import Field
from marketplace.organisations.models import Organisation
from marketplace.talent.service import MOST_DAYS
from marketplace.talent.terms import (
    AffiliationTerms,
    CapabilityTerms,
    EquipmentTerms,
    EvidenceTerms,
    ProgrammeTerms,
    ResearcherTerms,
    TeamTerms,
    WorkTerms,
)
from marketplace.talent.workflow import EvidenceKind, ProgrammeKind, WorkKind
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
    TicksField,
    at_most,
    ipc_symbols,
    number_or_none,
)
from marketplace.web.meanwhile import VersionedForm

LEVELS = [SelectChoice(str(level), f"TRL {level}") for level in range(1, 10)]


class TeamForm(VersionedForm):
    """A team; ``choose_lead`` fills in who can lead it."""

    name = StringField(_l("Name of the team"), [REQUIRED, at_most(120)], filters=PLAIN)
    name_en = StringField(_l("English name"), [Optional(), at_most(120)], filters=PLAIN)
    introduction = TextAreaField(
        _l("Who the team is and what it works on"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 5}
    )
    capacity_days = WholeField(
        _l("Person-days per quarter"),
        [
            InputRequired(_l("Give a whole number of person-days.")),
            NumberRange(0, MOST_DAYS, _l("Give a number between %(min)s and %(max)s.")),
        ],
    )
    lead = SelectField(_l("Lead"), [Optional()], coerce=number_or_none)

    def choose_lead(self, members: list[Account] | Any) -> None:
        self.lead.choices = [
            SelectChoice("", _l("Nobody yet")),
            *(SelectChoice(str(a.id), f"{a.person.name} · {a.email}") for a in members),
        ]

    def to_terms(self) -> TeamTerms:
        return TeamTerms(
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            introduction=self.introduction.data or "",
            capacity_days=self.capacity_days.data or 0,
            lead=self.lead.data,
        )


class CapabilityForm(VersionedForm):
    """A capability, asked in the order in which a reader will judge it."""

    title = StringField(_l("What the team can do, in one line"), [REQUIRED, at_most(200)], filters=PLAIN)
    title_en = StringField(_l("English title"), [Optional(), at_most(300)], filters=PLAIN)
    summary = TextAreaField(
        _l("How it works and what it achieves"),
        [REQUIRED, Length(min=20, message=_l("Write at least %(min)d characters.")), at_most(8000)],
        filters=PLAIN,
        render_kw={"rows": 8},
    )
    field = ChoiceField(Field, _l("Field"))
    ipc = StringField(_l("IPC symbols"), [Optional(), at_most(200), ipc_symbols(200)], filters=PLAIN)
    trl_from = SelectField(_l("Readiness the team can start from"), choices=LEVELS, coerce=number_or_none, default="3")
    trl_to = SelectField(_l("Readiness it can bring it to"), choices=LEVELS, coerce=number_or_none, default="6")
    price_from = MoneyField(_l("Usual price from"), [AmountGiven()])
    price_to = MoneyField(_l("Usual price to"), [AmountGiven()])
    visibility = ChoiceField(Visibility, _l("Who may see it"), default=Visibility.PUBLIC)
    alliance_id = SelectField(_l("Alliance"), [Optional()], coerce=number_or_none)

    def choose_alliance(self, alliances: list[Alliance] | Any) -> None:
        self.alliance_id.choices = [
            SelectChoice("", _l("No alliance")),
            *(SelectChoice(str(a.id), in_language(a)) for a in alliances),
        ]

    def to_terms(self) -> CapabilityTerms:
        return CapabilityTerms(
            title=self.title.data or "",
            title_en=self.title_en.data or "",
            summary=self.summary.data or "",
            field=self.field.data,
            trl_from=self.trl_from.data,
            trl_to=self.trl_to.data,
            price_from=self.price_from.data,  # type: ignore[arg-type]
            price_to=self.price_to.data,  # type: ignore[arg-type]
            visibility=self.visibility.data,
            alliance_id=self.alliance_id.data,
            ipc=self.ipc.data or "",
        )


class EvidenceForm(Form):
    """One piece of evidence."""

    kind = ChoiceField(EvidenceKind, _l("Kind"))
    title = StringField(_l("Title"), [REQUIRED, at_most(300)], filters=PLAIN)
    year = WholeField(_l("Year"), [Optional(), NumberRange(1900, 2200, _l("Give a year such as 2024."))])
    reference = StringField(_l("Number or address to check it by"), [Optional(), at_most(200)], filters=PLAIN)
    body = TextAreaField(_l("What it shows"), [Optional(), at_most(8000)], filters=PLAIN, render_kw={"rows": 6})

    def to_terms(self) -> EvidenceTerms:
        return EvidenceTerms(
            kind=self.kind.data,
            title=self.title.data or "",
            year=self.year.data,
            reference=self.reference.data or "",
            body=self.body.data or "",
        )


DAY = InputRequired(_l("Give a date."))
NUMBER = InputRequired(_l("Give a whole number."))


class EquipmentForm(Form):
    name = StringField(_l("Machine or instrument"), [REQUIRED, at_most(120)], filters=PLAIN)
    purpose = StringField(_l("What it is used for"), [REQUIRED, at_most(300)], filters=PLAIN)
    days = WholeField(_l("Days a quarter that orders may use it"), [NUMBER])

    def to_terms(self) -> EquipmentTerms:
        return EquipmentTerms(self.name.data or "", self.purpose.data or "", self.days.data or 0)


class ResearcherForm(Form):
    name_en = StringField(_l("Name in Latin letters"), [Optional(), at_most(120)], filters=PLAIN)
    orcid = StringField(_l("ORCID iD"), [Optional(), at_most(60)], filters=PLAIN)
    introduction = TextAreaField(
        _l("What you work on"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 5}
    )
    listed = BooleanField(_l("Show my page to everybody signed in"))
    expert_fields = TicksField(_l("Fields in which I evaluate"), choices=lambda: words.choices(Field))

    def to_terms(self) -> ResearcherTerms:
        fields = tuple(Field(value) for value in self.expert_fields.data or ())
        return ResearcherTerms(
            self.name_en.data or "", self.orcid.data or "", self.introduction.data or "", bool(self.listed.data), fields
        )


class AffiliationForm(Form):
    organisation = StringField(_l("Organisation"), [REQUIRED, at_most(200)], filters=PLAIN)
    post = StringField(_l("Post"), [REQUIRED, at_most(120)], filters=PLAIN)
    from_on = DayField(_l("From"), [DAY], first=LONG_AGO)
    until_on = DayField(_l("Until"), [Optional()], first=LONG_AGO)

    def to_terms(self) -> AffiliationTerms:
        return AffiliationTerms(
            self.organisation.data or "",
            self.post.data or "",
            self.from_on.data,  # type: ignore[arg-type]
            self.until_on.data,
        )


class WorkForm(Form):
    kind = ChoiceField(WorkKind, _l("Kind"))
    title = StringField(_l("Title"), [REQUIRED, at_most(300)], filters=PLAIN)
    year = WholeField(_l("Year"), [NUMBER])
    reference = StringField(_l("Number or address to check it by"), [Optional(), at_most(200)], filters=PLAIN)

    def to_terms(self) -> WorkTerms:
        return WorkTerms(self.kind.data, self.title.data or "", self.year.data or 0, self.reference.data or "")


class ProgrammeForm(Form):
    """``choose`` fills in for whom and for which alliance it may be offered."""

    organisation_id = SelectField(_l("Host"), coerce=number_or_none)
    alliance_id = SelectField(_l("For members of"), [Optional()], coerce=number_or_none)
    kind = ChoiceField(ProgrammeKind, _l("Kind"))
    field = ChoiceField(Field, _l("Field"))
    title = StringField(_l("Title"), [REQUIRED, at_most(200)], filters=PLAIN)
    text = TextAreaField(
        _l("What is learnt, how and where"), [REQUIRED, at_most(4000)], filters=PLAIN, render_kw={"rows": 5}
    )
    mentor = StringField(_l("Mentor"), [Optional(), at_most(100)], filters=PLAIN)
    starts_on = DayField(_l("First day"), [DAY])
    ends_on = DayField(_l("Last day of the training"), [DAY])
    places = WholeField(_l("Places"), [NUMBER])

    def choose(self, organisations: list[Organisation] | Any, alliances: list[Alliance] | Any) -> None:
        self.organisation_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]
        everybody = SelectChoice("", _l("Everybody signed in"))
        self.alliance_id.choices = [everybody, *(SelectChoice(str(row.id), in_language(row)) for row in alliances)]

    def to_terms(self) -> ProgrammeTerms:
        return ProgrammeTerms(
            kind=self.kind.data,
            field=self.field.data,
            title=self.title.data or "",
            text=self.text.data or "",
            starts_on=self.starts_on.data,  # type: ignore[arg-type]
            ends_on=self.ends_on.data,  # type: ignore[arg-type]
            places=self.places.data or 0,
            mentor=self.mentor.data or "",
            alliance_id=self.alliance_id.data,
        )
