"""The repeated rows of a bid's form, and the validators that they share."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import NumberRange, Optional, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.bids.preflight import MAX_MONTHS
from marketplace.bids.terms import MAX_DAYS, MAX_HOURS
from marketplace.bids.workflow import Meets
from marketplace.web.fields import DecimalField, WholeField
from marketplace.web.forms import ChoiceField, Form, MayWait, MoneyField, at_most, plain

LONG = 20_000


def within(least: int, most: int) -> NumberRange:
    return NumberRange(min=least, max=most, message=_l("A whole number from %(min)s to %(max)s."))


class PartnerRow(Form):
    """What a partner team puts in, gets and does."""

    class Meta:
        csrf = False  # the form around it carries the token

    team = SelectField(_l("Partner team"), default="")
    person_days = WholeField(_l("Person-days"), [MayWait(), within(1, MAX_DAYS)])
    money = MoneyField(_l("Share of the price"))
    task = StringField(_l("Task"), [Optional(), at_most(300)], filters=[plain])

    def validate_team(self, field: SelectField) -> None:
        """A team needs days, and days need a team."""
        days = any(self.person_days.raw_data or [])
        if field.data and not days:
            raise ValidationError(_l("Say how many person-days this team puts in."))
        if days and not field.data:
            raise ValidationError(_l("Choose the team these days belong to."))


class AnswerRow(Form):
    """The answer to one target of the order; ``target`` says which, because targets may change while somebody writes."""

    class Meta:
        csrf = False  # the form around it carries the token

    target = WholeField(widget=HiddenInput(), validators=[Optional()])
    meets = ChoiceField(Meets, _l("The bid"), empty=_l("Please choose"))
    value = StringField(_l("Promised value"), [at_most(40)], filters=[plain], render_kw={"inputmode": "decimal"})
    evidence = StringField(_l("Evidence"), [Optional(), at_most(300)], filters=[plain])
    note = StringField(_l("Remark"), [Optional(), at_most(500)], filters=[plain])


class MilestoneRow(Form):
    """A step of the plan."""

    class Meta:
        csrf = False  # the form around it carries the token

    title = StringField(_l("Step"), [at_most(120)], filters=[plain])
    month = WholeField(_l("Done by month"), [MayWait(), within(1, MAX_MONTHS)])
    result = StringField(_l("What is handed over"), [Optional(), at_most(300)], filters=[plain])
    share = DecimalField(_l("Share of the price in percent"), [Optional(), within(0, 100)], places=None)

    def validate_title(self, field: StringField) -> None:
        """A step has a name and a month, or is left empty."""
        if bool(field.data) != bool(any(self.month.raw_data or [])):
            raise ValidationError(_l("Give the step both a name and the month in which it is done."))
        if not field.data and (self.result.data or any(self.share.raw_data or [])):
            raise ValidationError(_l("Give the step both a name and the month in which it is done."))

    def validate_share(self, field: DecimalField) -> None:
        """At most two places after the point: a share is kept in hundredths of a percent."""
        if not field.errors and field.data is not None and field.data * 100 != int(field.data * 100):
            raise ValidationError(_l("At most two places after the point."))


class StaffRow(Form):
    """A person who will do the work."""

    class Meta:
        csrf = False  # the form around it carries the token

    name = StringField(_l("Full name"), [at_most(80)], filters=[plain])
    role = StringField(_l("Part in the work"), [Optional(), at_most(120)], filters=[plain])
    hours = WholeField(_l("Hours"), [MayWait(), within(1, MAX_HOURS)])

    def validate_name(self, field: StringField) -> None:
        """Hours and a part belong to somebody."""
        if not field.data and (self.role.data or any(self.hours.raw_data or [])):
            raise ValidationError(_l("Name the person."))


class BackgroundRow(Form):
    """Intellectual property that the work needs and that exists already."""

    class Meta:
        csrf = False  # the form around it carries the token

    title = StringField(_l("Patent, know-how or software"), [at_most(200)], filters=[plain])
    number = StringField(_l("Number"), [Optional(), at_most(60)], filters=[plain])
    terms = StringField(_l("On which terms the enterprise may use it"), [Optional(), at_most(300)], filters=[plain])

    def validate_title(self, field: StringField) -> None:
        """A number and terms belong to something."""
        if not field.data and (self.number.data or self.terms.data):
            raise ValidationError(_l("Say what it is."))
