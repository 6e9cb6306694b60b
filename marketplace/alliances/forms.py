"""Forms of alliances."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from marketplace.organisations.models import Organisation
from marketplace.web.filters import in_language
from marketplace.web.forms import Form


class JoinForm(Form):
    """Which of one's organisations asks to join."""

    organisation_id = SelectField(_l("Organisation that asks to join"))

    def choose_organisation(self, organisations: Iterable[Organisation]) -> None:
        self.organisation_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in organisations]
