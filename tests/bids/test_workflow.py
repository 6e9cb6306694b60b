"""The life of a bid: every state with every event, through the one function that moves it."""

from __future__ import annotations

import pytest

from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BID, EDITABLE, READABLE, BidState
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.errors import Conflict, Invalid
from tests.conftest import START

S = BidState
CALL = Call(Actor.system(), START, "test")
EVENTS = sorted({t.event for t in BID.transitions})
ALLOWED = {
    **{(s, "submit"): S.SUBMITTED for s in (S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN)},
    **{(s, "withdraw"): S.WITHDRAWN for s in (S.SUBMITTED, S.NEEDS_RECONFIRM)},
    (S.SUBMITTED, "ask_reconfirm"): S.NEEDS_RECONFIRM,
    **{(s, "lapse"): S.LAPSED for s in (S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM)},
    (S.SUBMITTED, "open"): S.OPENED,
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
    ("state", "event"), [(S.OPENED, "disqualify"), (S.OPENED, "lose"), (S.WON, "reopen"), (S.LOST, "reopen")]
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
