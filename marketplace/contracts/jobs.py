"""What the clock does to contracts."""

from __future__ import annotations

from marketplace.contracts import service
from marketplace.contracts.queries import contracts as queries
from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call


@each_minute
def draft_due(call: Call) -> None:
    """Draft the contract of every awarded order whose parties have confirmed, each in a use case of its own."""
    for order_id in queries.orders_to_draft():
        service.draft_contract(call, order_id)
