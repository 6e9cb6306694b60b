"""Which key a bid is sealed to, and with which key the opener opens: from the rows of ``order_keys`` and the opener's files."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nacl.encoding import HexEncoder
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import select

from marketplace.bids import holders, keys, sealing
from marketplace.bids.holders import Holder
from marketplace.bids.models import OrderKey
from marketplace.bids.workflow import Part, Scheme
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict
from marketplace.orders.models import Order
from marketplace.orders.procedures import Ordered, asks_concepts, rules_of
from marketplace.orders.workflow import AMENDABLE

PROBE_BYTES = 32
HEARTBEAT = timedelta(hours=1)


def parts_of(order: Ordered) -> tuple[Part, ...]:
    """Return what is opened apart from each other on this order."""
    rules = rules_of(order)
    parts = (Part.CONTENT, Part.PRICE) if rules.two_envelopes else (Part.CONTENT,)
    return (Part.CONCEPT, *parts) if rules.concepts_first else parts


def scheme_of(order: Ordered) -> Scheme:
    return Scheme.SPLIT if rules_of(order).split_key else Scheme.FILE


def rows_of(order: Order) -> dict[Part, OrderKey]:
    """Return the keys of an order's openings, in one statement."""
    rows = db.session.scalars(select(OrderKey).where(OrderKey.order_id == order.id))
    return {row.part: row for row in rows}


def sealing_keys(order: Order) -> tuple[PublicKey, PublicKey | None]:
    """Return the keys to seal to: for the content, and for the amounts where they lie apart; a concept has no amounts.

    Until the opener has made the order's own key (a minute after publication) an ordinary order uses the standing one; one whose
    key is split or that wants two envelopes never does. Raises Conflict ``bids.no_key`` where there is none, and
    ``bids.forged_key`` for a row that the opener did not sign.
    """
    rows, parts = rows_of(order), parts_of(order)
    if Part.CONTENT not in rows and len(parts) == 1 and scheme_of(order) is Scheme.FILE:
        return keys.public_key(), None
    if set(parts) - set(rows):
        raise Conflict("bids.no_key")
    if asks_concepts(order):
        return _signed(rows[Part.CONCEPT]), None
    content = _signed(rows[Part.CONTENT])
    return content, _signed(rows[Part.PRICE]) if Part.PRICE in parts else None


def _signed(row: OrderKey) -> PublicKey:
    public = PublicKey(row.public.encode(), HexEncoder)
    if not keys.is_signed(row.order_id, row.part, bytes(public), row.signature):
        raise Conflict("bids.forged_key")
    return public


@dataclass(frozen=True)
class Ring:
    """The private keys at hand, and the marks of those that are known and not at hand."""

    at_hand: dict[bytes, PrivateKey]
    missing: frozenset[bytes]

    def key_for(self, envelope: bytes) -> PrivateKey | None:
        """Return the key of an envelope; None for bytes that no known key sealed.

        Raises Conflict ``bids.no_private_key`` where the key is known and not here: then nothing is wrong with the envelope.
        """
        mark = sealing.mark_of(envelope)
        if mark in self.missing:
            raise Conflict("bids.no_private_key")
        return self.at_hand.get(mark)


def ring_for(order: Order, part: Part, present: Sequence[Holder] = ()) -> Ring:
    """Return the keys that open this part; raises Conflict ``bids.needs_holders`` for a split key without two holders."""
    row, at_hand, missing = rows_of(order).get(part), {}, set()
    if row is not None:
        public = PublicKey(row.public.encode(), HexEncoder)
        try:
            at_hand[sealing.fingerprint(public)] = _private(row, public, present)
        except Conflict as refused:
            if refused.code != "bids.no_private_key":
                raise
            missing.add(sealing.fingerprint(public))
    if part is Part.CONTENT and scheme_of(order) is Scheme.FILE:
        standing = keys.private_key()
        at_hand[sealing.fingerprint(standing.public_key)] = standing
    return Ring(at_hand, frozenset(missing))


def _private(row: OrderKey, public: PublicKey, present: Sequence[Holder]) -> PrivateKey:
    if row.scheme is Scheme.SPLIT:
        return holders.put_together(row.shares, present, public)
    key = keys.opening_key(row.order_id, row.part)
    if bytes(key.public_key) != bytes(public):
        raise Conflict("bids.no_private_key")
    return key


def make_row(order: Order, part: Part, now: datetime) -> OrderKey:
    """Return a new key for one opening: into a file, or split among the holders and forgotten."""
    scheme = scheme_of(order)
    key = PrivateKey.generate() if scheme is Scheme.SPLIT else keys.make_opening_key(order.id, part)
    public, nonce = bytes(key.public_key), secrets.token_bytes(PROBE_BYTES)
    return OrderKey(
        order_id=order.id,
        part=part,
        scheme=scheme,
        public=public.hex(),
        signature=keys.signing_key().sign(keys.statement(order.id, part, public)).signature.hex(),
        shares=holders.share_out(key) if scheme is Scheme.SPLIT else [],
        probe=SealedBox(key.public_key).encrypt(nonce),
        probe_digest=hashlib.sha256(nonce).hexdigest(),
        made_at=now,
        proven_at=now,
    )


def proves(row: OrderKey, present: Sequence[Holder] = ()) -> bool:
    """Return whether the private key of this opening can be had now and opens the probe; no bid is touched."""
    try:
        public = PublicKey(row.public.encode(), HexEncoder)
        nonce = SealedBox(_private(row, public, present)).decrypt(row.probe)
    except (Conflict, CryptoError, ValueError, TypeError):
        return False
    return hashlib.sha256(nonce).hexdigest() == row.probe_digest


def unprepared(limit: int = 200) -> list[int]:
    """Return orders that take or will take bids and lack a key of their own, the oldest first."""
    query = (
        select(Order.id, Order.procedure, OrderKey.part)
        .outerjoin(OrderKey, OrderKey.order_id == Order.id)
        .where(Order.state.in_(AMENDABLE))
        .order_by(Order.id)
    )
    wanted, have = {}, defaultdict(set)
    for row in db.session.execute(query):
        wanted[row.id] = set(parts_of(row))
        have[row.id].add(row.part)
    return [key for key, parts in wanted.items() if parts - have[key]][:limit]


def due_for_proof(now: datetime, schemes: Collection[Scheme] = (Scheme.FILE,)) -> list[OrderKey]:
    """Return the keys of openings still to come that were not proven within the last hour."""
    query = (
        select(OrderKey)
        .join(Order, Order.id == OrderKey.order_id)
        .where(Order.state.in_(AMENDABLE), OrderKey.scheme.in_(list(schemes)))
        .where((OrderKey.proven_at.is_(None)) | (OrderKey.proven_at <= now - HEARTBEAT))
        .order_by(OrderKey.order_id, OrderKey.part)
    )
    return list(db.session.scalars(query))
