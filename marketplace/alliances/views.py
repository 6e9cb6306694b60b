"""Pages of the alliances room."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.alliances import joining, policy, service
from marketplace.alliances import words as _words  # noqa: F401 - registers what things are called
from marketplace.alliances.forms import JoinForm
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.queries import get_alliance, list_alliances
from marketplace.alliances.workflow import MEMBERSHIP, MembershipState
from marketplace.kernel.call import OWNERS, Role
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationState
from marketplace.web import words
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import PUBLIC, access

Page = str | Response | tuple[str, int]

bp = Blueprint("alliances", __name__)
SECRETARY = access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
DECISIONS: dict[str, Callable[..., AllianceMembership]] = {"refuse": service.refuse, "end": service.end}


@bp.get("/alliances")
@access(PUBLIC)
def index() -> Page:
    return render_template(
        "alliances/index.html",
        alliances=list_alliances(),
        counts=joining.member_counts(),
        mine=g.call.actor.alliances,
    )


@bp.get("/alliances/<int:alliance_id>")
@access(PUBLIC)
def show(alliance_id: int) -> Page:
    alliance = get_alliance(g.call, alliance_id)
    return _show_page(alliance, _join_form(_candidates(alliance)))


@bp.post("/alliances/<int:alliance_id>/requests")
@access(*OWNERS)
def request_membership(alliance_id: int) -> Page:
    alliance = get_alliance(g.call, alliance_id)
    form = _join_form(_candidates(alliance))
    if form.validate_on_submit():
        with refusals_on(form):
            service.request(g.call, alliance_id, int(form.organisation_id.data))
            flash(_("Your request is with the alliance's secretary."), "success")
            return _back(alliance_id)
    return _show_page(alliance, form), 422


@bp.post("/memberships/<int:membership_id>/admit")
@SECRETARY
def admit(membership_id: int) -> Page:
    row = service.admit(g.call, membership_id)
    flash(_("Admitted: the organisation is a member now."), "success")
    return _back(row.alliance_id)


@bp.get("/memberships/<int:membership_id>/refuse")
@SECRETARY
def ask_refuse(membership_id: int) -> Page:
    return _reason_page(_decidable(membership_id), "refuse", ReasonForm())


@bp.post("/memberships/<int:membership_id>/refuse")
@SECRETARY
def refuse(membership_id: int) -> Page:
    return _decide(membership_id, "refuse", _("The request was refused."))


@bp.get("/memberships/<int:membership_id>/end")
@SECRETARY
def ask_end(membership_id: int) -> Page:
    return _reason_page(_decidable(membership_id), "end", ReasonForm())


@bp.post("/memberships/<int:membership_id>/end")
@SECRETARY
def end(membership_id: int) -> Page:
    return _decide(membership_id, "end", _("The membership has ended."))


def _decide(membership_id: int, event: str, done: str) -> Page:
    row, form = _decidable(membership_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            DECISIONS[event](g.call, membership_id, form.reason.data or "")
            flash(done, "success")
            return _back(row.alliance_id)
    return _reason_page(row, event, form), 422


def _decidable(membership_id: int) -> AllianceMembership:
    row = joining.get_membership(g.call, membership_id)
    joining.may_decide(g.call.actor, row).require()
    return row


def _reason_page(row: AllianceMembership, event: str, form: ReasonForm) -> str:
    title = words.event_label("membership", event)
    return render_template("alliances/reason.html", membership=row, form=form, title=title, event=event)


def _candidates(alliance: Alliance) -> list[Organisation]:
    """Return the actor's own organisations that may ask to join this alliance now."""
    actor = g.call.actor
    owned = joining.own_organisations(actor)
    held = joining.own_memberships(actor, alliance.id) if owned else {}
    free = (row for row in owned if row.id not in held or MEMBERSHIP.allows(held[row.id].state, "request"))
    return [row for row in free if joining.may_request(actor, row)]


def _join_form(candidates: list[Organisation]) -> JoinForm:
    form = JoinForm()
    form.choose_organisation(candidates)
    return form


def _show_page(alliance: Alliance, form: JoinForm) -> str:
    call = g.call
    serves = bool(policy.may_serve(call.actor, alliance.id))
    owned = joining.own_organisations(call.actor)
    own = joining.own_memberships(call.actor, alliance.id) if call.actor.organisations else {}
    return render_template(
        "alliances/show.html",
        alliance=alliance,
        members=joining.memberships_of(call, alliance.id, MembershipState.ACTIVE),
        requests=joining.memberships_of(call, alliance.id, MembershipState.REQUESTED) if serves else [],
        own=[row for row in own.values() if row.state is not MembershipState.ACTIVE],
        owned=owned,
        verified=any(row.state is OrganisationState.VERIFIED for row in owned),
        serves=serves,
        form=form,
    )


def _back(alliance_id: int) -> Response:
    return redirect(url_for("alliances.show", alliance_id=alliance_id), 303)
