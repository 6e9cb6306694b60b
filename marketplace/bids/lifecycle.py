"""One step of a bid's life: state and time stamps together. Plain, for use inside use cases of this and later rooms."""

from __future__ import annotations

from marketplace.bids.models import Bid
from marketplace.bids.workflow import BID, BidState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid

_NEED_REASON = frozenset(t.event for t in BID.transitions if t.needs_reason)


def move(call: Call, bid: Bid, event: str, reason: str = "") -> None:
    """Take ``bid`` along ``event``; ``reason`` is kept for readers and cleared by events that need none.

    Raises Conflict ``workflow.not_now`` when the table does not allow it, Invalid ``bids.reason_needed`` without words.
    """
    target = BID.require(bid.state, event)
    if event in _NEED_REASON and not reason.strip():
        raise Invalid("bids.reason_needed", field="reason")
    bid.state = target
    bid.reason = reason.strip()
    bid.changed_at = call.now
    if target is BidState.SUBMITTED:
        bid.submitted_at = call.now
    if event == "open_technical" or (event == "open" and bid.opened_at is None):
        bid.opened_at = call.now
