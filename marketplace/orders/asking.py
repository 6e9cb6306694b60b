"""Reads of questions and answers, and of requests to move a deadline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import policy, queries
from marketplace.orders.amending import questions_until
from marketplace.orders.models import DeadlineChange, Order, Question
from marketplace.orders.procedures import rules_of
from marketplace.orders.references import called
from marketplace.orders.workflow import AMENDABLE, DeadlineState, QuestionState
from marketplace.web.tasks import Task


def questions_of(call: Call, order: Order) -> list[Question]:
    """Return the questions that the caller may read, in the order in which they were asked.

    Everybody who may see the order reads what was answered; what was not is for the enterprise and the screeners, and what
    touches the confidential part for those who may read that.
    """
    query = select(Question).where(Question.order_id == order.id).order_by(Question.id)
    if not policy.reads_all_questions(call.actor, order):
        query = query.where(Question.state == QuestionState.ANSWERED)
    if not queries.sees_confidential(call, order):
        query = query.where(Question.confidential.is_(False))
    return list(db.session.scalars(query))


def all_of(order: Order) -> list[Question]:
    """Return every question of an order, for rules; readers get theirs from ``questions_of``."""
    return list(db.session.scalars(select(Question).where(Question.order_id == order.id)))


def get_question(call: Call, question_id: int) -> Question:
    """Return a question of an order that the caller may answer; raises NotFound for all others."""
    if not 0 < question_id <= queries.MAX_ID:
        raise NotFound("question")
    query = select(Question).where(Question.id == question_id).options(joinedload(Question.order))
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or not policy.is_own(call.actor, row.order):
        raise NotFound("question")
    return row


def takes_questions(order: Order, now: datetime) -> bool:
    """True while the clarification window is open."""
    until = questions_until(order, rules_of(order))
    return queries.is_open(order, now) and until is not None and now < until


def get_change(call: Call, change_id: int) -> DeadlineChange:
    """Return a request to move a deadline that the caller may see; raises NotFound otherwise."""
    if not 0 < change_id <= queries.MAX_ID:
        raise NotFound("deadline")
    query = select(DeadlineChange).where(DeadlineChange.id == change_id).options(joinedload(DeadlineChange.order))
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None or not policy.may_propose_deadline(call.actor, row.order):
        raise NotFound("deadline")
    return row


def open_change(order: Order) -> DeadlineChange | None:
    """Return the request to move the deadline that waits for its second person."""
    waiting = DeadlineChange.state == DeadlineState.PROPOSED
    return db.session.scalar(select(DeadlineChange).where(DeadlineChange.order_id == order.id, waiting))


def void_changes(now: datetime) -> list[int]:
    """Return the ids of requests that cannot be approved any more: the deadline passed or moved otherwise."""
    passed = (Order.bid_deadline <= now) | (Order.bid_deadline != DeadlineChange.deadline_before)
    query = (
        select(DeadlineChange.id)
        .join(Order, Order.id == DeadlineChange.order_id)
        .where(DeadlineChange.state == DeadlineState.PROPOSED, passed | Order.state.not_in(AMENDABLE))
    )
    return list(db.session.scalars(query.order_by(DeadlineChange.id)))


def unanswered(organisation_ids: Iterable[int], now: datetime) -> list[Question]:
    """Return what the enterprises have not answered, while an answer still helps."""
    query = (
        select(Question)
        .join(Question.order)
        .where(
            Question.state == QuestionState.ASKED,
            Order.organisation_id.in_(sorted(organisation_ids)),
            Order.state.in_(AMENDABLE),
            Order.bid_deadline > now,
        )
    )
    return list(db.session.scalars(query.options(joinedload(Question.order)).order_by(Question.id)))


def changes_to_decide(call: Call) -> list[DeadlineChange]:
    """Return the requests that the caller may decide as the second person."""
    query = select(DeadlineChange).where(DeadlineChange.state == DeadlineState.PROPOSED)
    rows = db.session.scalars(query.options(joinedload(DeadlineChange.order)).order_by(DeadlineChange.id))
    return [row for row in rows if policy.may_screen(call.actor, row.order) and row.proposed_by != call.actor.account]


def waiting_for(call: Call) -> list[Task]:
    """Return the questions that the caller's enterprises should answer, and the later deadlines the caller may decide on."""
    enterprises = {g.organisation for g in call.actor.grants if g.organisation is not None and g.role in ENTERPRISE}
    tasks = [
        Task(
            _l("Answer a question"),
            called(question.order),
            "bids.answer_form",
            {"question_id": question.id},
            question.order.bid_deadline,
        )
        for question in unanswered(enterprises, call.now)
    ]
    if call.actor.has(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY):
        for change in changes_to_decide(call):
            subject = called(change.order)
            values = {"order_id": change.order_id}
            tasks.append(
                Task(_l("Decide on a later deadline"), subject, "bids.deadline_form", values, change.deadline_before)
            )
    return tasks
