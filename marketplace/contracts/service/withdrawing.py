"""What becomes of a contract that is still being drawn up when its award is taken back: it is given up with it."""

from __future__ import annotations

from marketplace.awards.models import Award
from marketplace.awards.undoing import when_undone
from marketplace.contracts import mail
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.workflow import CONTRACT, ContractState
from marketplace.kernel.call import Call

TAKEN_BACK = "成交已撤销 / the award was taken back"
"""Kept with the contract as it stands: a record in both languages, not a text of the site."""


@when_undone
def give_up(call: Call, award: Award, _reason: str) -> None:
    """Close the draft before money and days are given back; a contract in force raises Conflict and keeps the award."""
    contract = queries.contract_of_order(award.order_id)
    if contract is None or contract.state is ContractState.ABANDONED:
        return
    contract.state = CONTRACT.require(contract.state, "abandon")
    contract.reason, contract.ended_at, contract.changed_at = TAKEN_BACK, call.now, call.now
    mail.tell(call, contract, "contract_abandoned")
