"""Answers to questions, and a later deadline by two people: what changes an order while bids may come in."""

from __future__ import annotations

from datetime import datetime

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import service
from marketplace.bids.forms import AnswerForm, DeadlineForm
from marketplace.bids.views.blueprint import bp
from marketplace.kernel.call import ENTERPRISE, Role
from marketplace.kernel.errors import Conflict
from marketplace.orders import asking
from marketplace.orders import policy as orders_policy
from marketplace.orders import queries as orders
from marketplace.orders import service as ordering
from marketplace.orders.amending import deadline_after_answer
from marketplace.orders.models import DeadlineChange, Order, Question
from marketplace.orders.procedures import rules_of
from marketplace.orders.workflow import QUESTION
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm, plain
from marketplace.web.guards import access

PROPOSERS = (*sorted(ENTERPRISE), Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
DECIDERS = (Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
Answer = Response | tuple[str, int]


@bp.get("/questions/<int:question_id>")
@access(*ENTERPRISE)
def answer_form(question_id: int) -> str:
    """One question that waits for the enterprise."""
    return _answer_page(asking.get_question(g.call, question_id), AnswerForm(), ReasonForm())


@bp.post("/questions/<int:question_id>")
@access(*ENTERPRISE)
def answer(question_id: int) -> Answer:
    """Publish the answer."""
    question, form = asking.get_question(g.call, question_id), AnswerForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.answer_question(g.call, question_id, form.answer.data or "")
            flash(_("The answer is published for everybody."), "success")
            return redirect(url_for("orders.show", order_id=question.order_id) + "#questions", 303)
    return _answer_page(question, form, ReasonForm(formdata=None)), 422


@bp.post("/questions/<int:question_id>/decline")
@access(*ENTERPRISE)
def decline_question(question_id: int) -> Answer:
    """Leave a question unanswered, with a reason for the record."""
    question, form = asking.get_question(g.call, question_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            ordering.decline_question(g.call, question_id, plain(form.reason.data))
            flash(_("The question stays unpublished."), "success")
            return redirect(url_for("orders.show", order_id=question.order_id) + "#questions", 303)
    return _answer_page(question, AnswerForm(formdata=None), form), 422


def _answer_page(question: Question, form: AnswerForm, decline: ReasonForm) -> str:
    order = question.order
    moved = None
    if order.bid_deadline is not None and orders.is_open(order, g.call.now):
        later = deadline_after_answer(order.bid_deadline, g.call.now, rules_of(order))
        moved = later if later != order.bid_deadline else None
    return render_template(
        "bids/answer.html",
        question=question,
        order=order,
        form=form,
        moved=moved,
        decline=decline,
        waits=QUESTION.allows(question.state, "answer"),
    )


@bp.get("/orders/<int:order_id>/deadline")
@access(*PROPOSERS)
def deadline_form(order_id: int) -> str:
    """Ask for a later deadline, or decide on what was asked."""
    return _deadline_page(_open(order_id), DeadlineForm(), ReasonForm())


@bp.post("/orders/<int:order_id>/deadline")
@access(*PROPOSERS)
def propose_deadline(order_id: int) -> Answer:
    """The first person asks."""
    order, form = _open(order_id), DeadlineForm()
    if form.validate_on_submit():
        with refusals_on(form):
            asked: datetime = form.deadline.data  # type: ignore[assignment]
            service.propose_deadline(g.call, order_id, asked, form.why.data or "")
            flash(_("Asked. Another person of the centre must confirm it; until then the deadline stays."), "success")
            return redirect(url_for("bids.deadline_form", order_id=order_id), 303)
    return _deadline_page(order, form, ReasonForm(formdata=None)), 422


@bp.post("/deadlines/<int:change_id>/approve")
@access(*DECIDERS)
def approve_deadline(change_id: int) -> Response:
    """The second person confirms."""
    change = service.approve_deadline(g.call, change_id)
    flash(_("The new deadline holds from now on."), "success")
    return redirect(url_for("orders.show", order_id=change.order_id), 303)


@bp.post("/deadlines/<int:change_id>/reject")
@access(*DECIDERS)
def reject_deadline(change_id: int) -> Answer:
    """The second person keeps the deadline."""
    change, form = asking.get_change(g.call, change_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reject_deadline(g.call, change_id, plain(form.reason.data))
            flash(_("The deadline stays."), "success")
            return redirect(url_for("orders.show", order_id=change.order_id), 303)
    return _deadline_page(change.order, DeadlineForm(formdata=None), form), 422


def _open(order_id: int) -> Order:
    order = orders.get_order(g.call, order_id)
    orders_policy.may_propose_deadline(g.call.actor, order).require()
    if not orders.is_open(order, g.call.now):
        raise Conflict("orders.over")
    return order


def _deadline_page(order: Order, form: DeadlineForm, reject: ReasonForm) -> str:
    change = asking.open_change(order)
    return render_template(
        "bids/deadline.html", order=order, form=form, reject=reject, change=change, decides=_decides(order, change)
    )


def _decides(order: Order, change: DeadlineChange | None) -> bool:
    """Whether the reader is the second person whom the change waits for."""
    if change is None or change.proposed_by == g.call.actor.account:
        return False
    return bool(orders_policy.may_screen(g.call.actor, order))
