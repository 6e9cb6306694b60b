"""One window after the opening in which a bidder puts formal errors right: an answer and a file, never the price or a promise.

What was opened stays exactly as it was sealed; the answer stands beside it.
"""

from __future__ import annotations

from datetime import timedelta

from marketplace.audit import service as audit
from marketplace.bids import policy, queries
from marketplace.bids.models import Bid, BidRepair
from marketplace.bids.workflow import REPAIR, BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders.mail import tell
from marketplace.storage import service as storage
from marketplace.storage.service import Upload

WINDOW = timedelta(days=3)
REPAIRABLE = frozenset({BidState.TECHNICAL, BidState.OPENED})


@use_case
def ask_repair(call: Call, bid_id: int, points: str) -> BidRepair:
    """The centre names the formal errors of an opened bid, once; the bidder has three days."""
    bid = queries.get_bid(call, bid_id)
    policy.may_ask_repair(call.actor, bid.order).require()
    if bid.state not in REPAIRABLE:
        raise Conflict("bids.not_repairable")
    if db.session.get(BidRepair, bid.id) is not None:
        raise Conflict("bids.repair_used")
    if not points.strip():
        raise Invalid("bids.reason_needed", field="points")
    row = BidRepair(
        bid_id=bid.id, points=points.strip(), asked_by=call.actor.account, asked_at=call.now, until=call.now + WINDOW
    )
    db.session.add(row)
    tell(call, queries.correspondents(bid), bid.order, "bid_repair_asked", bid_id=bid.id)
    audit.record(call, "bids.ask_repair", "bid", bid.id, {"until": row.until.isoformat()})
    return row


@use_case
def answer_repair(call: Call, bid_id: int, answer: str, upload: Upload | None = None) -> BidRepair:
    """The bidder answers within the window, with words and at most one file."""
    bid, row = _asked(call, bid_id)
    if not policy.acts_for(call.actor, bid.team):
        raise Forbidden("bids.not_own_team")
    if call.now >= row.until:
        raise Conflict("bids.repair_over")
    if not answer.strip():
        raise Invalid("bids.answer_needed", field="answer")
    row.state = REPAIR.require(row.state, "answer")
    row.answer, row.answered_at = answer.strip(), call.now
    row.file_id = storage.store(call, upload).id if upload else None
    audit.record(call, "bids.answer_repair", "bid", bid.id)
    return row


@use_case
def decide_repair(call: Call, bid_id: int, *, accepted: bool, reason: str = "") -> BidRepair:
    """The centre says whether the answer puts the errors right; a rejection needs words, and excludes nobody by itself."""
    bid, row = _asked(call, bid_id)
    policy.may_ask_repair(call.actor, bid.order).require()
    row.state = REPAIR.require(row.state, "accept" if accepted else "reject")
    if not accepted and not reason.strip():
        raise Invalid("bids.reason_needed", field="reason")
    row.reason, row.decided_at = reason.strip(), call.now
    tell(call, queries.correspondents(bid), bid.order, "bid_repair_decided", bid_id=bid.id)
    audit.record(call, "bids.decide_repair", "bid", bid.id, {"accepted": accepted})
    return row


@use_case
def expire_repair(call: Call, bid_id: int) -> BidRepair:
    """The clock ends a window that nobody used."""
    if not call.actor.is_system:
        raise Forbidden("hidden")
    _bid, row = _asked(call, bid_id)
    if call.now < row.until:
        raise Conflict("bids.repair_open")
    row.state = REPAIR.require(row.state, "expire")
    audit.record(call, "bids.expire_repair", "bid", bid_id)
    return row


def _asked(call: Call, bid_id: int) -> tuple[Bid, BidRepair]:
    bid = queries.get_bid(call, bid_id)
    row = db.session.get(BidRepair, bid.id, populate_existing=True, with_for_update=True)
    if row is None:
        raise Conflict("bids.no_repair")
    return bid, row
