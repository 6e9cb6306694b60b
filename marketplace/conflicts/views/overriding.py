"""Overrides of found links: proposed by one officer, approved by another."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.accounts.proving import proved
from marketplace.approvals.service import proposers_of
from marketplace.conflicts import policy, queries, service
from marketplace.conflicts.forms import OverrideForm, SeenForm
from marketplace.conflicts.models import ConflictOverride
from marketplace.conflicts.terms import OverrideTerms
from marketplace.conflicts.views.blueprint import READERS, Page, bp
from marketplace.conflicts.workflow import OVERRIDE, LinkKind, Subject
from marketplace.kernel.call import Role
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import no
from marketplace.web.errors import refusals_on
from marketplace.web.filters import CITY
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access
from marketplace.web.words import sentence

LONGEST_KEY = 80


@bp.get("/conflicts/overrides/new/<kind>/<int:subject_id>/<key>")
@access(Role.CENTRE_OFFICER)
def new_override(kind: str, subject_id: int, key: str) -> Page:
    """Show the link that stands in the way and ask for the reason."""
    return _new_page(kind, subject_id, key, OverrideForm(formdata=None))


@bp.post("/conflicts/overrides/new/<kind>/<int:subject_id>/<key>")
@access(Role.CENTRE_OFFICER)
def propose_override(kind: str, subject_id: int, key: str) -> Page:
    form = OverrideForm()
    if form.validate_on_submit():
        with refusals_on(form):
            terms = OverrideTerms(_subject(kind), subject_id, key[:LONGEST_KEY], form.reason.data or "")
            row = service.propose_override(g.call, terms)
            flash(_("Proposed. A different person must now approve it."), "success")
            return redirect(url_for("conflicts.override", override_id=row.id), 303)
    return _new_page(kind, subject_id, key, form), 422


@bp.get("/conflicts/overrides/<int:override_id>")
@access(*READERS)
def override(override_id: int) -> Page:
    return _page(queries.get_override(g.call, override_id))


@bp.post("/conflicts/overrides/<int:override_id>/approve")
@access(Role.CENTRE_OFFICER)
@proved
def approve_override(override_id: int) -> Page:
    form = SeenForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.approve_override(g.call, override_id, form.seen.data or "")
            flash(_("Approved: the link no longer stands in the way of this one thing."), "success")
            return redirect(url_for("conflicts.override", override_id=override_id), 303)
    errors = [text for texts in form.errors.values() for text in texts]
    return _page(queries.get_override(g.call, override_id), errors=errors), 409


@bp.post("/conflicts/overrides/<int:override_id>/refuse")
@access(Role.CENTRE_OFFICER)
def refuse_override(override_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.refuse_override(g.call, override_id, form.reason.data or "")
            flash(_("Refused: the link stands in the way again."), "success")
            return redirect(url_for("conflicts.override", override_id=override_id), 303)
    return _page(queries.get_override(g.call, override_id), form), 422


def _subject(kind: str) -> Subject:
    if kind not in set(Subject):
        raise NotFound("link")
    return Subject(kind)


def _new_page(kind: str, subject_id: int, key: str, form: OverrideForm) -> str:
    link = queries.find_link(key[:LONGEST_KEY], g.call.now.astimezone(CITY).date())
    if link is None:
        raise NotFound("link")
    refused = policy.may_override(g.call.actor, link.persons)
    return render_template(
        "conflicts/new_override.html",
        link=link,
        subject_kind=_subject(kind),
        subject_id=subject_id,
        form=form,
        refused="" if refused else sentence(refused.reason, {}),
        here=request.path,
    )


def _page(row: ConflictOverride, form: ReasonForm | None = None, errors: list[str] | None = None) -> str:
    link = queries.find_link(row.key, g.call.now.astimezone(CITY).date())
    decision = policy.may_override(g.call.actor, link.persons if link else ())
    if decision and g.call.actor.person in proposers_of(queries.OVERRIDE, row.id, row.content_hash):
        decision = no("approvals.same_person")
    waits = OVERRIDE.allows(row.state, "approve")
    return render_template(
        "conflicts/override.html",
        override=row,
        kind=LinkKind(row.link["kind"]),
        seen=SeenForm(formdata=None, data={"seen": row.content_hash}),
        form=form or ReasonForm(formdata=None),
        errors=errors or [],
        may_approve=waits and bool(decision),
        approve_reason=sentence(decision.reason, {}) if waits and not decision else "",
        may_refuse=OVERRIDE.allows(row.state, "refuse") and bool(policy.may_override(g.call.actor, ())),
    )
