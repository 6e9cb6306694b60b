"""The form of a bid. It checks shapes only; ``preflight`` says what a submission lacks. Nothing of it is kept in a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, TextAreaField
from wtforms.validators import Optional, ValidationError
from wtforms.widgets import HiddenInput

from marketplace.bids.forms.rows import (
    LONG,
    AnswerRow,
    BackgroundRow,
    MilestoneRow,
    PartnerRow,
    StaffRow,
    within,
)
from marketplace.bids.preflight import MAX_MONTHS
from marketplace.bids.terms import MAX_DAYS, MAX_PLACES, Answer, Background, BidTerms, Load, Milestone, Staff
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts
from marketplace.web.fields import DayField, WholeField
from marketplace.web.forms import Form, MayWait, MoneyField, at_most, change_rows, plain

MAX_PARTNERS = 5
_LATER = ("price", "least_price", "most_price", "partners", "milestones")
"""What a concept says nothing of yet: money, and who shares it."""
MAX_MILESTONES = 12
MAX_STAFF = 20
MAX_BACKGROUND = 12


class BidForm(Form):
    """The whole bid; the answers stand in the order of the targets."""

    seen = WholeField(widget=HiddenInput(), validators=[Optional()])
    kept = HiddenField()
    plan = TextAreaField(_l("Technical plan"), [at_most(LONG)], filters=[plain], render_kw={"rows": 12})
    schedule = TextAreaField(_l("Schedule"), [at_most(LONG)], filters=[plain], render_kw={"rows": 5})
    milestones = FieldList(FormField(MilestoneRow), min_entries=1, max_entries=MAX_MILESTONES)
    answers = FieldList(FormField(AnswerRow))
    price = MoneyField(_l("Price"), least=1)
    least_price = MoneyField(_l("Smallest useful price"), [Optional()])
    most_price = MoneyField(_l("Largest useful price"), [Optional()])
    start_on = DayField(_l("Start of work"), [MayWait()])
    months = WholeField(_l("Duration in months"), [MayWait(), within(1, MAX_MONTHS)])
    own_days = WholeField(_l("Person-days of your team"), [MayWait(), within(1, MAX_DAYS)])
    partners = FieldList(FormField(PartnerRow), min_entries=1, max_entries=MAX_PARTNERS)
    staff = FieldList(FormField(StaffRow), min_entries=1, max_entries=MAX_STAFF)
    students = WholeField(_l("Places for students"), [Optional(), within(0, MAX_PLACES)])
    background = FieldList(FormField(BackgroundRow), min_entries=1, max_entries=MAX_BACKGROUND)

    def __init__(self, order: Order, team_id: int, partner_choices: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if asks_concepts(order):
            for name in _LATER:
                del self[name]
        self.order, self.team_id = order, team_id
        self.partner_choices = [("", _l("No partner")), *partner_choices]
        self._put_under_targets()
        self.offer_partners()

    def _put_under_targets(self) -> None:
        """Let each answer stand under its own target, also when the order's targets changed while the page was open."""
        wanted, sent = [target.id for target in self.order.targets], [row.form.target.data for row in self.answers]
        if any(sent) and sent != wanted:
            given = {row.form.target.data: row.form.data for row in self.answers}
            self.answers.entries = []
            for target in wanted:
                self.answers.append_entry({**given.get(target, {}), "target": target})
        while len(self.answers) < len(wanted):
            self.answers.append_entry({"target": wanted[len(self.answers)]})
        self.answers.entries = self.answers.entries[: len(wanted)]

    def offer_partners(self) -> None:
        """Give every partner row the teams to choose from."""
        for row in self.partners or ():
            row.form.team.choices = self.partner_choices

    def rows_changed(self) -> bool:
        """Add or remove a row as the buttons asked (browsers without scripts); return whether one was pressed."""
        changed = change_rows(*filter(None, (self.partners, self.milestones, self.staff, self.background)))
        self.offer_partners()
        return changed

    def validate_partners(self, field: FieldList[Any]) -> None:
        """Each partner team once."""
        named = [row.form.team.data for row in field if row.form.team.data]
        if len(set(named)) != len(named):
            raise ValidationError(_l("Name each partner team once."))

    def to_terms(self) -> BidTerms:
        """Return the content; rows that say nothing are left out, and so are the attachments, which have a page of their own."""
        answers = [
            Answer(
                target.id,
                row.form.meets.data,
                row.form.value.data or "",
                row.form.note.data or "",
                row.form.evidence.data or "",
            )
            for target, row in zip(self.order.targets, self.answers, strict=True)
        ]
        return BidTerms(
            plan=self.plan.data or "",
            schedule=self.schedule.data or "",
            price=self.price.data if self.price else None,  # type: ignore[arg-type]
            start_on=self.start_on.data,
            months=self.months.data,
            loads=self._loads(),
            answers=tuple(answers),
            least_price=self.least_price.data if self.least_price else None,  # type: ignore[arg-type]
            most_price=self.most_price.data if self.most_price else None,  # type: ignore[arg-type]
            milestones=tuple(self._milestones()) if self.milestones else (),
            staff=tuple(
                Staff(row.form.name.data, row.form.role.data or "", row.form.hours.data)
                for row in self.staff
                if row.form.name.data
            ),
            background=tuple(
                Background(row.form.title.data, row.form.number.data or "", row.form.terms.data or "")
                for row in self.background
                if row.form.title.data
            ),
            students=self.students.data,
        )

    def _loads(self) -> tuple[Load, ...]:
        """The partners as typed; the own team gets what they leave of the price."""
        if not self.partners:
            return (Load(self.team_id, self.own_days.data),) if self.own_days.data else ()
        partners = [_partner(row.form) for row in self.partners if row.form.team.data and row.form.person_days.data]
        if not self.own_days.data:
            return tuple(partners)
        rest: int | None = None
        if partners and self.price.data is not None and all(load.money is not None for load in partners):
            rest = int(self.price.data) - sum(load.money or 0 for load in partners)
        return (Load(self.team_id, self.own_days.data, max(rest, 0) if rest is not None else None), *partners)

    def _milestones(self) -> Iterator[Milestone]:
        for row in self.milestones:
            if row.form.title.data and row.form.month.data:
                share = None if row.form.share.data is None else int(row.form.share.data * 100)
                yield Milestone(row.form.title.data, row.form.month.data, row.form.result.data or "", share)


