"""Forms of orders: one per step. A draft may lack anything, so they check shapes only; ``readiness`` asks for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.orders.procedures import Procedure
from marketplace.orders.rows import MAX_TARGETS, TargetRow, targets_in
from marketplace.orders.terms import DisclosureTerms, MoneyTerms, NeedTerms, TargetsTerms
from marketplace.orders.workflow import ContractType, Frequency, IpWish
from marketplace.web.fields import DayField, LocalDateTimeField
from marketplace.web.forms import ChoiceField, Form, MayWait, MoneyField, at_most, ipc_symbols, plain, typed
from marketplace.web.meanwhile import MarkedForm
from marketplace.web.words import choices

LONG = 20_000


_FILTERS = [plain]


class NeedForm(MarkedForm):
    """Step 1: the problem. ``place`` is "organisation:alliance"."""

    place = SelectField(_l("Enterprise and alliance"))
    title = StringField(_l("Title"), [at_most(200)], filters=_FILTERS)
    title_en = StringField(_l("English title"), [Optional(), at_most(300)], filters=_FILTERS)
    problem = TextAreaField(_l("Problem"), [at_most(LONG)], filters=_FILTERS, render_kw={"rows": 9})
    background = TextAreaField(_l("Background"), [Optional(), at_most(LONG)], filters=_FILTERS, render_kw={"rows": 6})
    field = ChoiceField(Field, _l("Field of technology"), empty=_l("Please choose"))
    ipc = StringField(_l("IPC symbols"), [Optional(), at_most(200), ipc_symbols(200)], filters=_FILTERS)
    template = StringField(widget=HiddenInput())

    def __init__(self, *args: Any, place_choices: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place.choices = list(place_choices)

    @property
    def organisation_id(self) -> int:
        return int(self.place.data.split(":")[0])

    def to_terms(self) -> NeedTerms:
        return NeedTerms(
            alliance_id=int(self.place.data.split(":")[1]),
            title=typed(self.title),
            title_en=typed(self.title_en),
            problem=typed(self.problem),
            background=typed(self.background),
            field=self.field.data,
            ipc=typed(self.ipc),
        )


def _level(text: Any) -> int | None:
    return int(text) if text not in (None, "", "None") else None


class TargetsForm(MarkedForm):
    """Step 2: readiness and targets."""

    trl_now = SelectField(_l("Readiness now (TRL)"), coerce=_level)
    trl_wanted = SelectField(_l("Readiness wanted (TRL)"), coerce=_level)
    targets = FieldList(FormField(TargetRow), min_entries=1, max_entries=MAX_TARGETS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trl_now.choices = self.trl_wanted.choices = [("", _l("Please choose")), *TRL]

    def to_terms(self) -> TargetsTerms:
        return TargetsTerms(
            trl_now=self.trl_now.data,
            trl_wanted=self.trl_wanted.data,
            targets=targets_in(self.targets),
        )


class TermsForm(MarkedForm):
    """Step 3: money, times and kind of contract."""

    own_funds = MoneyField(_l("Your own money"))
    price_ceiling = MoneyField(_l("Price ceiling"), least=1)
    budget_reason = StringField(_l("How you came to it"), [MayWait(), at_most(500)], filters=_FILTERS)
    bidding_from = LocalDateTimeField(_l("Bidding starts"), [Optional()])
    bid_deadline = LocalDateTimeField(_l("Deadline for bids"), [MayWait()])
    delivery_on = DayField(_l("Delivery by"), [MayWait()])
    contract_type = ChoiceField(ContractType, _l("Kind of contract"), empty=_l("Please choose"))
    ip_wish = ChoiceField(IpWish, _l("Who shall own the result"), empty=_l("Please choose"))
    procedure = ChoiceField(Procedure, _l("Procedure"), default=Procedure.OPEN)
    procedure_reason = TextAreaField(
        _l("Why only invited teams may answer"), [MayWait(), at_most(1000)], filters=_FILTERS, render_kw={"rows": 3}
    )

    def to_terms(self) -> MoneyTerms:
        return MoneyTerms(
            own_funds=self.own_funds.data,  # type: ignore[arg-type]
            price_ceiling=self.price_ceiling.data,  # type: ignore[arg-type]
            bidding_from=self.bidding_from.data,
            bid_deadline=self.bid_deadline.data,
            delivery_on=self.delivery_on.data,
            contract_type=self.contract_type.data,
            ip_wish=self.ip_wish.data,
            procedure=self.procedure.data or Procedure.OPEN,
            procedure_reason=typed(self.procedure_reason),
            budget_reason=typed(self.budget_reason),
        )


class DisclosureForm(MarkedForm):
    """Step 4: who sees what."""

    visibility = RadioField(_l("Who sees the public part"), coerce=Visibility, default=Visibility.PUBLIC)
    confidential = TextAreaField(
        _l("Confidential part"), [Optional(), at_most(LONG)], filters=_FILTERS, render_kw={"rows": 7}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visibility.choices = [
            (Visibility.PUBLIC, _l("Everybody, also without signing in")),
            (Visibility.CENTRE, _l("Members of all alliances of the centre")),
            (Visibility.ALLIANCE, _l("Members of this alliance only")),
        ]

    def to_terms(self) -> DisclosureTerms:
        return DisclosureTerms(self.visibility.data, typed(self.confidential))


class AttachForm(Form):
    """A file for the order."""

    upload = FileField(_l("File"), [FileRequired(_l("Please choose a file."))])
    confidential = BooleanField(
        _l("Confidential: only your enterprise, the screeners and teams under agreement can read it"),
        id="file-confidential",
    )


class TeamForm(Form):
    """Which of the reader's teams."""

    team = SelectField(_l("Team"), coerce=int)


class InviteForm(Form):
    """Which team is invited, and why this one."""

    team = SelectField(_l("Team"), coerce=int)
    why = StringField(
        _l("Why this team"), [InputRequired(_l("Please write the reason.")), at_most(500)], filters=_FILTERS
    )


class FollowForm(Form):
    """Fields to hear about, and how often."""

    fields = SelectMultipleField(
        _l("Fields"), coerce=Field, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    frequency = ChoiceField(Frequency, _l("How often"), default=Frequency.WEEKLY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.choices = [
            (field, label) for field, label in zip(Field, dict(choices(Field)).values(), strict=True)
        ]


class ApplyForm(Form):
    """Which team asks for a place in the pool, and what it stands for."""

    team = SelectField(_l("Team"), coerce=int)
    statement = TextAreaField(
        _l("What your team stands for"),
        [InputRequired(_l("Please write what your team stands for.")), at_most(1000)],
        filters=_FILTERS,
        render_kw={"rows": 4},
    )


class QuestionForm(Form):
    """A question, handed over without a name."""

    text = TextAreaField(
        _l("Question"),
        [InputRequired(_l("Please write the question.")), at_most(2000)],
        filters=_FILTERS,
        render_kw={"rows": 5},
    )
    confidential = BooleanField(_l("It touches the confidential part: show question and answer to its readers only"))


TRL = (
    ("1", _l("TRL 1 · principle observed")),
    ("2", _l("TRL 2 · concept formulated")),
    ("3", _l("TRL 3 · proof of concept")),
    ("4", _l("TRL 4 · verified in the laboratory")),
    ("5", _l("TRL 5 · verified in a relevant environment")),
    ("6", _l("TRL 6 · prototype demonstrated")),
    ("7", _l("TRL 7 · demonstrated in operation")),
    ("8", _l("TRL 8 · complete and qualified")),
    ("9", _l("TRL 9 · proven in use")),
)
"""Readiness levels in short words (the standard is GB/T 22900)."""
