"""Pages on which a university or institute writes its teams, capabilities and evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.organisations.queries import get_organisation
from marketplace.talent import policy, queries, service
from marketplace.talent.forms import CapabilityForm, EvidenceForm, TeamForm
from marketplace.talent.models import Capability, Team
from marketplace.talent.views.blueprint import bp
from marketplace.web.errors import refusals_on
from marketplace.web.guards import access

Page = str | Response | tuple[str, int]
Pairs = Sequence[tuple[str, str]]

WRITERS = access(Role.UNIVERSITY_OWNER, Role.TEAM_LEAD)
OWNERS = access(Role.UNIVERSITY_OWNER)


@bp.get("/teams")
@access(Role.UNIVERSITY_OWNER, Role.UNIVERSITY_MEMBER, Role.TEAM_LEAD)
def teams() -> Page:
    actor, teams = g.call.actor, queries.own_teams(g.call.actor)
    return render_template(
        "talent/teams.html",
        teams=teams,
        writable={team.id for team in teams if policy.may_write(actor, team)},
        universities=queries.own_universities(actor),
    )


@bp.get("/organisations/<int:organisation_id>/teams/new")
@OWNERS
def new_team(organisation_id: int) -> Page:
    organisation = get_organisation(g.call, organisation_id)
    policy.may_found_team(g.call.actor, organisation).require()
    return _team_page(_team_form(organisation_id, None), None)


@bp.post("/organisations/<int:organisation_id>/teams")
@OWNERS
def create_team(organisation_id: int) -> Page:
    form = _team_form(organisation_id, None)
    if form.validate_on_submit():
        with refusals_on(form):
            team = service.create_team(g.call, organisation_id, form.to_terms())
            flash(_("The team exists. Describe what it can do next."), "success")
            return redirect(url_for("talent.team", team_id=team.id), 303)
    return _team_page(form, None), 422


@bp.get("/teams/<int:team_id>/edit")
@OWNERS
def edit_team(team_id: int) -> Page:
    team = queries.get_team(g.call, team_id)
    policy.may_change_team(g.call.actor, team).require()
    return _team_page(_team_form(team.organisation_id, team), team)


@bp.post("/teams/<int:team_id>")
@OWNERS
def change_team(team_id: int) -> Page:
    team = queries.get_team(g.call, team_id)
    form = _team_form(team.organisation_id, team)
    if form.validate_on_submit():
        with refusals_on(form):
            service.change_team(g.call, team_id, form.to_terms(), form.seen_version)
            flash(_("The team was changed."), "success")
            return redirect(url_for("talent.team", team_id=team_id), 303)
    meanwhile = form.show_version(team.version, _team_form(team.organisation_id, team, formdata=None))
    return _team_page(form, team, meanwhile), 409 if meanwhile else 422


@bp.get("/teams/<int:team_id>/capabilities/new")
@WRITERS
def new_capability(team_id: int) -> Page:
    team = queries.get_team(g.call, team_id)
    policy.may_write(g.call.actor, team).require()
    return _capability_page(_capability_form(team, None), team, None)


@bp.post("/teams/<int:team_id>/capabilities")
@WRITERS
def draft_capability(team_id: int) -> Page:
    team = queries.get_team(g.call, team_id)
    form = _capability_form(team, None)
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.draft_capability(g.call, team_id, form.to_terms())
            flash(_("Saved as a draft. Add evidence, then publish it."), "success")
            return redirect(url_for("talent.capability", capability_id=row.id), 303)
    return _capability_page(form, team, None), 422


@bp.get("/capabilities/<int:capability_id>/edit")
@WRITERS
def edit_capability(capability_id: int) -> Page:
    row = _writable(capability_id)
    return _capability_page(_capability_form(row.team, row), row.team, row)


@bp.post("/capabilities/<int:capability_id>")
@WRITERS
def change_capability(capability_id: int) -> Page:
    row = _writable(capability_id)
    form = _capability_form(row.team, row)
    if form.validate_on_submit():
        with refusals_on(form):
            service.change_capability(g.call, capability_id, form.to_terms(), form.seen_version)
            flash(_("The capability was changed."), "success")
            return redirect(url_for("talent.capability", capability_id=capability_id), 303)
    meanwhile = form.show_version(row.version, _capability_form(row.team, row, formdata=None))
    return _capability_page(form, row.team, row, meanwhile), 409 if meanwhile else 422


@bp.post("/capabilities/<int:capability_id>/publish")
@WRITERS
def publish(capability_id: int) -> Page:
    service.publish_capability(g.call, capability_id)
    flash(_("Published: enterprises and the matching rounds can find it now."), "success")
    return redirect(url_for("talent.capability", capability_id=capability_id), 303)


@bp.post("/capabilities/<int:capability_id>/withdraw")
@WRITERS
def withdraw(capability_id: int) -> Page:
    service.withdraw_capability(g.call, capability_id)
    flash(_("Withdrawn: only your organisation and the centre see it now."), "success")
    return redirect(url_for("talent.capability", capability_id=capability_id), 303)


@bp.get("/capabilities/<int:capability_id>/evidence/new")
@WRITERS
def new_evidence(capability_id: int) -> Page:
    row = _writable(capability_id)
    return render_template("talent/evidence_form.html", form=EvidenceForm(), capability=row)


@bp.post("/capabilities/<int:capability_id>/evidence")
@WRITERS
def add_evidence(capability_id: int) -> Page:
    row = _writable(capability_id)
    form = EvidenceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_evidence(g.call, capability_id, form.to_terms())
            flash(_("The evidence was added."), "success")
            return redirect(url_for("talent.capability", capability_id=capability_id), 303)
    return render_template("talent/evidence_form.html", form=form, capability=row), 422


@bp.post("/evidence/<int:evidence_id>/remove")
@WRITERS
def remove_evidence(evidence_id: int) -> Page:
    row = service.remove_evidence(g.call, evidence_id)
    flash(_("The evidence was removed."), "success")
    return redirect(url_for("talent.capability", capability_id=row.id), 303)


def _writable(capability_id: int) -> Capability:
    row = queries.get_capability(g.call, capability_id)
    policy.may_write(g.call.actor, row.team).require()
    return row


def _team_form(organisation_id: int, team: Team | None, **how: Any) -> TeamForm:
    form = TeamForm(obj=team, **how)
    form.choose_lead(queries.members_of(organisation_id))
    if team is not None and ("formdata" in how or request.method == "GET"):
        lead = queries.lead_of(team.id)
        form.lead.data = lead.account_id if lead else None
    return form


def _capability_form(team: Team, row: Capability | None, **how: Any) -> CapabilityForm:
    """Offer the alliances of the team's organisation, and the one the capability is in already."""
    form = CapabilityForm(obj=row, **how)
    known = queries.alliances_of(team.organisation_id) | {row.alliance_id if row else None}
    form.choose_alliance([alliance for alliance in queries.alliances() if alliance.id in known])
    return form


def _team_page(form: TeamForm, team: Team | None, meanwhile: Pairs = ()) -> str:
    return render_template("talent/team_form.html", form=form, team=team, meanwhile=meanwhile)


def _capability_page(form: CapabilityForm, team: Team, row: Capability | None, meanwhile: Pairs = ()) -> str:
    return render_template("talent/capability_form.html", form=form, team=team, capability=row, meanwhile=meanwhile)
