"""Objecting: the form after one's own result, the page of an objection, taking it back, appealing."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.awards import policy, queries, reading, service
from marketplace.awards.forms import AppealForm, ComplaintForm, FindingForm, SeenForm
from marketplace.awards.models import Award, Complaint
from marketplace.awards.views.blueprint import Page, bp
from marketplace.awards.views.offers import offers_of
from marketplace.kernel.errors import NotFound
from marketplace.rounds import outcomes
from marketplace.rounds.reading import own_rows
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.pages import paginate


@bp.get("/objections")
@access(SIGNED_IN)
def complaints() -> Page:
    """The objections the reader reads: own ones, and for the centre all of them."""
    page = paginate(queries.list_complaints(g.call.actor))
    rows = [reading.of(g.call.actor, row) for row in page.items]
    return render_template("awards/complaints.html", page=page, rows=rows)


@bp.get("/awards/<int:award_id>/objections/new")
@access(SIGNED_IN)
def new_complaint(award_id: int) -> Page:
    award = queries.get_noticed(g.call, award_id)
    return _new_page(award, _form(award, formdata=None))


@bp.post("/awards/<int:award_id>/objections")
@access(SIGNED_IN)
def file_complaint(award_id: int) -> Page:
    award = queries.get_noticed(g.call, award_id)
    form = _form(award)
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.file_complaint(g.call, award_id, form.to_terms())
            flash(_("Your objection is filed. The award stands still until it is decided."), "success")
            return redirect(url_for("awards.complaint", complaint_id=row.id), 303)
    award = queries.get_noticed(g.call, award_id)
    return _new_page(award, form), 422 if queries.takes_objections(g.call, award) else 409


@bp.get("/objections/<int:complaint_id>")
@access(SIGNED_IN)
def complaint(complaint_id: int) -> Page:
    return complaint_page(queries.get_for_panel(g.call, complaint_id))


@bp.get("/objections/<int:complaint_id>/file")
@access(SIGNED_IN)
def complaint_file(complaint_id: int) -> Page:
    row = queries.get_for_panel(g.call, complaint_id)
    if row.file is None or not reading.of(g.call.actor, row).full:
        raise NotFound("file")
    return storage.send(row.file)


@bp.post("/objections/<int:complaint_id>/withdraw")
@access(SIGNED_IN)
def withdraw_complaint(complaint_id: int) -> Page:
    service.withdraw_complaint(g.call, complaint_id)
    flash(_("Withdrawn."), "success")
    return redirect(url_for("awards.complaint", complaint_id=complaint_id), 303)


@bp.post("/objections/<int:complaint_id>/appeal")
@access(SIGNED_IN)
def appeal(complaint_id: int) -> Page:
    form = AppealForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.appeal(g.call, complaint_id, form.text.data or "")
            flash(_("Your appeal is filed. Two people who had no part in the decision will decide it."), "success")
            return redirect(url_for("awards.complaint", complaint_id=complaint_id), 303)
    return complaint_page(queries.get_complaint(g.call, complaint_id), appeal_form=form), 422


def complaint_page(
    row: Complaint,
    *,
    finding_form: FindingForm | None = None,
    reason_form: ReasonForm | None = None,
    appeal_form: AppealForm | None = None,
    errors: list[str] | None = None,
) -> str:
    """The page of one objection with what its reader may do now."""
    told = reading.of(g.call.actor, row)
    return render_template(
        "awards/complaint.html",
        told=told,
        complaint=row,
        award=row.award,
        offers=offers_of(g.call, row),
        late_appeal=row.appeal_until is not None and g.call.now >= row.appeal_until,
        finding_form=finding_form or FindingForm(formdata=None),
        reason_form=reason_form or ReasonForm(formdata=None),
        appeal_form=appeal_form or AppealForm(formdata=None),
        seen=SeenForm(formdata=None, data={"seen": told.waiting.content_hash if told.waiting else ""}),
        errors=errors or [],
    )


def _form(award: Award, **given: Any) -> ComplaintForm:
    form = ComplaintForm(**given)
    party = policy.is_enterprise(g.call.actor, queries.sides_of(award))
    members = [] if party else queries.member_organisations(g.call.actor)
    form.offer(queries.losing_bids_of(g.call.actor, award), members)
    return form


def _new_page(award: Award, form: ComplaintForm) -> str:
    results = [outcomes.of_bid(g.call, bid.id) for bid in queries.losing_bids_of(g.call.actor, award)]
    return render_template(
        "awards/new_complaint.html",
        award=award,
        form=form,
        late=not queries.takes_objections(g.call, award),
        over=g.call.now >= award.standstill_ends_at,
        results=[(result, own_rows(result.sheet, result.run)) for result in results],
    )
