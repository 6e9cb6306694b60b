"""What the states and refusals of questions, changes and deadlines are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.orders.workflow import DeadlineState, QuestionState
from marketplace.web import words

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
    "problem": _l("Problem"),
    "background": _l("Background"),
}
_NOTES: Mapping[str, object] = {
    "orders.answered": _l("A question was answered; by the rules the deadline moves with it.")
}


def text_name(name: str) -> str:
    """Return what a public text is called in the form."""
    return str(TEXT_NAMES.get(name, name))


def change_note(note: str) -> str:
    """Return the note of a change: the program's own in the reader's language, people's as written."""
    return str(_NOTES.get(note, note))
