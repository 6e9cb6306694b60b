"""Questions: asked by nobody known, declined by the enterprise. Answers may move deadlines, so ``bids`` gives them."""

from __future__ import annotations

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import asking, policy, queries
from marketplace.orders.mail import tell_enterprise
from marketplace.orders.models import Question
from marketplace.orders.workflow import QUESTION, QuestionState
from marketplace.web.filters import CITY

MOST = 2000
"""Characters of a question."""
MOST_OPEN = 30
"""Unanswered questions of one order."""


@use_case
def ask_question(call: Call, order_id: int, text: str, confidential: bool = False) -> None:
    """A team asks about an order inside the clarification window; neither the row nor the journal keeps who it was.

    That somebody asks hints at a coming bid, and the journal is read by people. So nothing is kept but the day.
    """
    order = queries.get_order(call, order_id, lock=True)
    policy.may_ask(call.actor, order).require()
    if not asking.takes_questions(order, call.now):
        raise Conflict("orders.questions_closed")
    if not text.strip():
        raise Invalid("orders.question_empty", field="text")
    if confidential and not queries.sees_confidential(call, order):
        raise Forbidden("orders.confidential")
    if sum(question.state is QuestionState.ASKED for question in asking.all_of(order)) >= MOST_OPEN:
        raise Conflict("orders.many_questions")
    db.session.add(
        Question(
            order_id=order.id,
            state=QuestionState.ASKED,
            text=text.strip()[:MOST],
            confidential=confidential,
            asked_on=call.now.astimezone(CITY).date(),
        )
    )
    unnamed = Call(Actor("anonymous"), call.now)
    tell_enterprise(unnamed, order, "order_question")
    audit.record(unnamed, "orders.ask", "order", order.id)


@use_case
def decline_question(call: Call, question_id: int, reason: str) -> Question:
    """The enterprise does not answer: the question stays unpublished, the reason is kept with it."""
    question = asking.get_question(call, question_id)
    question.state = QUESTION.require(question.state, "decline")
    if not reason.strip():
        raise Invalid("orders.reason_needed", field="reason")
    question.reason, question.decided_at = reason.strip(), call.now
    audit.record(call, "orders.decline_question", "question", question.id)
    return question
