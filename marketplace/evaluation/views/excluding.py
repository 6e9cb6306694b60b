"""Exclude a bid: one person proposes with a reason, another one agrees."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import queries as bids
from marketplace.bids.models import Bid
from marketplace.evaluation import policy, service
from marketplace.evaluation.views.blueprint import bp
from marketplace.evaluation.views.leading import LEADERS
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access


@bp.get("/bids/<int:bid_id>/exclude")
@access(*LEADERS)
def exclude_form(bid_id: int) -> str:
    """Why a bid may not take part."""
    bid = _bid(bid_id)
    return render_template("evaluation/exclude.html", bid=bid, order=bid.order, form=ReasonForm())


@bp.post("/bids/<int:bid_id>/exclude")
@access(*LEADERS)
def propose_exclusion(bid_id: int) -> Response | tuple[str, int]:
    """Propose it."""
    bid, form = _bid(bid_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_exclusion(g.call, bid_id, form.reason.data or "")
            flash(_("Proposed. A different person must agree."), "success")
            return redirect(url_for("evaluation.show", order_id=bid.order_id), 303)
    return render_template("evaluation/exclude.html", bid=bid, order=bid.order, form=form), 422


@bp.post("/bids/<int:bid_id>/exclude/confirm")
@access(*LEADERS)
def confirm_exclusion(bid_id: int) -> Response:
    """Agree."""
    row = service.confirm_exclusion(g.call, bid_id)
    flash(_("The bid is excluded; its bidder is told why."), "success")
    return redirect(url_for("evaluation.show", order_id=row.bid.order_id), 303)


@bp.post("/bids/<int:bid_id>/exclude/reject")
@access(*LEADERS)
def reject_exclusion(bid_id: int) -> Response:
    """Disagree."""
    row = service.reject_exclusion(g.call, bid_id)
    flash(_("The bid stays in."), "success")
    return redirect(url_for("evaluation.show", order_id=row.bid.order_id), 303)


def _bid(bid_id: int) -> Bid:
    bid = bids.get_bid(g.call, bid_id)
    policy.may_exclude(g.call.actor, bid.order).require()
    return bid
