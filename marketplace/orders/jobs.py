"""What the clock does to orders."""

from __future__ import annotations

from marketplace.jobs.queue import each_minute
from marketplace.kernel.call import Call
from marketplace.orders import following, ndas, queries, service


@each_minute
def start_due(call: Call) -> None:
    """Start the bidding of every published order whose time has come, each in a use case of its own."""
    for order_id in queries.due_for_bidding(call.now):
        service.start_bidding(call, order_id)


@each_minute
def expire_ndas(call: Call) -> None:
    """Note the end of every agreement whose term is over, each in a use case of its own."""
    for nda_id in ndas.due_to_expire(call.now):
        service.expire_nda(call, nda_id)


@each_minute
def send_digests(call: Call) -> None:
    """Tell every follower who is due that there are new orders, each in a use case of its own."""
    for account_id in following.due(call.now):
        service.send_digest(call, account_id)
