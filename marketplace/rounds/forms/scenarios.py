"""Forms of "what if": weights by sliders, changes in rows, a matching by hand, keeping an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, ValidationError
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from marketplace.kernel import money, numbers
from marketplace.rounds.forms.rounds import WEIGHT, clean
from marketplace.rounds.models import Run
from marketplace.rounds.terms import ScenarioTerms
from marketplace.rounds.workflow import ChangeKind, Part, RunKind
from marketplace.web.fields import DecimalField, WholeField
from marketplace.web.forms import Form
from marketplace.web.words import label

MOST_ROWS = 20
MOST_DAYS = 100_000
K = ChangeKind
BY_BID = frozenset({K.LOCK, K.FORBID, K.FREE, K.CHOOSE})
BY_ORDER = frozenset({K.MUST, K.DROP_ORDER, K.ADD_ORDER})
IN_MONEY = frozenset({K.BUDGET, K.OWN_FUNDS})
WITH_AMOUNT = IN_MONEY | {K.CAPACITY, K.FLOOR}
OFFERED = (
    K.LOCK,
    K.FORBID,
    K.FREE,
    K.CHOOSE,
    K.MUST,
    K.DROP_ORDER,
    K.ADD_ORDER,
    K.BUDGET,
    K.CAPACITY,
    K.OWN_FUNDS,
    K.FLOOR,
)
_KEY = re.compile(r"^\s*([botf]\d{1,15}(?:@[\w]+)?|sme|first_timer|alliance:[\w-]{1,20})(?:\s|$)")
_LETTERS: Mapping[ChangeKind, str] = {
    **dict.fromkeys(BY_BID, "b"),
    **dict.fromkeys(BY_ORDER, "o"),
    K.BUDGET: "f",
    K.CAPACITY: "t",
    K.OWN_FUNDS: "o",
}


class ChangeForm(PlainForm):
    """One change; rows in which nothing was written are left out."""

    kind = SelectField(_l("What changes"), validate_choice=False)
    target = StringField(
        _l("Of which"), [Length(max=200)], filters=[clean], render_kw={"list": "targets", "autocomplete": "off"}
    )
    amount = StringField(_l("By how much"), [Length(max=40)], filters=[clean], render_kw={"inputmode": "text"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("nothing")), *((kind.value, label(kind)) for kind in OFFERED)]

    @property
    def of(self) -> str:
        found = _KEY.match(self.target.data or "")
        return found[1] if found else ""

    def validate_kind(self, field: SelectField) -> None:
        if field.data and field.data not in {kind.value for kind in OFFERED}:
            raise ValidationError(_("Choose one of the list."))
        if not field.data and (self.target.data or self.amount.data):
            raise ValidationError(_("Choose what changes, or empty the row."))

    def validate_target(self, _field: StringField) -> None:
        kind = self.kind.data
        if not kind or kind not in {each.value for each in OFFERED}:
            return
        letter = _LETTERS.get(ChangeKind(kind), "")
        if (
            not self.of
            or (letter and not self.of.startswith(letter))
            or (not letter and self.of[0] in "botf" and self.of[1:].isdigit())
        ):
            raise ValidationError(_("Choose one of the list that fits the change."))

    def validate_amount(self, _field: StringField) -> None:
        if self.kind.data in {kind.value for kind in BY_BID | BY_ORDER} and self.amount.data:
            raise ValidationError(_("This change has no amount: leave it empty."))
        if self.kind.data in {kind.value for kind in WITH_AMOUNT} and self.by is None:
            raise ValidationError(_("Write an amount, with a minus sign for less: 500,000 or -50万, or whole days."))

    @property
    def by(self) -> int | None:
        """Fen, days or orders; None when nothing sensible was typed."""
        text = self.amount.data or ""
        try:
            if self.kind.data in {kind.value for kind in IN_MONEY}:
                return money.parse_signed(text)
            count = numbers.whole(text)
        except ValueError:
            return None
        return count if abs(count) <= MOST_DAYS else None

    def to_change(self) -> dict[str, Any]:
        told: dict[str, Any] = {"kind": self.kind.data, "of": self.of}
        return told if ChangeKind(self.kind.data) in BY_BID | BY_ORDER else {**told, "by": self.by}


class ScenarioForm(Form):
    """What if: starts from the run's own weights and rules; what is left as it is changes nothing."""

    label = StringField(_l("Name of this scenario"), [Optional(), Length(max=120)], filters=[clean])
    fit = WholeField(_l("Fit"), WEIGHT)
    targets = WholeField(_l("Targets"), WEIGHT)
    quality = WholeField(_l("Track record"), WEIGHT)
    price = WholeField(_l("Price"), WEIGHT)
    time = WholeField(_l("On time"), WEIGHT)
    stability = WholeField(_l("Stability"), WEIGHT)
    public_share_max = DecimalField(
        _l("Public money pays at most this share of a price (per cent)"),
        [Optional(), NumberRange(0, 100, _l("A share from 0 to 100."))],
        places=None,
    )
    rows = FieldList(FormField(ChangeForm), min_entries=1, max_entries=MOST_ROWS)

    def change_rows(self, add: bool, remove: str) -> None:
        """Add a row, or remove the one whose field is called ``remove``, for browsers without scripts."""
        if add and len(self.rows) < MOST_ROWS:
            self.rows.append_entry()
        self.rows.entries = [entry for entry in self.rows.entries if entry.name != remove]

    @classmethod
    def values_of(cls, base: Run, asked: Sequence[Mapping[str, str]]) -> dict[str, Any]:
        """The base's weights and rules, and rows that a link proposed."""
        share = (base.problem or {}).get("rules", {}).get("public_share_max")
        return {
            **_weights(base),
            "public_share_max": None if share is None else Decimal(share) / 100,
            "rows": [dict(row) for row in asked] or [{}],
        }

    def to_terms(self, base: Run) -> ScenarioTerms:
        changes: list[dict[str, Any]] = [row.form.to_change() for row in self.rows if row.form.kind.data]
        weights = {part.value: self[part.value].data for part in Part}
        if weights != _weights(base):
            changes.insert(0, {"kind": K.WEIGHTS.value, "weights": weights})
        share = None if self.public_share_max.data is None else int(self.public_share_max.data * 100)
        if share != (base.problem or {}).get("rules", {}).get("public_share_max"):
            changes.append({"kind": K.PUBLIC_SHARE.value, "of": "", "by": share})
        return ScenarioTerms(self.label.data or "", changes)


