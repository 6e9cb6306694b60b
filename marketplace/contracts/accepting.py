"""What acceptance brings with it: the milestone's state, the money it calls, and the end when all is done."""

from __future__ import annotations

from sqlalchemy import func, select

from marketplace.contracts.calling import call_money
from marketplace.contracts.models import Contract, Delivery, Milestone, Payment, Verdict
from marketplace.contracts.queries.contracts import lock_order
from marketplace.contracts.split import held_back
from marketplace.contracts.workflow import (
    CONTRACT,
    MILESTONE,
    ContractState,
    MilestoneState,
    Outcome,
    PaymentKind,
    PaymentState,
    VerdictBy,
)
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Invalid
from marketplace.orders import lifecycle as order_lifecycle

DONE = frozenset({PaymentState.PAID, PaymentState.CANCELLED})


def apply(
    call: Call, contract: Contract, milestone: Milestone, delivery: Delivery, amount: int, reasons: str, by: VerdictBy
) -> Verdict:
    """Accept ``amount`` fen of the open part (0 rejects) and ask the sources for it, less the retention.

    Raises Invalid for more than is open, or for less than all without reasons.
    """
    if not 0 <= amount <= milestone.open_amount:
        raise Invalid("contracts.accept_amount", field="amount")
    whole = amount == milestone.open_amount
    if not whole and not reasons.strip():
        raise Invalid("contracts.reasons_needed", field="reasons")
    outcome = Outcome.ACCEPT if whole else Outcome.PART if amount else Outcome.REJECT
    event = {Outcome.ACCEPT: "accept", Outcome.PART: "accept_part", Outcome.REJECT: "reject"}[outcome]
    milestone.state = MILESTONE.require(milestone.state, event)
    milestone.accepted += amount
    milestone.decided_at, milestone.noticed_at = call.now, None
    contract.changed_at = call.now
    verdict = Verdict(
        milestone_id=milestone.id,
        delivery_id=delivery.id,
        said_by=by,
        outcome=outcome,
        amount=amount,
        reasons=reasons.strip(),
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(verdict)
    db.session.flush()
    if net := amount - held_back(amount, contract.retention):
        call_money(call, contract, PaymentKind.MILESTONE, net, f"verdict:{verdict.id}", milestone)
    return verdict


def complete_if_done(call: Call, contract: Contract) -> bool:
    """End the contract, and with it the order, when everything was accepted and every fen has arrived."""
    if contract.state is not ContractState.IN_FORCE:
        return False
    open_milestones = select(func.count()).where(
        Milestone.contract_id == contract.id,
        Milestone.state.not_in([MilestoneState.ACCEPTED, MilestoneState.CANCELLED]),
    )
    open_payments = select(func.count()).where(Payment.contract_id == contract.id, Payment.state.not_in(DONE))
    if db.session.scalar(open_milestones) or db.session.scalar(open_payments):
        return False
    if any(source.paid != source.amount for source in contract.sources):
        return False
    contract.state = CONTRACT.require(contract.state, "complete")
    contract.ended_at = contract.changed_at = call.now
    order_lifecycle.move(call, lock_order(contract), "complete")
    return True
