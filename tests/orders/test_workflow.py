"""The life of an order: every state with every event, through the one function that moves it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders.amending import deadline_after_answer, deadline_after_change
from marketplace.orders.lifecycle import move
from marketplace.orders.models import Order
from marketplace.orders.procedures import RULES, Procedure
from marketplace.orders.workflow import AFTER_PUBLICATION, EDITABLE, ORDER, OrderState
from tests.conftest import START

S = OrderState
CALL = Call(Actor.system(), START, "test")
EVENTS = sorted({t.event for t in ORDER.transitions})
ALLOWED = {
    (S.DRAFT, "submit"): S.SCREENING,
    (S.NEEDS_WORK, "submit"): S.SCREENING,
    (S.SCREENING, "send_back"): S.NEEDS_WORK,
    (S.SCREENING, "publish"): S.PUBLISHED,
    (S.PUBLISHED, "start_bidding"): S.BIDDING,
    (S.BIDDING, "open_bids"): S.OPENED,
    (S.BIDDING, "open_concepts"): S.CONCEPTS,
    (S.CONCEPTS, "ask_full_bids"): S.BIDDING,
    (S.OPENED, "evaluate"): S.EVALUATING,
    (S.EVALUATING, "propose"): S.PROPOSED,
    (S.PROPOSED, "return"): S.EVALUATING,
    (S.PROPOSED, "approve"): S.APPROVED,
    (S.APPROVED, "announce"): S.STANDSTILL,
    (S.STANDSTILL, "start_contract"): S.CONTRACTING,
    (S.CONTRACTING, "start_delivery"): S.IN_DELIVERY,
    (S.IN_DELIVERY, "complete"): S.COMPLETED,
    **{(state, "undo_award"): S.EVALUATING for state in (S.APPROVED, S.STANDSTILL, S.CONTRACTING)},
    **{(state, "fail"): S.UNSUCCESSFUL for state in (S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING, S.PROPOSED)},
    **{
        (state, "cancel"): S.CANCELLED
        for state in (S.DRAFT, S.SCREENING, S.NEEDS_WORK, S.PUBLISHED, S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING)
    },
    **{(state, "terminate"): S.TERMINATED for state in (S.CONTRACTING, S.IN_DELIVERY)},
}
NEED_WORDS = {"send_back", "return", "fail", "cancel", "terminate"}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", list(S))
def test_an_order_moves_exactly_as_the_table_says(state: OrderState, event: str) -> None:
    order = Order(state=state)
    if (state, event) not in ALLOWED:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            move(CALL, order, event, "words")
        assert order.state is state
        return
    move(CALL, order, event, "words")
    assert order.state is ALLOWED[state, event]
    assert order.changed_at == START


@pytest.mark.parametrize(("state", "event"), [key for key in ALLOWED if key[1] in NEED_WORDS])
def test_ending_or_returning_an_order_needs_words(state: OrderState, event: str) -> None:
    order = Order(state=state)
    with pytest.raises(Invalid, match=r"orders\.reason_needed"):
        move(CALL, order, event, "   ")
    assert order.state is state


def test_words_of_a_return_are_gone_after_the_next_step() -> None:
    order = Order(state=S.SCREENING)
    move(CALL, order, "send_back", "name a test method")
    assert order.reason == "name a test method"
    move(CALL, order, "submit")
    assert order.reason == ""


@pytest.mark.parametrize(
    ("state", "event", "stamp"),
    [
        (S.SCREENING, "publish", "published_at"),
        (S.BIDDING, "open_bids", "opened_at"),
        (S.PROPOSED, "approve", "approved_at"),
    ],
)
def test_a_state_that_needs_a_time_stamp_gets_it(state: OrderState, event: str, stamp: str) -> None:
    order = Order(state=state)
    move(CALL, order, event)
    assert getattr(order, stamp) == START


def test_ended_orders_stay_ended() -> None:
    assert ORDER.terminal == {S.COMPLETED, S.UNSUCCESSFUL, S.CANCELLED, S.TERMINATED}
    assert not EDITABLE & AFTER_PUBLICATION


@pytest.mark.parametrize("procedure", list(Procedure))
@pytest.mark.parametrize("left", [timedelta(days=n, seconds=s) for n in (0, 1, 2, 5, 15, 30) for s in (-1, 0, 1)])
def test_a_change_leaves_the_days_of_the_procedure_and_never_takes_any(left: timedelta, procedure: Procedure) -> None:
    rules = RULES[procedure]
    moved = deadline_after_change(START + left, START, rules)
    assert moved == START + max(left, timedelta(days=rules.extension_days))
    answered = deadline_after_answer(START + left, START, rules)
    assert answered == (moved if procedure is Procedure.STRICT else START + left)
