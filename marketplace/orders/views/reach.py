"""Pages of invitations, the framework pool and followed fields."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.alliances import queries as alliances
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import following, hints, inviting, ndas, policy, queries, service
from marketplace.orders.forms import ApplyForm, FollowForm, InviteForm
from marketplace.orders.models import Order, PoolPlace
from marketplace.orders.views.actions import room_tabs
from marketplace.orders.views.blueprint import bp
from marketplace.orders.workflow import POOL
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import ReasonForm, plain
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate

INVITERS = (*sorted(ENTERPRISE), Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
Answer = Response | tuple[str, int]


@bp.get("/orders/<int:order_id>/invitations")
@access(*INVITERS, Role.AUDITOR)
def invitations(order_id: int) -> str:
    """Whom the order was offered to, and whom the ranker proposes."""
    order = _read(order_id)
    form = _invite_form(order)
    _fill_in(form, order)
    return _invitations_page(order, form)


@bp.post("/orders/<int:order_id>/invitations")
@access(*INVITERS)
def invite(order_id: int) -> Answer:
    """Invite one team."""
    order = _read(order_id)
    form = _invite_form(order)
    if form.validate_on_submit():
        with refusals_on(form):
            service.invite_team(g.call, order_id, form.team.data, form.why.data or "")
            flash(_("Invited. The team hears by mail as soon as the order is published."), "success")
            return redirect(url_for("orders.invitations", order_id=order_id), 303)
    return _invitations_page(order, form), 422


def _read(order_id: int) -> Order:
    order = queries.get_order(g.call, order_id)
    if not policy.reads_invitations(g.call.actor, order):
        raise NotFound("order")
    return order


def _invite_form(order: Order) -> InviteForm:
    form = InviteForm()
    teams = inviting.invitable_teams(order)
    form.team.choices = [(team.id, f"{in_language(team)} · {in_language(team.organisation)}") for team in teams]
    return form


def _fill_in(form: InviteForm, order: Order) -> None:
    """Choose the proposed team that was clicked, with what speaks for it as a first draft of the reason."""
    chosen = request.args.get("team", type=int)
    for team, fit in hints.proposed_teams(g.call, order) if chosen else []:
        if team.id == chosen and policy.may_invite(g.call.actor, order):
            form.team.data = team.id
            titles = "; ".join(title for _capability, title in fit.pieces[:2])
            form.why.data = _("Published work that fits: %(titles)s", titles=titles) if titles else ""


def _invitations_page(order: Order, form: InviteForm) -> str:
    may = bool(policy.may_invite(g.call.actor, order))
    invitable = {team.id for team in inviting.invitable_teams(order)}
    proposed = [pair for pair in hints.proposed_teams(g.call, order) if pair[0].id in invitable] if may else []
    return render_template(
        "orders/invitations.html",
        order=order,
        form=form,
        may=may,
        proposed=proposed,
        rows=inviting.list_of_order(order),
    )


@bp.post("/invitations/<int:invitation_id>/withdraw")
@access(*INVITERS)
def withdraw_invitation(invitation_id: int) -> Response:
    """Take an invitation back."""
    row = service.withdraw_invitation(g.call, invitation_id)
    flash(_("The invitation was taken back."), "success")
    return redirect(url_for("orders.invitations", order_id=row.order_id), 303)


@bp.post("/invitations/<int:invitation_id>/decline")
@access(*UNIVERSITY)
def decline_invitation(invitation_id: int) -> Response:
    """Say that the team will not answer."""
    row = service.decline_invitation(g.call, invitation_id)
    flash(_("Thank you. The enterprise sees that your team declined."), "success")
    return redirect(url_for("orders.show", order_id=row.order_id), 303)


@bp.get("/orders/follow")
@access(SIGNED_IN)
def follow_form() -> str:
    """The fields the reader hears about."""
    row = following.of_account(g.call.actor.account)
    form = FollowForm(data={"fields": [f.field for f in row.fields], "frequency": row.frequency} if row else {})
    return render_template("orders/follow.html", form=form, tabs=room_tabs(g.call.actor))


@bp.post("/orders/follow")
@access(SIGNED_IN)
def follow() -> Answer:
    """Keep the choice."""
    form = FollowForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.follow_fields(g.call, form.fields.data or [], form.frequency.data)
            flash(_("Saved."), "success")
            return redirect(url_for("orders.follow_form"), 303)
    return render_template("orders/follow.html", form=form, tabs=room_tabs(g.call.actor)), 422


@bp.get("/alliances/<int:alliance_id>/framework")
@access(SIGNED_IN)
def framework(alliance_id: int) -> str:
    """Which teams may answer the alliance's framework orders, and the way in."""
    return _framework_page(alliance_id, _apply_form(alliance_id), ReasonForm())


@bp.post("/alliances/<int:alliance_id>/framework")
@access(*UNIVERSITY)
def apply_to_framework(alliance_id: int) -> Answer:
    """Ask for a place."""
    form = _apply_form(alliance_id)
    if form.validate_on_submit():
        with refusals_on(form):
            service.apply_to_pool(g.call, alliance_id, form.team.data, form.statement.data or "")
            flash(_("Applied. The alliance's secretary decides."), "success")
            return redirect(url_for("orders.framework", alliance_id=alliance_id), 303)
    return _framework_page(alliance_id, form, ReasonForm(formdata=None)), 422


@bp.post("/framework/<int:place_id>/<event>")
@access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
def decide_place(place_id: int, event: str) -> Answer:
    """Admit, refuse or end."""
    if event not in {t.event for t in POOL.transitions}:
        raise NotFound("page")
    form = ReasonForm()
    row = service.decide_place(g.call, place_id, event, plain(form.reason.data))
    flash(_("Decided."), "success")
    return redirect(url_for("orders.framework", alliance_id=row.alliance_id), 303)


def _apply_form(alliance_id: int) -> ApplyForm:
    form = ApplyForm()
    teams = [t for t in ndas.teams_of(g.call.actor) if inviting.find_place(alliance_id, t.id) is None]
    form.team.choices = [(team.id, f"{in_language(team)} · {in_language(team.organisation)}") for team in teams]
    return form


def _framework_page(alliance_id: int, form: ApplyForm, reason: ReasonForm) -> str:
    alliance = alliances.get_alliance(g.call, alliance_id)
    keeps = bool(policy.may_keep_pool(g.call.actor, alliance.id))
    page = paginate(inviting.list_places(alliance.id) if keeps else inviting.list_admitted(alliance.id, g.call.now))
    return render_template(
        "orders/framework.html", alliance=alliance, page=page, form=form, reason=reason, keeps=keeps, events=_events
    )


def _events(place: PoolPlace) -> list[tuple[str, bool]]:
    """Return what may be decided about a place: the event, and whether it needs words."""
    return [(t.event, t.needs_reason) for t in POOL.transitions if place.state in t.sources]
