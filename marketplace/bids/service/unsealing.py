"""The opener at work: it opens what two people confirmed, marks what cannot be opened, and publishes the signed record."""

from __future__ import annotations

from collections.abc import Sequence

from nacl.public import PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from marketplace.audit import service as audit
from marketplace.bids import contents, ending, keyring, openings, queries, records, sealing
from marketplace.bids.holders import Holder
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid
from marketplace.bids.sealing import NotReadable
from marketplace.bids.service.opening import due, prices_due
from marketplace.bids.workflow import READABLE, BidState, Part
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Forbidden
from marketplace.orders.lifecycle import move as move_order
from marketplace.orders.mail import tell, tell_enterprise
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts, rules_of

MALFORMED = f"bids.{contents.MALFORMED}"


@use_case
def open_bids(call: Call, order_id: int, present: Sequence[Holder] = (), *, key_lost: bool = False) -> Order:
    """The opener opens every submitted bid of an order that two people confirmed.

    A bid whose envelope was altered, swapped or replaced stays closed, is named in the record and can be brought again by its
    bidder; drafts and bids that were not confirmed again lapse. With fewer bids than the order's procedure asks it is
    unsuccessful, and where too few came in at all none is read. Raises Conflict before the deadline, without confirmation,
    without the private key (or two holders) or with another one; then nothing changes and the order waits. ``key_lost`` says
    that the key is gone for good: then every bid stays closed.
    """
    order = _confirmed(call, order_id)
    part = openings.part_due(order)
    names, sealed = _names(order, part), _bids(order, BidState.SUBMITTED)
    if len(sealed) < rules_of(order).min_bids:
        return _return_unread(call, order, sealed)
    closed: dict[int, str] = {}
    for bid, key in _with_keys(order, part, sealed, present, key_lost=key_lost):
        try:
            _open_one(call, order, bid, key, key_lost=key_lost)
        except NotReadable as error:
            bid.reason = closed[bid.id] = f"bids.{error.code}"
    lapsed = _lapse_unsubmitted(call, order)
    _conclude(call, order, sealed)
    records.write(call, order, part, sealed, closed, names)
    opened = [bid.id for bid in sealed if bid.id not in closed]
    detail = {"opened": opened, "closed": {str(k): v for k, v in closed.items()}, "lapsed": lapsed}
    audit.record(call, "bids.open", "order", order.id, detail)
    return order


def _return_unread(call: Call, order: Order, sealed: list[Bid]) -> Order:
    """End an order that too few answered: nobody reads the bids, envelopes are destroyed, teams keep their encrypted copies."""
    for bid in sealed:
        move(call, bid, "lapse", "bids.too_few")
        bid.envelope = bid.price_envelope = None
        tell(call, queries.correspondents(bid), order, "bid_returned", bid_id=bid.id)
    lapsed = _lapse_unsubmitted(call, order)
    _conclude(call, order, [])
    audit.record(call, "bids.open", "order", order.id, {"returned": [b.id for b in sealed], "lapsed": lapsed})
    return order


def _lapse_unsubmitted(call: Call, order: Order) -> list[int]:
    lapsed = _bids(order, BidState.DRAFT, BidState.NEEDS_RECONFIRM)
    for bid in lapsed:
        move(call, bid, "lapse", "bids.not_submitted")
    return [bid.id for bid in lapsed]


@use_case
def open_prices(call: Call, order_id: int, present: Sequence[Holder] = (), *, key_lost: bool = False) -> Order:
    """The opener opens the amounts of every bid that passed the technical evaluation, after two people confirmed that."""
    order = _confirmed(call, order_id, Part.PRICE)
    names = _names(order, Part.PRICE)
    bids = _bids(order, BidState.TECHNICAL)
    closed: dict[int, str] = {}
    for bid, key in _with_keys(order, Part.PRICE, bids, present, key_lost=key_lost):
        try:
            if key is None:
                raise NotReadable("key_lost" if key_lost else "tampered")
            found = sealing.unseal_price(bid.price_envelope or b"", queries.label_of(bid), bid.price_commitment, key)
            contents.add_prices(order, bid, *found)
            move(call, bid, "open")
        except NotReadable as error:
            bid.reason = closed[bid.id] = f"bids.{error.code}"
    records.write(call, order, Part.PRICE, bids, closed, names)
    tell_enterprise(call, order, "order_prices_opened")
    opened = [bid.id for bid in bids if bid.state is BidState.OPENED]
    detail = {"opened": opened, "closed": {str(k): v for k, v in closed.items()}}
    audit.record(call, "bids.open_prices", "order", order.id, detail)
    return order


def _confirmed(call: Call, order_id: int, part: Part | None = None) -> Order:
    if not call.actor.is_system:
        raise Forbidden("hidden")
    order = prices_due(call, order_id) if part is Part.PRICE else due(call, order_id)
    if not openings.standing(order, part).is_confirmed:
        raise Conflict("bids.not_confirmed")
    return order


def _with_keys(
    order: Order, part: Part, bids: Sequence[Bid], present: Sequence[Holder], *, key_lost: bool
) -> list[tuple[Bid, PrivateKey | None]]:
    """Return each bid with its key, None where no known key sealed it; raises Conflict when that is so for all of them."""
    if not bids or key_lost:
        return [(bid, None) for bid in bids]
    ring = keyring.ring_for(order, part, present)
    envelopes = [(bid, bid.price_envelope if part is Part.PRICE else bid.envelope) for bid in bids]
    pairs = [(bid, ring.key_for(envelope) if envelope else None) for bid, envelope in envelopes]
    if all(key is None for _bid, key in pairs):
        raise Conflict("bids.wrong_key")
    return pairs


def _names(order: Order, part: Part) -> list[str]:
    fingerprint = openings.standing(order, part).fingerprint
    return [name for row, name in openings.people(order, part) if row.content_hash == fingerprint]


def _bids(order: Order, *states: BidState) -> list[Bid]:
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_(states)).order_by(Bid.id)
    options = (joinedload(Bid.team), joinedload(Bid.technical), undefer(Bid.envelope), undefer(Bid.owner_copy))
    query = query.options(*options, undefer(Bid.price_envelope)).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def _open_one(call: Call, order: Order, bid: Bid, key: PrivateKey | None, *, key_lost: bool) -> None:
    """Move one bid's content into the opened tables and erase the bidder's encrypted copy."""
    if key is None:
        raise NotReadable("key_lost" if key_lost else "tampered")
    found = sealing.unseal(bid.envelope or b"", queries.label_of(bid), bid.commitment, key)
    contents.take(call, order, bid, found)


def _conclude(call: Call, order: Order, sealed: list[Bid]) -> None:
    """Go on with enough bids, those counted that their bidders may bring again; else the order fails (see ``ending``)."""
    in_concepts = asks_concepts(order)
    setattr(
        order, "concepts_at" if in_concepts else "opened_at", call.now
    )  # also without a valid bid it was an opening
    opened = [bid for bid in sealed if bid.state in READABLE | {BidState.CONCEPT}]
    hopeful = [bid for bid in sealed if bid.state is BidState.SUBMITTED and bid.reason != MALFORMED]
    if len(opened) + len(hopeful) < rules_of(order).min_bids or not sealed:
        ending.fail(call, order, opened)
        return
    move_order(call, order, "open_concepts" if in_concepts else "open_bids")
    tell_enterprise(call, order, "order_concepts_opened" if in_concepts else "order_bids_opened")
    told = "bid_concept_opened" if in_concepts else "bid_opened"
    for bid in sealed:
        tell(call, queries.correspondents(bid), order, told if bid in opened else "bid_closed", bid_id=bid.id)
