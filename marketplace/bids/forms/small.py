"""The short forms of bids: who bids, what changed in an order, files, authorisations and corrections."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from marketplace.bids.forms.rows import LONG
from marketplace.bids.terms import Choice
from marketplace.bids.workflow import Verdict
from marketplace.orders.rows import MAX_TARGETS, TargetRow, targets_in
from marketplace.orders.terms import AmendTerms
from marketplace.web.fields import DayField, LocalDateTimeField, WholeField
from marketplace.web.forms import AmountGiven, ChoiceField, Form, MoneyField, at_most, plain, typed


class StartForm(Form):
    """Which team bids."""

    team = SelectField(_l("Team"), coerce=int)


class SubmitForm(Form):
    """The button to submit; ``seen`` is the last change of the order that the page showed."""

    seen = WholeField(widget=HiddenInput(), validators=[Optional()])


class AmendForm(Form):
    """The public part of a published order, and what changed in it."""

    title = StringField(_l("Title"), [InputRequired(_l("The title cannot be empty.")), at_most(200)], filters=[plain])
    title_en = StringField(_l("English title"), [Optional(), at_most(300)], filters=[plain])
    problem = TextAreaField(
        _l("Problem"),
        [InputRequired(_l("The problem cannot be empty.")), at_most(LONG)],
        filters=[plain],
        render_kw={"rows": 9},
    )
    background = TextAreaField(_l("Background"), [Optional(), at_most(LONG)], filters=[plain], render_kw={"rows": 6})
    targets = FieldList(FormField(TargetRow), min_entries=1, max_entries=MAX_TARGETS)
    price_ceiling = MoneyField(_l("Price ceiling"), [AmountGiven()], least=1)
    own_funds = MoneyField(_l("Your own money"), [AmountGiven()])
    delivery_on = DayField(_l("Delivery by"), [InputRequired(_l("Please give the date."))])
    note = StringField(
        _l("What changed"), [InputRequired(_l("Tell the teams what changed.")), at_most(500)], filters=[plain]
    )

    question = WholeField(widget=HiddenInput(), validators=[Optional()])

    def to_terms(self) -> AmendTerms:
        ceiling: Any = self.price_ceiling.data
        own: Any = self.own_funds.data
        return AmendTerms(
            title=typed(self.title),
            problem=typed(self.problem),
            background=typed(self.background),
            note=typed(self.note),
            question=self.question.data,
            title_en=typed(self.title_en),
            targets=targets_in(self.targets),
            price_ceiling=ceiling,
            own_funds=own,
            delivery_on=self.delivery_on.data,
        )


class AnswerForm(Form):
    """The answer to a question, for everybody."""

    answer = TextAreaField(
        _l("Answer"),
        [InputRequired(_l("Please write the answer.")), at_most(5000)],
        filters=[plain],
        render_kw={"rows": 5},
    )


class DeadlineForm(Form):
    """A later deadline, and why."""

    deadline = LocalDateTimeField(_l("New deadline"), [InputRequired(_l("Please give the new deadline."))])
    why = StringField(_l("Why"), [InputRequired(_l("Please write the reason.")), at_most(500)], filters=[plain])


class ChoiceRow(Form):
    """Whether one concept goes on, and why or why not."""

    class Meta:
        csrf = False  # the form around it carries the token

    bid = WholeField(widget=HiddenInput(), validators=[InputRequired()])
    goes = ChoiceField(
        Verdict, _l("On the shortlist"), [InputRequired(_l("Please choose."))], empty=_l("Please choose")
    )
    reason = TextAreaField(
        _l("Reason"),
        [InputRequired(_l("Please write the reason; the team will read it.")), at_most(1000)],
        filters=[plain],
        render_kw={"rows": 3},
    )
    departure = TextAreaField(
        _l("Why you depart from the committee"), [Optional(), at_most(1000)], filters=[plain], render_kw={"rows": 2}
    )


class ShortlistForm(Form):
    """Every concept with its reason, and until when full bids may come."""

    choices = FieldList(FormField(ChoiceRow))
    deadline = LocalDateTimeField(
        _l("Deadline for full bids"), [InputRequired(_l("Please give the deadline for full bids."))]
    )

    def to_choices(self) -> list[Choice]:
        return [
            Choice(
                int(row.form.bid.data or 0),
                row.form.goes.data is Verdict.GOES,
                typed(row.form.reason),
                typed(row.form.departure),
            )
            for row in self.choices
        ]


class FileForm(Form):
    """One file."""

    upload = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])


class PartForm(Form):
    """An owner authorises the part that this page shows, or refuses with words."""

    digest = HiddenField()
    reason = StringField(_l("Reason"), [Optional(), at_most(500)], filters=[plain])


class RepairForm(Form):
    """The centre names the formal errors."""

    points = TextAreaField(
        _l("What is to be put right"),
        [InputRequired(_l("Name what is to be put right.")), at_most(2000)],
        filters=[plain],
        render_kw={"rows": 5},
    )


class RepairAnswerForm(Form):
    """The bidder answers, with a file where one was missing."""

    answer = TextAreaField(
        _l("Your answer"),
        [InputRequired(_l("Please write what was put right.")), at_most(LONG)],
        filters=[plain],
        render_kw={"rows": 6},
    )
    upload = FileField(_l("File"), [Optional()])
