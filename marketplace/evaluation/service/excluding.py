"""A bid is excluded by two people with a reason that its bidder reads; until the scores are locked or the bid is decided."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.bids import queries as bids
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BID
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.evaluation import policy
from marketplace.evaluation.models import Exclusion
from marketplace.evaluation.workflow import EXCLUSION, ExclusionState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import queries as orders
from marketplace.orders.mail import tell

KIND = "exclusion"


@use_case
def propose_exclusion(call: Call, bid_id: int, reason: str) -> Exclusion:
    """The first person says why an opened bid may not take part."""
    bid = _bid(call, bid_id)
    if not reason.strip():
        raise Invalid("evaluation.reason_needed", field="reason")
    row = db.session.get(Exclusion, bid.id, with_for_update=True, populate_existing=True)
    if row is None:
        row = Exclusion(bid_id=bid.id, state=ExclusionState.PROPOSED, reason=reason.strip(), proposed_at=call.now)
        db.session.add(row)
    else:
        row.state = EXCLUSION.require(row.state, "propose")
        row.reason, row.proposed_at, row.decided_at = reason.strip(), call.now, None
    approvals.propose(call, KIND, bid.id, _fingerprint(row))
    audit.record(call, "evaluation.propose_exclusion", "bid", bid.id, {"reason": row.reason})
    return row


@use_case
def confirm_exclusion(call: Call, bid_id: int) -> Exclusion:
    """A different natural person agrees; the bid is out, and its bidder is told why."""
    bid = _bid(call, bid_id)
    row = _proposed(bid)
    approvals.approve(call, KIND, bid.id, _fingerprint(row))
    row.state, row.decided_at = EXCLUSION.require(row.state, "confirm"), call.now
    move(call, bid, "disqualify", row.reason)
    tell(call, bids.correspondents(bid), bid.order, "bid_excluded", bid_id=bid.id)
    audit.record(call, "evaluation.confirm_exclusion", "bid", bid.id, {"reason": row.reason})
    return row


@use_case
def reject_exclusion(call: Call, bid_id: int) -> Exclusion:
    """A different person disagrees: the bid stays."""
    bid = _bid(call, bid_id)
    row = _proposed(bid)
    if call.actor.person in approvals.proposers_of(KIND, bid.id, _fingerprint(row)):
        raise Forbidden("approvals.same_person")
    row.state, row.decided_at = EXCLUSION.require(row.state, "reject"), call.now
    audit.record(call, "evaluation.reject_exclusion", "bid", bid.id)
    return row


def _bid(call: Call, bid_id: int) -> Bid:
    found = bids.get_bid(call, bid_id)
    orders.get_order(call, found.order_id, lock=True)
    bid = bids.get_bid(call, bid_id)
    policy.may_exclude(call.actor, bid.order).require()
    BID.require(bid.state, "disqualify")
    return bid


def _proposed(bid: Bid) -> Exclusion:
    row = db.session.get(Exclusion, bid.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Conflict("approvals.changed")
    return row


def _fingerprint(row: Exclusion) -> str:
    return approvals.content_hash([row.bid_id, row.reason, row.proposed_at.isoformat()])
