"""Forms of teams, capabilities and evidence."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.talent.service import MOST_DAYS
from marketplace.talent.terms import CapabilityTerms, EvidenceTerms, TeamTerms
from marketplace.talent.workflow import EvidenceKind
from marketplace.web.filters import in_language
from marketplace.web.forms import PLAIN, REQUIRED, AmountGiven, ChoiceField, Form, MoneyField, at_most, number_or_none

LEVELS = [SelectChoice(str(level), f"TRL {level}") for level in range(1, 10)]


class VersionedForm(Form):
    """Carries the version its author saw, so that nobody overwrites what they have not read."""

    version = HiddenField(default="0")

    @property
    def seen_version(self) -> int:
        return number_or_none(self.version.data) or 0

    def show_version(self, version: int) -> None:
        """After a refusal (not after a mere slip of the pen) the next press knows the present version."""
        if self.form_errors:
            self.version.data = str(version)


class TeamForm(VersionedForm):
    """A team; ``choose_lead`` fills in who can lead it."""

    name = StringField(_l("Name of the team"), [REQUIRED, at_most(120)], filters=PLAIN)
    name_en = StringField(_l("English name"), [Optional(), at_most(120)], filters=PLAIN)
    introduction = TextAreaField(
        _l("Who the team is and what it works on"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 5}
    )
    capacity_days = IntegerField(
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
        )


class EvidenceForm(Form):
    """One piece of evidence."""

    kind = ChoiceField(EvidenceKind, _l("Kind"))
    title = StringField(_l("Title"), [REQUIRED, at_most(300)], filters=PLAIN)
    year = IntegerField(_l("Year"), [Optional(), NumberRange(1900, 2200, _l("Give a year such as 2024."))])
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
