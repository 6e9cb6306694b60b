"""The published record of an opening: what the opener found, signed by it, so that anybody can check a receipt against it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import current_app
from nacl.encoding import HexEncoder
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from sqlalchemy import select

from marketplace.bids import keyring, keys
from marketplace.bids.models import Bid, OpeningRecord
from marketplace.bids.workflow import Part
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.orders.models import Order

FORMAT = "tripool-opening/1"


def write(
    call: Call, order: Order, part: Part, bids: Sequence[Bid], closed: Mapping[int, str], names: Sequence[str]
) -> None:
    """Add the record of one opening: the commitment of every submitted bid with what became of it, and who stood for it.

    Drafts are not in it, nor anything of a content.
    """
    row = keyring.rows_of(order).get(part)
    document = {
        "format": FORMAT,
        "order": order.id,
        "reference": order.reference,
        "part": str(part),
        "deadline": order.bid_deadline.isoformat() if order.bid_deadline else None,
        "opened_at": call.now.isoformat(),
        "opening_key": row.public if row else bytes(keys.public_key()).hex(),
        "people": list(names),
        "bids": sorted([_commitment(bid, part), closed.get(bid.id, "opened")] for bid in bids),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    keys.publish_verify_key(current_app.extensions["config"])
    signature = keys.signing_key().sign(text.encode()).signature.hex()
    db.session.add(OpeningRecord(order_id=order.id, part=part, at=call.now, document=text, signature=signature))


def _commitment(bid: Bid, part: Part) -> str:
    return bid.price_commitment if part is Part.PRICE else bid.commitment


def of_order(order: Order) -> list[OpeningRecord]:
    """Return the records of an order's openings, the content's first."""
    query = select(OpeningRecord).where(OpeningRecord.order_id == order.id).order_by(OpeningRecord.at)
    return list(db.session.scalars(query))


def is_genuine(record: OpeningRecord) -> bool:
    """Return whether the opener of this installation signed exactly this record."""
    try:
        path = keys.verify_path(current_app.extensions["config"])
        key = VerifyKey(path.read_bytes().strip(), HexEncoder)
        key.verify(record.document.encode(), bytes.fromhex(record.signature))
    except (BadSignatureError, OSError, ValueError, TypeError):
        return False
    return True


def opener_verify_key() -> str:
    """Return the opener's verify key as text, "" before it was published."""
    path = keys.verify_path(current_app.extensions["config"])
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
