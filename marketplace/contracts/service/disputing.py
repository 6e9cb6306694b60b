"""The cheap ladder: the parties talk, an independent expert advises, the committee's word ends it."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import accepting, mail, policy
from marketplace.contracts.models import Dispute, Milestone
from marketplace.contracts.queries import delivery as queries
from marketplace.contracts.service.delivering import independent
from marketplace.contracts.workflow import (
    CONTRACT,
    DISPUTE,
    MILESTONE,
    ContractState,
    DisputeState,
    MilestoneState,
    VerdictBy,
)
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.rounds.queries import interests_of

SUBJECT = "dispute"


@use_case
def raise_dispute(call: Call, milestone_id: int, reason: str) -> Dispute:
    """A party does not accept the last decision about a milestone."""
    milestone = _milestone(call, milestone_id)
    policy.may_sign(call.actor, milestone.contract).require()
    side = policy.side_of(call.actor, milestone.contract)
    if not reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    milestone.state = MILESTONE.require(milestone.state, "dispute")
    dispute = Dispute(milestone_id=milestone.id, raised_by=side, reason=reason.strip(), opened_at=call.now)
    db.session.add(dispute)
    db.session.flush()
    audit.record(call, "contracts.raise_dispute", SUBJECT, dispute.id, {"milestone": milestone.id})
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


@use_case
def offer(call: Call, milestone_id: int, amount: int) -> Dispute:
    """A party says how much of the open part it would settle for; the other side may agree or offer something else."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_sign(call.actor, milestone.contract).require()
    DISPUTE.require(dispute.state, "agree")
    _require_amount(milestone, amount)
    dispute.offered_by, dispute.offer = policy.side_of(call.actor, milestone.contract), amount
    audit.record(call, "contracts.offer", SUBJECT, dispute.id, {"amount": amount})
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


@use_case
def agree(call: Call, milestone_id: int, amount: int) -> Dispute:
    """Agree to the other side's offer, exactly as it was seen: the dispute is settled."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_sign(call.actor, milestone.contract).require()
    target = DISPUTE.require(dispute.state, "agree")
    if dispute.offer is None or dispute.offered_by is policy.side_of(call.actor, milestone.contract):
        raise Conflict("contracts.no_offer")
    if dispute.offer != amount:
        raise Conflict("approvals.changed")
    dispute.state = target
    _settle(call, milestone, dispute, amount, "")
    audit.record(call, "contracts.agree", SUBJECT, dispute.id, {"amount": amount})
    return dispute


@use_case
def ask_expert(call: Call, milestone_id: int, email: str) -> Dispute:
    """Staff name an independent expert when talking did not help."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_appoint(call.actor, milestone.contract).require()
    dispute.state = DISPUTE.require(dispute.state, "ask_expert")
    dispute.expert_id = independent(call, milestone.contract, email)
    dispute.offered_by, dispute.offer = None, None
    audit.record(call, "contracts.ask_expert", SUBJECT, dispute.id, {"account": dispute.expert_id})
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


@use_case
def advise(call: Call, milestone_id: int, amount: int, text: str) -> Dispute:
    """The expert says how much should be accepted and why; the parties may agree to it or go to the committee."""
    milestone, dispute = _disputed(call, milestone_id)
    if call.actor.account is None or dispute.expert_id != call.actor.account:
        raise Forbidden("contracts.experts_only")
    dispute.state = DISPUTE.require(dispute.state, "advise")
    _require_amount(milestone, amount)
    if not text.strip():
        raise Invalid("contracts.reasons_needed", field="text")
    dispute.advice, dispute.advice_text = amount, text.strip()
    audit.record(call, "contracts.advise", SUBJECT, dispute.id, {"amount": amount})
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


@use_case
def ask_committee(call: Call, milestone_id: int) -> Dispute:
    """A party does not follow the advice and asks for the committee."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_sign(call.actor, milestone.contract).require()
    dispute.state = DISPUTE.require(dispute.state, "ask_committee")
    audit.record(call, "contracts.ask_committee", SUBJECT, dispute.id)
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


@use_case
def propose_ruling(call: Call, milestone_id: int, amount: int, text: str) -> Dispute:
    """An officer writes down what the committee decided."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_check(call.actor, interests_of(call), milestone.contract).require()
    DISPUTE.require(dispute.state, "rule")
    _require_amount(milestone, amount)
    if not text.strip():
        raise Invalid("contracts.reasons_needed", field="text")
    dispute.ruling, dispute.ruling_text = amount, text.strip()
    approvals.propose(call, SUBJECT, dispute.id, ruling_fingerprint(dispute))
    audit.record(call, "contracts.propose_ruling", SUBJECT, dispute.id, {"amount": amount})
    return dispute


@use_case
def confirm_ruling(call: Call, milestone_id: int) -> Dispute:
    """A second officer confirms the committee's word: the dispute is settled."""
    milestone, dispute = _disputed(call, milestone_id)
    policy.may_check(call.actor, interests_of(call), milestone.contract).require()
    target = DISPUTE.require(dispute.state, "rule")
    approvals.approve(call, SUBJECT, dispute.id, ruling_fingerprint(dispute))
    dispute.state = target
    _settle(call, milestone, dispute, dispute.ruling or 0, dispute.ruling_text)
    audit.record(call, "contracts.confirm_ruling", SUBJECT, dispute.id, {"amount": dispute.ruling})
    mail.tell(call, milestone.contract, "contract_dispute")
    return dispute


def _settle(call: Call, milestone: Milestone, dispute: Dispute, amount: int, text: str) -> None:
    dispute.closed_at = call.now
    reasons = text or f"争议 {dispute.id} 的处理结果 / outcome of dispute {dispute.id}"
    accepting.apply(call, milestone.contract, milestone, milestone.deliveries[-1], amount, reasons, VerdictBy.DISPUTE)


def ruling_fingerprint(dispute: Dispute) -> str:
    content = {"dispute": dispute.id, "amount": dispute.ruling, "text": dispute.ruling_text}
    return approvals.content_hash(content)


def _require_amount(milestone: Milestone, amount: int) -> None:
    if not 0 <= amount <= milestone.open_amount:
        raise Invalid("contracts.accept_amount", field="amount")


def _milestone(call: Call, milestone_id: int) -> Milestone:
    milestone = queries.get_milestone(call, milestone_id, lock=True)
    if milestone.contract.state is not ContractState.IN_FORCE:
        CONTRACT.require(milestone.contract.state, "complete")
    return milestone


def _disputed(call: Call, milestone_id: int) -> tuple[Milestone, Dispute]:
    milestone = _milestone(call, milestone_id)
    dispute = queries.open_dispute(milestone)
    if dispute is None or milestone.state is not MilestoneState.DISPUTED or dispute.state is DisputeState.SETTLED:
        raise NotFound("dispute")
    return milestone, dispute
