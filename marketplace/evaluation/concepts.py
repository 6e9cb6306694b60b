"""The committee's vote on the concepts of an order in two stages: who has voted, and what a complete vote recommends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from marketplace.bids import recommending, shortlists
from marketplace.bids.recommending import Vote
from marketplace.bids.workflow import ShortlistState
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


def electorate(order: Order, row: Evaluation | None) -> list[Member]:
    """Return whose votes count: who sits on the committee or has voted, and after the shortlist those who had voted for it.

    A vote stays when its member steps down: otherwise whoever has read the vote could turn it by who leaves and who comes.
    """
    if row is None:
        return []
    shortlist = shortlists.of_order(order)
    is_over = shortlist is not None and shortlist.state is ShortlistState.CONFIRMED
    return [each for each in row.members if each.voted_at is not None or (each.state in ACTIVE and not is_over)]


def is_complete(order: Order, row: Evaluation | None) -> bool:
    """True once those whose votes count are what the procedure asks and all of them have voted; it stays true from then on."""
    members = electorate(order, row)
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
        for bid_id, votes in votes_of(electorate(order, row)).items()
    }
