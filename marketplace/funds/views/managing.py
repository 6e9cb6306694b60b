"""Pages on which fund managers open and close funds, and two people bring money in or move it on."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.funds import queries, service
from marketplace.funds.forms import ContributionForm, TransferForm
from marketplace.funds.models import Fund
from marketplace.funds.views.blueprint import CONTRIBUTORS, MANAGERS, Page, bp
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm


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


@bp.get("/funds/<int:fund_id>/transfers/new")
@CONTRIBUTORS
def new_transfer(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    return _transfer_page(_transfer_form(fund), fund)


@bp.post("/funds/<int:fund_id>/transfers")
@CONTRIBUTORS
def propose_transfer(fund_id: int) -> Page:
    fund = queries.get_fund(g.call, fund_id)
    form = _transfer_form(fund)
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_transfer(g.call, fund_id, form.to_terms())
            flash(_("Proposed. The money moves once a different person has approved it."), "success")
            return redirect(url_for("funds.show", fund_id=fund_id, _anchor="transfers"), 303)
    return _transfer_page(form, fund), 422


@bp.post("/fund-transfers/<int:transfer_id>/approve")
@CONTRIBUTORS
def approve_transfer(transfer_id: int) -> Page:
    row = service.approve_transfer(g.call, transfer_id)
    flash(_("Approved: the money is in the other fund."), "success")
    return redirect(url_for("funds.show", fund_id=row.source_id, _anchor="transfers"), 303)


@bp.get("/fund-transfers/<int:transfer_id>/reject")
@CONTRIBUTORS
def transfer_rejection(transfer_id: int) -> Page:
    return _transfer_rejection_page(ReasonForm(), transfer_id)


@bp.post("/fund-transfers/<int:transfer_id>/reject")
@CONTRIBUTORS
def reject_transfer(transfer_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.reject_transfer(g.call, transfer_id, form.reason.data or "")
            flash(_("Rejected. No money was moved."), "success")
            return redirect(url_for("funds.show", fund_id=row.source_id, _anchor="transfers"), 303)
    return _transfer_rejection_page(form, transfer_id), 422


def _transfer_form(fund: Fund) -> TransferForm:
    form = TransferForm()
    form.choose_target(queries.targets_of(fund))
    return form


def _transfer_page(form: TransferForm, fund: Fund) -> str:
    return render_template("funds/transfer_form.html", form=form, fund=fund)


def _transfer_rejection_page(form: ReasonForm, transfer_id: int) -> str:
    return render_template("funds/reject_transfer.html", form=form, transfer=queries.get_transfer(g.call, transfer_id))


def _closing_page(form: ReasonForm, fund: Fund) -> str:
    return render_template("funds/close.html", form=form, fund=fund)


def _contribution_page(form: ContributionForm, fund: Fund) -> str:
    return render_template("funds/contribution_form.html", form=form, fund=fund)


def _rejection_page(form: ReasonForm, contribution_id: int) -> str:
    row = queries.get_contribution(g.call, contribution_id)
    return render_template("funds/reject.html", form=form, contribution=row)
