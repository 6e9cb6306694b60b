"""Pages on which statements are filed, payments noted, and royalties divided."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.licences import policy, queries, service
from marketplace.licences.forms import ReceiptForm, StatementForm
from marketplace.licences.views.blueprint import bp
from marketplace.licences.workflow import Side, StatementState
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
SPEAKERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
CASHIERS = access(*sorted(policy.CASHIERS))


@bp.get("/royalty-statements/<int:statement_id>")
@OWNERS
def statement(statement_id: int) -> Page:
    row = queries.get_statement(g.call, statement_id)
    policy.may_act_for(g.call.actor, row.licence, Side.LICENSEE).require()
    return render_template("licences/statement.html", form=StatementForm(), statement=row)


@bp.post("/royalty-statements/<int:statement_id>")
@OWNERS
def file_statement(statement_id: int) -> Page:
    row, form = queries.get_statement(g.call, statement_id), StatementForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.file_statement(g.call, statement_id, form.sales.data or 0)  # type: ignore[arg-type]
            flash(_("Filed. The licensor may accept or question it."), "success")
            return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="statements"), 303)
    return render_template("licences/statement.html", form=form, statement=row), 422


@bp.post("/royalty-statements/<int:statement_id>/accept")
@SPEAKERS
def accept_statement(statement_id: int) -> Page:
    row = service.accept_statement(g.call, statement_id)
    waits = row.state is StatementState.FILED
    flash(_("Noted. It is accepted once its other owners accept it too.") if waits else _("Accepted."), "success")
    return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="statements"), 303)


@bp.get("/royalty-statements/<int:statement_id>/question")
@SPEAKERS
def questioning(statement_id: int) -> Page:
    row = queries.get_statement(g.call, statement_id)
    policy.may_act_for(g.call.actor, row.licence, Side.LICENSOR).require()
    return _reason_page(ReasonForm(), row.licence_id, url_for("licences.question_statement", statement_id=row.id))


@bp.post("/royalty-statements/<int:statement_id>/question")
@SPEAKERS
def question_statement(statement_id: int) -> Page:
    row, form = queries.get_statement(g.call, statement_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.question_statement(g.call, statement_id, form.reason.data or "")
            flash(_("Questioned: the licensee files it anew."), "success")
            return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="statements"), 303)
    return _reason_page(form, row.licence_id, url_for("licences.question_statement", statement_id=row.id)), 422


@bp.get("/licences/<int:licence_id>/receipts/new")
@CASHIERS
def new_receipt(licence_id: int) -> Page:
    row = queries.get_licence(g.call, licence_id)
    return render_template("licences/receipt.html", form=ReceiptForm(), licence=row)


@bp.post("/licences/<int:licence_id>/receipts")
@CASHIERS
def propose_receipt(licence_id: int) -> Page:
    row, form = queries.get_licence(g.call, licence_id), ReceiptForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_receipt(g.call, licence_id, form.amount.data, form.paper.data or "")  # type: ignore[arg-type]
            flash(_("Proposed. The money counts once a different person has approved it."), "success")
            return redirect(url_for("licences.show", licence_id=licence_id, _anchor="money"), 303)
    return render_template("licences/receipt.html", form=form, licence=row), 422


@bp.post("/royalty-receipts/<int:receipt_id>/approve")
@CASHIERS
def approve_receipt(receipt_id: int) -> Page:
    row = service.approve_receipt(g.call, receipt_id)
    flash(_("Booked: the licence holds the money now."), "success")
    return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="money"), 303)


@bp.get("/royalty-receipts/<int:receipt_id>/reject")
@CASHIERS
def rejecting_receipt(receipt_id: int) -> Page:
    row = queries.get_receipt(g.call, receipt_id)
    return _reason_page(ReasonForm(), row.licence_id, url_for("licences.reject_receipt", receipt_id=row.id))


@bp.post("/royalty-receipts/<int:receipt_id>/reject")
@CASHIERS
def reject_receipt(receipt_id: int) -> Page:
    row, form = queries.get_receipt(g.call, receipt_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reject_receipt(g.call, receipt_id, form.reason.data or "")
            flash(_("Rejected. No money was moved."), "success")
            return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="money"), 303)
    return _reason_page(form, row.licence_id, url_for("licences.reject_receipt", receipt_id=row.id)), 422


@bp.post("/licences/<int:licence_id>/distributions")
@CASHIERS
def propose_distribution(licence_id: int) -> Page:
    service.propose_distribution(g.call, licence_id)
    flash(_("Proposed. It is booked once a different person has approved exactly this division."), "success")
    return redirect(url_for("licences.show", licence_id=licence_id, _anchor="money"), 303)


@bp.post("/distributions/<int:distribution_id>/approve")
@CASHIERS
def approve_distribution(distribution_id: int) -> Page:
    row = service.approve_distribution(g.call, distribution_id)
    flash(_("Booked: everybody's part is in the statements."), "success")
    return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="money"), 303)


@bp.get("/distributions/<int:distribution_id>/reject")
@CASHIERS
def rejecting_distribution(distribution_id: int) -> Page:
    row = queries.get_distribution(g.call, distribution_id)
    return _reason_page(ReasonForm(), row.licence_id, url_for("licences.reject_distribution", distribution_id=row.id))


@bp.post("/distributions/<int:distribution_id>/reject")
@CASHIERS
def reject_distribution(distribution_id: int) -> Page:
    row, form = queries.get_distribution(g.call, distribution_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reject_distribution(g.call, distribution_id, form.reason.data or "")
            flash(_("Rejected. No money was moved."), "success")
            return redirect(url_for("licences.show", licence_id=row.licence_id, _anchor="money"), 303)
    return _reason_page(form, row.licence_id, url_for("licences.reject_distribution", distribution_id=row.id)), 422


def _reason_page(form: ReasonForm, licence_id: int, action: str) -> str:
    return render_template(
        "licences/money_reason.html", form=form, licence=queries.get_licence(g.call, licence_id), action=action
    )
