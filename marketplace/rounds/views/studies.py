"""Findings about a run: why, ties, rules, levers, replay; each computed in the background and kept."""

from __future__ import annotations

from flask import flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.errors import NotFound
from marketplace.rounds import findings as found
from marketplace.rounds import queries, service
from marketplace.rounds.fairness import fairness_of
from marketplace.rounds.forms.scenarios import StudyForm
from marketplace.rounds.keys import order_key
from marketplace.rounds.models import Study
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.views.tabs import may_run, tabs_of
from marketplace.rounds.workflow import STUDY, StudyKind
from marketplace.web.forms import EmptyForm
from marketplace.web.guards import SIGNED_IN, access

Page = str | tuple[str, int] | Response


@bp.get("/runs/<int:run_id>/findings")
@access(*READERS)
def findings(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    studies = queries.studies_of(row.id)
    return render_template(
        "rounds/findings.html",
        run=row,
        tabs=tabs_of(row),
        ties=found.ties(studies.get((StudyKind.TIES, ""))),
        rules=found.rules(studies.get((StudyKind.RULES, ""))),
        levers=found.levers(studies.get((StudyKind.LEVERS, ""))),
        replay=found.replay(studies.get((StudyKind.REPLAY, ""))),
        orders=found.orders_of(row, studies),
        button=EmptyForm(),
        can_ask=may_run(row),
        kinds=StudyKind,
    )


@bp.get("/runs/<int:run_id>/orders/<int:order_id>/why")
@access(*READERS)
def why(run_id: int, order_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    key = order_key(order_id)
    order = found.order_in(row, key)
    if order is None:
        raise NotFound("order")
    study = queries.studies_of(row.id).get((StudyKind.WHY, key))
    return render_template(
        "rounds/why.html", run=row, order=order, why=found.why(row, key, study), can_ask=may_run(row), kinds=StudyKind
    )


@bp.post("/runs/<int:run_id>/studies")
@access(*RUNNERS)
def start_study(run_id: int) -> Page:
    form = StudyForm()
    kind = form.kind.data if form.validate_on_submit() else None
    if kind not in {each.value for each in StudyKind}:
        flash(_("There is no such question."), "error")
        return redirect(url_for("rounds.findings", run_id=run_id), 303)
    row = service.start_study(g.call, run_id, StudyKind(kind), form.subject.data or "")
    return redirect(_page_of(row), 303)


@bp.get("/studies/<int:study_id>")
@access(*READERS)
def study_progress(study_id: int) -> Page:
    """The part of a page that renews itself; once the answer is there the whole page is asked for."""
    row = queries.get_study(g.call, study_id)
    response = make_response(render_template("rounds/study_progress.html", study=row))
    if not STUDY.allows(row.state, "fail"):
        response.headers["HX-Refresh"] = "true"
    return response


@bp.get("/runs/<int:run_id>/fairness")
@access(*READERS)
def fairness(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    return render_template("rounds/fairness.html", run=row, tabs=tabs_of(row), report=fairness_of(row))


@bp.post("/bids/<int:bid_id>/outcome/ask")
@access(SIGNED_IN)
def bid_outcome_ask(bid_id: int) -> Page:
    service.ask_why_lost(g.call, bid_id)
    flash(_("It is being worked out. Look at this page again in a minute."), "success")
    return redirect(url_for("rounds.bid_outcome", bid_id=bid_id), 303)


def _page_of(row: Study) -> str:
    if row.subject:
        return url_for("rounds.why", run_id=row.run_id, order_id=int(row.subject[1:]))
    return url_for("rounds.findings", run_id=row.run_id, _anchor=row.kind.value)
