"""A contract in force changes only by both: one side asks with a typed reason, the other agrees; or it ends with a settlement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import calling, cutting, ending, mail, policy
from marketplace.contracts.models import Change, Contract, Milestone, Payment
from marketplace.contracts.queries import changes as queries
from marketplace.contracts.queries import contracts, delivery
from marketplace.contracts.terms import ChangeTerms
from marketplace.contracts.workflow import (
    CHANGE,
    CONTRACT,
    ENDS,
    MAY_CUT_MONEY,
    MAY_MOVE_DAYS,
    MAY_REWRITE,
    MILESTONE,
    PAYMENT,
    TEAM_OWES,
    UNDER_WAY,
    ChangeKind,
    ContractState,
    PaymentKind,
)
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import lifecycle as order_lifecycle

SUBJECT = "change"


@use_case
def propose_change(call: Call, contract_id: int, terms: ChangeTerms) -> Change:
    """Ask the other side for a change of the open milestones, or for an end with a settlement."""
    contract = _in_force(call, contract_id)
    side = policy.side_of(call.actor, contract)
    if not terms.reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    if queries.open_change(contract) is not None:
        raise Conflict("contracts.change_open")
    ends = terms.kind in ENDS
    change = Change(
        contract_id=contract.id,
        number=queries.last_number(contract) + 1,
        kind=terms.kind,
        reason=terms.reason.strip(),
        steps=[] if ends else [step.as_json() for step in terms.steps],
        earned=(terms.earned or 0) if ends else None,
        proposed_by=side,
        proposer_id=call.actor.account,
        at=call.now,
    )
    require_sound(contract, delivery.milestones_of(contract), change)
    db.session.add(change)
    db.session.flush()
    approvals.propose(call, SUBJECT, change.id, fingerprint(change))
    audit.record(call, "contracts.propose_change", SUBJECT, change.id, {"kind": change.kind.value})
    assert side is not None  # may_sign holds it
    mail.tell(call, contract, "contract_change", side.other)
    return change


@use_case
def accept_change(call: Call, change_id: int) -> Change:
    """The other side agrees to exactly what was asked for: it holds from now on, with the money it frees."""
    change, contract = _between_parties(call, change_id)
    target = CHANGE.require(change.state, "accept")
    if policy.side_of(call.actor, contract) is change.proposed_by:
        raise Conflict("contracts.own_change")
    milestones = delivery.milestones_of(contract)
    require_sound(contract, milestones, change)
    approvals.approve(call, SUBJECT, change.id, fingerprint(change))
    change.state, change.decided_at = target, call.now
    if change.kind in ENDS:
        end_contract(call, contract, milestones, change)
    else:
        _change(call, contract, milestones, change)
    contract.changed_at = call.now
    audit.record(
        call, "contracts.accept_change", SUBJECT, change.id, {"kind": change.kind.value, "price": contract.price}
    )
    mail.tell(call, contract, "contract_change")
    return change


@use_case
def reject_change(call: Call, change_id: int, reason: str) -> Change:
    """The other side does not agree, and says why; the contract stays as it is."""
    change, contract = _between_parties(call, change_id)
    if policy.side_of(call.actor, contract) is change.proposed_by:
        raise Conflict("contracts.own_change")
    if not reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    change.state, change.decided_at = CHANGE.require(change.state, "reject"), call.now
    change.answer = reason.strip()
    audit.record(call, "contracts.reject_change", SUBJECT, change.id)
    mail.tell(call, contract, "contract_change", change.proposed_by)
    return change


@use_case
def withdraw_change(call: Call, change_id: int) -> Change:
    """Who asked takes it back."""
    change, contract = _between_parties(call, change_id)
    if policy.side_of(call.actor, contract) is not change.proposed_by:
        raise Conflict("contracts.not_own_change")
    change.state, change.decided_at = CHANGE.require(change.state, "withdraw"), call.now
    audit.record(call, "contracts.withdraw_change", SUBJECT, change.id)
    return change


def fingerprint(change: Change) -> str:
    content = {
        "contract": change.contract_id,
        "number": change.number,
        "kind": change.kind.value,
        "reason": change.reason,
        "steps": change.steps,
        "earned": change.earned,
    }
    return approvals.content_hash(content)


def _between_parties(call: Call, change_id: int) -> tuple[Change, Contract]:
    """A change that the parties decide on, read afresh under the contract's lock."""
    change = queries.get_change(call, change_id)
    contract = _in_force(call, change.contract_id)
    db.session.refresh(change)
    if change.ruled:
        raise Conflict("contracts.centre_decides")
    return change, contract


