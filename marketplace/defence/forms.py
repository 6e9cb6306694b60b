"""Forms of the defence."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Optional

from marketplace.alliances.models import Alliance
from marketplace.defence.costs import Weight
from marketplace.defence.terms import CaseTerms, ThreatTerms, WatchTerms
from marketplace.defence.workflow import CostRule, ThreatKind
from marketplace.organisations.models import Organisation
from marketplace.web.filters import in_language
from marketplace.web.forms import PLAIN, REQUIRED, AmountGiven, ChoiceField, Form, MoneyField, at_most, number_or_none


class OwnForm(Form):
    """A form filled for one of the actor's organisations."""

    organisation_id = SelectField(_l("For"), coerce=number_or_none)

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


class JoinForm(OwnForm):
    products = IntegerField(_l("Products of yours that are exposed"), [InputRequired(_l("Give a whole number."))])
    revenue = MoneyField(_l("Their revenue a year"), [AmountGiven()])

    def to_weight(self) -> Weight:
        return Weight(self.products.data or 0, self.revenue.data)  # type: ignore[arg-type]


class OutcomeForm(Form):
    outcome = TextAreaField(_l("How it ended"), [REQUIRED, at_most(1000)], filters=PLAIN, render_kw={"rows": 3})
    spent = MoneyField(_l("What it cost"), [AmountGiven()])
    saved = MoneyField(_l("What it saved the members"), [AmountGiven()])
