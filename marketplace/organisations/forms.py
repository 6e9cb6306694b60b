"""Forms of registration and invitation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import DataRequired, Length, Optional, Regexp

from marketplace.accounts.passwords import MIN_LENGTH
from marketplace.kernel.call import Role
from marketplace.organisations.facts import DIVISIONS, INDUSTRIES, REGIONS, Entry
from marketplace.organisations.terms import InvitationTerms, OrganisationTerms, PersonTerms
from marketplace.organisations.workflow import OrganisationKind, Size
from marketplace.web import words
from marketplace.web.filters import in_language
from marketplace.web.forms import PLAIN, REQUIRED, ChoiceField, Form, at_most, without_nul

ADDRESS = Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("Give an e-mail address such as name@example.com."))


def _listed(table: Mapping[str, Entry]) -> list[SelectChoice]:
    entries = [SelectChoice(entry.code, in_language(entry)) for entry in table.values()]
    return [SelectChoice("", _l("Please choose")), *entries]


def _industries() -> list[SelectChoice]:
    """Each section with its divisions below it, so that a long list is read as twenty short ones."""
    choices = [SelectChoice("", _l("Please choose"))]
    for section in INDUSTRIES.values():
        group = f"{section.code} {in_language(section)}"
        for entry in (section, *(each for each in DIVISIONS.values() if each.code[0] == section.code)):
            choices.append(SelectChoice(entry.code, f"{entry.code} {in_language(entry)}", optgroup=group))
    return choices


class PersonForm(Form):
    """Who opens an account."""

    person_name = StringField(
        _l("Your name"), [REQUIRED, at_most(100)], filters=PLAIN, render_kw={"autocomplete": "name"}
    )
    identity_number = StringField(
        _l("Identity document number"),
        [REQUIRED, at_most(30)],
        filters=PLAIN,
        render_kw={"autocomplete": "off", "data-no-draft": ""},
    )
    password = PasswordField(
        _l("Password"),
        [
            DataRequired(_l("Please fill this in.")),
            Length(min=MIN_LENGTH, max=200, message=_l("Use %(min)d to %(max)d characters.")),
        ],
        filters=[without_nul],
        render_kw={"autocomplete": "new-password"},
    )

    def to_person(self, email: str) -> PersonTerms:
        return PersonTerms(
            name=self.person_name.data or "",
            identity_number=self.identity_number.data or "",
            email=email,
            password=self.password.data or "",
            locale=str(get_locale()),
        )


class OrganisationForm(Form):
    """What an organisation says of itself; its kind stays what it was registered as."""

    name = StringField(_l("Registered name"), [REQUIRED, at_most(200)], filters=PLAIN)
    name_en = StringField(_l("English name"), [Optional(), at_most(200)], filters=PLAIN)
    uscc = StringField(
        _l("Unified social credit code"), [REQUIRED, at_most(40)], filters=PLAIN, render_kw={"autocomplete": "off"}
    )
    region = SelectField(_l("City"), [DataRequired(_l("Please choose."))])
    industry = SelectField(_l("Industry"), [DataRequired(_l("Please choose."))])
    size = ChoiceField(Size, _l("Size of the enterprise"), [Optional()], empty=_l("Not an enterprise"))
    introduction = TextAreaField(
        _l("What the organisation does"), [Optional(), at_most(2000)], filters=PLAIN, render_kw={"rows": 4}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = _listed(REGIONS)
        self.industry.choices = _industries()

    def to_terms(self, kind: OrganisationKind) -> OrganisationTerms:
        return OrganisationTerms(
            kind=kind,
            name=self.name.data or "",
            name_en=self.name_en.data or "",
            uscc=self.uscc.data or "",
            region=self.region.data,
            industry=self.industry.data,
            size=self.size.data,
            introduction=self.introduction.data or "",
        )


class RegistrationForm(OrganisationForm, PersonForm):
    """The organisation first, then the person who answers for it."""

    kind = ChoiceField(OrganisationKind, _l("Kind of organisation"))
    email = StringField(
        _l("E-mail address"),
        [REQUIRED, at_most(254), ADDRESS],
        filters=PLAIN,
        render_kw={"type": "email", "autocomplete": "email"},
    )


class InvitationForm(Form):
    """Who is asked, and to do what."""

    email = StringField(
        _l("E-mail address"),
        [REQUIRED, at_most(254), ADDRESS],
        filters=PLAIN,
        render_kw={"type": "email", "autocomplete": "off"},
    )
    role = SelectField(_l("Role in the organisation"), [DataRequired(_l("Please choose."))])

    def choose_role(self, roles: Iterable[Role]) -> None:
        self.role.choices = [SelectChoice(role.value, words.label(role)) for role in roles]

    def to_terms(self) -> InvitationTerms:
        return InvitationTerms(self.email.data or "", Role(self.role.data))
