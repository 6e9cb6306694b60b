"""Pages of watches and of threats in confidence."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.defence import policy, queries, service
from marketplace.defence.forms import ThreatForm, WatchForm
from marketplace.defence.models import Threat
from marketplace.defence.views.blueprint import OWNERS, STAFF, Page, bp, chosen, own
from marketplace.defence.workflow import THREAT
from marketplace.kernel.call import OWNERS as OWNER_ROLES
from marketplace.kernel.call import Role
from marketplace.pools import queries as pools
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label


@bp.get("/defence")
@access(SIGNED_IN)
def index() -> str:
    actor = g.call.actor
    return render_template(
        "defence/index.html",
        cases=queries.list_cases(actor),
        threats=queries.list_threats(actor),
        watches=queries.own_watches(actor),
        hits=queries.own_hits(actor),
        contests=queries.list_contests(actor),
        covenants=queries.list_covenants(actor),
        serves=actor.has(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER),
        owns=actor.has(*OWNER_ROLES),
    )


@bp.get("/defence/watches/new")
@OWNERS
def new_watch() -> Page:
    return render_template("defence/watch.html", form=own(WatchForm()))


@bp.post("/defence/watches")
@OWNERS
def add_watch() -> Page:
    form = own(WatchForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_watch(g.call, chosen(form), form.to_terms())
            flash(_("Watching. Every import is looked through from now on."), "success")
            return redirect(url_for("defence.index"), 303)
    return render_template("defence/watch.html", form=form), 422


@bp.post("/defence/watches/<int:watch_id>/end")
@OWNERS
def end_watch(watch_id: int) -> Page:
    service.end_watch(g.call, watch_id)
    flash(_("The watch has ended."), "success")
    return redirect(url_for("defence.index"), 303)


@bp.get("/defence/threats/new")
@OWNERS
def new_threat() -> Page:
    return render_template("defence/threat_form.html", form=_threat_form())


@bp.post("/defence/threats")
@OWNERS
def report_threat() -> Page:
    form = _threat_form()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.report_threat(g.call, chosen(form), form.to_terms())
            flash(_("Reported in confidence. The alliance's staff will answer."), "success")
            return redirect(url_for("defence.threat", threat_id=row.id), 303)
    return render_template("defence/threat_form.html", form=form), 422


@bp.get("/defence/threats/<int:threat_id>")
@access(SIGNED_IN)
def threat(threat_id: int) -> str:
    row = queries.get_threat(g.call, threat_id)
    return render_template("defence/threat.html", threat=row, actions=_threat_actions(row))


@bp.get("/defence/threats/<int:threat_id>/close")
@STAFF
def closing_threat(threat_id: int) -> Page:
    return render_template("defence/close_threat.html", form=ReasonForm(), threat=served(threat_id))


@bp.post("/defence/threats/<int:threat_id>/close")
@STAFF
def close_threat(threat_id: int) -> Page:
    row, form = served(threat_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_threat(g.call, threat_id, form.reason.data or "")
            flash(_("Laid aside. Its reporter sees the reason."), "success")
            return redirect(url_for("defence.threat", threat_id=threat_id), 303)
    return render_template("defence/close_threat.html", form=form, threat=row), 422


def _threat_form() -> ThreatForm:
    form = own(ThreatForm())
    known = {row.id: row for key in g.call.actor.organisations for row in pools.alliances_of(key)}
    form.choose_alliance(list(known.values()))
    return form


def served(threat_id: int) -> Threat:
    row = queries.get_threat(g.call, threat_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return row


def _threat_actions(row: Threat) -> list[Action]:
    if not policy.may_serve(g.call.actor, row.alliance_id):
        return []
    links = (("take_up", "defence.new_case", "primary"), ("close", "defence.closing_threat", "secondary"))
    return [
        Action(event_label("threat", event), url_for(endpoint, threat_id=row.id), method="get", kind=kind)
        for event, endpoint, kind in links
        if THREAT.allows(row.state, event)
    ]
