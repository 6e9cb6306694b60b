"""Members vote on concepts, each alone: nobody sees a vote before the own one is handed in, and then it is final."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.audit import service as audit
from marketplace.bids import queries as bids
from marketplace.bids import shortlists
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.evaluation import policy, queries
from marketplace.evaluation.models import ConceptVote, Member
from marketplace.evaluation.terms import MOST_POINTS, VoteTerms
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid


@use_case
def cast_votes(call: Call, evaluation_id: int, votes: Sequence[VoteTerms]) -> Member:
    """A member says of every opened concept whether its team should be asked for a full bid, with points and the reason.

    Raises Invalid for a concept left out, points out of range or a missing reason, and Conflict while a concept that stayed
    closed may still be brought again.
    """
    member = queries.get_seat(call, evaluation_id)
    policy.may_vote(call.actor, member, member.evaluation).require()
    order = member.evaluation.order
    if bids.list_closed(order):
        raise Conflict("bids.closed_first")
    if sorted(vote.bid for vote in votes) != sorted(part.bid_id for part in shortlists.concepts_of(order)):
        raise Invalid("evaluation.vote_incomplete", field="votes")
    if any(not 0 <= vote.points <= MOST_POINTS for vote in votes):
        raise Invalid("evaluation.points", {"most": MOST_POINTS}, field="votes")
    if any(not vote.why.strip() for vote in votes):
        raise Invalid("evaluation.vote_reason", field="votes")
    if found := queries.conflicts_of(call, member.evaluation, member.person_id):
        raise Conflict("evaluation.conflict", {"count": len(found)})
    member.voted_at = call.now
    db.session.add_all(
        ConceptVote(
            member_id=member.id, bid_id=vote.bid, recommended=vote.recommended, points=vote.points, why=vote.why.strip()
        )
        for vote in votes
    )
    audit.record(call, "evaluation.vote", "order", order.id, {"member": member.id})
    return member
