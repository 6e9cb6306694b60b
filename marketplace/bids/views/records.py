"""The published records of openings, for everybody who may see the order."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask import g, make_response, render_template
from werkzeug.wrappers import Response

from marketplace.bids import policy, receipts, records
from marketplace.bids.models import OpeningRecord
from marketplace.bids.views.blueprint import bp
from marketplace.bids.workflow import Part
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import ORDER
from marketplace.web.guards import PUBLIC, access


@bp.get("/orders/<int:order_id>/opening-record")
@access(PUBLIC)
def opening_record(order_id: int) -> str:
    """What the opener did, signed; with the keys that check it and the receipts."""
    order, found = _found(order_id)
    return render_template(
        "bids/record.html",
        order=order,
        records=[(row, *_read(row), records.is_genuine(row)) for row in found],
        site_key=receipts.verify_key(),
        opener_key=records.opener_verify_key(),
    )


@bp.get("/orders/<int:order_id>/opening-record/<part>.json")
@access(PUBLIC)
def opening_record_file(order_id: int, part: str) -> Response:
    """One record as ``verify_receipt.py`` reads it."""
    order, found = _found(order_id)
    for row in found:
        if row.part == part:
            text = json.dumps({"document": row.document, "signature": row.signature}, ensure_ascii=False, indent=1)
            answer = make_response(text)
            answer.headers["Content-Type"] = "application/json"
            answer.headers["Content-Disposition"] = f'attachment; filename="opening-{order.reference}-{row.part}.json"'
            return answer
    raise NotFound("record")


def _read(row: OpeningRecord) -> tuple[dict[str, Any], datetime | None]:
    """Return what a record says, and the deadline it was made after: an order in two stages has had another one since."""
    document: dict[str, Any] = json.loads(row.document)
    deadline = document.get("deadline")
    return document, datetime.fromisoformat(deadline) if deadline else None


def _found(order_id: int) -> tuple[Order, list[OpeningRecord]]:
    order = orders.get_order(g.call, order_id)
    found = [row for row in records.of_order(order) if _is_public(order, row)]
    if not found:
        raise NotFound("record")
    return order, found


def _is_public(order: Order, row: OpeningRecord) -> bool:
    """Who handed in concepts, and how many, is nobody's business while the chosen ones still bid (Bidding Law, article 22)."""
    if row.part is not Part.CONCEPT or order.opened_at is not None or order.state in ORDER.terminal:
        return True
    return policy.reads_concepts(g.call.actor, order)