def as_data(terms: BidTerms, order: Order, team_id: int) -> dict[str, Any]:
    """Return what ``BidForm`` shows for ``terms``."""
    given = {answer.target: answer for answer in terms.answers}
    return {
        "plan": terms.plan,
        "schedule": terms.schedule,
        "price": terms.price,
        "start_on": terms.start_on,
        "months": terms.months,
        "own_days": next((load.person_days for load in terms.loads if load.team == team_id), None),
        "partners": [
            {"team": str(load.team), "person_days": load.person_days, "money": load.money, "task": load.task}
            for load in terms.loads
            if load.team != team_id
        ],
        "answers": [
            {"target": target.id, "meets": a.meets, "value": a.value, "note": a.note, "evidence": a.evidence}
            if (a := given.get(target.id))
            else {"target": target.id}
            for target in order.targets
        ],
        "least_price": terms.least_price,
        "most_price": terms.most_price,
        "milestones": [
            {"title": m.title, "month": m.month, "result": m.result, "share": _percent(m.share)}
            for m in terms.milestones
        ],
        "staff": [{"name": s.name, "role": s.role, "hours": s.hours} for s in terms.staff],
        "students": terms.students,
        "background": [{"title": b.title, "number": b.number, "terms": b.terms} for b in terms.background],
    }


def _partner(row: PartnerRow) -> Load:
    money: Any = row.money.data
    return Load(int(row.team.data), int(row.person_days.data or 0), money, row.task.data or "")


def _percent(share: int | None) -> Decimal | None:
    return None if share is None else (Decimal(share) / 100).normalize() + 0
