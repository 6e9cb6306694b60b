"""Taking an award back: the one way for two people, for an upheld objection, and for a party that does not keep its word.

Plain functions for use inside use cases. What was reserved is given back through the ledger and the calendar, the order is under
evaluation again, every bid of it stands open again, and the award stays as a trace.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from marketplace.awards.models import Award, Complaint, ComplaintFinding
from marketplace.awards.telling import tell_bidder, tell_enterprise, tell_objector
from marketplace.awards.workflow import AWARD, COMPLAINT, FINDING, OPEN, AwardState, FindingState
from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.orders import lifecycle as order_lifecycle
from marketplace.rounds.service import settling

Hook = Callable[[Call, Award, str], None]
_HOOKS: list[Hook] = []


def when_undone(hook: Hook) -> Hook:
    """Register ``hook(call, award, reason)`` of a room above: it runs inside the use case, before anything is given back.

    A contract that was being drawn up is closed there; a hook that raises keeps the award.
    """
    _HOOKS.append(hook)
    return hook


def undo(
    call: Call, award: Award, event: str, reason: str, public_reason: str, *, exclude_winner: bool = False
) -> None:
    """Take ``award`` along ``event`` (``undo``, ``decline``, ``lapse``) and put everything back; the order's row is locked.

    Raises Conflict ``workflow.not_now`` when a contract has been signed.
    """
    target = AWARD.require(award.state, event)
    for hook in _HOOKS:
        hook(call, award, reason)
    order_lifecycle.move(call, award.order, "undo_award", public_reason)
    award.order.approved_at = None
    settling.give_back(call, award.proposal)
    bids = settling.unsettle(call, award.proposal, public_reason)
    if exclude_winner and award.bid.state is BidState.OPENED:
        bid_lifecycle.move(call, award.bid, "disqualify", public_reason)
    award.state, award.ended_at = target, call.now
    award.reason, award.public_reason = reason, public_reason
    close_open_complaints(call, award)
    tell_enterprise(call, award, "award_undone")
    for bid in bids:
        tell_bidder(call, award, bid, "award_undone")


def end_without_contract(call: Call, order_id: int, reason: str) -> None:
    """The parties gave their contract up (see ``contracts``): the award of the order is over; what it held is the caller's."""
    waiting = select(Award).where(Award.order_id == order_id, Award.state == AwardState.CONTRACTING)
    if (award := db.session.scalar(waiting)) is not None:
        award.state, award.ended_at = AWARD.require(award.state, "undo"), call.now
        award.reason = award.public_reason = reason
        close_open_complaints(call, award)


def close_open_complaints(call: Call, award: Award) -> None:
    """An award that is gone leaves nothing to decide: what is open ends as moot, and whoever objected is told."""
    query = select(Complaint).where(Complaint.award_id == award.id, Complaint.state.in_(OPEN))
    for row in db.session.scalars(query.order_by(Complaint.id)):
        row.state, row.decided_at = COMPLAINT.require(row.state, "withdraw"), call.now
        row.reason = MOOT
        drop_finding(row.id)
        tell_objector(call, row, "complaint_decided")


MOOT = "moot"
"""Stored instead of words where an objection ended because its award was taken back."""


def drop_finding(complaint_id: int) -> None:
    """A finding that waits for its second person falls away with the objection."""
    waiting = select(ComplaintFinding).where(
        ComplaintFinding.complaint_id == complaint_id, ComplaintFinding.state == FindingState.PROPOSED
    )
    for finding in db.session.scalars(waiting):
        finding.state = FINDING.require(finding.state, "drop")
