"""What a reader may do to an objection now: workflow and policy together, so that the template only asks."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.approvals.service import proposers_of
from marketplace.awards import policy, queries
from marketplace.awards.models import Complaint
from marketplace.awards.service.deciding import SUBJECT
from marketplace.awards.workflow import APPEALABLE, COMPLAINT, ComplaintState, FindingState
from marketplace.kernel.call import Call
from marketplace.kernel.policy import Decision, no
from marketplace.web.words import sentence


@dataclass(frozen=True, slots=True)
class Offers:
    """``approve_reason`` and ``handle_reason`` stand where a button would be refused."""

    accept: bool
    answer: bool
    review: bool
    approve: bool
    approve_reason: str
    handle_reason: str
    withdraw: bool
    appeal: bool
    appeal_late: bool


def offers_of(call: Call, row: Complaint) -> Offers:
    interests, concerned = queries.interests_of(call), queries.concerned_in(row)
    staff = call.actor.has(*policy.APPEAL_ROLES)
    handle = policy.may_handle(call.actor, interests, concerned)
    review = policy.may_review(call.actor, interests, concerned, queries.took_part_in(row) if staff else ())
    own = policy.is_objector(call.actor, queries.objector_of(row), queries.sides_of(row.award))
    appealable = own and row.state in APPEALABLE
    approve = _may_approve(call, row, review if row.state is ComplaintState.REVIEWED else handle)
    waits = row.state in {ComplaintState.ANSWERED, ComplaintState.REVIEWED}
    acting = review if row.state is ComplaintState.APPEALED else handle
    to_do = row.state in {ComplaintState.FILED, ComplaintState.ACCEPTED, ComplaintState.APPEALED}
    return Offers(
        accept=COMPLAINT.allows(row.state, "accept") and bool(handle),
        answer=COMPLAINT.allows(row.state, "answer") and bool(handle),
        review=COMPLAINT.allows(row.state, "review") and bool(review),
        approve=waits and bool(approve),
        approve_reason=_said(approve) if waits and staff else "",
        handle_reason=_said(acting) if to_do and staff else "",
        withdraw=own and COMPLAINT.allows(row.state, "withdraw"),
        appeal=appealable and queries.takes_appeals(call, row),
        appeal_late=appealable and not queries.takes_appeals(call, row),
    )


def _may_approve(call: Call, row: Complaint, decision: Decision) -> Decision:
    finding = next((f for f in row.findings if f.state is FindingState.PROPOSED), None)
    if decision and finding and call.actor.person in proposers_of(SUBJECT, finding.id, finding.content_hash):
        return no("approvals.same_person")
    return decision


def _said(decision: Decision) -> str:
    return "" if decision else sentence(decision.reason, {})
