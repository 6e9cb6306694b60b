"""Everybody's own declarations, and the page of one declaration."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.accounts.queries import find_account
from marketplace.conflicts import policy, queries, service
from marketplace.conflicts.forms import ANOTHER, MYSELF, DeclareForm, IdentifyForm
from marketplace.conflicts.models import Relation
from marketplace.conflicts.terms import End
from marketplace.conflicts.views.blueprint import Page, bp
from marketplace.conflicts.workflow import COUNTING, RELATION, EndKind
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.storage import service as storage
from marketplace.web.actions import transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access


@bp.get("/conflicts/mine")
@access(SIGNED_IN)
def mine() -> Page:
    return render_template("conflicts/mine.html", relations=queries.list_own(g.call.actor))


@bp.get("/conflicts/new")
@access(SIGNED_IN)
def new() -> Page:
    return _declare_page(_form(formdata=None))


@bp.post("/conflicts")
@access(SIGNED_IN)
def declare() -> Page:
    form = _form()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.declare(g.call, form.to_terms(_near(form)))
            flash(_("Declared. It counts from now on; an officer will look at it."), "success")
            return redirect(url_for("conflicts.show", relation_id=row.id), 303)
    return _declare_page(form), 422


@bp.get("/conflicts/<int:relation_id>")
@access(SIGNED_IN)
def show(relation_id: int) -> Page:
    return _show_page(queries.get_relation(g.call, relation_id))


@bp.get("/conflicts/<int:relation_id>/file")
@access(SIGNED_IN)
def file(relation_id: int) -> Page:
    row = queries.get_relation(g.call, relation_id)
    if row.file is None:
        raise NotFound("file")
    return storage.send(row.file)


@bp.post("/conflicts/<int:relation_id>/withdraw")
@access(SIGNED_IN)
def withdraw(relation_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.withdraw(g.call, relation_id, form.reason.data or "")
            flash(_("Withdrawn. The declaration stays readable for you and for the centre."), "success")
            return redirect(url_for("conflicts.mine"), 303)
    return _show_page(queries.get_relation(g.call, relation_id), form), 422


@bp.post("/conflicts/<int:relation_id>/confirm")
@access(Role.CENTRE_OFFICER)
def confirm(relation_id: int) -> Page:
    service.confirm(g.call, relation_id)
    flash(_("Confirmed."), "success")
    return redirect(url_for("conflicts.show", relation_id=relation_id), 303)


@bp.post("/conflicts/<int:relation_id>/refuse")
@access(Role.CENTRE_OFFICER)
def refuse(relation_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.refuse(g.call, relation_id, form.reason.data or "")
            flash(_("Refused: it counts no more, and stays readable."), "success")
            return redirect(url_for("conflicts.show", relation_id=relation_id), 303)
    return _show_page(queries.get_relation(g.call, relation_id), form), 422


@bp.post("/conflicts/<int:relation_id>/identify")
@access(Role.CENTRE_OFFICER)
def identify(relation_id: int) -> Page:
    form = _identify_form(queries.get_relation(g.call, relation_id))
    if form.validate_on_submit():
        with refusals_on(form):
            service.identify(g.call, relation_id, form.other_id.data)
            flash(_("Identified: checks find this relation from now on."), "success")
            return redirect(url_for("conflicts.show", relation_id=relation_id), 303)
    return _show_page(queries.get_relation(g.call, relation_id), identify_form=form), 422


def _form(**given: Any) -> DeclareForm:
    form = DeclareForm(**given)
    form.offer(queries.owned_organisations(g.call.actor), staff=g.call.actor.has(Role.CENTRE_OFFICER))
    return form


def _near(form: DeclareForm) -> End:
    """The end that the declaration is about, as the form names it."""
    if form.near.data == MYSELF:
        return End(EndKind.PERSON, g.call.actor.person or 0)
    if form.near.data != ANOTHER:
        return End(EndKind.ORGANISATION, int(form.near.data))
    named = form.near_name.data or ""
    account = find_account(named)
    if account is not None:
        return End(EndKind.PERSON, account.person_id)
    organisation = queries.find_organisation(named)
    if organisation is None:
        raise Invalid("conflicts.nobody", field="near_name")
    return End(EndKind.ORGANISATION, organisation.id)


def _declare_page(form: DeclareForm) -> str:
    return render_template("conflicts/declare.html", form=form, staff=g.call.actor.has(Role.CENTRE_OFFICER))


def _identify_form(row: Relation, **given: Any) -> IdentifyForm:
    form = IdentifyForm(**given)
    form.offer(queries.candidates(row))
    return form


def _show_page(row: Relation, form: ReasonForm | None = None, identify_form: IdentifyForm | None = None) -> str:
    actor = g.call.actor
    deciding = policy.may_decide(actor, row.person_ids)
    offers = {"confirm": (deciding, lambda: url_for("conflicts.confirm", relation_id=row.id))}
    reads_all = bool(policy.may_read_all(actor))
    unknown = reads_all and row.other is None and row.state in COUNTING
    return render_template(
        "conflicts/show.html",
        relation=row,
        reads_all=reads_all,
        form=form or ReasonForm(formdata=None),
        actions=transition_actions(RELATION, row.state, offers, primary="confirm") if reads_all else [],
        may_refuse=RELATION.allows(row.state, "refuse") and bool(deciding),
        may_withdraw=RELATION.allows(row.state, "withdraw") and bool(policy.may_withdraw(actor, row.declared_by)),
        unknown=unknown,
        identify_form=(identify_form or _identify_form(row, formdata=None)) if unknown and deciding else None,
    )
