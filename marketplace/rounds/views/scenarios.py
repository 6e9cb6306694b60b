"""What if: change a run, look at what it does to whom, compare, and keep an answer or not."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace.rounds import queries, service, told
from marketplace.rounds.answers import bids_by_key
from marketplace.rounds.forms import clean
from marketplace.rounds.forms.scenarios import HandForm, KeepForm, RepairForm, RuleForm, ScenarioForm
from marketplace.rounds.models import Run
from marketplace.rounds.scenarios import comparison, frontier_points, handmade, targets_of
from marketplace.rounds.service.scenarios import FRONTIER_PARTS
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.views.tabs import may_run, tabs_of
from marketplace.rounds.workflow import Aim, Part, RunKind
from marketplace.web.errors import refusals_on
from marketplace.web.filters import percent
from marketplace.web.guards import access
from marketplace.web.words import label

Page = str | tuple[str, int] | Response
MOST_ASKED = 5


@bp.get("/runs/<int:run_id>/what-if")
@access(*READERS)
def what_if(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    names = ("kind", "target", "amount")
    columns = [[clean(text)[:200] for text in request.args.getlist(name)] for name in names]
    asked = [dict(zip(names, told_, strict=True)) for told_ in zip_longest(*columns, fillvalue="")][:MOST_ASKED]
    return _what_if_page(row, ScenarioForm(data=ScenarioForm.values_of(row, asked)))


@bp.post("/runs/<int:run_id>/what-if")
@access(*RUNNERS)
def start_scenario(run_id: int) -> Page:
    row, form = queries.get_run(g.call, run_id), ScenarioForm()
    changed_rows = "add_row" in request.form or "remove_row" in request.form
    if changed_rows:
        form.change_rows("add_row" in request.form, request.form.get("remove_row", ""))
    elif form.validate_on_submit():
        with refusals_on(form):
            run = service.start_scenario(g.call, run_id, form.to_terms(row))
            return redirect(url_for("rounds.run", run_id=run.id), 303)
    return _what_if_page(row, form), 422


@bp.get("/runs/<int:run_id>/by-hand")
@access(*RUNNERS)
def by_hand(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    return render_template("rounds/by_hand.html", run=row, form=HandForm(), rows=handmade(row), tabs=tabs_of(row))


@bp.post("/runs/<int:run_id>/by-hand")
@access(*RUNNERS)
def match_by_hand(run_id: int) -> Page:
    row, form = queries.get_run(g.call, run_id), HandForm()
    chosen = {key[4:]: value for key, value in request.form.items() if key.startswith("bid-") and value}
    if form.validate_on_submit():
        with refusals_on(form):
            run = service.start_scenario(g.call, run_id, form.to_terms(list(chosen.values())[:5000]))
            return redirect(url_for("rounds.run", run_id=run.id), 303)
    page = render_template("rounds/by_hand.html", run=row, form=form, rows=handmade(row, chosen), tabs=tabs_of(row))
    return page, 422


@bp.post("/runs/<int:run_id>/without-rule")
@access(*RUNNERS)
def without_rule(run_id: int) -> Page:
    row, form = queries.get_run(g.call, run_id), RuleForm()
    if form.validate_on_submit():
        with refusals_on(form):
            run = service.start_scenario(g.call, row.id, form.to_terms())
            return redirect(url_for("rounds.run", run_id=run.id), 303)
    flash(_("This rule is not one of the run's."), "error")
    return redirect(url_for("rounds.findings", run_id=run_id), 303)


@bp.post("/runs/<int:run_id>/repairs")
@access(*RUNNERS)
def try_repair(run_id: int) -> Page:
    """Solve the run again with one of the repairs that were found for its contradicting demands."""
    row, form = queries.get_run(g.call, run_id), RepairForm()
    terms = form.to_terms(row) if form.validate_on_submit() else None
    if terms is None:
        flash(_("This repair is not one of the run's."), "error")
        return redirect(url_for("rounds.run", run_id=run_id), 303)
    run = service.start_scenario(g.call, row.id, terms)
    return redirect(url_for("rounds.run", run_id=run.id), 303)


@bp.get("/runs/<int:run_id>/compare")
@access(*READERS)
def compare(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    runs = queries.scenarios_of(row.id)
    waiting = [run for run in runs if run.finished_at is None]
    return render_template(
        "rounds/compare.html",
        run=row,
        tabs=tabs_of(row),
        columns=comparison(row, [run for run in runs if run.kind is not RunKind.FRONTIER], request.args.getlist("run")),
        points=frontier_points(row, [run for run in runs if run.kind is RunKind.FRONTIER]),
        waiting=len(waiting),
        can_ask=may_run(row),
        aims_there=any(run.kind is RunKind.AIM for run in runs),
        frontier_there=any(run.kind is RunKind.FRONTIER for run in runs),
    )


@bp.post("/runs/<int:run_id>/aims")
@access(*RUNNERS)
def compare_aims(run_id: int) -> Page:
    runs = service.compare_aims(g.call, run_id, {aim: label(aim) for aim in Aim})
    count = len(runs)
    flash(ngettext("%(num)d scenario is being solved.", "%(num)d scenarios are being solved.", count), "success")
    return redirect(url_for("rounds.compare", run_id=run_id), 303)


@bp.post("/runs/<int:run_id>/frontier")
@access(*RUNNERS)
def draw_frontier(run_id: int) -> Page:
    names = {part: _("%(share)s of the public budgets", share=percent(part)) for part in FRONTIER_PARTS}
    runs = service.draw_frontier(g.call, run_id, names)
    count = len(runs)
    flash(ngettext("%(num)d scenario is being solved.", "%(num)d scenarios are being solved.", count), "success")
    return redirect(url_for("rounds.compare", run_id=run_id, _anchor="frontier"), 303)


@bp.post("/runs/<int:run_id>/keep")
@access(*RUNNERS)
def keep_scenario(run_id: int) -> Page:
    form = KeepForm()
    if form.validate_on_submit():
        service.keep_scenario(g.call, run_id, form.reason.data or "")
        flash(_("Kept. Its matches can now be proposed; the reason stays with them."), "success")
        return redirect(url_for("rounds.run", run_id=run_id), 303)
    flash(_("Please write the reason."), "error")
    return redirect(url_for("rounds.run", run_id=run_id, _anchor="keep"), 303)


def _what_if_page(row: Run, form: ScenarioForm) -> str:
    runs = queries.scenarios_of(row.id, RunKind.SCENARIO, RunKind.HAND, RunKind.WITHOUT_RULE)
    return render_template(
        "rounds/what_if.html",
        run=row,
        form=form,
        parts=list(Part),
        targets=targets_of(row),
        scenarios=[{"run": each, "changes": changes_of(each)} for each in runs],
        tabs=tabs_of(row),
        can_ask=may_run(row),
    )


def changes_of(run: Run) -> list[str]:
    """A scenario's changes in words."""
    names = told.names_for(run.changes)
    keys = {key for each in run.changes for key in (each.get("of", ""),) if key.startswith("b")}
    bids: dict[str, Any] = {key: told.bid_name(bid) for key, bid in bids_by_key(keys).items()}
    return [told.change(each, names, bids) for each in run.changes]
