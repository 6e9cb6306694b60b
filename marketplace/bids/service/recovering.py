"""A bid that could not be opened comes back from its bidder, out of the kept copy or a file, only as exactly what was sealed."""

from __future__ import annotations

import hmac

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.audit import service as audit
from marketplace.bids import contents, ending, policy, queries, sealing
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.sealing import NotReadable, Sealed
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import rules_of


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


@use_case
def end_recovery(call: Call, order_id: int) -> Order:
    """The clock ends the time for bringing closed bids again; with fewer valid bids than the procedure asks the order fails."""
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = orders.get_order(call, order_id, lock=True)
    if order_id not in queries.recoveries_over(call.now):
        raise Conflict("bids.not_recoverable")
    query = select(Bid).where(Bid.order_id == order.id).options(joinedload(Bid.team)).order_by(Bid.id)
    bids = list(db.session.scalars(query))
    for bid in bids:
        if bid.state is BidState.SUBMITTED:
            move(call, bid, "lapse", bid.reason)
            bid.envelope = bid.price_envelope = None
    opened = [bid for bid in bids if bid.state in {BidState.CONCEPT, BidState.TECHNICAL, BidState.OPENED}]
    if len(opened) < rules_of(order).min_bids:
        ending.fail(call, order, opened)
    audit.record(call, "bids.end_recovery", "order", order.id, {"valid": len(opened)})
    return order
