"""What waits for somebody in the contracts room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import Move, present_hash, turn_of
from marketplace.contracts.workflow import BEFORE_FORCE
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Call
from marketplace.web.tasks import Task

MOST_TASKS = 20
VERBS = {
    Move.ANSWER: _l("Answer the other side's clause"),
    Move.REPAIR: _l("Repair the contract's clauses"),
    Move.SIGN: _l("Read and sign the contract"),
}


def waiting_for(call: Call) -> list[Task]:
    """Contracts in which the caller's side must act."""
    return _negotiations(call) if call.actor.has(*ENTERPRISE, *UNIVERSITY) else []


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
