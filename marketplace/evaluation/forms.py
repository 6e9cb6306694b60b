"""Forms of evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.bids.workflow import Verdict
from marketplace.evaluation.models import Criterion
from marketplace.evaluation.terms import MOST_CRITERIA, MOST_POINTS, WHOLE, CriterionTerms, VoteTerms
from marketplace.web.fields import WholeField
from marketplace.web.forms import ChoiceField, Form, at_most, plain, typed


class CriterionRow(Form):
    """One criterion; the weight is typed in hundredths."""

    class Meta:
        csrf = False  # the form around it carries the token

    name = StringField(_l("Criterion"), [at_most(80)], filters=[plain])
    name_en = StringField(_l("In English"), [Optional(), at_most(120)], filters=[plain])
    about = StringField(_l("What counts"), [Optional(), at_most(300)], filters=[plain])
    weight = WholeField(
        _l("Weight of 100"),
        [Optional(), NumberRange(min=1, max=100, message=_l("A whole number from %(min)s to %(max)s."))],
    )

    def validate_name(self, field: StringField) -> None:
        """A name needs a weight, and a weight needs a name."""
        if bool(field.data) != bool(any(self.weight.raw_data or [])):
            raise ValidationError(_l("Give the criterion both a name and a weight."))


class CriteriaForm(Form):
    """What counts, and how much."""

    criteria = FieldList(FormField(CriterionRow), min_entries=1, max_entries=MOST_CRITERIA)

    def rows_changed(self) -> bool:
        """Add or remove a row as the buttons asked (browsers without scripts); return whether one was pressed."""
        if not {"add_row", "remove_row"} & set(request.form):
            return False
        if "add_row" in request.form and len(self.criteria.entries) < MOST_CRITERIA:
            self.criteria.append_entry()
        self.criteria.entries = [e for e in self.criteria.entries if e.name != request.form.get("remove_row")]
        if not self.criteria.entries:
            self.criteria.append_entry()
        return True

    def to_terms(self) -> list[CriterionTerms]:
        """Return the rows that say something, in their order."""
        return [
            CriterionTerms(
                row.form.name.data,
                row.form.name_en.data or "",
                (row.form.weight.data or 0) * (WHOLE // 100),
                row.form.about.data or "",
            )
            for row in self.criteria
            if row.form.name.data
        ]


def as_data(criteria: Sequence[Criterion] | Sequence[CriterionTerms]) -> dict[str, Any]:
    """Return what ``CriteriaForm`` shows for ``criteria``."""
    rows = [
        {"name": c.name, "name_en": c.name_en, "about": c.about, "weight": c.weight * 100 // WHOLE} for c in criteria
    ]
    return {"criteria": rows}


class MemberForm(Form):
    """Whom to invite."""

    email = StringField(
        _l("E-mail address of the account"),
        [InputRequired(_l("Give the address of the account.")), at_most(254)],
        filters=[plain],
    )
    expert = BooleanField(_l("As an expert in the field"))


class VoteRow(Form):
    """What a member says of one concept."""

    class Meta:
        csrf = False  # the form around it carries the token

    bid = WholeField(widget=HiddenInput(), validators=[InputRequired()])
    goes = ChoiceField(
        Verdict, _l("I recommend that it"), [InputRequired(_l("Please choose."))], empty=_l("Please choose")
    )
    points = WholeField(
        _l("Points of 100"),
        [
            InputRequired(_l("Please give points.")),
            NumberRange(min=0, max=MOST_POINTS, message=_l("A whole number from %(min)s to %(max)s.")),
        ],
    )
    why = TextAreaField(
        _l("Why"),
        [InputRequired(_l("Please write the reason; it goes on record.")), at_most(1000)],
        filters=[plain],
        render_kw={"rows": 3},
    )


class VoteForm(Form):
    """One member's vote on every concept."""

    votes = FieldList(FormField(VoteRow))

    def to_terms(self) -> list[VoteTerms]:
        return [
            VoteTerms(
                int(row.form.bid.data or 0),
                row.form.goes.data is Verdict.GOES,
                int(row.form.points.data if row.form.points.data is not None else -1),
                typed(row.form.why),
            )
            for row in self.votes
        ]


class PointsRow(Form):
    """The points for one criterion."""

    class Meta:
        csrf = False  # the form around it carries the token

    points = WholeField(
        _l("Points of 100"),
        [Optional(), NumberRange(min=0, max=MOST_POINTS, message=_l("A whole number from %(min)s to %(max)s."))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points.flags.optional = False


class ScoreForm(Form):
    """One member's points for one bid, in the order of the criteria."""

    rows = FieldList(FormField(PointsRow))
    remark = TextAreaField(
        _l("Remark for the bidder"), [Optional(), at_most(1000)], filters=[plain], render_kw={"rows": 3}
    )

    def __init__(self, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.judged = list(criteria)
        while len(self.rows) < len(self.judged):
            self.rows.append_entry()
        self.rows.entries = self.rows.entries[: len(self.judged)]
        for criterion, row in zip(self.judged, self.rows, strict=True):
            row.form.points.label.text = criterion.name

    def points(self) -> dict[int, int]:
        """Return the points by criterion; what is left open is left out."""
        pairs = zip(self.judged, self.rows, strict=True)
        return {c.id: row.form.points.data for c, row in pairs if row.form.points.data is not None}
