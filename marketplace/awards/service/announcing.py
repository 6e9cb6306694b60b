"""The public notice: an approved match stands still for the days of its procedure."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.audit import service as audit
from marketplace.awards import policy
from marketplace.awards.days import end_of_working_day
from marketplace.awards.models import Award
from marketplace.awards.telling import tell_bidder, tell_enterprise
from marketplace.awards.workflow import AwardState
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.orders import lifecycle as order_lifecycle
from marketplace.orders import queries as order_queries
from marketplace.orders.procedures import Procedure, rules_of
from marketplace.orders.workflow import OrderState
from marketplace.rounds import queries as rounds
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Run
from marketplace.rounds.workflow import RUN, ProposalState

CONFIRM_DAYS = 3
"""Working days after the standstill in which both parties must have given their word."""


@use_case
def announce(call: Call, proposal_id: int) -> Award:
    """Publish one approved match; from now on bidders and members may object until the standstill ends."""
    proposal = rounds.get_proposal(call, proposal_id)
    policy.may_announce(call.actor, proposal.run.round.alliance_id).require()
    award = _publish(call, proposal)
    audit.record(call, "awards.announce", "award", award.id, _detail(award))
    return award


@use_case
def release_run(call: Call, run_id: int) -> list[Award]:
    """Publish every approved match of a run that is not public yet, all at once, and mark the run as announced."""
    run = rounds.get_run(call, run_id)
    policy.may_announce(call.actor, run.round.alliance_id).require()
    run.state = RUN.require(run.state, "release")
    waiting = db.session.scalars(_approved(run)).unique().all()
    if not waiting:
        raise Conflict("awards.nothing_to_announce")
    awards = [_publish(call, proposal) for proposal in waiting]
    audit.record(call, "awards.release_run", "run", run.id, {"awards": [_detail(award) for award in awards]})
    return awards


def _approved(run: Run) -> Select[Proposal]:
    return (
        select(Proposal)
        .join(Proposal.order)
        .where(
            Proposal.run_id == run.id,
            Proposal.state == ProposalState.APPROVED,
            Proposal.order.has(state=OrderState.APPROVED),
        )
        .options(
            joinedload(Proposal.order),
            joinedload(Proposal.bid),
            joinedload(Proposal.team),
            selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
        )
        .order_by(Proposal.order_id)
    )


def _publish(call: Call, proposal: Proposal) -> Award:
    order = order_queries.get_order(call, proposal.order_id, lock=True)
    db.session.refresh(proposal, ["state", "version", "option_id"])
    if proposal.state is not ProposalState.APPROVED or proposal.bid is None:
        raise Conflict("awards.not_approved")
    order_lifecycle.move(call, order, "announce")
    ends = end_of_working_day(call.now, max(1, rules_of(order).standstill_days))
    bids = _opened_bids(order.id)
    award = Award(
        order=order,
        proposal=proposal,
        bid=proposal.bid,
        team=proposal.team,
        price=proposal.price,
        price_public=price_is_public(proposal),
        bids_opened=len(bids),
        state=AwardState.STANDSTILL,
        announced_at=call.now,
        announced_by=call.actor.account,
        standstill_ends_at=ends,
        confirm_by=end_of_working_day(ends, CONFIRM_DAYS),
    )
    db.session.add(award)
    db.session.flush()
    tell_enterprise(call, award, "award_announced")
    for bid in bids:
        tell_bidder(call, award, bid, "award_announced")
    return award


def price_is_public(proposal: Proposal) -> bool:
    """The public reads a price that a statute publishes (strict procedure) or that public money pays part of."""
    option = next((each for each in proposal.options if each.id == proposal.option_id), None)
    public_money = option is not None and any(part.fund is not None and part.fund.public for part in option.parts)
    return public_money or proposal.order.procedure is Procedure.STRICT


def _opened_bids(order_id: int) -> list[Bid]:
    query = select(Bid).where(Bid.order_id == order_id, Bid.opened_at.is_not(None)).options(joinedload(Bid.team))
    return list(db.session.scalars(query.order_by(Bid.id)))


def _detail(award: Award) -> dict[str, object]:
    return {
        "order": award.order_id,
        "proposal": award.proposal_id,
        "until": award.standstill_ends_at.isoformat(),
        "price_public": award.price_public,
    }
