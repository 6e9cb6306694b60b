"""Milestones are delivered with evidence, judged by the enterprise, and for large ones first by an independent expert."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from werkzeug.datastructures import FileStorage

from marketplace.audit import service as audit
from marketplace.contracts import accepting, mail, once, policy
from marketplace.contracts.clauses.filling import NOTICE_DAYS, REVIEW_DAYS
from marketplace.contracts.models import Contract, Delivery, DeliveryEvidence, DeliveryFile, Milestone, Verdict
from marketplace.contracts.planning import working_days_after
from marketplace.contracts.queries import delivery as queries
from marketplace.contracts.terms import DeliveryTerms, VerdictTerms
from marketplace.contracts.workflow import (
    CONTRACT,
    MILESTONE,
    TEAM_OWES,
    ContractState,
    MilestoneState,
    Outcome,
    Side,
    VerdictBy,
)
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.rounds.queries import interests_of
from marketplace.storage import service as storage
from marketplace.web.filters import CITY

SUBJECT = "milestone"
MOST_FILES = 10


@use_case
def deliver(call: Call, milestone_id: int, terms: DeliveryTerms, uploads: Sequence[FileStorage] = ()) -> Milestone:
    """The team hands over what a milestone promises: words, the measured value of each target, files."""
    milestone = _in_force(call, milestone_id)
    policy.may_deliver(call.actor, milestone.contract).require()
    target = MILESTONE.require(milestone.state, "deliver")
    if not terms.note.strip():
        raise Invalid("contracts.note_needed", field="note")
    if len(uploads) > MOST_FILES:
        raise Invalid("contracts.too_many_files", {"most": MOST_FILES}, field="upload")
    known = {row.id for row in milestone.contract.order.targets}
    delivery = Delivery(
        milestone_id=milestone.id,
        number=len(milestone.deliveries) + 1,
        note=terms.note.strip(),
        account_id=call.actor.account,
        at=call.now,
        evidence=[
            DeliveryEvidence(target_id=row.target_id, value=row.value, note=row.note)
            for row in terms.evidence
            if row.target_id in known and row.value.strip()
        ],
        files=[DeliveryFile(file_id=storage.keep(call, upload).id) for upload in uploads],
    )
    db.session.add(delivery)
    milestone.state, milestone.delivered_at, milestone.noticed_at = target, call.now, None
    audit.record(call, "contracts.deliver", SUBJECT, milestone.id, {"number": delivery.number, "files": len(uploads)})
    mail.tell(call, milestone.contract, "contract_delivered", Side.ENTERPRISE)
    return milestone


@use_case
def decide(call: Call, milestone_id: int, terms: VerdictTerms, key: str) -> Milestone:
    """The enterprise accepts all, a part, or nothing of what was delivered, with reasons for whatever it does not accept."""
    milestone = _in_force(call, milestone_id)
    contract = milestone.contract
    policy.may_accept(call.actor, contract).require()
    if milestone.state is not MilestoneState.DELIVERED:
        MILESTONE.require(milestone.state, "accept")
        raise Conflict("contracts.in_dispute")
    delivery = milestone.deliveries[-1]
    amount = milestone.open_amount if terms.amount is None else terms.amount
    if amount:
        _require_expert(milestone, delivery)
    verdict = accepting.apply(call, contract, milestone, delivery, amount, terms.reasons, VerdictBy.ENTERPRISE)
    once.keep(call, key, decision_content(milestone_id, terms), {"outcome": verdict.outcome.value})
    _record(call, "contracts.decide", milestone, verdict)
    mail.tell(call, contract, "contract_decided", Side.TEAM)
    return milestone


def decision_content(milestone_id: int, terms: VerdictTerms) -> Mapping[str, Any]:
    return {"milestone": milestone_id, "amount": terms.amount, "reasons": terms.reasons}


@use_case
def appoint_expert(call: Call, milestone_id: int, email: str) -> Milestone:
    """An officer names an account whose person acts for neither party as the milestone's independent expert."""
    milestone = _in_force(call, milestone_id)
    policy.may_appoint(call.actor, milestone.contract).require()
    if milestone.state in {MilestoneState.ACCEPTED, MilestoneState.CANCELLED}:
        MILESTONE.require(milestone.state, "accept")
    milestone.expert_id = independent(call, milestone.contract, email)
    audit.record(call, "contracts.appoint_expert", SUBJECT, milestone.id, {"account": milestone.expert_id})
    return milestone


