"""A member scores alone: nobody sees these points before the member's own are handed in, and then they are final."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.evaluation import policy, queries
from marketplace.evaluation.models import Member, Remark, Score
from marketplace.evaluation.terms import MOST_POINTS
from marketplace.evaluation.workflow import MEMBER
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound


@use_case
def save_scores(call: Call, evaluation_id: int, bid_id: int, points: Mapping[int, int], remark: str = "") -> Member:
    """Keep the member's points for one bid; they may be incomplete and change until they are handed in."""
    member = _scoring(call, evaluation_id)
    if bid_id not in {bid.id for bid in queries.judged_bids(member.evaluation.order)}:
        raise NotFound("bid")
    if set(points) - {criterion.id for criterion in member.evaluation.criteria}:
        raise Invalid("evaluation.unknown_criterion")
    if any(not 0 <= given <= MOST_POINTS for given in points.values()):
        raise Invalid("evaluation.points", {"most": MOST_POINTS})
    for model in (Score, Remark):
        db.session.execute(delete(model).where(model.member_id == member.id, model.bid_id == bid_id))
    db.session.add_all(
        Score(member_id=member.id, bid_id=bid_id, criterion_id=key, points=given) for key, given in points.items()
    )
    if remark.strip():
        db.session.add(Remark(member_id=member.id, bid_id=bid_id, text=remark.strip()))
    audit.record(call, "evaluation.save", "bid", bid_id, {"member": member.id})
    return member


@use_case
def submit_scores(call: Call, evaluation_id: int) -> Member:
    """The member hands in the points for all bids; from now on they stay, and the others' become visible to the member."""
    member = _scoring(call, evaluation_id)
    sheets = queries.sheets_of([member])
    criteria = {criterion.id for criterion in member.evaluation.criteria}
    open_bids = [
        bid.id
        for bid in queries.judged_bids(member.evaluation.order)
        if set(sheets.get(bid.id, {}).get(member.id, {})) != criteria
    ]
    if open_bids:
        raise Conflict("evaluation.incomplete", {"count": len(open_bids)})
    if found := queries.conflicts_of(call, member.evaluation, member.person_id):
        raise Conflict("evaluation.conflict", {"count": len(found)})
    member.state = MEMBER.require(member.state, "submit")
    member.submitted_at = call.now
    audit.record(call, "evaluation.submit", "order", member.evaluation.order_id, {"member": member.id})
    return member


def _scoring(call: Call, evaluation_id: int) -> Member:
    member = queries.get_seat(call, evaluation_id)
    policy.may_score(call.actor, member, member.evaluation).require()
    return member
