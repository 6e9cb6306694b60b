"""Forms of objections, findings and reversals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import Optional, ValidationError

from marketplace.awards.terms import ComplaintTerms, FindingTerms, LevelTerms, ReversalTerms
from marketplace.awards.workflow import Finding, Ground, NoAward, Remedy
from marketplace.bids.models import Bid
from marketplace.kernel.call import Role
from marketplace.organisations.models import Organisation
from marketplace.web.filters import in_language
from marketplace.web.forms import REQUIRED, AmountGiven, ChoiceField, Form, MoneyField, at_most, plain
from marketplace.web.words import label

BID, MEMBER = "bid", "member"


class ComplaintForm(Form):
    """In whose name, about what, and in which words."""

    standing = SelectField(_l("You object as"))
    ground = ChoiceField(Ground, _l("What is it about"), empty=_l("Please choose"))
    text = TextAreaField(_l("Your objection"), [REQUIRED, at_most(5000)], filters=[plain])
    upload = FileField(_l("File with evidence"), [Optional()])

    def offer(self, bids: Iterable[Bid], organisations: Iterable[Organisation]) -> None:
        """Losing bids first; a member's organisation objects to the notice."""
        choices = [SelectChoice(f"{BID}:{b.id}", _("Bidder: %(team)s", team=in_language(b.team))) for b in bids]
        choices += [
            SelectChoice(f"{MEMBER}:{row.id}", _("Member: %(organisation)s", organisation=in_language(row)))
            for row in organisations
        ]
        self.standing.choices = choices

    def validate_ground(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Please choose."))

    def to_terms(self) -> ComplaintTerms:
        kind, _colon, number = (self.standing.data or "").partition(":")
        return ComplaintTerms(
            ground=self.ground.data,
            text=self.text.data or "",
            bid_id=int(number) if kind == BID else None,
            organisation_id=int(number) if kind == MEMBER else None,
            upload=self.upload.data or None,
        )


class AppealForm(Form):
    """Why the decision is wrong."""

    text = TextAreaField(_l("Why the decision is wrong"), [REQUIRED, at_most(5000)], filters=[plain])


class FindingForm(Form):
    """What is found, what follows, and the words for whoever objected and for everybody else."""

    finding = ChoiceField(Finding, _l("What do you find"), empty=_l("Please choose"))
    remedy = ChoiceField(Remedy, _l("What follows if it is right"), empty=_l("Nothing follows"))
    answer = TextAreaField(_l("Answer to whoever objected"), [REQUIRED, at_most(5000)], filters=[plain])
    summary = TextAreaField(_l("What the parties may read"), [REQUIRED, at_most(500)], filters=[plain])

    def validate_finding(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Please choose."))

    def to_terms(self) -> FindingTerms:
        return FindingTerms(self.finding.data, self.answer.data or "", self.summary.data or "", self.remedy.data)


class ReversalForm(Form):
    """Why it is taken back: for the file and for the notice."""

    reason = TextAreaField(_l("Reason for the file"), [REQUIRED, at_most(1000)], filters=[plain])
    public_reason = TextAreaField(_l("Reason on the public notice"), [REQUIRED, at_most(500)], filters=[plain])
    exclude_winner = BooleanField(_l("Exclude the winner's bid as well"))

    def to_terms(self) -> ReversalTerms:
        return ReversalTerms(self.reason.data or "", self.public_reason.data or "", bool(self.exclude_winner.data))


class LevelForm(Form):
    """Above which amount, by whom, in which order, and why."""

    above = MoneyField(_l("Above this price"), [AmountGiven()])
    role = SelectField(_l("Approval by"), coerce=Role)
    waits = SelectField(_l("When"), coerce=int)
    reason = TextAreaField(_l("Reason"), [REQUIRED, at_most(500)], filters=[plain])

    def offer(self) -> None:
        roles = (Role.CENTRE_OFFICER, Role.FUND_MANAGER)
        self.role.choices = [SelectChoice(role.value, label(role)) for role in roles]
        self.waits.choices = [
            SelectChoice(1, _("after the approvals before it")),
            SelectChoice(0, _("beside them, in any order")),
        ]

    def to_terms(self) -> LevelTerms:
        return LevelTerms(int(self.above.data or 0), self.role.data, bool(self.waits.data), self.reason.data or "")


class FailForm(Form):
    """Why no bid wins, for the enterprise and the bidders."""

    cause = ChoiceField(NoAward, _l("Cause"), empty=_l("Please choose"))
    reason = TextAreaField(_l("Reason"), [REQUIRED, at_most(500)], filters=[plain])

    def validate_cause(self, field: Any) -> None:
        if field.data is None:
            raise ValidationError(_("Please choose."))


class SeenForm(Form):
    """What the second person read: the fingerprint of the content."""

    seen = HiddenField()
