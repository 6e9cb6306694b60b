"""The receipt of a submitted bid: signed by the site, and checked later with nothing of ours (``tools/verify_receipt.py``)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import current_app
from nacl.signing import SigningKey

from marketplace.bids.models import Bid

FORMAT = "tripool-receipt/1"


def signing_key() -> SigningKey:
    """Return the key with which the web process signs receipts, made from the site's secret."""
    secret = current_app.extensions["config"].secret_key
    return SigningKey(hashlib.blake2b(secret.encode(), digest_size=32, person=b"receipts").digest())


def verify_key() -> str:
    """Return the public half, hexadecimal: it is published, so that receipts can be checked without us."""
    return bytes(signing_key().verify_key).hex()


def receipt_of(bid: Bid) -> dict[str, Any]:
    """Return the receipt of a submitted bid as plain JSON. It says nothing of the content but its commitments."""
    claim = {
        "format": FORMAT,
        "site": current_app.extensions["config"].base_url,
        "reference": bid.order.reference,
        "order": bid.order_id,
        "bid": bid.id,
        "team": bid.team_id,
        "received": bid.submitted_at.isoformat() if bid.submitted_at else None,
        "commitment": bid.commitment,
        "price_commitment": bid.price_commitment,
    }
    signature = signing_key().sign(canonical(claim)).signature.hex()
    return {"receipt": claim, "signature": signature, "verify_key": verify_key()}


def canonical(claim: dict[str, Any]) -> bytes:
    """Return the bytes that are signed: keys sorted, no spaces, UTF-8."""
    return json.dumps(claim, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
