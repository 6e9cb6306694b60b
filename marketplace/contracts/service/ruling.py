"""One side ends the contract for a reason of the law and the other does not agree: two officers settle what was earned.

Breach and a purpose that is gone (Civil Code 562, 563), technology that others published (857), development that failed (858):
the end is that side's right after its notice, but the money is not for it alone to fix.
"""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import mail, policy
from marketplace.contracts.models import Change, Contract
from marketplace.contracts.queries import changes as queries
from marketplace.contracts.queries import contracts, delivery
from marketplace.contracts.service.changing import SUBJECT, end_contract, fingerprint, require_sound
from marketplace.contracts.workflow import CHANGE, CONTRACT, ChangeState, ContractState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.rounds.queries import interests_of

HANDED_OVER = "由运营中心结算 / handed to the centre to settle"
"""Kept with the request as it stands: a record in both languages, not a text of the site."""


@use_case
def propose_end_ruling(call: Call, change_id: int, earned: int, text: str) -> Change:
    """An officer writes down what the institution shall have in all (fen), and why; a second officer must confirm it.

    Raises Conflict while the notice runs, or when the request was agreed to or taken back.
    """
    asked, contract = _for_officers(call, change_id)
    if (ends := queries.settled_from(asked)) is None:
        raise Conflict("contracts.nothing_to_settle")
    if call.now < ends:
        raise Conflict("contracts.notice_runs", {"days": queries.NOTICE.days})
    if not text.strip():
        raise Invalid("contracts.reasons_needed", field="text")
    waiting = queries.open_change(contract)
    if waiting is not None and waiting.id != asked.id:
        raise Conflict("contracts.change_open")
    if asked.state is ChangeState.PROPOSED:
        asked.state, asked.decided_at = CHANGE.require(asked.state, "reject"), call.now
        asked.answer = HANDED_OVER
    row = Change(
        contract_id=contract.id,
        number=queries.last_number(contract) + 1,
        kind=asked.kind,
        reason=text.strip(),
        steps=[],
        earned=earned,
        ruled=True,
        proposed_by=asked.proposed_by,
        proposer_id=call.actor.account,
        at=call.now,
    )
    require_sound(contract, (), row)
    db.session.add(row)
    db.session.flush()
    approvals.propose(call, SUBJECT, row.id, fingerprint(row))
    audit.record(call, "contracts.propose_end_ruling", SUBJECT, row.id, {"asked": asked.id, "earned": earned})
    mail.tell(call, contract, "contract_change")
    return row


@use_case
def confirm_end_ruling(call: Call, change_id: int) -> Change:
    """A second officer confirms exactly that: the contract ends and the money is settled in this moment."""
    row, contract = _for_officers(call, change_id, ruled=True)
    target = CHANGE.require(row.state, "accept")
    milestones = delivery.milestones_of(contract)
    require_sound(contract, milestones, row)
    approvals.approve(call, SUBJECT, row.id, fingerprint(row))
    row.state, row.decided_at = target, call.now
    end_contract(call, contract, milestones, row)
    contract.changed_at = call.now
    audit.record(call, "contracts.confirm_end_ruling", SUBJECT, row.id, {"earned": row.earned})
    mail.tell(call, contract, "contract_change")
    return row


@use_case
def drop_end_ruling(call: Call, change_id: int, reason: str) -> Change:
    """An officer does not agree with what was written down, and says why; the contract goes on until another is."""
    row, contract = _for_officers(call, change_id, ruled=True)
    if not reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    row.state, row.decided_at = CHANGE.require(row.state, "reject"), call.now
    row.answer = reason.strip()
    audit.record(call, "contracts.drop_end_ruling", SUBJECT, row.id)
    mail.tell(call, contract, "contract_change")
    return row


def _for_officers(call: Call, change_id: int, *, ruled: bool = False) -> tuple[Change, Contract]:
    row = queries.get_change(call, change_id)
    contract = contracts.get_contract(call, row.contract_id, lock=True)
    policy.may_check(call.actor, interests_of(call), contract).require()
    if contract.state is not ContractState.IN_FORCE:
        CONTRACT.require(contract.state, "complete")
    db.session.refresh(row)
    if row.ruled is not ruled:
        raise NotFound("change")
    return row, contract
