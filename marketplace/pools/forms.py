"""Forms of the pools."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.alliances.models import Alliance
from marketplace.pools.models import PoolRules
from marketplace.pools.terms import EvaluationTerms, RulesTerms
from marketplace.pools.workflow import Essentiality, Relation, Validity
from marketplace.talent.models import Researcher
from marketplace.web.fields import DecimalField, WholeField
from marketplace.web.filters import in_language
from marketplace.web.forms import PLAIN, REQUIRED, AmountGiven, ChoiceField, Form, MoneyField, at_most, number_or_none

SEPARATOR = "=>"


class OfferForm(Form):
    """Which pool, and why."""

    alliance_id = SelectField(_l("Pool of the alliance"), coerce=number_or_none)
    note = TextAreaField(
        _l("What it is good for in the pool"),
        [Optional(), Length(max=1000, message=_l("At most %(max)d characters."))],
        filters=PLAIN,
        render_kw={"rows": 4},
    )

    def choose_alliance(self, alliances: Sequence[Alliance]) -> None:
        self.alliance_id.choices = [SelectChoice(str(row.id), in_language(row)) for row in alliances]


class AppointForm(Form):
    """An expert of the talent pool's directory, or somebody else by e-mail address."""

    expert = RadioField(_l("Experts of the talent pool"), [Optional()], coerce=number_or_none, validate_choice=False)
    email = StringField(_l("Or somebody else, by e-mail address"), [Optional(), at_most(254)], filters=PLAIN)

    def choose(self, experts: Sequence[Researcher]) -> None:
        self.experts = {row.account_id: row.account.email for row in experts}
        self.expert.choices = [SelectChoice(str(row.account_id), expert_label(row)) for row in experts]

    @property
    def address(self) -> str:
        """What was typed, else the address of whom was picked; empty for somebody who is not among the choices."""
        return (self.email.data or "").strip() or self.experts.get(self.expert.data or 0, "")


def expert_label(row: Researcher) -> str:
    """A name with the present place of work, as somebody who picks wants to read it."""
    present = next((place for place in row.affiliations if place.until_on is None), None)
    return f"{row.name} · {present.organisation} · {present.post}" if present else row.name


class EvaluationForm(Form):
    """What the expert found."""

    validity = ChoiceField(Validity, _l("How solid is it?"))
    essentiality = ChoiceField(Essentiality, _l("How needed is it?"))
    relation = ChoiceField(Relation, _l("Beside the pooled patents"))
    weight = WholeField(
        _l("Weight in the pool, 1 to 10"),
        [
            InputRequired(_l("Give a whole number.")),
            NumberRange(1, 10, _l("Give a number between %(min)s and %(max)s.")),
        ],
        default=5,
    )
    chart = TextAreaField(
        _l("Claim chart"), [REQUIRED, at_most(20_000)],
        filters=PLAIN, render_kw={"rows": 8},
    )  # fmt: skip
    remark = TextAreaField(_l("Remarks"), [Optional(), at_most(5000)], filters=PLAIN, render_kw={"rows": 4})

    def to_terms(self) -> EvaluationTerms:
        lines = [line.partition(SEPARATOR) for line in (self.chart.data or "").splitlines() if line.strip()]
        return EvaluationTerms(
            validity=self.validity.data,
            essentiality=self.essentiality.data,
            relation=self.relation.data,
            weight=self.weight.data or 0,
            chart=tuple((element.strip(), reading.strip()) for element, _sign, reading in lines),
            remark=self.remark.data or "",
        )


class RulesForm(Form):
    """A pool's conditions."""

    entry_fee = MoneyField(_l("Entry fee of a licence"), [AmountGiven()])
    patent_price = MoneyField(_l("For each patent and year"), [AmountGiven()])
    bundle_cap = MoneyField(_l("At most for a bundle and year"), [AmountGiven()])
    rate = DecimalField(_l("Running royalty, % of net sales"), [InputRequired(_l("Please fill this in."))], places=2)
    pool_fee = DecimalField(
        _l("What the pool keeps, % of income"), [InputRequired(_l("Please fill this in."))], places=2
    )
    members_free = BooleanField(_l("Members of the alliance take bundles free of charge"))

    def fill(self, rules: PoolRules) -> None:
        for name in ("entry_fee", "patent_price", "bundle_cap", "members_free"):
            getattr(self, name).data = getattr(rules, name)
        self.rate.data, self.pool_fee.data = Decimal(rules.rate) / 100, Decimal(rules.pool_fee) / 100

    def to_terms(self) -> RulesTerms:
        return RulesTerms(
            entry_fee=self.entry_fee.data,  # type: ignore[arg-type]
            patent_price=self.patent_price.data,  # type: ignore[arg-type]
            bundle_cap=self.bundle_cap.data,  # type: ignore[arg-type]
            rate=int((self.rate.data or Decimal(0)) * 100),
            pool_fee=int((self.pool_fee.data or Decimal(0)) * 100),
            members_free=self.members_free.data,
        )