def _in_force(call: Call, contract_id: int) -> Contract:
    contract = contracts.get_contract(call, contract_id, lock=True)
    policy.may_sign(call.actor, contract).require()
    if contract.state is not ContractState.IN_FORCE:
        CONTRACT.require(contract.state, "complete")
    return contract


def require_sound(contract: Contract, milestones: Sequence[Milestone], change: Change) -> None:
    """What is asked for is possible now, and of the kind that its typed reason allows."""
    if change.kind in ENDS:
        if not 0 <= (change.earned or 0) <= contract.price:
            raise Invalid("contracts.earned", field="earned")
        return
    wanted = {step["id"]: step for step in change.steps}
    owed = {row.id: row for row in milestones if row.state in TEAM_OWES}
    if set(wanted) != set(owed):
        raise Conflict("contracts.change_stale")
    differs = False
    for key, step in wanted.items():
        differs |= _require_step(change.kind, owed[key], step)
    if not differs:
        raise Invalid("contracts.no_change", field="steps")
    if cut := sum(owed[key].amount - step["amount"] for key, step in wanted.items()):
        cutting.parts_of(contract, cut)


def _require_step(kind: ChangeKind, row: Milestone, step: dict[str, Any]) -> bool:
    """Return whether this milestone changes; raise Invalid where the reason does not cover how."""
    cut, moved = row.amount - step["amount"], step["due_on"] != row.due_on.isoformat()
    rewritten = (step["title"], step["deliverables"]) != (row.title, row.deliverables)
    if cut < 0 or step["amount"] <= row.accepted:
        raise Invalid("contracts.change_amount", {"title": row.title}, field="steps")
    if (cut and kind not in MAY_CUT_MONEY) or (moved and kind not in MAY_MOVE_DAYS):
        raise Invalid("contracts.change_kind", field="kind")
    if rewritten and kind not in MAY_REWRITE:
        raise Invalid("contracts.change_kind", field="kind")
    return bool(cut or moved or rewritten)


def _change(call: Call, contract: Contract, milestones: Sequence[Milestone], change: Change) -> None:
    """Milestones as agreed; what the price falls by is free again in the funds that had promised it."""
    wanted = {step["id"]: step for step in change.steps}
    cut = 0
    for row in milestones:
        if (step := wanted.get(row.id)) is None:
            continue
        cut += row.amount - step["amount"]
        row.amount, row.title, row.deliverables = step["amount"], step["title"], step["deliverables"]
        row.due_on = queries.day_of(step)
        row.reminded_on = None
    contract.ends_on = max(contract.ends_on, *(row.due_on for row in milestones))
    if cut:
        calling.lower(call, contract, cutting.parts_of(contract, cut), f"change:{change.id}")
        contract.price -= cut
        contract.technology_value = min(contract.technology_value, contract.price)


def end_contract(call: Call, contract: Contract, milestones: Sequence[Milestone], change: Change) -> None:
    """Settle: open calls fall away, the institution has ``earned`` in all, the rest of the promises is free again."""
    rows = db.session.scalars(select(Payment).where(Payment.contract_id == contract.id).order_by(Payment.id)).all()
    if any(row.state in UNDER_WAY for row in rows):
        raise Conflict("contracts.money_under_way")
    for row in rows:
        if PAYMENT.allows(row.state, "cancel"):
            calling.cancel(call, row, change.reason[:500])
    paid, earned = sum(source.paid for source in contract.sources), change.earned or 0
    key = f"end:{change.id}"
    if earned > paid:
        calling.call_money(call, contract, PaymentKind.SETTLEMENT, earned - paid, key)
    elif earned < paid:
        calling.claim_back(call, contract, paid - earned, key)
    calling.lower(call, contract, [source.uncalled for source in contract.sources], key)
    for milestone in milestones:
        if MILESTONE.allows(milestone.state, "cancel"):
            milestone.state = MILESTONE.require(milestone.state, "cancel")
            milestone.decided_at = call.now
    contract.state = CONTRACT.require(contract.state, "terminate")
    contract.reason, contract.ended_at = change.reason[:1000], call.now
    ending.free_coming_days(call, contract)
    order_lifecycle.move(call, contracts.lock_order(contract), "terminate", contract.reason)
