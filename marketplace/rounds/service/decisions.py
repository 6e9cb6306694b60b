"""Four eyes on each match, more above an amount: one person proposes it with a funding, different ones approve exactly that."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from marketplace.accounts.proving import require_fresh
from marketplace.approvals import levels as approval_levels
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import lifecycle as order_lifecycle
from marketplace.orders.models import Order
from marketplace.outbox import service as outbox
from marketplace.rounds import policy, queries
from marketplace.rounds.approving import get_to_approve
from marketplace.rounds.content import content_of
from marketplace.rounds.models import FundingOption, Proposal
from marketplace.rounds.service import checks, interests, settling
from marketplace.rounds.workflow import HAS_RESULT, PROPOSAL, ROUND, ProposalState

SUBJECT = "proposal"
TAKEN_BACK = "撮合建议已撤回 / the proposal was taken back"
"""Kept with the order as it stands: a record in both languages, not a text of the site."""


@use_case
def propose(call: Call, proposal_id: int, option_id: int, comment: str = "") -> Proposal:
    """The first person stands for a match with one of its funding options; the order waits for the second person."""
    proposal = _locked(call, proposal_id)
    own, parties = queries.interests_of(call), queries.parties_of(proposal)
    policy.may_propose(call.actor, proposal.run.round.alliance_id, own, parties).require()
    target = PROPOSAL.require(proposal.state, "propose")
    ROUND.require(proposal.run.round.state, "close")  # a closed round has told the enterprises what it decided
    content = checks.content_of_bid(proposal)
    if proposal.run.state not in HAS_RESULT:
        raise Conflict("rounds.no_result")
    option = next((option for option in proposal.options if option.id == option_id), None)
    if option is None:
        raise Invalid("rounds.option_needed", field="option")
    checks.require_sound(proposal, content)
    interests.require_clear(call, proposal)
    checks.require_payable(call, proposal, option)
    order_lifecycle.move(call, proposal.order, "propose")
    proposal.option_id, proposal.state = option.id, target
    proposal.content = content_of(proposal, option, content, call.now.isoformat())
    proposal.content_hash = approvals.content_hash(proposal.content)
    approvals.propose(call, SUBJECT, proposal.id, proposal.content_hash, comment)
    audit.record(call, "rounds.propose", SUBJECT, proposal.id, _detail(proposal, option))
    return proposal


@use_case
def take_back(call: Call, proposal_id: int) -> Proposal:
    """Undo a proposal that nobody has decided on; another option or another match may be proposed then."""
    proposal = _locked(call, proposal_id)
    policy.may_reject(call.actor, proposal.run.round.alliance_id).require()
    proposal.state = PROPOSAL.require(proposal.state, "change")
    proposal.option_id, proposal.content, proposal.content_hash = None, None, ""
    order_lifecycle.move(call, proposal.order, "return", TAKEN_BACK)
    audit.record(call, "rounds.take_back", SUBJECT, proposal.id, {"order": proposal.order_id})
    return proposal


@use_case
def approve(call: Call, proposal_id: int, seen: str, comment: str = "") -> Proposal:
    """A different natural person approves exactly the content with fingerprint ``seen``; the last one needed makes the match.

    Up to an amount that is one officer; above it the approval levels ask for more persons, and until the last of them has
    approved the proposal waits. The money is reserved in that last moment. Raises Forbidden for the wrong person or an old
    sign-in, Conflict naming what changed, what is full or what is spent; nothing is kept then.
    """
    require_fresh(call)
    proposal = _locked(call, proposal_id, get_to_approve)
    own, parties = queries.interests_of(call), queries.parties_of(proposal)
    levels = approval_levels.needed(proposal.price, SUBJECT, proposal.id, proposal.content_hash)
    policy.may_approve(call.actor, own, parties, {level.role for level in levels}).require()
    target = PROPOSAL.require(proposal.state, "approve")
    content = checks.content_of_bid(proposal)
    option = next(option for option in proposal.options if option.id == proposal.option_id)
    checks.require_unchanged(proposal, option, content, seen)
    level = approval_levels.require_open(call.actor, levels)
    approvals.approve(call, SUBJECT, proposal.id, proposal.content_hash, level.id, comment)
    checks.require_sound(proposal, content)
    interests.require_clear(call, proposal)
    checks.require_payable(call, proposal, option)
    if len(approval_levels.missing(levels)) > 1:
        audit.record(call, "rounds.endorse", SUBJECT, proposal.id, {**_detail(proposal, option), "level": level.id})
        return proposal
    settling.reserve(call, proposal, option, content)
    order_lifecycle.move(call, proposal.order, "approve")
    proposal.state, proposal.approved_at = target, call.now
    settling.settle(call, proposal)
    audit.record(call, "rounds.approve", SUBJECT, proposal.id, _detail(proposal, option))
    return proposal


@use_case
def reject(call: Call, proposal_id: int, reason: str) -> Proposal:
    """Refuse a match with words; an order that waited for its approval is under evaluation again."""
    proposal = _locked(call, proposal_id)
    policy.may_reject(call.actor, proposal.run.round.alliance_id).require()
    if not reason.strip():
        raise Invalid("rounds.reason_needed", field="reason")
    waited = proposal.state is ProposalState.PROPOSED
    proposal.state = PROPOSAL.require(proposal.state, "reject")
    proposal.reason = reason.strip()
    if waited:
        order_lifecycle.move(call, proposal.order, "return", proposal.reason)
    audit.record(call, "rounds.reject", SUBJECT, proposal.id, {"order": proposal.order_id, "reason": proposal.reason})
    return proposal


@use_case
def invite(call: Call, proposal_id: int) -> Proposal:
    """Tell a team that did not bid that an order looks like its work; the mail carries a link and no content."""
    proposal = _locked(call, proposal_id)
    policy.may_run(call.actor, proposal.run.round.alliance_id).require()
    if proposal.capability_id is None:
        raise Conflict("rounds.has_bid")
    proposal.state = PROPOSAL.require(proposal.state, "invite")
    for email, locale in queries.correspondents({proposal.team.organisation_id}):
        values = {"order_id": proposal.order_id, "team": proposal.team.name}
        outbox.enqueue(call, email, "round_invited", values, locale)
    detail = {"order": proposal.order_id, "capability": proposal.capability_id}
    audit.record(call, "rounds.invite", SUBJECT, proposal.id, detail)
    return proposal


def _locked(call: Call, proposal_id: int, get: Callable[[Call, int], Proposal] = queries.get_proposal) -> Proposal:
    """The proposal with its order's row locked: decisions about one order happen one after the other."""
    proposal = get(call, proposal_id)
    db.session.execute(select(Order.id).where(Order.id == proposal.order_id).with_for_update())
    db.session.refresh(proposal.order)
    db.session.refresh(proposal, ["state", "version", "option_id", "content", "content_hash"])
    return proposal


def _detail(proposal: Proposal, option: FundingOption) -> dict[str, object]:
    """What the journal keeps of a decision: who pays what, never what a bid says."""
    return {
        "order": proposal.order_id,
        "bid": proposal.bid_id,
        "price": proposal.price,
        "pays": [[part.fund_id, part.amount] for part in option.parts],
        "content": proposal.content_hash,
    }
