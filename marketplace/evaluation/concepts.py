"""The committee's vote on the concepts of an order in two stages: who has voted, and what a complete vote recommends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from marketplace.bids import recommending
from marketplace.bids.recommending import Vote
from marketplace.db.base import db
from marketplace.evaluation import composing, queries
from marketplace.evaluation.models import ConceptVote, Evaluation, Member
from marketplace.evaluation.workflow import ACTIVE
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of


def votes_of(members: Collection[Member]) -> dict[int, dict[int, ConceptVote]]:
    """Return the votes of ``members`` by bid and member; callers ask ``policy`` for whose they may read."""
    found: dict[int, dict[int, ConceptVote]] = defaultdict(dict)
    query = select(ConceptVote).where(ConceptVote.member_id.in_([member.id for member in members]))
    for row in db.session.scalars(query.order_by(ConceptVote.member_id)):
        found[row.bid_id][row.member_id] = row
    return found


def seated(row: Evaluation | None) -> list[Member]:
    """Return who sits on the committee now."""
    return [member for member in row.members if member.state in ACTIVE] if row else []


def is_complete(order: Order, row: Evaluation | None) -> bool:
    """True once the committee is what the procedure asks and every member has voted."""
    members = seated(row)
    lacking = composing.problems(rules_of(order), len(members), sum(member.expert for member in members))
    return not lacking and all(member.voted_at is not None for member in members)


@recommending.count_by
def counted(order: Order) -> dict[int, Vote] | None:
    """Return what a complete vote says of each concept, None before it is complete."""
    row = queries.of_order(order)
    if not is_complete(order, row):
        return None
    return {
        bid_id: Vote(
            favour=sum(vote.recommended for vote in votes.values()),
            against=sum(not vote.recommended for vote in votes.values()),
            points=(2 * sum(vote.points for vote in votes.values()) + len(votes)) // (2 * len(votes)),
            whys=tuple(sorted(vote.why for vote in votes.values())),
        )
        for bid_id, votes in votes_of(seated(row)).items()
    }
