"""Forms of declarations and overrides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Optional, ValidationError

from marketplace.conflicts.queries import Candidate
from marketplace.conflicts.terms import End, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind
from marketplace.kernel.days import LONG_AGO
from marketplace.organisations.models import Organisation
from marketplace.web.fields import DayField
from marketplace.web.filters import in_language
from marketplace.web.forms import REQUIRED, ChoiceField, Form, at_most, plain

MYSELF, ANOTHER = "me", "another"


class DeclareForm(Form):
    """Who is close to whom, since when, and what shows it."""

    near = SelectField(_l("Whose relation"), default=MYSELF)
    near_name = StringField(_l("Person or organisation"), [Optional(), at_most(254)], filters=[plain])
    kind = ChoiceField(RelationKind, _l("Kind of relation"), empty=_l("Please choose"))
    other_kind = ChoiceField(EndKind, _l("The other side is"), default=EndKind.PERSON)
    other_name = StringField(_l("Name of the other side"), [REQUIRED, at_most(200)], filters=[plain])
    other_at = StringField(_l("Where that person works"), [Optional(), at_most(200)], filters=[plain])
    since = DayField(_l("Relation since"), [Optional()], first=LONG_AGO)
    until = DayField(_l("Relation until"), [Optional()], first=LONG_AGO)
    evidence = TextAreaField(_l("What shows it"), [REQUIRED, at_most(2000)], filters=[plain])
    upload = FileField(_l("File with evidence"), [Optional()])

    def offer(self, organisations: Iterable[Organisation], *, staff: bool) -> None:
        """Let the reader choose among those he may declare for."""
        choices = [SelectChoice(MYSELF, _("My own"))]
        choices += [SelectChoice(str(row.id), in_language(row)) for row in organisations]
        if staff:
            choices.append(SelectChoice(ANOTHER, _("Somebody else’s, on evidence")))
        self.near.choices = choices

    def validate_kind(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Please choose."))

    def validate_near_name(self, field: Any) -> None:
        if self.near.data == ANOTHER and not field.data:
            raise ValidationError(
                _("Write the e-mail address of an account, or an organisation’s credit code or full name.")
            )

    def to_terms(self, near: End) -> RelationTerms:
        return RelationTerms(
            kind=self.kind.data,
            near=near,
            other_kind=self.other_kind.data,
            other_name=self.other_name.data or "",
            other_at=self.other_at.data or "",
            since=self.since.data,
            until=self.until.data,
            evidence=self.evidence.data or "",
            upload=self.upload.data or None,
        )


class IdentifyForm(Form):
    """Which known person or organisation a name means."""

    other_id = RadioField(_l("This is"), coerce=int)

    def offer(self, candidates: Iterable[Candidate]) -> None:
        self.other_id.choices = [
            SelectChoice(each.id, f"{each.name} · {'、'.join(each.places)}" if each.places else each.name)
            for each in candidates
        ]


class OverrideForm(Form):
    """Why a found link shall not stand in the way."""

    reason = TextAreaField(_l("Why it may be passed over"), [REQUIRED, at_most(1000)], filters=[plain])


class SeenForm(Form):
    """What the second person read: the fingerprint of the content."""

    seen = HiddenField()
