"""Answering objections and appeals: one person finds, a different one approves exactly that, and what follows happens at once."""

from __future__ import annotations

from marketplace.accounts.proving import require_fresh
from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.days import end_of_working_day
from marketplace.awards.models import Complaint, ComplaintFinding
from marketplace.awards.service.announcing import CONFIRM_DAYS
from marketplace.awards.service.complaining import APPEAL_DAYS, extend_confirmation
from marketplace.awards.telling import tell_bidder, tell_enterprise, tell_objector
from marketplace.awards.terms import FindingTerms
from marketplace.awards.undoing import undo
from marketplace.awards.workflow import (
    COMPLAINT,
    FINDING,
    AwardState,
    ComplaintState,
    Finding,
    FindingState,
    Instance,
    Remedy,
)
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid

SUBJECT = "complaint_finding"
C = ComplaintState


@use_case
def accept_complaint(call: Call, complaint_id: int) -> Complaint:
    """An officer finds an objection admissible: it will be answered."""
    row = _handled(call, complaint_id)
    row.state = COMPLAINT.require(row.state, "accept")
    row.handled_by = call.actor.account
    audit.record(call, "awards.accept_complaint", "complaint", row.id, {"award": row.award_id})
    return row


@use_case
def reject_complaint(call: Call, complaint_id: int, reason: str) -> Complaint:
    """An officer finds an objection inadmissible, with the reason; it may be appealed, and the award waits so long."""
    row = _handled(call, complaint_id)
    target = COMPLAINT.require(row.state, "reject")
    row.reason = _given(reason)
    _close(call, row, target)
    row.handled_by = call.actor.account
    tell_objector(call, row, "complaint_decided")
    audit.record(call, "awards.reject_complaint", "complaint", row.id, {"award": row.award_id})
    return row


@use_case
def answer_complaint(call: Call, complaint_id: int, terms: FindingTerms) -> ComplaintFinding:
    """The first person answers an objection and says what follows; nobody outside reads it before the second person agrees."""
    row = _handled(call, complaint_id)
    row.state = COMPLAINT.require(row.state, "answer")
    finding = _find(call, row, terms, Instance.FIRST)
    audit.record(call, "awards.answer_complaint", "complaint", row.id, _detail(finding))
    return finding


@use_case
def review_appeal(call: Call, complaint_id: int, terms: FindingTerms) -> ComplaintFinding:
    """The first member of the panel finds about an appeal."""
    row = _reviewed(call, complaint_id)
    row.state = COMPLAINT.require(row.state, "review")
    finding = _find(call, row, terms, Instance.APPEAL)
    audit.record(call, "awards.review_appeal", "complaint", row.id, _detail(finding))
    return finding


@use_case
def return_finding(call: Call, complaint_id: int, reason: str) -> Complaint:
    """The second person does not agree and says why; the first or another one finds anew."""
    row, finding = _waiting(call, complaint_id)
    event = "return" if finding.instance is Instance.FIRST else "return_review"
    row.state = COMPLAINT.require(row.state, event)
    finding.state = FINDING.require(finding.state, "return")
    finding.returned_because = _given(reason)
    finding.decided_by, finding.decided_at = call.actor.account, call.now
    audit.record(call, "awards.return_finding", "complaint", row.id, _detail(finding))
    return row


@use_case
def approve_finding(call: Call, complaint_id: int, seen: str) -> Complaint:
    """A different person approves exactly the finding with fingerprint ``seen``; an upheld objection takes the award back."""
    require_fresh(call)
    row, finding = _waiting(call, complaint_id)
    first = finding.instance is Instance.FIRST
    upheld = finding.finding is Finding.UPHELD
    event = ("uphold" if upheld else "dismiss") if first else "decide"
    target = COMPLAINT.require(row.state, event)
    if seen != finding.content_hash or fingerprint(finding) != finding.content_hash:
        raise Conflict("approvals.changed")
    approvals.approve(call, SUBJECT, finding.id, finding.content_hash)
    finding.state = FINDING.require(finding.state, "approve")
    finding.decided_by, finding.decided_at = call.actor.account, call.now
    _close(call, row, target)
    db.session.flush()
    _follow(call, row, finding)
    tell_objector(call, row, "complaint_decided")
    audit.record(call, "awards.approve_finding", "complaint", row.id, _detail(finding))
    return row


