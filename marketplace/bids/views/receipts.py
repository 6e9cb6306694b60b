"""The bidder's proofs: the receipt, the bid's own file, and bringing a bid again that could not be opened."""

from __future__ import annotations

import json

from flask import flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import keyring, queries, receipts, records, sealing, service
from marketplace.bids.forms import FileForm
from marketplace.bids.models import Bid
from marketplace.bids.views.blueprint import bp
from marketplace.config import ROOT
from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.errors import NotFound
from marketplace.web.errors import refusals_on
from marketplace.web.guards import PUBLIC, access

Answer = Response | tuple[str, int]
MOST_BYTES = 2 * 1024 * 1024


@bp.get("/bids/<int:bid_id>/receipt")
@access(*UNIVERSITY)
def receipt(bid_id: int) -> str:
    """The proof of what was submitted and when."""
    bid = queries.get_own(g.call, bid_id)
    return render_template(
        "bids/receipt.html",
        bid=bid,
        order=bid.order,
        salt=queries.salt_of(bid),
        has_file=bid.owner_copy is not None,
        keys=keyring.rows_of(bid.order),
        site_key=receipts.verify_key(),
        opener_key=records.opener_verify_key(),
    )


@bp.get("/bids/<int:bid_id>/receipt.txt")
@access(*UNIVERSITY)
def receipt_file(bid_id: int) -> Response:
    """The receipt as a text file to keep."""
    bid = queries.get_own(g.call, bid_id)
    text = render_template("bids/receipt.txt", bid=bid, order=bid.order, salt=queries.salt_of(bid))
    return _download(text.encode(), "text/plain; charset=utf-8", f"receipt-{bid.order.reference}-{bid.id}.txt")


@bp.get("/bids/<int:bid_id>/receipt.json")
@access(*UNIVERSITY)
def signed_receipt(bid_id: int) -> Response:
    """The signed receipt, as ``verify_receipt.py`` reads it."""
    bid = _submitted(bid_id)
    text = json.dumps(receipts.receipt_of(bid), ensure_ascii=False, indent=1)
    return _download(text.encode(), "application/json", f"receipt-{bid.order.reference}-{bid.id}.json")


@bp.get("/bids/<int:bid_id>/bid.json")
@access(*UNIVERSITY)
def own_file(bid_id: int) -> Response:
    """The submitted bid exactly as it was committed to: keep it, and a lost key cannot keep the bid out."""
    bid = _submitted(bid_id)
    if bid.owner_copy is None:
        raise NotFound("bid")
    content = sealing.file_of(queries.label_of(bid), queries.own_content(bid))
    return _download(content, "application/json", f"bid-{bid.order.reference}-{bid.id}.json")


@bp.get("/verify_receipt.py")
@access(PUBLIC)
def verifier() -> Response:
    """The script that checks receipts without this site."""
    content = (ROOT / "tools" / "verify_receipt.py").read_bytes()
    return _download(content, "text/x-python; charset=utf-8", "verify_receipt.py")


@bp.get("/bids/<int:bid_id>/recover")
@access(*UNIVERSITY)
def recover_form(bid_id: int) -> str:
    """Why the bid is closed, and how it comes back."""
    bid = _recoverable(bid_id)
    return render_template("bids/recover.html", bid=bid, order=bid.order, form=FileForm())


@bp.post("/bids/<int:bid_id>/recover")
@access(*UNIVERSITY)
def recover(bid_id: int) -> Answer:
    """Bring the bid again as a file."""
    bid, form = _recoverable(bid_id), FileForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.recover_bid(g.call, bid_id, form.upload.data.stream.read(MOST_BYTES))
            return _recovered(bid_id)
    return render_template("bids/recover.html", bid=bid, order=bid.order, form=form), 422


@bp.post("/bids/<int:bid_id>/recover-copy")
@access(*UNIVERSITY)
def recover_copy(bid_id: int) -> Response:
    """Let the site open the bidder's kept copy."""
    service.recover_bid(g.call, bid_id)
    return _recovered(bid_id)


def _recovered(bid_id: int) -> Response:
    flash(_("The bid is open now: it is exactly what was committed to before the deadline."), "success")
    return redirect(url_for("bids.show", bid_id=bid_id), 303)


def _recoverable(bid_id: int) -> Bid:
    bid = queries.get_own(g.call, bid_id)
    if not queries.is_recoverable(bid, bid.order, g.call.now):
        raise NotFound("bid")
    return bid


def _submitted(bid_id: int) -> Bid:
    bid = queries.get_own(g.call, bid_id)
    if not bid.commitment:
        raise NotFound("bid")
    return bid


def _download(content: bytes, kind: str, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
