"""What the states and refusals of questions, changes and deadlines are called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.orders.workflow import Comparator, DeadlineState, QuestionState
from marketplace.web import words
from marketplace.web.filters import day, money

words.labels(
    QuestionState,
    {
        QuestionState.ASKED: _l("Waits for an answer"),
        QuestionState.ANSWERED: _l("Answered"),
        QuestionState.DECLINED: _l("Left unanswered"),
    },
)
words.tones(QuestionState, {QuestionState.ASKED: "waiting", QuestionState.ANSWERED: "good"})
words.labels(
    DeadlineState,
    {
        DeadlineState.PROPOSED: _l("Waits for the second person"),
        DeadlineState.APPROVED: _l("Confirmed"),
        DeadlineState.REJECTED: _l("Refused"),
        DeadlineState.LAPSED: _l("Overtaken"),
    },
)
words.refusals(
    {
        "orders.questions_closed": _l("Questions are taken inside the clarification window only, and it is closed."),
        "orders.question_empty": _l("Please write the question."),
        "orders.answer_empty": _l("Please write the answer."),
        "orders.many_questions": _l("Many questions wait for an answer already. Please try again later."),
        "orders.deadline_not_later": _l("A deadline only ever moves later."),
        "orders.deadline_after_delivery": _l("The deadline must stay before the date of delivery."),
        "orders.deadline_asked": _l("A later deadline has been asked for already and waits for its second person."),
        "orders.deadline_moved": _l("The deadline has moved meanwhile. Ask for the new one again."),
    }
)
TEXT_NAMES: Mapping[str, object] = {
    "title": _l("Title"),
    "title_en": _l("English title"),
    "problem": _l("Problem"),
    "background": _l("Background"),
    "targets": _l("Technical targets"),
    "price_ceiling": _l("Price ceiling"),
    "own_funds": _l("The enterprise brings"),
    "delivery_on": _l("Delivery by"),
}
_NOTES: Mapping[str, object] = {
    "orders.answered": _l("A question was answered; by the rules the deadline moves with it.")
}


def text_name(name: str) -> str:
    """Return what a part of the order is called."""
    return str(TEXT_NAMES.get(name, name))


def change_note(note: str) -> str:
    """Return the note of a change: the program's own in the reader's language, people's as written."""
    return str(_NOTES.get(note, note))


def as_text(name: str, value: Any) -> str:
    """Return one kept part of the order as text that can be compared: amounts as money, targets one to a line."""
    if name == "targets":
        return "\n".join(_target_line(row) for row in value)
    if name in {"price_ceiling", "own_funds"}:
        return money(value)
    if name == "delivery_on":
        return day(date.fromisoformat(value)) if value else ""
    return str(value or "")


def _target_line(row: Mapping[str, Any]) -> str:
    required = f"{words.label(Comparator(row['comparator']))} {row['value']}"
    if row["value_to"]:
        required += f" {_('and')} {row['value_to']}"
    weight = _("must") if row["must_have"] else _("wish")
    return f"{row['name']}: {required} {row['unit']} · {row['method']} · {weight}"