def fingerprint(finding: ComplaintFinding) -> str:
    """What the two persons stand for: about which objection, what was found, what follows, and every word of it."""
    return approvals.content_hash(
        [
            finding.complaint_id,
            finding.instance.value,
            finding.finding.value,
            finding.remedy.value if finding.remedy else None,
            finding.answer,
            finding.summary,
            finding.proposed_at.isoformat(),
        ]
    )


def _find(call: Call, row: Complaint, terms: FindingTerms, instance: Instance) -> ComplaintFinding:
    answer, summary = terms.answer.strip(), terms.summary.strip()
    if not answer:
        raise Invalid("awards.answer_needed", field="answer")
    if not summary:
        raise Invalid("awards.summary_needed", field="summary")
    if (terms.finding is Finding.UPHELD) is not (terms.remedy is not None):
        raise Invalid("awards.remedy_needed", field="remedy")
    finding = ComplaintFinding(
        complaint_id=row.id,
        instance=instance,
        finding=terms.finding,
        remedy=terms.remedy,
        answer=answer,
        summary=summary,
        state=FindingState.PROPOSED,
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    finding.content_hash = fingerprint(finding)
    db.session.add(finding)
    db.session.flush()
    approvals.propose(call, SUBJECT, finding.id, finding.content_hash)
    return finding


def _close(call: Call, row: Complaint, target: ComplaintState) -> None:
    """Give the objection its end, and an appeal its days; the parties' own days run from the last of them."""
    row.state, row.decided_at = target, call.now
    row.appeal_until = end_of_working_day(call.now, APPEAL_DAYS) if COMPLAINT.allows(target, "appeal") else None
    extend_confirmation(call, row.award)
    if row.appeal_until is not None and row.award.state is AwardState.STANDSTILL:
        row.award.confirm_by = max(row.award.confirm_by, end_of_working_day(row.appeal_until, CONFIRM_DAYS))


def _follow(call: Call, row: Complaint, finding: ComplaintFinding) -> None:
    if finding.remedy in {Remedy.REEVALUATE, Remedy.EXCLUDE_WINNER} and row.award.state is AwardState.STANDSTILL:
        exclude = finding.remedy is Remedy.EXCLUDE_WINNER
        undo(call, row.award, "undo", finding.summary, finding.summary[:500], exclude_winner=exclude)
        return
    tell_enterprise(call, row.award, "award_goes_on")
    tell_bidder(call, row.award, row.award.bid, "award_goes_on")


def _handled(call: Call, complaint_id: int) -> Complaint:
    row = queries.get_complaint(call, complaint_id, lock=True)
    policy.may_handle(call.actor, queries.interests_of(call), queries.concerned_in(row)).require()
    _require_clear(call, row)
    return row


def _reviewed(call: Call, complaint_id: int) -> Complaint:
    row = queries.get_for_panel(call, complaint_id, lock=True)
    interests, concerned = queries.interests_of(call), queries.concerned_in(row)
    policy.may_review(call.actor, interests, concerned, queries.took_part_in(row)).require()
    _require_clear(call, row)
    return row


def _require_clear(call: Call, row: Complaint) -> None:
    """Whoever is close to a party or to whoever objected decides nothing, unless two people passed over it for this one."""
    if queries.links_of_decider(call, row):
        raise Forbidden("awards.decider_conflict")


def _waiting(call: Call, complaint_id: int) -> tuple[Complaint, ComplaintFinding]:
    """The objection and the finding that waits for the second person, who may be that person."""
    row = queries.get_for_panel(call, complaint_id, lock=True)
    interests, concerned = queries.interests_of(call), queries.concerned_in(row)
    if row.state is C.REVIEWED:
        policy.may_review(call.actor, interests, concerned, queries.took_part_in(row)).require()
    else:
        policy.may_handle(call.actor, interests, concerned).require()
    _require_clear(call, row)
    finding = next((f for f in row.findings if f.state is FindingState.PROPOSED), None)
    if finding is None:
        raise Conflict("awards.nothing_waits")
    return row, finding


def _given(reason: str) -> str:
    if not reason.strip():
        raise Invalid("awards.reason_needed", field="reason")
    return reason.strip()


def _detail(finding: ComplaintFinding) -> dict[str, object]:
    return {
        "instance": finding.instance.value,
        "finding": finding.finding.value,
        "remedy": finding.remedy.value if finding.remedy else None,
        "content": finding.content_hash,
    }
