"""Proposals as those see them who may have to approve them: fund managers read no round, but the matches that wait for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.approvals.models import ApprovalLevel, Endorsement
from marketplace.approvals.workflow import COUNTING
from marketplace.bids.models import Bid, OpenedBid, OpenedLoad
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders.models import Order
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Run
from marketplace.rounds.queries import sound, visible_clause
from marketplace.rounds.workflow import ProposalState
from marketplace.talent.models import Team

MOST = 200
_WHOLE = (
    joinedload(Proposal.run).joinedload(Run.round),
    joinedload(Proposal.order).joinedload(Order.organisation),
    joinedload(Proposal.order).selectinload(Order.targets),
    joinedload(Proposal.team).joinedload(Team.organisation),
    joinedload(Proposal.bid).joinedload(Bid.content).selectinload(OpenedBid.loads).joinedload(OpenedLoad.team),
    joinedload(Proposal.bid).joinedload(Bid.content).selectinload(OpenedBid.answers),
    selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
)


def concerns(actor: Actor) -> ColumnElement[bool]:
    """Proposals the actor may know: those of visible rounds, and for a fund manager those above a level of that role."""
    seen = Proposal.run.has(Run.round.has(visible_clause(actor)))
    if not actor.has(Role.FUND_MANAGER):
        return seen
    above = exists().where(
        ApprovalLevel.state.in_(COUNTING),
        ApprovalLevel.role == Role.FUND_MANAGER,
        ApprovalLevel.above < Proposal.price,
    )
    return or_(seen, and_(Proposal.state == ProposalState.PROPOSED, above))


def get_to_approve(call: Call, proposal_id: int) -> Proposal:
    """Return a proposal to whoever may have to approve it; raises NotFound for missing and for others' alike."""
    query = select(Proposal).where(Proposal.id == sound(proposal_id), concerns(call.actor)).options(*_WHOLE)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("proposal")
    return row


def waiting_for_approval(call: Call) -> Sequence[Proposal]:
    """Every proposal that waits for approvals and that this natural person has not yet stood for, the oldest first."""
    stood = (
        select(Endorsement.id)
        .where(
            Endorsement.subject_kind == "proposal",
            Endorsement.subject_id == Proposal.id,
            Endorsement.content_hash == Proposal.content_hash,
            Endorsement.person_id == call.actor.person,
        )
        .exists()
    )
    query = select(Proposal).where(Proposal.state == ProposalState.PROPOSED, concerns(call.actor), ~stood)
    return db.session.scalars(query.options(*_WHOLE).order_by(Proposal.id).limit(MOST)).unique().all()
