"""A bid that could not be opened comes back from its bidder, out of the kept copy or a file, only as exactly what was sealed."""

from __future__ import annotations

import hmac

from marketplace.audit import service as audit
from marketplace.bids import contents, policy, queries, sealing
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.sealing import NotReadable, Sealed
from marketplace.bids.workflow import BidState
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import queries as orders
from marketplace.orders.models import Order


@use_case
def recover_bid(call: Call, bid_id: int, content: bytes | None = None) -> Bid:
    """The bidder brings a closed bid again, as the file of the receipt or (None) from the copy kept here.

    It is admitted only when it gives the commitment that was published before the deadline, so nothing can be changed. Raises
    Conflict outside the window, Invalid ``bids.not_what_was_sealed`` for anything else.
    """
    bid = queries.get_own(call, bid_id)
    order = orders.get_order(call, bid.order_id, lock=True)
    bid = queries.get_own(call, bid_id)
    policy.may_draft(call.actor, order, bid.team).require()
    if not queries.is_recoverable(bid, order, call.now):
        raise Conflict("bids.not_recoverable")
    label = queries.label_of(bid)
    try:
        sealed = queries.own_content(bid) if content is None else sealing.read_file(content, label)
        if bid.state is BidState.TECHNICAL:
            _require_same(sealing.price_commitment(label, sealed), bid.price_commitment)
            contents.add_prices(order, bid, sealed.terms.prices, sealed.price_salt)
            move(call, bid, "open")
        else:
            _take_content(call, order, bid, sealed)
    except NotReadable as error:
        raise Invalid("bids.not_what_was_sealed", field="upload") from error
    audit.record(call, "bids.recover", "bid", bid.id, {"commitment": bid.commitment, "from_file": content is not None})
    return bid


def _take_content(call: Call, order: Order, bid: Bid, sealed: Sealed) -> None:
    _require_same(sealing.commitment(queries.label_of(bid), sealed), bid.commitment)
    contents.take(call, order, bid, sealed)


def _require_same(found: str, expected: str) -> None:
    if not expected or not hmac.compare_digest(found, expected):
        raise NotReadable("replaced")
