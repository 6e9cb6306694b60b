"""The life of a bid: every state with every event, through the one function that moves it."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import (
    BID,
    CONSENT,
    EDITABLE,
    READABLE,
    REPAIR,
    BidState,
    ConsentState,
    RepairState,
)
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.workflow import Workflow
from tests.conftest import START

S = BidState
CALL = Call(Actor.system(), START, "test")
EVENTS = sorted({t.event for t in BID.transitions})
ALLOWED = {
    **{(s, "submit"): S.SUBMITTED for s in (S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN)},
    **{(s, "withdraw"): S.WITHDRAWN for s in (S.SUBMITTED, S.NEEDS_RECONFIRM)},
    (S.SUBMITTED, "ask_reconfirm"): S.NEEDS_RECONFIRM,
    **{(s, "lapse"): S.LAPSED for s in (S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.CONCEPT)},
    (S.SUBMITTED, "open_concept"): S.CONCEPT,
    (S.CONCEPT, "shortlist"): S.DRAFT,
    (S.CONCEPT, "pass_over"): S.PASSED_OVER,
    (S.SUBMITTED, "open"): S.OPENED,
    (S.SUBMITTED, "open_technical"): S.TECHNICAL,
    (S.TECHNICAL, "open"): S.OPENED,
    (S.TECHNICAL, "disqualify"): S.DISQUALIFIED,
    (S.OPENED, "disqualify"): S.DISQUALIFIED,
    (S.OPENED, "win"): S.WON,
    (S.OPENED, "lose"): S.LOST,
    (S.WON, "reopen"): S.OPENED,
    (S.LOST, "reopen"): S.OPENED,
}


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("state", list(S))
def test_a_bid_moves_exactly_as_the_table_says(state: BidState, event: str) -> None:
    bid = Bid(state=state)
    if (state, event) not in ALLOWED:
        with pytest.raises(Conflict, match=r"workflow\.not_now"):
            move(CALL, bid, event, "words")
        assert bid.state is state
        return
    move(CALL, bid, event, "words")
    assert bid.state is ALLOWED[state, event]
    assert bid.changed_at == START


@pytest.mark.parametrize(
    ("state", "event"),
    [(S.CONCEPT, "pass_over"), (S.OPENED, "disqualify"), (S.OPENED, "lose"), (S.WON, "reopen"), (S.LOST, "reopen")],
)
def test_a_decision_against_a_bid_needs_words(state: BidState, event: str) -> None:
    with pytest.raises(Invalid, match=r"bids\.reason_needed"):
        move(CALL, Bid(state=state), event, " ")


def test_submission_and_opening_are_stamped() -> None:
    bid = Bid(state=S.DRAFT)
    move(CALL, bid, "submit")
    assert (bid.submitted_at, bid.opened_at) == (START, None)
    move(CALL, bid, "open")
    assert bid.opened_at == START


def test_nothing_that_can_be_edited_can_be_read_by_others() -> None:
    assert not EDITABLE & READABLE


C, R = ConsentState, RepairState
CONSENTS = {
    **{(s, "ask"): C.ASKED for s in C},
    (C.ASKED, "give"): C.GIVEN,
    (C.ASKED, "refuse"): C.REFUSED,
    (C.GIVEN, "take_back"): C.REFUSED,
    **{(s, "recall"): C.RECALLED for s in (C.ASKED, C.GIVEN, C.REFUSED)},
}
REPAIRS = {
    (R.ASKED, "answer"): R.ANSWERED,
    (R.ANSWERED, "accept"): R.ACCEPTED,
    (R.ANSWERED, "reject"): R.REJECTED,
    (R.ASKED, "expire"): R.EXPIRED,
}


@pytest.mark.parametrize(("machine", "allowed"), [(CONSENT, CONSENTS), (REPAIR, REPAIRS)])
def test_authorisations_and_corrections_move_exactly_as_their_tables_say(
    machine: Workflow[Any], allowed: dict[Any, Any]
) -> None:
    events = {t.event for t in machine.transitions}
    table = {(s, e): machine.require(s, e) for s in machine.states for e in events if machine.allows(s, e)}
    assert table == allowed
