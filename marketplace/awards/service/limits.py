"""The table of approval levels: two people put a level in force, two people end it; one alone weakens nothing."""

from __future__ import annotations

from marketplace.accounts.proving import require_fresh
from marketplace.approvals import service as approvals
from marketplace.approvals.models import ApprovalLevel
from marketplace.approvals.workflow import COUNTING, LEVEL, LevelState
from marketplace.audit import service as audit
from marketplace.awards import policy
from marketplace.awards.queries.approvals import get_level
from marketplace.awards.terms import LevelTerms
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Invalid

SUBJECT = "approval_level"
APPROVERS = (Role.CENTRE_OFFICER, Role.FUND_MANAGER)


@use_case
def propose_level(call: Call, terms: LevelTerms) -> ApprovalLevel:
    """Propose that matches above an amount need one more approval."""
    policy.may_set_levels(call.actor).require()
    if terms.role not in APPROVERS:
        raise Invalid("awards.level_role", field="role")
    if not terms.reason.strip():
        raise Invalid("awards.reason_needed", field="reason")
    row = ApprovalLevel(
        above=terms.above,
        role=terms.role,
        waits=terms.waits,
        reason=terms.reason.strip(),
        state=LevelState.PROPOSED,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    _propose(call, row, "begin")
    audit.record(call, "awards.propose_level", SUBJECT, row.id, _detail(row))
    return row


@use_case
def propose_level_end(call: Call, level_id: int) -> ApprovalLevel:
    """Propose to end a level; it counts until a second person agrees."""
    row = get_level(call, level_id)
    policy.may_set_levels(call.actor).require()
    row.state, row.proposed_at = LEVEL.require(row.state, "propose_end"), call.now
    _propose(call, row, "end")
    audit.record(call, "awards.propose_level_end", SUBJECT, row.id, _detail(row))
    return row


@use_case
def approve_level(call: Call, level_id: int, seen: str) -> ApprovalLevel:
    """A different person puts a proposed level in force, or ends one whose end was proposed."""
    require_fresh(call)
    row = get_level(call, level_id)
    policy.may_set_levels(call.actor).require()
    if seen != row.content_hash:
        raise Conflict("approvals.changed")
    target = LEVEL.require(row.state, "end" if row.state in COUNTING else "approve")
    approvals.approve(call, SUBJECT, row.id, row.content_hash)
    row.state = target
    if target is LevelState.ACTIVE:
        row.active_from = call.now
    else:
        row.ended_at = call.now
    audit.record(call, "awards.approve_level", SUBJECT, row.id, _detail(row))
    return row


@use_case
def refuse_level(call: Call, level_id: int) -> ApprovalLevel:
    """Refuse a proposed level, or keep one whose end was proposed."""
    row = get_level(call, level_id)
    policy.may_set_levels(call.actor).require()
    row.state = LEVEL.require(row.state, "keep" if row.state in COUNTING else "reject")
    if row.state is LevelState.ENDED:
        row.ended_at = call.now
    audit.record(call, "awards.refuse_level", SUBJECT, row.id, _detail(row))
    return row


def _propose(call: Call, row: ApprovalLevel, what: str) -> None:
    content = [what, row.above, row.role.value, row.waits, row.reason, call.now.isoformat(), row.version]
    row.content_hash = approvals.content_hash(content)
    approvals.propose(call, SUBJECT, row.id, row.content_hash)


def _detail(row: ApprovalLevel) -> dict[str, object]:
    return {"above": row.above, "role": row.role.value, "waits": row.waits, "state": row.state.value}
