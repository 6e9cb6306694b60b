"""Money that comes into a fund, the first time or again: one person proposes it, a different one approves."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, policy, queries
from marketplace.funds.models import FundContribution
from marketplace.funds.terms import ContributionTerms
from marketplace.funds.workflow import CONTRIBUTION, Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid


@use_case
def propose_contribution(call: Call, fund_id: int, terms: ContributionTerms) -> FundContribution:
    """Note money that somebody brings in; it counts once a different person has approved it."""
    fund = queries.get_fund(call, fund_id)
    policy.may_contribute(call.actor).require()
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    if not 0 < terms.amount <= money.MAX_FEN:
        raise Invalid("funds.amount", field="amount")
    row = FundContribution(
        fund_id=fund.id,
        amount=terms.amount,
        source=terms.source,
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, "contribution", row.id, _fingerprint(row))
    audit.record(call, "funds.propose_contribution", "contribution", row.id, {"fund": fund.id, "amount": row.amount})
    return row


@use_case
def approve_contribution(call: Call, contribution_id: int) -> FundContribution:
    """The second person agrees: the money is in the fund in the same transaction."""
    row = queries.get_contribution(call, contribution_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "approve")
    approvals.approve(call, "contribution", row.id, _fingerprint(row))
    ledger.move(
        call,
        row.fund_id,
        Movement.CONTRIBUTE,
        row.amount,
        key=f"contribution:{row.id}",
        subject_kind="contribution",
        subject_id=row.id,
        memo=row.source,
    )
    audit.record(
        call, "funds.approve_contribution", "contribution", row.id, {"fund": row.fund_id, "amount": row.amount}
    )
    return row


@use_case
def reject_contribution(call: Call, contribution_id: int, reason: str) -> FundContribution:
    """Refuse the money, or take one's own proposal back, with words."""
    row = queries.get_contribution(call, contribution_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "reject", reason)
    audit.record(call, "funds.reject_contribution", "contribution", row.id, {"fund": row.fund_id, "reason": reason})
    return row


def _decide(call: Call, row: FundContribution, event: str, reason: str = "") -> None:
    row.state = CONTRIBUTION.require(row.state, event)
    row.reason = reason
    row.decided_by, row.decided_at = call.actor.account, call.now


def _fingerprint(row: FundContribution) -> str:
    return approvals.content_hash({"fund": row.fund_id, "amount": row.amount, "source": row.source})
