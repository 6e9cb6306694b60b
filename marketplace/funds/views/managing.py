"""Pages on which fund managers set rules, and two people bring money in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.funds import policy, queries, service
from marketplace.funds.forms import ContributionForm, FundForm
from marketplace.funds.models import Fund
from marketplace.funds.views.blueprint import bp
from marketplace.kernel.call import Role
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access

Page = str | Response | tuple[str, int]

MANAGERS = access(Role.FUND_MANAGER)
CONTRIBUTORS = access(Role.FUND_MANAGER, Role.CENTRE_OFFICER)


@bp.get("/funds/new")
@MANAGERS
def new() -> Page:
    return _fund_page(_fund_form(None), None)


@bp.post("/funds")
@MANAGERS
def create() -> Page:
    form = _fund_form(None)
    if form.validate_on_submit():
        with refusals_on(form):
            fund = service.create_fund(g.call, form.to_terms())
            flash(_("The fund exists as a draft. Bring money in, then open it."), "success")
            return redirect(url_for("funds.show", fund_id=fund.id), 303)
    return _fund_page(form, None), 422


@bp.get("/funds/<int:fund_id>/edit")
@MANAGERS
def edit(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    return _fund_page(_fund_form(fund), fund)


@bp.post("/funds/<int:fund_id>")
@MANAGERS
def change(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    form = _fund_form(fund)
    if form.validate_on_submit():
        with refusals_on(form):
            service.change_rules(g.call, fund_id, form.to_terms(), form.seen_version)
            flash(_("The rules were changed. They hold for every approval from now on."), "success")
            return redirect(url_for("funds.show", fund_id=fund_id), 303)
    form.show_version(fund.version)
    return _fund_page(form, fund), 422


@bp.post("/funds/<int:fund_id>/open")
@MANAGERS
def open_fund(fund_id: int) -> Page:
    service.open_fund(g.call, fund_id)
    flash(_("The fund is open: rounds can propose its money."), "success")
    return redirect(url_for("funds.show", fund_id=fund_id), 303)


@bp.get("/funds/<int:fund_id>/close")
@MANAGERS
def close(fund_id: int) -> Page:
    return _closing_page(ReasonForm(), queries.get_fund(g.call, fund_id))


@bp.post("/funds/<int:fund_id>/close")
@MANAGERS
def close_fund(fund_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.close_fund(g.call, fund_id, form.reason.data or "")
            flash(_("The fund is closed. What was reserved or committed stays so."), "success")
            return redirect(url_for("funds.show", fund_id=fund_id), 303)
    return _closing_page(form, queries.get_fund(g.call, fund_id)), 422


@bp.get("/funds/<int:fund_id>/contributions/new")
@CONTRIBUTORS
def new_contribution(fund_id: int) -> Page:
    return _contribution_page(ContributionForm(), queries.get_fund(g.call, fund_id))


@bp.post("/funds/<int:fund_id>/contributions")
@CONTRIBUTORS
def propose_contribution(fund_id: int) -> Page:
    form = ContributionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_contribution(g.call, fund_id, form.to_terms())
            flash(_("Proposed. The money counts once a different person has approved it."), "success")
            return redirect(url_for("funds.show", fund_id=fund_id, _anchor="contributions"), 303)
    return _contribution_page(form, queries.get_fund(g.call, fund_id)), 422


@bp.post("/contributions/<int:contribution_id>/approve")
@CONTRIBUTORS
def approve_contribution(contribution_id: int) -> Page:
    row = service.approve_contribution(g.call, contribution_id)
    flash(_("Approved: the money is available."), "success")
    return redirect(url_for("funds.show", fund_id=row.fund_id), 303)


@bp.get("/contributions/<int:contribution_id>/reject")
@CONTRIBUTORS
def rejection(contribution_id: int) -> Page:
    return _rejection_page(ReasonForm(), contribution_id)


@bp.post("/contributions/<int:contribution_id>/reject")
@CONTRIBUTORS
def reject_contribution(contribution_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.reject_contribution(g.call, contribution_id, form.reason.data or "")
            flash(_("Rejected. No money was moved."), "success")
            return redirect(url_for("funds.show", fund_id=row.fund_id, _anchor="contributions"), 303)
    return _rejection_page(form, contribution_id), 422


def _fund_form(fund: Fund | None) -> FundForm:
    policy.may_manage(g.call.actor).require()
    form = FundForm(obj=fund)
    form.choose_alliance(queries.alliances())
    return form


def _fund_page(form: FundForm, fund: Fund | None) -> str:
    return render_template("funds/fund_form.html", form=form, fund=fund)


def _closing_page(form: ReasonForm, fund: Fund) -> str:
    return render_template("funds/close.html", form=form, fund=fund)


def _contribution_page(form: ContributionForm, fund: Fund) -> str:
    return render_template("funds/contribution_form.html", form=form, fund=fund)


def _rejection_page(form: ReasonForm, contribution_id: int) -> str:
    row = queries.get_contribution(g.call, contribution_id)
    return render_template("funds/reject.html", form=form, contribution=row)
