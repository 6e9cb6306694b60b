"""Pages of contests for prior art."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.defence import policy, queries, service
from marketplace.defence.forms import ArtForm, AwardForm, ContestForm, PayForm
from marketplace.defence.models import Contest, DefenceCase
from marketplace.defence.views.blueprint import PAYERS, STAFF, STAFF_AND_PAYERS, Page, bp
from marketplace.defence.workflow import CONTEST, ContestState
from marketplace.kernel.policy import YES
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label


@bp.get("/defence/cases/<int:case_id>/contests/new")
@STAFF
def new_contest(case_id: int) -> Page:
    row = _staffed(case_id)
    return render_template("defence/contest_form.html", case=row, form=_contest_form(row))


@bp.post("/defence/cases/<int:case_id>/contests")
@STAFF
def propose_contest(case_id: int) -> Page:
    row = _staffed(case_id)
    form = _contest_form(row)
    if form.validate_on_submit():
        with refusals_on(form):
            made = service.propose_contest(g.call, case_id, form.to_terms())
            flash(_("Proposed. A second person releases the bounty."), "success")
            return redirect(url_for("defence.contest", contest_id=made.id), 303)
    return render_template("defence/contest_form.html", case=row, form=form), 422


@bp.get("/defence/contests/<int:contest_id>")
@access(SIGNED_IN)
def contest(contest_id: int) -> Page:
    return _contest_page(queries.get_contest(g.call, contest_id), AwardForm())


@bp.post("/defence/contests/<int:contest_id>/open")
@PAYERS
def open_contest(contest_id: int) -> Page:
    service.open_contest(g.call, contest_id)
    flash(_("Open: the bounty is reserved, and everybody signed in may send art."), "success")
    return redirect(url_for("defence.contest", contest_id=contest_id), 303)


@bp.get("/defence/contests/<int:contest_id>/enter")
@access(SIGNED_IN)
def entering(contest_id: int) -> Page:
    row = queries.get_contest(g.call, contest_id)
    policy.may_enter(g.call.actor, row).require()
    return render_template("defence/art_form.html", contest=row, form=_art_form(row))


@bp.post("/defence/contests/<int:contest_id>/enter")
@access(SIGNED_IN)
def enter(contest_id: int) -> Page:
    row = queries.get_contest(g.call, contest_id)
    form = _art_form(row)
    if form.validate_on_submit():
        with refusals_on(form):
            service.enter(g.call, contest_id, form.to_terms())
            flash(_("Entered. No other entrant reads your chart."), "success")
            return redirect(url_for("defence.contest", contest_id=contest_id), 303)
    return render_template("defence/art_form.html", contest=row, form=form), 422


@bp.post("/defence/contests/<int:contest_id>/propose-award")
@STAFF
def propose_award(contest_id: int) -> Page:
    row, form = queries.get_contest(g.call, contest_id), AwardForm()
    form.holding.choices = []
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_award(g.call, contest_id, [key for key in form.holding.data or [] if key])
            flash(_("Proposed. A second person confirms the award."), "success")
            return redirect(url_for("defence.contest", contest_id=contest_id), 303)
    return _contest_page(row, form), 422


@bp.post("/defence/contests/<int:contest_id>/think-again")
@PAYERS
def think_again(contest_id: int) -> Page:
    service.think_again(g.call, contest_id)
    flash(_("The entries are judged anew."), "success")
    return redirect(url_for("defence.contest", contest_id=contest_id), 303)


@bp.post("/defence/contests/<int:contest_id>/award")
@PAYERS
def award(contest_id: int) -> Page:
    service.award(g.call, contest_id)
    flash(_("Awarded: the prizes are committed, and the rest is back in the fund."), "success")
    return redirect(url_for("defence.contest", contest_id=contest_id), 303)


@bp.get("/defence/contests/<int:contest_id>/pay")
@PAYERS
def paying(contest_id: int) -> Page:
    row = queries.get_contest(g.call, contest_id)
    return render_template("defence/pay.html", contest=row, form=PayForm())


@bp.post("/defence/contests/<int:contest_id>/pay")
@PAYERS
def pay(contest_id: int) -> Page:
    row, form = queries.get_contest(g.call, contest_id), PayForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.pay(g.call, contest_id, form.bank_reference.data or "")
            flash(_("Paid: the fund's ledger shows it."), "success")
            return redirect(url_for("defence.contest", contest_id=contest_id), 303)
    return render_template("defence/pay.html", contest=row, form=form), 422


@bp.get("/defence/contests/<int:contest_id>/end")
@STAFF_AND_PAYERS
def ending_contest(contest_id: int) -> Page:
    return render_template(
        "defence/end_contest.html", contest=queries.get_contest(g.call, contest_id), form=ReasonForm()
    )


@bp.post("/defence/contests/<int:contest_id>/end")
@STAFF_AND_PAYERS
def end_contest(contest_id: int) -> Page:
    row, form = queries.get_contest(g.call, contest_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.end_contest(g.call, contest_id, form.reason.data or "")
            flash(_("Ended; a reserved bounty is back in the fund."), "success")
            return redirect(url_for("defence.contest", contest_id=contest_id), 303)
    return render_template("defence/end_contest.html", contest=row, form=form), 422


def _staffed(case_id: int) -> DefenceCase:
    row = queries.get_case(g.call, case_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return row


def _contest_form(row: DefenceCase) -> ContestForm:
    form = ContestForm()
    form.choose(row.numbers, queries.bounty_funds(row.alliance_id))
    return form


def _art_form(row: Contest) -> ArtForm:
    form = ArtForm()
    form.lay_out(row.elements)
    return form


def _contest_page(row: Contest, form: AwardForm) -> str:
    actor, arts = g.call.actor, queries.arts_of(row.id)
    readable = [art for art in arts if policy.may_read_chart(actor, art)]
    serves = bool(policy.may_serve(actor, row.case.alliance_id))
    judging = serves and row.state is ContestState.OPEN and g.call.now >= row.closes_at and bool(arts)
    chosen = [int(value) for value in request.form.getlist("holding") if value.isdigit()]
    return render_template(
        "defence/contest.html",
        contest=row,
        arts=readable,
        form=form,
        chosen=chosen,
        judging=judging,
        takes=row.state is ContestState.OPEN and g.call.now < row.closes_at,
        sees_case=bool(policy.may_see_case(actor, row.case)),
        actions=_contest_actions(row, serves),
    )


def _contest_actions(row: Contest, serves: bool) -> list[Action]:
    actor, actions = g.call.actor, []
    if policy.may_move_bounty(actor):
        routes = {"open": "defence.open_contest", "award": "defence.award", "think_again": "defence.think_again"}
        table = {
            event: (YES, lambda endpoint=endpoint: url_for(endpoint, contest_id=row.id))
            for event, endpoint in routes.items()
        }
        actions += transition_actions(CONTEST, row.state, table)
        if CONTEST.allows(row.state, "pay"):
            actions.append(_link(row, "pay", "defence.paying", "primary"))
    if (serves or policy.may_move_bounty(actor)) and CONTEST.allows(row.state, "end"):
        actions.append(_link(row, "end", "defence.ending_contest", "secondary"))
    if row.state is ContestState.OPEN and g.call.now < row.closes_at and policy.may_enter(actor, row):
        url = url_for("defence.entering", contest_id=row.id)
        actions.append(Action(_("Send prior art"), url, method="get", kind="primary"))
    return actions


def _link(row: Contest, event: str, endpoint: str, kind: str) -> Action:
    return Action(event_label("contest", event), url_for(endpoint, contest_id=row.id), method="get", kind=kind)