@use_case
def give_opinion(call: Call, milestone_id: int, passed: bool, reasons: str) -> Milestone:
    """The appointed expert says whether the evidence shows that the targets are met."""
    milestone = _in_force(call, milestone_id)
    if call.actor.account is None or milestone.expert_id != call.actor.account:
        raise Forbidden("contracts.experts_only")
    if milestone.state is not MilestoneState.DELIVERED:
        MILESTONE.require(milestone.state, "accept")
    if not reasons.strip():
        raise Invalid("contracts.reasons_needed", field="reasons")
    if expert_passed(milestone, milestone.deliveries[-1]) is not None:
        raise Conflict("contracts.opinion_given")
    verdict = Verdict(
        milestone_id=milestone.id,
        delivery_id=milestone.deliveries[-1].id,
        said_by=VerdictBy.EXPERT,
        outcome=Outcome.ACCEPT if passed else Outcome.REJECT,
        amount=milestone.open_amount if passed else 0,
        reasons=reasons.strip(),
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(verdict)
    _record(call, "contracts.give_opinion", milestone, verdict)
    mail.tell(call, milestone.contract, "contract_opinion")
    return milestone


@use_case
def remind(call: Call, milestone_id: int) -> Milestone:
    """The team reminds the enterprise once the time for a decision is over; silence counts as acceptance some days later."""
    milestone = _in_force(call, milestone_id)
    policy.may_deliver(call.actor, milestone.contract).require()
    if milestone.state is not MilestoneState.DELIVERED or milestone.delivered_at is None:
        MILESTONE.require(milestone.state, "accept")
        raise Conflict("contracts.not_delivered")
    if milestone.noticed_at is not None:
        raise Conflict("contracts.reminded_already")
    if call.now < review_until(milestone.delivered_at):
        raise Conflict("contracts.too_early", {"days": REVIEW_DAYS})
    milestone.noticed_at = call.now
    audit.record(call, "contracts.remind", SUBJECT, milestone.id)
    mail.tell(call, milestone.contract, "contract_reminder", Side.ENTERPRISE)
    return milestone


@use_case
def deem_accepted(call: Call, milestone_id: int) -> Milestone:
    """The clock accepts what nobody answered after the reminder, unless an expert is still to speak or spoke against it."""
    milestone = _in_force(call, milestone_id)
    policy.may_deem(call.actor).require()
    if milestone.state is not MilestoneState.DELIVERED or milestone.noticed_at is None:
        raise Conflict("contracts.not_delivered")
    if call.now < silence_until(milestone.noticed_at):
        raise Conflict("contracts.too_early", {"days": NOTICE_DAYS})
    delivery = milestone.deliveries[-1]
    _require_expert(milestone, delivery)
    verdict = accepting.apply(call, milestone.contract, milestone, delivery, milestone.open_amount, "", VerdictBy.CLOCK)
    _record(call, "contracts.deem_accepted", milestone, verdict)
    mail.tell(call, milestone.contract, "contract_decided")
    return milestone


@use_case
def remind_overdue(call: Call, milestone_id: int) -> Milestone:
    """Tell both sides that a milestone's day has passed."""
    milestone = _in_force(call, milestone_id)
    policy.may_deem(call.actor).require()
    if milestone.state not in TEAM_OWES:
        raise Conflict("contracts.not_overdue")
    milestone.reminded_on = call.now.astimezone(CITY).date()
    audit.record(call, "contracts.remind_overdue", SUBJECT, milestone.id)
    mail.tell(call, milestone.contract, "contract_overdue")
    return milestone


def review_until(delivered_at: datetime) -> datetime:
    return working_days_after(delivered_at, REVIEW_DAYS)


def silence_until(noticed_at: datetime) -> datetime:
    return working_days_after(noticed_at, NOTICE_DAYS)


def independent(call: Call, contract: Contract, email: str) -> int:
    """Return the account of a person without a part in either party; raises Invalid otherwise."""
    account = queries.find_expert(email)
    if account is None:
        raise Invalid("contracts.no_such_account", field="email")
    interests = interests_of(queries.call_of(call, account))
    if interests & {contract.enterprise_id, contract.institution_id}:
        raise Invalid("contracts.not_independent", field="email")
    return account.id


def expert_passed(milestone: Milestone, delivery: Delivery) -> bool | None:
    """Return the expert's word on this delivery, None while there is none."""
    for verdict in milestone.verdicts:
        if verdict.delivery_id == delivery.id and verdict.said_by is VerdictBy.EXPERT:
            return verdict.outcome is Outcome.ACCEPT
    return None


def _require_expert(milestone: Milestone, delivery: Delivery) -> None:
    """A large milestone waits for the expert; the enterprise may accept against the advice only what the expert passed."""
    if milestone.needs_expert and expert_passed(milestone, delivery) is not True:
        raise Conflict("contracts.expert_needed")


def _in_force(call: Call, milestone_id: int) -> Milestone:
    milestone = queries.get_milestone(call, milestone_id, lock=True)
    if milestone.contract.state is not ContractState.IN_FORCE:
        CONTRACT.require(milestone.contract.state, "complete")
    return milestone


def _record(call: Call, command: str, milestone: Milestone, verdict: Verdict) -> None:
    detail = {"outcome": verdict.outcome.value, "amount": verdict.amount, "by": verdict.said_by.value}
    audit.record(call, command, SUBJECT, milestone.id, detail)
