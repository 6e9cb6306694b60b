"""Consortium: the lead asks, and each member's institution reads its own part and answers."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import consents, policy, queries, service
from marketplace.bids.forms import PartForm
from marketplace.bids.models import BidConsent
from marketplace.bids.views.blueprint import bp
from marketplace.bids.workflow import CONSENT
from marketplace.kernel.call import UNIVERSITY, Role
from marketplace.web.errors import refusals_on
from marketplace.web.guards import access
from marketplace.web.pages import paginate
from marketplace.web.words import event_label

Answer = Response | tuple[str, int]


@bp.post("/bids/<int:bid_id>/ask-partners")
@access(*UNIVERSITY)
def ask_partners(bid_id: int) -> Response:
    """Ask the members' institutions."""
    service.ask_partners(g.call, bid_id)
    flash(_("Asked. Each institution reads its own part only; you are shown here who has authorised it."), "success")
    return redirect(url_for("bids.check", bid_id=bid_id), 303)


@bp.get("/bid-parts")
@access(*UNIVERSITY)
def parts() -> str:
    """The parts in other teams' bids that the reader's teams were asked about."""
    return render_template("bids/parts.html", page=paginate(consents.list_asked(g.call.actor)))


@bp.get("/bids/<int:bid_id>/parts/<int:team_id>")
@access(*UNIVERSITY)
def part(bid_id: int, team_id: int) -> str:
    """One part, and what may be said about it."""
    row = consents.get(g.call, bid_id, team_id)
    return _page(row, PartForm(digest=row.digest))


@bp.post("/bids/<int:bid_id>/parts/<int:team_id>/give")
@access(Role.UNIVERSITY_OWNER)
def give_part(bid_id: int, team_id: int) -> Answer:
    """Authorise the part."""
    row, form = consents.get(g.call, bid_id, team_id), PartForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.give_consent(g.call, bid_id, team_id, form.digest.data or "")
            flash(_("Authorised. The lead can submit the bid with exactly this part."), "success")
            return redirect(url_for("bids.part", bid_id=bid_id, team_id=team_id), 303)
    return _page(row, form), 422


@bp.post("/bids/<int:bid_id>/parts/<int:team_id>/refuse")
@access(Role.UNIVERSITY_OWNER)
def refuse_part(bid_id: int, team_id: int) -> Answer:
    """Refuse the part, or take the word back."""
    row, form = consents.get(g.call, bid_id, team_id), PartForm()
    if form.validate_on_submit():
        with refusals_on(form):
            act = service.refuse_consent if CONSENT.allows(row.state, "refuse") else service.take_consent_back
            act(g.call, bid_id, team_id, form.reason.data or "")
            flash(_("Noted. The lead reads your reason."), "success")
            return redirect(url_for("bids.part", bid_id=bid_id, team_id=team_id), 303)
    return _page(row, form), 422


def _page(row: BidConsent, form: PartForm) -> str:
    decides = bool(policy.may_authorise(g.call.actor, row.team)) and queries.takes_bids(row.bid.order, g.call.now)
    events = [event for event in ("refuse", "take_back") if CONSENT.allows(row.state, event)]
    return render_template(
        "bids/part.html",
        row=row,
        order=row.bid.order,
        part=consents.read(row),
        form=form,
        may_give=decides and CONSENT.allows(row.state, "give"),
        refusal=event_label("consent", events[0]) if decides and events else "",
        needs_owner=not policy.may_authorise(g.call.actor, row.team),
    )
