"""An order ends for want of bids: at its opening, or when nobody brought a closed bid again in time. Plain, inside use cases."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.bids import queries
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.kernel.call import Call
from marketplace.orders.lifecycle import move as move_order
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of


def fail(call: Call, order: Order, opened: Sequence[Bid]) -> None:
    """End the order; bids that were read by then have lost for want of others."""
    move_order(call, order, "fail", "orders.few_bids" if rules_of(order).min_bids > 1 else "orders.no_bids")
    tell_enterprise(call, order, "order_without_bids")
    for bid in opened:
        move(call, bid, "pass_over" if bid.state is BidState.CONCEPT else "lose", "bids.too_few_valid")
        tell(call, queries.correspondents(bid), order, "bid_without_choice", bid_id=bid.id)
