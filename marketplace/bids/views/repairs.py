"""The one window for formal errors after the opening."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import policy, queries, service
from marketplace.bids.forms import RepairAnswerForm, RepairForm
from marketplace.bids.models import Bid, BidRepair
from marketplace.bids.views.blueprint import bp
from marketplace.bids.views.opening import OPENERS
from marketplace.bids.views.readers import READERS
from marketplace.bids.workflow import REPAIR
from marketplace.db.base import db
from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.errors import NotFound
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access

Answer = Response | tuple[str, int]


@bp.get("/bids/<int:bid_id>/repair/ask")
@access(*OPENERS)
def ask_repair_form(bid_id: int) -> str:
    """What is formally wrong with an opened bid."""
    bid = _askable(bid_id)
    return render_template("bids/ask_repair.html", bid=bid, order=bid.order, form=RepairForm())


@bp.post("/bids/<int:bid_id>/repair/ask")
@access(*OPENERS)
def ask_repair(bid_id: int) -> Answer:
    """Open the window."""
    bid, form = _askable(bid_id), RepairForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.ask_repair(g.call, bid_id, form.points.data or "")
            flash(_("Asked. The bidder has three days; the bid itself stays as it was sealed."), "success")
            return redirect(url_for("bids.repair", bid_id=bid_id), 303)
    return render_template("bids/ask_repair.html", bid=bid, order=bid.order, form=form), 422


@bp.get("/bids/<int:bid_id>/repair")
@access(*READERS, *sorted(UNIVERSITY))
def repair(bid_id: int) -> str:
    """What was asked, and what came."""
    bid, row = _asked(bid_id)
    return _page(bid, row, RepairAnswerForm(), ReasonForm())


@bp.post("/bids/<int:bid_id>/repair")
@access(*UNIVERSITY)
def answer_repair(bid_id: int) -> Answer:
    """The bidder's answer."""
    (bid, row), form = _asked(bid_id), RepairAnswerForm()
    if form.validate_on_submit():
        with refusals_on(form):
            given = form.upload.data
            upload = storage.checked(given) if given and given.filename else None
            service.answer_repair(g.call, bid_id, form.answer.data or "", upload)
            flash(_("Sent. The centre looks at it."), "success")
            return redirect(url_for("bids.repair", bid_id=bid_id), 303)
    return _page(bid, row, form, ReasonForm()), 422


@bp.post("/bids/<int:bid_id>/repair/accept")
@access(*OPENERS)
def accept_repair(bid_id: int) -> Response:
    """The errors are put right."""
    service.decide_repair(g.call, bid_id, accepted=True)
    flash(_("Accepted."), "success")
    return redirect(url_for("bids.repair", bid_id=bid_id), 303)


@bp.post("/bids/<int:bid_id>/repair/reject")
@access(*OPENERS)
def reject_repair(bid_id: int) -> Answer:
    """They are not; the committee decides what follows."""
    (bid, row), form = _asked(bid_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.decide_repair(g.call, bid_id, accepted=False, reason=form.reason.data or "")
            flash(_("Noted. The bidder reads your reason."), "success")
            return redirect(url_for("bids.repair", bid_id=bid_id), 303)
    return _page(bid, row, RepairAnswerForm(formdata=None), form), 422


@bp.get("/bids/<int:bid_id>/repair/file")
@access(*READERS, *sorted(UNIVERSITY))
def repair_file(bid_id: int) -> Response:
    """The file that came with the answer."""
    _bid, row = _asked(bid_id)
    if row.file is None:
        raise NotFound("file")
    return storage.send(row.file)


def _askable(bid_id: int) -> Bid:
    bid = queries.get_bid(g.call, bid_id)
    policy.may_ask_repair(g.call.actor, bid.order).require()
    return bid


def _asked(bid_id: int) -> tuple[Bid, BidRepair]:
    bid = queries.get_bid(g.call, bid_id)
    row = db.session.get(BidRepair, bid.id)
    if row is None:
        raise NotFound("repair")
    return bid, row


def _page(bid: Bid, row: BidRepair, form: RepairAnswerForm, reason: ReasonForm) -> str:
    open_now = g.call.now < row.until
    return render_template(
        "bids/repair.html",
        bid=bid,
        order=bid.order,
        row=row,
        form=form,
        reason=reason,
        may_answer=policy.acts_for(g.call.actor, bid.team) and REPAIR.allows(row.state, "answer") and open_now,
        may_decide=bool(policy.may_ask_repair(g.call.actor, bid.order)) and REPAIR.allows(row.state, "accept"),
    )
