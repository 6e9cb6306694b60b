"""Mail about contracts: the number and a link, never a word of the text."""

from __future__ import annotations

from marketplace.contracts.models import Contract
from marketplace.contracts.queries.contracts import correspondents
from marketplace.contracts.workflow import Side
from marketplace.kernel.call import Call
from marketplace.outbox import service as outbox


def tell(call: Call, contract: Contract, template: str, *sides: Side) -> None:
    """Queue ``templates/mail/<template>.txt`` to those who act for ``sides`` (both when none is named)."""
    values = {"reference": contract.reference, "contract_id": contract.id}
    for email, locale in correspondents(contract, *sides):
        outbox.enqueue(call, email, template, values, locale)
