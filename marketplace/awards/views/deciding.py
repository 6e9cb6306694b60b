"""The centre's side of an objection: accept it, answer it, approve the answer, and the panel's appeal."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from marketplace.accounts.proving import proved
from marketplace.awards import queries, service
from marketplace.awards.forms import FindingForm, SeenForm
from marketplace.awards.views.blueprint import PANEL, Page, bp
from marketplace.awards.views.complaints import complaint_page
from marketplace.kernel.call import Role
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access


@bp.post("/objections/<int:complaint_id>/accept")
@access(Role.CENTRE_OFFICER)
def accept_complaint(complaint_id: int) -> Page:
    service.accept_complaint(g.call, complaint_id)
    flash(_("Accepted. Answer it before its deadline."), "success")
    return _back(complaint_id)


@bp.post("/objections/<int:complaint_id>/reject")
@access(Role.CENTRE_OFFICER)
def reject_complaint(complaint_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.reject_complaint(g.call, complaint_id, form.reason.data or "")
            flash(_("Found inadmissible. Whoever objected may appeal; the award waits so long."), "success")
            return _back(complaint_id)
    return complaint_page(queries.get_for_panel(g.call, complaint_id), reason_form=form), 422


@bp.post("/objections/<int:complaint_id>/answer")
@access(Role.CENTRE_OFFICER)
def answer_complaint(complaint_id: int) -> Page:
    form = FindingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.answer_complaint(g.call, complaint_id, form.to_terms())
            flash(_("Answered. A different person must approve it before anybody reads it."), "success")
            return _back(complaint_id)
    return complaint_page(queries.get_for_panel(g.call, complaint_id), finding_form=form), 422


@bp.post("/objections/<int:complaint_id>/review")
@access(*PANEL)
def review_appeal(complaint_id: int) -> Page:
    form = FindingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.review_appeal(g.call, complaint_id, form.to_terms())
            flash(_("Found. A second member of the panel must approve it."), "success")
            return _back(complaint_id)
    return complaint_page(queries.get_for_panel(g.call, complaint_id), finding_form=form), 422


@bp.post("/objections/<int:complaint_id>/approve")
@access(*PANEL)
@proved
def approve_finding(complaint_id: int) -> Page:
    form = SeenForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.approve_finding(g.call, complaint_id, form.seen.data or "")
            flash(_("Decided. Everybody concerned was told."), "success")
            return _back(complaint_id)
    errors = [text for texts in form.errors.values() for text in texts]
    return complaint_page(queries.get_for_panel(g.call, complaint_id), errors=errors), 409


@bp.post("/objections/<int:complaint_id>/return")
@access(*PANEL)
def return_finding(complaint_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.return_finding(g.call, complaint_id, form.reason.data or "")
            flash(_("Returned. It must be found anew."), "success")
            return _back(complaint_id)
    return complaint_page(queries.get_for_panel(g.call, complaint_id), reason_form=form), 422


def _back(complaint_id: int) -> Page:
    return redirect(url_for("awards.complaint", complaint_id=complaint_id), 303)