def _weights(base: Run) -> dict[str, int]:
    told = (base.scores or {}).get("weights", {})
    return {part.value: told.get(part.value, 0) for part in Part}


class KeepForm(Form):
    """Why this answer and not the run's own."""

    reason = StringField(
        _l("Why this answer"), [InputRequired(_l("Please write the reason.")), Length(max=1000)], filters=[clean]
    )


class HandForm(Form):
    """A matching by hand: for each order one of its bids, or none. Fields are named ``bid-<order key>``."""

    label = StringField(_l("Name of this matching"), [Optional(), Length(max=120)], filters=[clean])

    def to_terms(self, chosen: Sequence[str]) -> ScenarioTerms:
        change = {"kind": K.HAND.value, "of": "", "keys": list(chosen)}
        return ScenarioTerms(self.label.data or "", [change], RunKind.HAND)


class RuleForm(Form):
    """One rule to do without."""

    rule = HiddenField()
    keys = HiddenField()

    def to_terms(self) -> ScenarioTerms:
        keys = [key for key in (self.keys.data or "").split(" ") if key][:20]
        change = {"kind": K.DROP_RULE.value, "of": "", "rule": self.rule.data or "", "keys": keys}
        return ScenarioTerms("", [change], RunKind.WITHOUT_RULE)


class RepairForm(Form):
    """One of the repairs that were found for contradicting demands, by its place in the list."""

    repair = HiddenField()

    def to_terms(self, run: Run) -> ScenarioTerms | None:
        """The repair's changes as a scenario; None when the run has no such repair."""
        repairs = (run.solution or {}).get("repairs", [])
        typed = self.repair.data or ""
        if not (typed.isascii() and typed.isdigit() and int(typed[:9]) < len(repairs)):
            return None
        told = repairs[int(typed)]["changes"]
        made = [{"kind": K.REPAIR.value, "of": "", "limit": c["kind"], "keys": c["of"], "by": c["by"]} for c in told]
        return ScenarioTerms("", made)


class StudyForm(Form):
    """A question about a run: its kind, and of "why" the order's key."""

    kind = HiddenField()
    subject = HiddenField()
