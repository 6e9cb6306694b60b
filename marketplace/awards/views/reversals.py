"""Taking awards and releases back: proposed by one officer, approved by another."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.accounts.proving import proved
from marketplace.approvals.service import proposers_of
from marketplace.awards import policy, queries, service
from marketplace.awards.forms import ReversalForm, SeenForm
from marketplace.awards.models import Reversal
from marketplace.awards.service.reversing import SUBJECT
from marketplace.awards.views.blueprint import READERS, Page, bp
from marketplace.awards.workflow import REVERSAL
from marketplace.kernel.call import Role
from marketplace.kernel.policy import no
from marketplace.rounds import queries as rounds
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access
from marketplace.web.pages import paginate
from marketplace.web.words import sentence


@bp.get("/reversals")
@access(*READERS)
def reversals() -> Page:
    return render_template("awards/reversals.html", page=paginate(queries.list_reversals()))


@bp.get("/awards/<int:award_id>/undo")
@access(Role.CENTRE_OFFICER)
def ask_undo(award_id: int) -> Page:
    return _undo_page(award_id, ReversalForm(formdata=None))


@bp.post("/awards/<int:award_id>/undo")
@access(Role.CENTRE_OFFICER)
def propose_undo(award_id: int) -> Page:
    form = ReversalForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.propose_undo(g.call, award_id, form.to_terms())
            flash(_("Proposed. A different person must now approve it."), "success")
            return redirect(url_for("awards.reversal", reversal_id=row.id), 303)
    return _undo_page(award_id, form), 422


@bp.get("/awards/recall/<int:run_id>")
@access(Role.CENTRE_OFFICER)
def ask_recall(run_id: int) -> Page:
    return _recall_page(run_id, ReversalForm(formdata=None))


@bp.post("/awards/recall/<int:run_id>")
@access(Role.CENTRE_OFFICER)
def propose_recall(run_id: int) -> Page:
    form = ReversalForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.propose_recall(g.call, run_id, form.to_terms())
            flash(_("Proposed. A different person must now approve it."), "success")
            return redirect(url_for("awards.reversal", reversal_id=row.id), 303)
    return _recall_page(run_id, form), 422


@bp.get("/reversals/<int:reversal_id>")
@access(*READERS)
def reversal(reversal_id: int) -> Page:
    return _page(queries.get_reversal(g.call, reversal_id))


@bp.post("/reversals/<int:reversal_id>/approve")
@access(Role.CENTRE_OFFICER)
@proved
def approve_reversal(reversal_id: int) -> Page:
    form = SeenForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.approve_reversal(g.call, reversal_id, form.seen.data or "")
            flash(_("Taken back. Money, person-days and bids stand as before, and everybody was told."), "success")
            return redirect(url_for("awards.reversal", reversal_id=reversal_id), 303)
    errors = [text for texts in form.errors.values() for text in texts]
    return _page(queries.get_reversal(g.call, reversal_id), errors=errors), 409


@bp.post("/reversals/<int:reversal_id>/refuse")
@access(Role.CENTRE_OFFICER)
def refuse_reversal(reversal_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.refuse_reversal(g.call, reversal_id, form.reason.data or "")
            flash(_("Not taken back; it goes on."), "success")
            return redirect(url_for("awards.reversal", reversal_id=reversal_id), 303)
    return _page(queries.get_reversal(g.call, reversal_id), form), 422


def _undo_page(award_id: int, form: ReversalForm) -> str:
    award = queries.get_award(g.call, award_id)
    return render_template("awards/undo.html", awards=[award], award=award, run=None, form=form)


def _recall_page(run_id: int, form: ReversalForm) -> str:
    run = rounds.get_run(g.call, run_id)
    return render_template("awards/undo.html", awards=queries.live_awards_of(run.id), award=None, run=run, form=form)


def _page(row: Reversal, form: ReasonForm | None = None, errors: list[str] | None = None) -> str:
    awards = [row.award] if row.award else queries.live_awards_of(row.run_id or 0)
    interests = queries.interests_of(g.call)
    parties = {party for award in awards for party in queries.parties_of(award)}
    decision = policy.may_reverse(g.call.actor, interests, parties)
    deciding = bool(decision)
    if decision and g.call.actor.person in proposers_of(SUBJECT, row.id, row.content_hash):
        decision = no("approvals.same_person")
    waits = REVERSAL.allows(row.state, "approve")
    return render_template(
        "awards/reversal.html",
        reversal=row,
        awards=awards,
        seen=SeenForm(formdata=None, data={"seen": row.content_hash}),
        form=form or ReasonForm(formdata=None),
        errors=errors or [],
        may_approve=waits and bool(decision),
        approve_reason=sentence(decision.reason, {}) if waits and not decision else "",
        may_refuse=waits and deciding,
    )
