"""Judgements: what happened in rounds, as far as it is no secret any more, and what staff say in person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.workflow import ProposalState
from marketplace.search.models import Judgement
from marketplace.search.workflow import Source, telling
from marketplace.talent.models import Team

_OF_PROPOSALS = {
    ProposalState.APPROVED: Source.APPROVED,
    ProposalState.REJECTED: Source.REJECTED,
    ProposalState.INVITED: Source.INVITED,
}
_OF_BIDS = {BidState.WON: Source.WON, BidState.LOST: Source.LOST}
READ = frozenset({BidState.OPENED, BidState.DISQUALIFIED, BidState.WON, BidState.LOST})
"""States of a bid after its opening: before it, that a team has bid is nobody's business."""

Fact = tuple[int, int, Source]
"""Order, team, and what is known of both."""


def facts() -> Iterator[Fact]:
    """Yield what approvals, rejections, invitations and decided bids say now."""
    proposals = select(Proposal.order_id, Proposal.team_id, Proposal.state).where(Proposal.state.in_(_OF_PROPOSALS))
    for order, team, state in db.session.execute(proposals.distinct()):
        yield order, team, _OF_PROPOSALS[state]
    bids = select(Bid.order_id, Bid.team_id, Bid.state).where(Bid.state.in_(_OF_BIDS))
    for order, team, ended in db.session.execute(bids.distinct()):
        yield order, team, _OF_BIDS[ended]
    answered = (
        select(Proposal.order_id, Proposal.team_id)
        .join(Bid, and_(Bid.order_id == Proposal.order_id, Bid.team_id == Proposal.team_id))
        .where(Proposal.state == ProposalState.INVITED, Bid.state.in_(READ))
    )
    for order, team in db.session.execute(answered.distinct()):
        yield order, team, Source.ANSWERED


def known() -> dict[Fact, Judgement]:
    """Return the stored judgements."""
    rows = db.session.scalars(select(Judgement))
    return {(row.order_id, row.team_id, row.source): row for row in rows}


def levels() -> dict[int, dict[int, int]]:
    """Return by order and team the level that counts."""
    found: dict[int, dict[int, dict[Source, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in db.session.scalars(select(Judgement)):
        found[row.order_id][row.team_id][row.source] = row.level
    return {order: {team: telling(of) for team, of in teams.items()} for order, teams in found.items()}


def of_order(order_id: int) -> dict[int, Judgement]:
    """Return what staff said in person of teams for an order, by team."""
    query = select(Judgement).where(Judgement.order_id == order_id, Judgement.source == Source.STAFF)
    return {row.team_id: row for row in db.session.scalars(query)}


def compared_with(order_id: int) -> list[Proposal]:
    """Return the newest proposal of each team that a round compared with the order, best first."""
    query = (
        select(Proposal)
        .join(Proposal.run)
        .where(Proposal.order_id == order_id)
        .options(joinedload(Proposal.team).joinedload(Team.organisation), joinedload(Proposal.capability))
        .order_by(Run.id.desc(), Proposal.value.desc(), Proposal.id)
    )
    newest: dict[int, Proposal] = {}
    for row in db.session.scalars(query):
        newest.setdefault(row.team_id, row)
    return sorted(newest.values(), key=lambda row: (-row.value, row.id))
