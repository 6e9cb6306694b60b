"""What the clock does to orders."""

from __future__ import annotations

from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.orders import queries, service


@each_minute
def start_due(call: Call) -> None:
    """Start the bidding of every published order whose time has come, each in a use case of its own."""
    for order_id in queries.due_for_bidding(call.now):
        service.start_bidding(call, order_id)
