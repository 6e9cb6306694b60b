"""Money goes from one fund to another: one person proposes it, a different one approves."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger, policy, queries
from marketplace.funds.models import Fund, FundTransfer
from marketplace.funds.terms import TransferTerms
from marketplace.funds.workflow import TRANSFER, FundState, Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid

SUBJECT = "transfer"


@use_case
def propose_transfer(call: Call, source_id: int, terms: TransferTerms) -> FundTransfer:
    """Note that available money should go to another fund; it stays where it is until a different person approved it."""
    source = queries.get_fund(call, source_id)
    policy.may_contribute(call.actor).require()
    if call.actor.account is None:
        raise Conflict("approvals.no_person")
    if not 0 < terms.amount <= money.MAX_FEN:
        raise Invalid("funds.amount", field="amount")
    target = db.session.get(Fund, terms.target_id) if terms.target_id > 0 else None
    if target is None or target.id == source.id:
        raise Invalid("funds.transfer_target", field="target_id")
    _require_allowed(source, target)
    if source.available < terms.amount:
        raise Invalid("funds.transfer_more", {"available": money.plain(source.available)}, field="amount")
    row = FundTransfer(
        source_id=source.id,
        target_id=target.id,
        amount=terms.amount,
        why=terms.reason,
        proposed_by=call.actor.account,
        proposed_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, SUBJECT, row.id, _fingerprint(row))
    detail = {"source": source.id, "target": target.id, "amount": row.amount}
    audit.record(call, "funds.propose_transfer", SUBJECT, row.id, detail)
    return row


@use_case
def approve_transfer(call: Call, transfer_id: int) -> FundTransfer:
    """The second person agrees: the money is in the other fund in the same transaction, or stays whole where it is."""
    row = queries.get_transfer(call, transfer_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "approve")
    _require_allowed(row.source, row.target)
    approvals.approve(call, SUBJECT, row.id, _fingerprint(row))
    for fund_id in sorted((row.source_id, row.target_id)):  # in the order in which everybody locks funds
        out = fund_id == row.source_id
        ledger.move(
            call,
            fund_id,
            Movement.TRANSFER_OUT if out else Movement.TRANSFER_IN,
            row.amount,
            key=f"transfer:{row.id}:{'out' if out else 'in'}",
            subject_kind=SUBJECT,
            subject_id=row.id,
            memo=row.target.code if out else row.source.code,
        )
    detail = {"source": row.source_id, "target": row.target_id, "amount": row.amount}
    audit.record(call, "funds.approve_transfer", SUBJECT, row.id, detail)
    return row


@use_case
def reject_transfer(call: Call, transfer_id: int, reason: str) -> FundTransfer:
    """Refuse a transfer, or take one's own proposal back, with words."""
    row = queries.get_transfer(call, transfer_id)
    policy.may_contribute(call.actor).require()
    _decide(call, row, "reject", reason)
    audit.record(call, "funds.reject_transfer", SUBJECT, row.id, {"source": row.source_id, "reason": reason})
    return row


def _require_allowed(source: Fund, target: Fund) -> None:
    """Public money stays public, or the ceiling on public funding would be a matter of bookkeeping."""
    if source.public and not target.public:
        raise Conflict("funds.transfer_public")
    if target.state is FundState.CLOSED:
        raise Conflict("funds.transfer_closed", {"fund": target.name})


def _decide(call: Call, row: FundTransfer, event: str, reason: str = "") -> None:
    row.state = TRANSFER.require(row.state, event)
    row.reason = reason
    row.decided_by, row.decided_at = call.actor.account, call.now


def _fingerprint(row: FundTransfer) -> str:
    content = {"source": row.source_id, "target": row.target_id, "amount": row.amount, "why": row.why}
    return approvals.content_hash(content)
