"""Pages of the joint defence."""

from __future__ import annotations

from typing import TypeVar

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.defence import costs, policy, queries, service, words
from marketplace.defence.forms import CaseForm, JoinForm, OutcomeForm, OwnForm, ThreatForm, WatchForm
from marketplace.defence.models import DefenceCase, Threat
from marketplace.defence.workflow import CASE, THREAT
from marketplace.kernel.call import OWNERS as OWNER_ROLES
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.kernel.policy import YES
from marketplace.patents import queries as patents
from marketplace.pools import queries as pools
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label

__all__ = ["bp", "words"]

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
STAFF = access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
bp = Blueprint("defence", __name__)
F = TypeVar("F", bound=OwnForm)


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
        owns=actor.has(*OWNER_ROLES),
    )


@bp.get("/defence/watches/new")
@OWNERS
def new_watch() -> Page:
    return render_template("defence/watch.html", form=_own(WatchForm()))


@bp.post("/defence/watches")
@OWNERS
def add_watch() -> Page:
    form = _own(WatchForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_watch(g.call, _chosen(form), form.to_terms())
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
            row = service.report_threat(g.call, _chosen(form), form.to_terms())
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
    return render_template("defence/close_threat.html", form=ReasonForm(), threat=_served(threat_id))


@bp.post("/defence/threats/<int:threat_id>/close")
@STAFF
def close_threat(threat_id: int) -> Page:
    row, form = _served(threat_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_threat(g.call, threat_id, form.reason.data or "")
            flash(_("Laid aside. Its reporter sees the reason."), "success")
            return redirect(url_for("defence.threat", threat_id=threat_id), 303)
    return render_template("defence/close_threat.html", form=form, threat=row), 422


@bp.get("/defence/threats/<int:threat_id>/case")
@STAFF
def new_case(threat_id: int) -> Page:
    row = _served(threat_id)
    return render_template("defence/case_form.html", form=CaseForm(asserted=row.asserted), threat=row)


@bp.post("/defence/threats/<int:threat_id>/case")
@STAFF
def open_case(threat_id: int) -> Page:
    row, form = _served(threat_id), CaseForm()
    if form.validate_on_submit():
        with refusals_on(form):
            opened = service.open_case(g.call, threat_id, form.to_terms())
            flash(_("Open. Members see what it would cost them before they join."), "success")
            return redirect(url_for("defence.case", case_id=opened.id), 303)
    return render_template("defence/case_form.html", form=form, threat=row), 422


@bp.get("/defence/cases/<int:case_id>")
@access(SIGNED_IN)
def case(case_id: int) -> str:
    return _case_page(queries.get_case(g.call, case_id), _own(JoinForm()), None)


@bp.post("/defence/cases/<int:case_id>/simulate")
@OWNERS
def simulate(case_id: int) -> Page:
    """What joining would cost with these figures; nothing is stored, and no address carries them."""
    row, form = queries.get_case(g.call, case_id), _own(JoinForm())
    if not form.validate_on_submit():
        return _case_page(row, form, None), 422
    known = queries.weights_of(row)
    return _case_page(
        row, form, costs.if_joining(row.budget, row.rule, known, form.organisation_id.data or 0, form.to_weight())
    )


@bp.post("/defence/cases/<int:case_id>/join")
@OWNERS
def join(case_id: int) -> Page:
    row, form = queries.get_case(g.call, case_id), _own(JoinForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.join(g.call, case_id, _chosen(form), form.to_weight())
            flash(_("Joined. Counsel's paper is open to you now."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return _case_page(row, form, None), 422


@bp.post("/defence/cases/<int:case_id>/begin")
@STAFF
def begin(case_id: int) -> Page:
    service.begin(g.call, case_id)
    flash(_("The defence begins; the shares are fixed."), "success")
    return redirect(url_for("defence.case", case_id=case_id), 303)


@bp.get("/defence/cases/<int:case_id>/close")
@STAFF
def closing_case(case_id: int) -> Page:
    row = queries.get_case(g.call, case_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return render_template("defence/outcome.html", form=OutcomeForm(), case=row)


@bp.post("/defence/cases/<int:case_id>/close")
@STAFF
def close_case(case_id: int) -> Page:
    row, form = queries.get_case(g.call, case_id), OutcomeForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_case(g.call, case_id, form.outcome.data or "", form.spent.data or 0, form.saved.data or 0)  # type: ignore[arg-type]
            flash(_("Closed, with its outcome."), "success")
            return redirect(url_for("defence.case", case_id=case_id), 303)
    return render_template("defence/outcome.html", form=form, case=row), 422


def _own(form: F) -> F:
    form.choose_organisation(patents.own_organisations(g.call.actor))
    return form


def _threat_form() -> ThreatForm:
    form = _own(ThreatForm())
    known = {row.id: row for key in g.call.actor.organisations for row in pools.alliances_of(key)}
    form.choose_alliance(list(known.values()))
    return form


def _chosen(form: OwnForm) -> int:
    if form.organisation_id.data is None:
        raise Invalid("defence.choose", field="organisation_id")
    return int(form.organisation_id.data)


def _served(threat_id: int) -> Threat:
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


def _case_page(row: DefenceCase, form: JoinForm, simulated: int | None) -> str:
    actor = g.call.actor
    serves = policy.may_serve(actor, row.alliance_id)
    actions = []
    if serves:
        actions = transition_actions(
            CASE, row.state, {"begin": (YES, lambda: url_for("defence.begin", case_id=row.id))}
        )
        if CASE.allows(row.state, "close"):
            actions.append(
                Action(
                    event_label("defence_case", "close"), url_for("defence.closing_case", case_id=row.id), method="get"
                )
            )
    joined = {member.organisation_id for member in row.members} & actor.organisations
    shown = [m for m in row.members if policy.may_see_weights(actor, row, m.organisation_id)]
    return render_template(
        "defence/case.html",
        case=row,
        form=form,
        simulated=simulated,
        shares=costs.shares(row.budget, row.rule, queries.weights_of(row)),
        shown=shown,
        counsel=bool(policy.may_read_counsel(actor, row)),
        serves=bool(serves),
        may_join=CASE.allows(row.state, "begin") and not joined and actor.has(*OWNER_ROLES),
        actions=actions,
    )
