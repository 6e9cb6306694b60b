"""Pages of joint training, of the skills gap it closes, and of teams' equipment."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import OWNERS as OWNER_ROLES
from marketplace.kernel.call import Role
from marketplace.talent import gap, policy, queries, service
from marketplace.talent.forms import EquipmentForm, ProgrammeForm
from marketplace.talent.models import Programme, Team
from marketplace.talent.views.blueprint import bp
from marketplace.talent.workflow import PLACE, PROGRAMME, ProgrammeState
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.filters import CITY
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
WRITERS = access(Role.UNIVERSITY_OWNER, Role.TEAM_LEAD)


@bp.get("/skills")
@access(SIGNED_IN)
def skills() -> Page:
    """The gap of one alliance; its own first for members."""
    alliances = queries.alliances()
    asked = request.args.get("alliance", "")
    own = [row for row in alliances if row.id in g.call.actor.alliances]
    chosen = next((row for row in alliances if str(row.id) == asked), next(iter([*own, *alliances]), None))
    today = g.call.now.astimezone(CITY).date()
    rows = gap.gaps(chosen.id, today) if chosen else []
    seen = {row.id for row in queries.list_programmes(g.call.actor)}
    return render_template("talent/skills.html", alliances=alliances, chosen=chosen, gaps=rows, seen=seen)


@bp.get("/programmes")
@access(SIGNED_IN)
def programmes() -> Page:
    return render_template(
        "talent/programmes.html",
        programmes=queries.list_programmes(g.call.actor),
        owns=g.call.actor.has(*OWNER_ROLES),
    )


@bp.get("/programmes/new")
@OWNERS
def new_programme() -> Page:
    return render_template("talent/programme_form.html", form=_programme_form())


@bp.post("/programmes")
@OWNERS
def offer_programme() -> Page:
    form = _programme_form()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.offer_programme(g.call, form.organisation_id.data or 0, form.to_terms())
            flash(_("Offered: people can ask for places."), "success")
            return redirect(url_for("talent.programme", programme_id=row.id), 303)
    return render_template("talent/programme_form.html", form=form), 422


@bp.get("/programmes/<int:programme_id>")
@access(SIGNED_IN)
def programme(programme_id: int) -> Page:
    row = queries.get_programme(g.call, programme_id)
    hosts = bool(policy.may_offer(g.call.actor, row.organisation_id))
    places = queries.places_of(row.id) if hosts else []
    return render_template(
        "talent/programme.html",
        programme=row,
        hosts=hosts,
        places=[(place, _place_actions(place.id, PLACE.events(place.state))) for place in places],
        mine=queries.own_place(g.call.actor, row.id),
        actions=_programme_actions(row, hosts),
    )


@bp.get("/programmes/<int:programme_id>/close")
@OWNERS
def closing_programme(programme_id: int) -> Page:
    row = queries.get_programme(g.call, programme_id)
    return render_template("talent/close_programme.html", programme=row, form=ReasonForm())


@bp.post("/programmes/<int:programme_id>/close")
@OWNERS
def close_programme(programme_id: int) -> Page:
    row, form = queries.get_programme(g.call, programme_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_programme(g.call, programme_id, form.reason.data or "")
            flash(_("Nobody more is taken; given places stay."), "success")
            return redirect(url_for("talent.programme", programme_id=programme_id), 303)
    return render_template("talent/close_programme.html", programme=row, form=form), 422


@bp.post("/programmes/<int:programme_id>/places")
@access(SIGNED_IN)
def ask_place(programme_id: int) -> Page:
    service.ask_place(g.call, programme_id)
    flash(_("Asked. The host decides."), "success")
    return redirect(url_for("talent.programme", programme_id=programme_id), 303)


@bp.post("/places/<int:place_id>/<any(give, refuse, complete):event>")
@OWNERS
def decide_place(place_id: int, event: str) -> Page:
    place = service.decide_place(g.call, place_id, event)
    return redirect(url_for("talent.programme", programme_id=place.programme_id), 303)


@bp.post("/places/<int:place_id>/leave")
@access(SIGNED_IN)
def leave_place(place_id: int) -> Page:
    place = service.leave_place(g.call, place_id)
    return redirect(url_for("talent.programme", programme_id=place.programme_id), 303)


@bp.get("/teams/<int:team_id>/equipment/new")
@WRITERS
def new_equipment(team_id: int) -> Page:
    return render_template("talent/equipment_form.html", form=EquipmentForm(), team=_writable(team_id))


@bp.post("/teams/<int:team_id>/equipment")
@WRITERS
def add_equipment(team_id: int) -> Page:
    team, form = _writable(team_id), EquipmentForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_equipment(g.call, team_id, form.to_terms())
            flash(_("The equipment was added."), "success")
            return redirect(url_for("talent.team", team_id=team_id), 303)
    return render_template("talent/equipment_form.html", form=form, team=team), 422


@bp.post("/equipment/<int:equipment_id>/remove")
@WRITERS
def remove_equipment(equipment_id: int) -> Page:
    return redirect(url_for("talent.team", team_id=service.remove_equipment(g.call, equipment_id)), 303)


def _writable(team_id: int) -> Team:
    team = queries.get_team(g.call, team_id)
    policy.may_write(g.call.actor, team).require()
    return team


def _programme_form() -> ProgrammeForm:
    form, organisations = ProgrammeForm(), queries.owned_organisations(g.call.actor)
    known = {key for row in organisations for key in queries.alliances_of(row.id)}
    form.choose(organisations, [row for row in queries.alliances() if row.id in known])
    return form


def _place_actions(place_id: int, events: tuple[str, ...]) -> list[Action]:
    return [
        Action(
            event_label("place", event), url_for("talent.decide_place", place_id=place_id, event=event), kind="plain"
        )
        for event in events
        if event != "leave"
    ]


def _programme_actions(row: Programme, hosts: bool) -> list[Action]:
    mine = queries.own_place(g.call.actor, row.id)
    actions = []
    if mine is None and row.state is ProgrammeState.OPEN and not hosts:
        actions.append(Action(_("Ask for a place"), url_for("talent.ask_place", programme_id=row.id), kind="primary"))
    if mine is not None and PLACE.allows(mine.state, "leave"):
        actions.append(Action(event_label("place", "leave"), url_for("talent.leave_place", place_id=mine.id)))
    if hosts and PROGRAMME.allows(row.state, "close"):
        url = url_for("talent.closing_programme", programme_id=row.id)
        actions.append(Action(event_label("programme", "close"), url, method="get"))
    return actions
