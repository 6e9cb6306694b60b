"""What waits for somebody in the contracts room."""

from __future__ import annotations

from datetime import datetime, time

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import changes, delivery, payments
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import Move, present_hash, turn_of
from marketplace.contracts.workflow import BEFORE_FORCE, MilestoneState, PaymentState, Side
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Call, Role
from marketplace.web.filters import CITY, money
from marketplace.web.tasks import Task

MOST_TASKS = 20
VERBS = {
    Move.ANSWER: _l("Answer the other side's clause"),
    Move.REPAIR: _l("Repair the contract's clauses"),
    Move.SIGN: _l("Read and sign the contract"),
}


def waiting_for(call: Call) -> list[Task]:
    """Contracts in which the caller's side must act: text, signature, delivery, decision; and payments for the two levels."""
    tasks = []
    if call.actor.has(*ENTERPRISE, *UNIVERSITY):
        tasks += [*_negotiations(call), *_milestones(call), *_own_money(call)]
    if call.actor.has(Role.CENTRE_OFFICER):
        tasks += _ends(call)
    if call.actor.has(Role.CENTRE_OFFICER, Role.FUND_MANAGER):
        tasks += _payments(call)
    return tasks


def _milestones(call: Call) -> list[Task]:
    """Deliveries to decide on for the enterprise, work to rework or overdue for the team."""
    today = call.now.astimezone(CITY).date()
    tasks = []
    for row in delivery.list_waiting(call.actor, today, MOST_TASKS):
        side = policy.side_of(call.actor, row.contract)
        decides = row.state is MilestoneState.DELIVERED
        if side is (Side.ENTERPRISE if decides else Side.TEAM):
            verb = _l("Decide on the delivery") if decides else _l("Deliver the milestone")
            subject = f"{row.contract.reference} {row.title}"
            tasks.append(Task(verb, subject, "contracts.milestone", {"milestone_id": row.id}))
    return tasks


def _own_money(call: Call) -> list[Task]:
    """What the caller's side pays from its own account, and what it must say has arrived."""
    tasks = []
    for row in payments.between_parties(call.actor, MOST_TASKS):
        turn = row.payee.other if row.state is PaymentState.DUE else row.payee
        if policy.may_sign(call.actor, row.contract) and policy.side_of(call.actor, row.contract) is turn:
            verb = _l("Pay from your own account") if turn is not row.payee else _l("Confirm that money has arrived")
            due = datetime.combine(row.due_on, time.max, CITY)
            values = {"contract_id": row.contract_id, "_anchor": f"payment-{row.id}"}
            tasks.append(Task(verb, f"{row.contract.reference} {money(row.amount)}", "contracts.money", values, due))
    return tasks


def _ends(call: Call) -> list[Task]:
    """Ends that one side asked for, whose notice is over, and settlements that wait for the second officer."""
    return [
        Task(
            _l("Settle the end of a contract"),
            f"{row.contract.reference} {row.contract.title}",
            "contracts.changes",
            {"contract_id": row.contract_id},
        )
        for row in changes.to_settle(call.actor, call.now, MOST_TASKS)
    ]


def _payments(call: Call) -> list[Task]:
    """One entry for each level, however many payments wait."""
    waiting = payments.counts(call.actor)
    tasks = []
    for role, state, verb in (
        (Role.CENTRE_OFFICER, PaymentState.DUE, _l("Check payments")),
        (Role.FUND_MANAGER, PaymentState.CHECKED, _l("Approve payments")),
    ):
        if call.actor.has(role) and waiting.get(state):
            subject = ngettext("%(num)s payment", "%(num)s payments", waiting[state])
            tasks.append(Task(verb, subject, "contracts.payment_queue", {"state": state.value}))
    return tasks


def _negotiations(call: Call) -> list[Task]:
    tasks = []
    query = queries.list_contracts(call.actor).where(Contract.state.in_(BEFORE_FORCE)).limit(MOST_TASKS)
    contracts = db.session.scalars(query).unique().all()
    signed = queries.signatures_by_contract(contracts)
    for contract in contracts:
        side = policy.side_of(call.actor, contract)
        document_hash = present_hash(contract)
        turn = turn_of(contract, [s for s in signed.get(contract.id, []) if s.document_hash == document_hash])
        if side in turn.sides:
            endpoint = "contracts.sign_page" if turn.move is Move.SIGN else "contracts.text"
            subject = f"{contract.reference} {contract.title}"
            tasks.append(Task(VERBS[turn.move], subject, endpoint, {"contract_id": contract.id}))
    return tasks
