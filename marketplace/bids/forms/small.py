"""The short forms of bids: who bids, what changed in an order, files, authorisations and corrections."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from marketplace.bids.forms.rows import LONG
from marketplace.orders.terms import AmendTerms
from marketplace.web.forms import Form, LocalDateTimeField, at_most, plain


class StartForm(Form):
    """Which team bids."""

    team = SelectField(_l("Team"), coerce=int)


class AmendForm(Form):
    """The public text, and what changed."""

    title = StringField(_l("Title"), [InputRequired(_l("The title cannot be empty.")), at_most(200)], filters=[plain])
    problem = TextAreaField(
        _l("Problem"),
        [InputRequired(_l("The problem cannot be empty.")), at_most(LONG)],
        filters=[plain],
        render_kw={"rows": 9},
    )
    background = TextAreaField(_l("Background"), [Optional(), at_most(LONG)], filters=[plain], render_kw={"rows": 6})
    note = StringField(
        _l("What changed"), [InputRequired(_l("Tell the teams what changed.")), at_most(500)], filters=[plain]
    )

    question = IntegerField(widget=HiddenInput(), validators=[Optional()])

    def to_terms(self) -> AmendTerms:
        title, problem, background, note = (
            field.data or "" for field in (self.title, self.problem, self.background, self.note)
        )
        return AmendTerms(title, problem, background, note, self.question.data)


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
