"""Runs: start, watch, stop, and the workbench of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.conflicts import policy as conflicts_policy
from marketplace.kernel.errors import NotFound
from marketplace.rounds import (
    drawings,
    exports,
    policy,
    queries,
    repairs,
    sentences,
    service,
    standing,
    told,
    workbench,
)
from marketplace.rounds.forms import RunForm, clean
from marketplace.rounds.forms.scenarios import KeepForm
from marketplace.rounds.models import Run
from marketplace.rounds.names import Names
from marketplace.rounds.service.scenarios import KEEPABLE
from marketplace.rounds.told import run_title
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.views.rounds import shown
from marketplace.rounds.views.scenarios import changes_of
from marketplace.rounds.views.tabs import may_run, tabs_of
from marketplace.rounds.whatif.refusals import refusal_of
from marketplace.rounds.workflow import HAS_RESULT, PROPOSAL, RUN, Failure, RunState
from marketplace.web.actions import transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.filters import money, number
from marketplace.web.guards import access
from marketplace.web.words import label, sentence

Page = str | tuple[str, int] | Response
WAITING = frozenset({RunState.DRAFT, RunState.QUEUED, RunState.RUNNING})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


@dataclass(frozen=True, slots=True)
class Title:
    """What an exported book is called."""

    name: str


@bp.post("/rounds/<int:round_id>/runs")
@access(*RUNNERS)
def start_run(round_id: int) -> Page:
    row, form = queries.get_round(g.call, round_id), RunForm()
    if form.validate_on_submit():
        with refusals_on(form):
            run = service.start_run(g.call, round_id, form.to_terms())
            return redirect(url_for("rounds.run", run_id=run.id), 303)
    return render_template("rounds/show.html", **shown(row, form)), 422


@bp.get("/runs/<int:run_id>")
@access(*READERS)
def run(run_id: int) -> Page:
    row = queries.get_run(g.call, run_id)
    if row.state in WAITING:
        changes = changes_of(row) if row.base_id else []
        return render_template(
            "rounds/run_waiting.html", run=row, curve=drawings.closing(row), actions=_actions(row), changes=changes
        )
    if row.state not in HAS_RESULT or row.objective is None:
        return render_template("rounds/run_without_answer.html", run=row, **_why(row))
    bench = workbench.open_workbench(row)
    text, sort, descending = _order_asked()
    before = told.before(row)
    return render_template(
        "rounds/run.html",
        run=row,
        bench=bench,
        page=drawings.page_of(bench.matches, text, sort, descending),
        q=text,
        sort=sort,
        direction="desc" if descending else "asc",
        chart=_curve(row),
        **_flows(bench),
        tabs=tabs_of(row),
        before=before,
        delta=told.difference_between(before, row) if before is not None else None,
        approved=standing.against_approved(row),
        unknown=workbench.unidentified(bench) if conflicts_policy.may_read_all(g.call.actor) else [],
        changes=changes_of(row) if row.base_id else [],
        keep=KeepForm() if not row.kept and row.kind in KEEPABLE and may_run(row) else None,
        may_hand=may_run(row),
        **_drawings(row, bench),
    )


def _order_asked() -> tuple[str, str, bool]:
    """What the reader filters by and sorts by."""
    text = clean(request.args.get("q"))[:100]
    sort = request.args.get("sort", "")
    return text, sort if sort in drawings.SORTS else "value", request.args.get("direction", "desc") != "asc"


@bp.get("/runs/<int:run_id>/export/<table>.<kind>")
@access(*READERS)
def export_run(run_id: int, table: str, kind: str) -> Response:
    """One table of a run as a file; the same rows as on the page."""
    row = queries.get_run(g.call, run_id)
    if table not in exports.TABLES or kind not in FILES or row.objective is None:
        raise NotFound("table")
    head, lines = exports.lines_of(row, table)
    title = Title(f"{row.round.reference} {run_title(row)}")
    body = exports.as_csv(head, lines) if kind == "csv" else exports.as_xlsx(title, head, lines)
    response = Response(body, content_type=FILES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{row.round.reference}-{row.id}-{table}.{kind}"'
    return response


@bp.get("/runs/<int:run_id>/progress")
@access(*READERS)
def run_progress(run_id: int) -> Page:
    """The part of the page that renews itself; once the run is over the whole page is asked for."""
    row = queries.get_run(g.call, run_id)
    response = make_response(render_template("rounds/run_progress.html", run=row, curve=drawings.closing(row)))
    if row.state not in WAITING:
        response.headers["HX-Refresh"] = "true"
    return response


@bp.post("/runs/<int:run_id>/cancel")
@access(*RUNNERS)
def cancel_run(run_id: int) -> Page:
    service.cancel_run(g.call, run_id)
    return redirect(url_for("rounds.run", run_id=run_id), 303)


def _actions(row: Run) -> list[Any]:
    may = policy.may_run(g.call.actor, row.round.alliance_id)
    if not may or row.cancel_asked:
        return []
    return transition_actions(RUN, row.state, {"cancel": (may, lambda: url_for("rounds.cancel_run", run_id=row.id))})


def _curve(row: Run) -> dict[str, list[list[Any]]]:
    """The points of the two lines that close in on each other: what was found, and what cannot be beaten."""
    found = [[seconds, objective] for seconds, objective, _bound in row.progress if objective is not None]
    limit = [[seconds, bound] for seconds, _objective, bound in row.progress if bound is not None]
    rows = [["–" if cell is None else number(round(cell, 1)) for cell in point] for point in row.progress]
    return {"found": found, "limit": limit, "rows": rows}


def _drawings(row: Run, bench: workbench.Workbench) -> dict[str, Any]:
    """The numbers of the two charts, also as the rows of the tables beside them, and which candidates may be invited."""
    heat = _heat(bench)
    may = policy.may_run(g.call.actor, row.round.alliance_id)
    return {
        "heat": heat,
        "heat_rows": [
            [name, *("–" if cell is None else f"{cell} %" for cell in cells)]
            for name, cells in zip(heat["rows"], heat["values"], strict=True)
        ],
        "invitable": {each.id for each in bench.candidates if may and PROPOSAL.allows(each.state, "invite")},
    }


def _flows(bench: workbench.Workbench) -> dict[str, Any]:
    drawn = drawings.flows(bench.matches)
    return {"flows": drawn, "flow_rows": [[a, b, money(fen)] for a, b, fen in drawn["links"]] if drawn else []}


def _heat(bench: workbench.Workbench) -> dict[str, Any]:
    """Quarters of the busiest teams, how full each gets in per cent."""
    columns = bench.quarters
    values = []
    for team in bench.teams:
        cells = [team.quarters.get(quarter) for quarter in columns]
        values.append([None if cell is None else 100 * cell[0] // cell[1] if cell[1] else 100 for cell in cells])
    return {"unit": "%", "max": 100, "columns": columns, "rows": [team.name for team in bench.teams], "values": values}


def _why(row: Run) -> dict[str, Any]:
    """Why there is no answer: a failure in words, or the contradiction and what would dissolve it.

    What the checker or the solver said of its own insides stays in the row, for those who look after the site.
    """
    solution = row.solution or {}
    names = Names.of(sentences.keys_in([], solution))
    code, _colon, detail = row.reason.partition(": ")
    return {
        "failure": label(Failure(code)) if code else "",
        "detail": sentence(*refusal_of(detail)) if code == Failure.BAD_PROBLEM and detail else "",
        "conflict": [sentences.limit(each["kind"], each["of"], names) for each in solution.get("conflict", [])],
        "repairs": repairs.of(row, names),
        "can_ask": may_run(row),
    }
