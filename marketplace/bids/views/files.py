"""Attachments of a bid, encrypted until the opening."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import contents, queries, sealing, service
from marketplace.bids.forms import FileForm
from marketplace.bids.models import Bid, BidFile
from marketplace.bids.terms import Attachment
from marketplace.bids.views.blueprint import bp
from marketplace.bids.views.team import open_bid
from marketplace.bids.workflow import DRAFTED
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.forms import EmptyForm
from marketplace.web.guards import access

Answer = Response | tuple[str, int]


@bp.get("/bids/<int:bid_id>/files")
@access(*UNIVERSITY)
def files(bid_id: int) -> str:
    """The bidder's attachments, and a place for one more."""
    return _page(open_bid(bid_id), FileForm())


@bp.post("/bids/<int:bid_id>/files")
@access(*UNIVERSITY)
def attach(bid_id: int) -> Answer:
    """Add a file."""
    bid, form = open_bid(bid_id), FileForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.attach_file(g.call, bid_id, storage.checked(form.upload.data))
            flash(_("The file is kept, encrypted like the bid."), "success")
            return redirect(url_for("bids.files", bid_id=bid_id), 303)
    return _page(bid, form), 422


@bp.post("/bids/<int:bid_id>/files/<int:file_id>/remove")
@access(*UNIVERSITY)
def remove_file(bid_id: int, file_id: int) -> Response:
    """Take a file away."""
    service.remove_file(g.call, bid_id, file_id)
    flash(_("The file was removed and its bytes deleted."), "success")
    return redirect(url_for("bids.files", bid_id=bid_id), 303)


@bp.get("/bids/<int:bid_id>/files/<int:file_id>")
@access(*UNIVERSITY)
def own_attachment(bid_id: int, file_id: int) -> Response:
    """The bidder's own file before the opening, decrypted for the bidder alone."""
    bid = queries.get_own(g.call, bid_id)
    attachment = _named(queries.own_content(bid).terms.attachments, file_id)
    row = db.session.get(BidFile, attachment.file)
    if row is None or row.bid_id != bid.id:
        raise NotFound("file")
    try:
        content = sealing.unseal_bytes(row.sealed, attachment.key, attachment.sha256)
    except sealing.NotReadable as error:
        raise Conflict("bids.copy_damaged") from error
    answer = make_response(content)
    answer.headers.set("Content-Disposition", "attachment", filename=attachment.name)
    answer.headers["Content-Type"] = attachment.media_type
    return answer


def opened_attachment(bid: Bid, file_id: int) -> Response:
    """Send a file of an opened bid; the caller has found the bid as one the reader may see."""
    row = contents.files_of(bid).get(file_id)
    if row is None:
        raise NotFound("file")
    return storage.send(row.file)


def _named(attachments: tuple[Attachment, ...], file_id: int) -> Attachment:
    for attachment in attachments:
        if attachment.file == file_id:
            return attachment
    raise NotFound("file")


def _page(bid: Bid, form: FileForm) -> str:
    return render_template(
        "bids/files.html",
        bid=bid,
        order=bid.order,
        form=form,
        button=EmptyForm(),
        attachments=queries.own_content(bid).terms.attachments,
        counts=bid.state not in DRAFTED,
    )
