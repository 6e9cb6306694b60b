"""Pages of covenants and of who is bound by them."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.defence import policy, promises, queries, service
from marketplace.defence.forms import CovenantForm, OwnForm
from marketplace.defence.models import Covenant
from marketplace.defence.views.blueprint import OWNERS, STAFF, Page, bp, chosen, own
from marketplace.defence.workflow import COVENANT
from marketplace.kernel.call import OWNERS as OWNER_ROLES
from marketplace.kernel.call import Call
from marketplace.kernel.policy import YES
from marketplace.patents.cards import Part, add_to_card
from marketplace.patents.models import Patent
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import event_label


@bp.get("/defence/covenants/new")
@STAFF
def new_covenant() -> Page:
    return render_template("defence/covenant_form.html", form=_covenant_form())


@bp.post("/defence/covenants")
@STAFF
def propose_covenant() -> Page:
    form = _covenant_form()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.propose_covenant(g.call, form.alliance_id.data or 0, form.to_terms())
            flash(_("Proposed. A second person puts it in force."), "success")
            return redirect(url_for("defence.covenant", covenant_id=row.id), 303)
    return render_template("defence/covenant_form.html", form=form), 422


@bp.get("/defence/covenants/<int:covenant_id>")
@access(SIGNED_IN)
def covenant(covenant_id: int) -> Page:
    return _covenant_page(queries.get_covenant(g.call, covenant_id), own(OwnForm()))


@bp.post("/defence/covenants/<int:covenant_id>/enact")
@STAFF
def enact(covenant_id: int) -> Page:
    service.enact(g.call, covenant_id)
    flash(_("In force: members may bind themselves."), "success")
    return redirect(url_for("defence.covenant", covenant_id=covenant_id), 303)


@bp.get("/defence/covenants/<int:covenant_id>/stop")
@STAFF
def stopping_covenant(covenant_id: int) -> Page:
    row = queries.get_covenant(g.call, covenant_id)
    return render_template("defence/stop_covenant.html", covenant=row, form=ReasonForm())


@bp.post("/defence/covenants/<int:covenant_id>/stop")
@STAFF
def stop_covenant(covenant_id: int) -> Page:
    row, form = queries.get_covenant(g.call, covenant_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.stop_covenant(g.call, covenant_id, form.reason.data or "")
            flash(_("Stopped. Every member of the alliance sees the reason."), "success")
            return redirect(url_for("defence.covenant", covenant_id=covenant_id), 303)
    return render_template("defence/stop_covenant.html", covenant=row, form=form), 422


@bp.post("/defence/covenants/<int:covenant_id>/bind")
@OWNERS
def bind(covenant_id: int) -> Page:
    row, form = queries.get_covenant(g.call, covenant_id), own(OwnForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.bind(g.call, covenant_id, chosen(form))
            flash(_("Your organisation is bound from now on."), "success")
            return redirect(url_for("defence.covenant", covenant_id=covenant_id), 303)
    return _covenant_page(row, form), 422


@bp.post("/defence/covenants/<int:covenant_id>/unbind")
@OWNERS
def unbind(covenant_id: int) -> Page:
    row, form = queries.get_covenant(g.call, covenant_id), own(OwnForm())
    if form.validate_on_submit():
        with refusals_on(form):
            service.unbind(g.call, covenant_id, chosen(form))
            flash(_("Left. Patents held until now stay covered."), "success")
            return redirect(url_for("defence.covenant", covenant_id=covenant_id), 303)
    return _covenant_page(row, form), 422


@bp.get("/defence/covenant-transfers/<int:transfer_id>/spring")
@STAFF
def springing(transfer_id: int) -> Page:
    row = queries.get_transfer(g.call, transfer_id)
    policy.may_serve(g.call.actor, row.covenant.alliance_id).require()
    return render_template("defence/spring.html", transfer=row, form=ReasonForm())


@bp.post("/defence/covenant-transfers/<int:transfer_id>/spring")
@STAFF
def spring(transfer_id: int) -> Page:
    row, form = queries.get_transfer(g.call, transfer_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.spring(g.call, transfer_id, form.reason.data or "")
            flash(_("In effect: the bound members are licensed and were told."), "success")
            return redirect(url_for("defence.covenant", covenant_id=row.covenant_id), 303)
    return render_template("defence/spring.html", transfer=row, form=form), 422


@add_to_card
def covenants_card(call: Call, patent: Patent) -> Part | None:
    """Which covenants cover a patent, for members of their alliances; the owner reads whom a transfer would license."""
    found = []
    for covenant in promises.covering(patent):
        member = next((m for m in reversed(covenant.members) if m.organisation_id == patent.owner_id), None)
        if member is not None and policy.may_see_covenant(call.actor, covenant):
            others = promises.beneficiaries(covenant, patent.owner_id, call.now)
            found.append((covenant, member, len(others)))
    return Part("defence/on_card.html", found) if found and patent.sold_on is None else None


def _covenant_form() -> CovenantForm:
    form = CovenantForm()
    form.choose(queries.served_alliances(g.call.actor))
    return form


def _covenant_page(row: Covenant, form: OwnForm) -> str:
    actor = g.call.actor
    bound = {member.organisation_id for member in row.members if member.left_at is None}
    mine = actor.organisations if actor.has(*OWNER_ROLES) else frozenset()
    return render_template(
        "defence/covenant.html",
        covenant=row,
        form=form,
        patents=queries.covered_patents(row),
        transfers=queries.transfers_of(row.id),
        serves=bool(policy.may_serve(actor, row.alliance_id)),
        may_bind=bool(mine - bound) and COVENANT.allows(row.state, "end"),
        may_leave=bool(mine & bound),
        actions=_covenant_actions(row) if policy.may_serve(actor, row.alliance_id) else [],
    )


def _covenant_actions(row: Covenant) -> list[Action]:
    table = {"enact": (YES, lambda: url_for("defence.enact", covenant_id=row.id))}
    actions = transition_actions(COVENANT, row.state, table)
    for event in ("reject", "end"):
        if COVENANT.allows(row.state, event):
            url = url_for("defence.stopping_covenant", covenant_id=row.id)
            actions.append(Action(event_label("covenant", event), url, method="get"))
    return actions
