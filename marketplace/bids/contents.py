"""Put what came out of an envelope (or of the bidder's own file) into the tables that readers use. Plain, inside use cases."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.bids import proof, queries, sealing
from marketplace.bids.lifecycle import move
from marketplace.bids.models import Bid, BidFile, ConceptPart, OpenedBid, OpenedFile, TechnicalPart
from marketplace.bids.preflight import MAX_MONTHS
from marketplace.bids.sealing import NotReadable, Sealed
from marketplace.bids.terms import MAX_DAYS, BidTerms, Prices
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.money import MAX_FEN
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts
from marketplace.orders.workflow import OrderState
from marketplace.storage import service as storage
from marketplace.storage.service import Upload

MALFORMED = "malformed"


def take(call: Call, order: Order, bid: Bid, found: Sealed) -> None:
    """Keep the content of one bid for its readers and erase the bidder's copy.

    A concept stays beside the bid, whose copy becomes the draft of the full bid. Where the amounts lie apart only the technical
    part is kept, and the copy stays until those are opened too. Raises NotReadable ``malformed`` for what no form of ours could
    have submitted.
    """
    if asks_concepts(order) or order.state is OrderState.CONCEPTS:
        _take_concept(call, order, bid, found)
    elif bid.price_commitment:
        technical = found.terms.without_prices()
        _require_known(order, technical)
        db.session.add(
            TechnicalPart(bid_id=bid.id, content=technical.as_json(), salt=found.salt, version=found.version)
        )
        move(call, bid, "open_technical")
    else:
        _require_amounts(found.terms)
        _require_known(order, found.terms)
        db.session.add(OpenedBid(bid_id=bid.id, **proof.rows_of(found)))
        bid.owner_copy = None
        move(call, bid, "open")
    _open_files(call, bid, found.terms)


def _take_concept(call: Call, order: Order, bid: Bid, found: Sealed) -> None:
    known = {target.id for target in order.targets}
    named = [load.team for load in found.terms.loads]
    if {answer.target for answer in found.terms.answers} - known or set(named) - set(queries.teams_named(named)):
        raise NotReadable(MALFORMED)
    part = ConceptPart(
        bid_id=bid.id,
        content=found.terms.without_prices().as_json(),
        salt=found.salt,
        version=found.version,
        commitment=bid.commitment,
        submitted_at=bid.submitted_at,
        reason="",
    )
    db.session.add(part)
    move(call, bid, "open_concept")


def add_prices(order: Order, bid: Bid, prices: Prices, salt: str) -> None:
    """Keep the whole of a bid whose technical part was kept before and whose amounts are known now."""
    if bid.technical is None:
        raise NotReadable(MALFORMED)
    technical = proof.technical_of(bid.technical)
    terms = technical.terms.with_prices(prices)
    _require_amounts(terms)
    _require_known(order, terms)
    whole = Sealed(terms, technical.salt, salt, technical.version)
    db.session.add(OpenedBid(bid_id=bid.id, **proof.rows_of(whole)))
    bid.owner_copy = None


def _require_amounts(terms: BidTerms) -> None:
    amounts = [terms.least_price, terms.most_price, *(load.money for load in terms.loads)]
    if terms.price is None or not 0 < terms.price <= MAX_FEN:
        raise NotReadable(MALFORMED)
    if any(amount is not None and not 0 <= amount <= MAX_FEN for amount in amounts):
        raise NotReadable(MALFORMED)


def _require_known(order: Order, terms: BidTerms) -> None:
    """Refuse what does not fit the tables: teams and targets must exist, each once, within the columns' limits."""
    teams, targets = [load.team for load in terms.loads], [answer.target for answer in terms.answers]
    fits = (
        terms.start_on is not None
        and terms.months is not None
        and 1 <= terms.months <= MAX_MONTHS
        and len(set(teams)) == len(teams)
        and len(set(targets)) == len(targets)
        and not set(targets) - {target.id for target in order.targets}
        and not set(teams) - set(queries.teams_named(teams))
        and all(a.meets is not None and len(a.value) <= 40 and len(a.note) <= 500 for a in terms.answers)
        and all(0 < load.person_days <= MAX_DAYS for load in terms.loads)
    )
    if not fits:
        raise NotReadable(MALFORMED)


def _open_files(call: Call, bid: Bid, terms: BidTerms) -> None:
    """Decrypt the attachments; one that was damaged stays out, and its row is kept as proof.

    Those of a concept stay sealed as well: the draft of the full bid has them, and its bidder may take them away again.
    """
    query = select(BidFile).where(BidFile.bid_id == bid.id)
    rows = {row.id: row for row in db.session.scalars(query)} if terms.attachments else {}
    known = files_of(bid) if terms.attachments else {}
    for attachment in terms.attachments:
        if attachment.file in known:
            continue
        row = rows.get(attachment.file)
        try:
            content = sealing.unseal_bytes(row.sealed if row else b"", attachment.key, attachment.sha256)
        except NotReadable:
            continue
        stored = storage.store(call, Upload(attachment.name, attachment.media_type, content))
        db.session.add(OpenedFile(bid_id=bid.id, number=attachment.file, file_id=stored.id))
        if bid.state is not BidState.CONCEPT:
            db.session.delete(row)


def files_of(bid: Bid) -> dict[int, OpenedFile]:
    """Return the opened attachments by the number the content gives them."""
    query = select(OpenedFile).where(OpenedFile.bid_id == bid.id)
    return {row.number: row for row in db.session.scalars(query)}
