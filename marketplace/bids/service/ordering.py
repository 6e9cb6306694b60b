"""Where an order changes while bids may come in. These use cases live here because the orders room knows no bids."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.audit import service as audit
from marketplace.bids import openings, queries
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders import asking
from marketplace.orders import policy as orders_policy
from marketplace.orders import queries as orders
from marketplace.orders.amending import change, deadline_after_answer, deadline_after_change, public_part, require_whole
from marketplace.orders.mail import tell
from marketplace.orders.models import Order, OrderAmendment, Question
from marketplace.orders.procedures import rules_of
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import ORDER, QUESTION

ALIVE = frozenset({BidState.DRAFT, BidState.SUBMITTED, BidState.NEEDS_RECONFIRM})


@use_case
def amend_order(call: Call, order_id: int, terms: AmendTerms) -> Order:
    """The enterprise changes text, targets, money or delivery while bids may come in.

    Every submitted bid must be confirmed again; close to the deadline it moves by the rule of ``orders.amending``; whoever
    has a bid or a draft is told by mail, without content. The record says nothing about bids.
    """
    order = orders.get_order(call, order_id, lock=True)
    orders_policy.may_amend(call.actor, order).require()
    before = order.bid_deadline
    if before is None or before <= call.now or openings.is_requested(order):
        raise Conflict("orders.over")
    former = public_part(order)
    change(order, terms)
    if public_part(order) == former:
        raise Invalid("orders.unchanged", field="note")
    order.bid_deadline = deadline_after_change(before, call.now, rules_of(order))
    require_whole(order, call.now)
    order.changed_at = call.now
    amendment = note_change(call, order, terms.note, before, former)
    if terms.question is not None:
        _close(call, order, terms.question, terms.note, amendment)
    for bid in alive_bids(order):
        if bid.state is BidState.SUBMITTED:
            move(call, bid, "ask_reconfirm")
        tell(call, queries.correspondents(bid), order, "bid_order_changed", bid_id=bid.id)
    deadlines = [before.isoformat(), order.bid_deadline.isoformat()]
    audit.record(call, "orders.amend", "order", order.id, {"note": terms.note, "deadlines": deadlines})
    return order


@use_case
def answer_question(call: Call, question_id: int, answer: str) -> Question:
    """The enterprise answers a question for everybody; where the procedure says so, the deadline moves as after a change.

    Whoever has a bid or a draft is told by mail; the asker is not told apart, because nobody knows the asker.
    """
    order = orders.get_order(call, asking.get_question(call, question_id).order_id, lock=True)
    question = asking.get_question(call, question_id)
    before = order.bid_deadline
    if not orders.is_open(order, call.now) or before is None or openings.is_requested(order):
        raise Conflict("orders.over")
    if not answer.strip():
        raise Invalid("orders.answer_empty", field="answer")
    _answered(call, question, answer.strip())
    order.bid_deadline = deadline_after_answer(before, call.now, rules_of(order))
    if order.bid_deadline != before:
        note_change(call, order, "orders.answered", before)
    for bid in alive_bids(order):
        tell(call, queries.correspondents(bid), order, "bid_question_answered")
    audit.record(call, "orders.answer", "question", question.id, {"deadline": order.bid_deadline.isoformat()})
    return question


@use_case
def lapse_bids(call: Call, order_id: int) -> None:
    """The bids of an order that was cancelled before their opening lapse; envelopes are destroyed, teams are told.

    The record names none of them: how many had answered stays unknown.
    """
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = orders.get_order(call, order_id, lock=True)
    if order.state not in ORDER.terminal:
        raise Conflict("bids.order_goes_on")
    for bid in alive_bids(order):
        move(call, bid, "lapse", "bids.order_cancelled")
        bid.envelope = bid.price_envelope = None
        tell(call, queries.correspondents(bid), order, "bid_order_ended", bid_id=bid.id)
    audit.record(call, "bids.lapse", "order", order.id)


def note_change(
    call: Call, order: Order, note: str, before: datetime, former: dict[str, Any] | None = None
) -> OrderAmendment:
    """Keep what everybody will read about a change; ``former`` is the public part before it."""
    row = OrderAmendment(
        order_id=order.id,
        at=call.now,
        note=note,
        deadline_before=before,
        deadline_after=order.bid_deadline,
        before=former or {},
        after=public_part(order) if former else {},
        changed_by=call.actor.account,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _close(call: Call, order: Order, question_id: int, answer: str, amendment: OrderAmendment) -> None:
    question = asking.get_question(call, question_id)
    if question.order_id != order.id:
        raise NotFound("question")
    _answered(call, question, answer)
    question.amendment_id = amendment.id


def _answered(call: Call, question: Question, answer: str) -> None:
    question.state = QUESTION.require(question.state, "answer")
    question.answer, question.decided_at = answer, call.now


def alive_bids(order: Order) -> list[Bid]:
    """Return the bids and drafts that a change of the order concerns."""
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_(ALIVE)).options(joinedload(Bid.team))
    return list(db.session.scalars(query.order_by(Bid.id)))
