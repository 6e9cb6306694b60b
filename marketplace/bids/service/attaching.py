"""Attachments of a bid: encrypted and padded before they touch the database, with their names and keys in the content only."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from marketplace.audit import service as audit
from marketplace.bids import envelopes, policy, queries, sealing
from marketplace.bids.models import Bid, BidFile, OpenedFile
from marketplace.bids.service.bidding import locked, require_time, submit_content
from marketplace.bids.terms import Attachment, BidTerms
from marketplace.bids.workflow import DRAFTED, EDITABLE
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders.models import Order
from marketplace.storage.service import Upload

MOST_FILES = 8


@use_case
def attach_file(call: Call, bid_id: int, upload: Upload) -> Bid:
    """The team adds a file; to a submitted bid it counts at once, as a replacement of the whole."""
    bid, order, terms = _editable(call, bid_id)
    if len(terms.attachments) >= MOST_FILES:
        raise Invalid("bids.too_many_files", {"most": MOST_FILES}, field="upload")
    sealed, key = sealing.seal_bytes(upload.content)
    row = BidFile(bid_id=bid.id, sealed=sealed)
    db.session.add(row)
    db.session.flush()
    digest = hashlib.sha256(upload.content).hexdigest()
    new = Attachment(row.id, upload.name, upload.media_type, len(upload.content), digest, key)
    _write(call, order, bid, replace(terms, attachments=(*terms.attachments, new)))
    audit.record(call, "bids.attach", "bid", bid.id, {"commitment": bid.commitment} if bid.commitment else {})
    return bid


@use_case
def remove_file(call: Call, bid_id: int, file_id: int) -> Bid:
    """The team takes a file away; its bytes are deleted."""
    bid, order, terms = _editable(call, bid_id)
    row = db.session.get(BidFile, file_id)
    if row is None or row.bid_id != bid.id:
        raise NotFound("file")
    _write(call, order, bid, replace(terms, attachments=tuple(a for a in terms.attachments if a.file != file_id)))
    if (
        db.session.get(OpenedFile, (bid.id, file_id)) is None
    ):  # a concept's file was read by others: its number stays taken
        db.session.delete(row)
    audit.record(call, "bids.remove_file", "bid", bid.id, {"commitment": bid.commitment} if bid.commitment else {})
    return bid


def _editable(call: Call, bid_id: int) -> tuple[Bid, Order, BidTerms]:
    bid, order = locked(call, bid_id)
    policy.may_draft(call.actor, order, bid.team).require()
    require_time(call, order)
    if bid.state not in EDITABLE:
        raise Conflict("bids.not_open")
    return bid, order, queries.own_content(bid).terms


def _write(call: Call, order: Order, bid: Bid, terms: BidTerms) -> None:
    if bid.state in DRAFTED:
        envelopes.keep(bid, terms)
        bid.changed_at = call.now
        return
    policy.may_submit(call.actor, order, bid.team).require()
    submit_content(call, order, bid, terms)
