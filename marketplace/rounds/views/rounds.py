"""Rounds: list, set up, look at, close."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.rounds import picks, policy, queries, service
from marketplace.rounds.forms import RoundForm, RunForm
from marketplace.rounds.models import Round
from marketplace.rounds.names import group_name
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.workflow import ROUND, Part, RunKind
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access
from marketplace.web.pages import paginate

Page = str | tuple[str, int] | Response
ASIDE = frozenset({RunKind.AIM, RunKind.FRONTIER})
"""Runs that are looked at beside the one they ask about, on its page of scenarios."""


@bp.get("/rounds")
@access(*READERS)
def index() -> Page:
    may = bool(queries.alliances_for(g.call.actor)) and g.call.actor.has(*RUNNERS)
    actions = [Action(_("New round"), url_for("rounds.new"), method="get", kind="primary")] if may else []
    return render_template("rounds/index.html", page=paginate(queries.list_rounds(g.call.actor)), actions=actions)


@bp.get("/rounds/new")
@access(*RUNNERS)
def new() -> Page:
    return render_template("rounds/new.html", form=_form(None), parts=list(Part))


@bp.post("/rounds/new")
@access(*RUNNERS)
def create() -> Page:
    form = _form(None)
    if not _rows_changed(form) and form.validate_on_submit():
        with refusals_on(form):
            row = service.create_round(g.call, form.to_terms())
            flash(_("The round is open. Now choose its orders."), "success")
            return redirect(url_for("rounds.orders", round_id=row.id), 303)
    return render_template("rounds/new.html", form=form, parts=list(Part)), 422


@bp.get("/rounds/<int:round_id>")
@access(*READERS)
def show(round_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    return render_template(
        "rounds/show.html", **shown(row, RunForm(data={"time_limit": row.rules.get("time_limit", 60)}))
    )


@bp.get("/rounds/<int:round_id>/edit")
@access(*RUNNERS)
def edit(round_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    return _edit_page(row, _form(row))[0]


@bp.post("/rounds/<int:round_id>/edit")
@access(*RUNNERS)
def save(round_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    form = _form(row)
    if not _rows_changed(form) and form.validate_on_submit():
        with refusals_on(form):
            service.edit_round(g.call, round_id, form.to_terms(), form.seen.data or "")
            flash(_("Saved. The next run uses it."), "success")
            return redirect(url_for("rounds.show", round_id=round_id), 303)
    return _edit_page(row, form)


def _edit_page(row: Round, form: RoundForm) -> tuple[str, int]:
    meanwhile = form.show_mark(queries.settings_mark(row), _form(row, formdata=None))
    page = render_template("rounds/edit.html", round=row, form=form, parts=list(Part), meanwhile=meanwhile)
    return page, 409 if meanwhile else 422


@bp.post("/rounds/<int:round_id>/close")
@access(*RUNNERS)
def close(round_id: int) -> Page:
    service.close_round(g.call, round_id)
    flash(_("The round is closed. Enterprises can read why an order got nothing."), "success")
    return redirect(url_for("rounds.show", round_id=round_id), 303)


@bp.get("/rounds/<int:round_id>/reopen")
@access(*RUNNERS)
def reopen_form(round_id: int) -> Page:
    return render_template("rounds/reopen.html", round=queries.get_round(g.call, round_id), form=ReasonForm())


@bp.post("/rounds/<int:round_id>/reopen")
@access(*RUNNERS)
def reopen(round_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reopen_round(g.call, round_id, form.reason.data or "")
            return redirect(url_for("rounds.show", round_id=round_id), 303)
    return render_template("rounds/reopen.html", round=queries.get_round(g.call, round_id), form=form), 422


def shown(row: Round, form: RunForm) -> dict[str, Any]:
    """What the page of a round shows; also after a refused start of a run."""
    may = policy.may_run(g.call.actor, row.alliance_id)
    orders = picks.picked_orders(row.id)
    counts = picks.bid_counts([picked.order_id for picked in orders])
    return {
        "round": row,
        "form": form,
        "orders": orders,
        "bids": sum(counts.values()),
        "funds": picks.picked_funds(row.id),
        "runs": sorted((run for run in row.runs if run.kind not in ASIDE), key=lambda run: -run.id),
        "parts": [(part, row.weights.get(part.value, 0)) for part in Part],
        "can_run": bool(may) and ROUND.allows(row.state, "close"),
        "actions": _actions(row),
        "group_name": group_name,
    }


def _actions(row: Round) -> list[Action]:
    may = policy.may_run(g.call.actor, row.alliance_id)
    if not may:
        return []
    edits = [Action(_("Weights and rules"), url_for("rounds.edit", round_id=row.id), method="get")]
    moves = transition_actions(ROUND, row.state, {"close": (may, lambda: url_for("rounds.close", round_id=row.id))})
    reopening = ROUND.allows(row.state, "reopen")
    back = [Action(_("Reopen the round"), url_for("rounds.reopen_form", round_id=row.id), method="get")]
    return back if reopening else [*edits, *moves]


def _form(row: Round | None, **how: Any) -> RoundForm:
    """The form of a round, or of a new one; officers may choose the whole centre."""
    alliances = queries.alliances_for(g.call.actor)
    officer = g.call.actor.has(Role.CENTRE_OFFICER)
    return RoundForm(alliances, whole_centre=officer, kept=row, data=RoundForm.values_of(row), **how)


def _rows_changed(form: RoundForm) -> bool:
    """Add or remove a row for browsers without scripts; True when that was what the button asked for."""
    asked = "add_row" in request.form or "remove_row" in request.form
    if asked:
        form.change_rows("add_row" in request.form, request.form.get("remove_row", ""))
    return asked
