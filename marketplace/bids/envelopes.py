"""Write a content into a bid's row: as the owner copy of a draft, or sealed for the opening as well. Plain, inside use cases."""

from __future__ import annotations

from flask import current_app

from marketplace.bids import keyring, queries, sealing
from marketplace.bids.models import Bid
from marketplace.bids.sealing import Sealed
from marketplace.bids.terms import BidTerms
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts


def keep(bid: Bid, terms: BidTerms) -> None:
    """Keep a draft: readable to the bidder only."""
    _keep(bid, Sealed(terms, sealing.new_salt()))


def close(bid: Bid, order: Order, terms: BidTerms) -> None:
    """Seal what is submitted to the opening's keys, commit to it with fresh salts, and keep the bidder's copy of exactly that."""
    content_key, price_key = keyring.sealing_keys(order)
    if asks_concepts(order):
        terms = terms.without_prices()
    label = queries.label_of(bid)
    sealed = Sealed(terms, sealing.new_salt(), sealing.new_salt() if price_key else "")
    bid.envelope = sealing.seal(label, sealed, content_key)
    bid.commitment = sealing.commitment(label, sealed)
    bid.price_envelope = sealing.seal_price(label, sealed, price_key) if price_key else None
    bid.price_commitment = sealing.price_commitment(label, sealed)
    _keep(bid, sealed)


def destroy(bid: Bid) -> None:
    """Destroy what was sealed; the bidder's copy stays."""
    bid.envelope, bid.price_envelope, bid.commitment, bid.price_commitment = None, None, "", ""


def _keep(bid: Bid, sealed: Sealed) -> None:
    bid.owner_copy = sealing.keep_copy(queries.label_of(bid), sealed, current_app.extensions["config"].secret_key)
