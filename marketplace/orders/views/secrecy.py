"""Pages of confidentiality agreements: ask and sign for teams, see and end for the enterprise."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import agreement, ndas, policy, queries, service
from marketplace.orders.forms import TeamForm
from marketplace.orders.models import Nda, Order
from marketplace.orders.views.actions import room_tabs
from marketplace.orders.views.blueprint import bp
from marketplace.orders.workflow import NDA
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import ReasonForm, plain
from marketplace.web.guards import access
from marketplace.web.pages import paginate
from marketplace.web.words import event_label, sentence

READERS = (*sorted(ENTERPRISE), Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER, Role.AUDITOR)
Answer = Response | tuple[str, int]


@bp.get("/ndas", endpoint="ndas")
@access(*UNIVERSITY)
def mine() -> str:
    """The agreements of the reader's teams, those that wait for a signature first."""
    page = paginate(ndas.list_own(g.call.actor))
    return render_template("orders/ndas.html", page=page, tabs=room_tabs(g.call.actor), now=g.call.now)


@bp.get("/orders/<int:order_id>/ndas")
@access(*READERS)
def ndas_of_order(order_id: int) -> str:
    """Everybody who asked for the confidential part of one order, and who has it now."""
    order = queries.get_order(g.call, order_id)
    if not policy.reads_ndas(g.call.actor, order):
        raise NotFound("order")
    page = paginate(ndas.list_of_order(order))
    return render_template("orders/ndas_of_order.html", order=order, page=page, now=g.call.now)


@bp.get("/orders/<int:order_id>/nda")
@access(*UNIVERSITY)
def request_nda_form(order_id: int) -> str:
    """Choose the team that asks for the confidential part."""
    order = queries.get_order(g.call, order_id)
    return _request_page(order, _team_form(order))


@bp.post("/orders/<int:order_id>/nda")
@access(*UNIVERSITY)
def request_nda(order_id: int) -> Answer:
    """Ask for the confidential part."""
    order = queries.get_order(g.call, order_id)
    form = _team_form(order)
    if form.validate_on_submit():
        with refusals_on(form):
            nda = service.request_nda(g.call, order_id, form.team.data)
            flash(_("Asked. The signatory of your institution is told by mail."), "success")
            return redirect(url_for("orders.nda", nda_id=nda.id), 303)
    return _request_page(order, form), 422


def _team_form(order: Order) -> TeamForm:
    """The teams that have no agreement on this order yet."""
    form, taken = TeamForm(), {nda.team_id for nda in ndas.alive_for(g.call.actor, order)}
    teams = [team for team in ndas.teams_of(g.call.actor) if team.id not in taken]
    form.team.choices = [(team.id, f"{in_language(team)} · {in_language(team.organisation)}") for team in teams]
    return form


def _request_page(order: Order, form: TeamForm) -> str:
    alive = ndas.alive_for(g.call.actor, order)
    return render_template("orders/request_nda.html", order=order, form=form, alive=alive, now=g.call.now)


@bp.get("/ndas/<int:nda_id>")
@access(*UNIVERSITY, *READERS)
def nda(nda_id: int) -> str:
    """One agreement: its text, who signed, what one may do."""
    return _page(ndas.get_nda(g.call, nda_id), ReasonForm())


def _page(found: Nda, form: ReasonForm) -> str:
    return render_template(
        "orders/nda.html",
        nda=found,
        order=found.order,
        clauses=agreement.clauses(found),
        is_live=found.is_live(g.call.now),
        actions=_actions(g.call, found),
        ending=_ending(g.call, found),
        form=form,
    )


def _actions(call: Call, found: Nda) -> list[Action]:
    """Return sign and withdraw, whichever the table and the policy allow; who may not sign reads why."""
    actions = []
    decision = policy.may_sign_nda(call.actor, found)
    if NDA.allows(found.state, "sign") and decision.reason != "hidden":
        question = _("Sign this agreement for your institution?")
        reason = "" if decision else sentence(decision.reason, {})
        url = url_for("orders.sign_nda", nda_id=found.id, fingerprint=agreement.fingerprint(found.order, found.team))
        actions.append(Action(event_label("nda", "sign"), url, "post", "primary", question, reason))
    if NDA.allows(found.state, "withdraw") and policy.may_withdraw_nda(call.actor, found):
        url = url_for("orders.withdraw_nda", nda_id=found.id)
        actions.append(Action(event_label("nda", "withdraw"), url, "post"))
    if found.is_live(call.now):
        actions.append(
            Action(_("Read the confidential part"), url_for("orders.show", order_id=found.order_id) + "#secret", "get")
        )
    return actions


def _ending(call: Call, found: Nda) -> str:
    """Return the event by which the enterprise would end this agreement, "" for everybody else and when it is over."""
    if not policy.may_end_nda(call.actor, found):
        return ""
    return next((event for event in ("decline", "revoke") if NDA.allows(found.state, event)), "")


@bp.post("/ndas/<int:nda_id>/sign/<fingerprint>")
@access(Role.UNIVERSITY_OWNER)
def sign_nda(nda_id: int, fingerprint: str) -> Response:
    """Sign the text that was shown; its fingerprint came with the page."""
    service.sign_nda(g.call, nda_id, fingerprint)
    flash(_("Signed. The team reads the confidential part from now on."), "success")
    return redirect(url_for("orders.nda", nda_id=nda_id), 303)


@bp.post("/ndas/<int:nda_id>/withdraw")
@access(*UNIVERSITY)
def withdraw_nda(nda_id: int) -> Response:
    """Take the request back."""
    service.withdraw_nda(g.call, nda_id)
    flash(_("The request was taken back."), "success")
    return redirect(url_for("orders.nda", nda_id=nda_id), 303)


@bp.post("/ndas/<int:nda_id>/decline")
@access(*ENTERPRISE)
def decline_nda(nda_id: int) -> Answer:
    """The enterprise declines the request."""
    return _end(nda_id, "decline")


@bp.post("/ndas/<int:nda_id>/revoke")
@access(*ENTERPRISE)
def revoke_nda(nda_id: int) -> Answer:
    """The enterprise ends access early."""
    return _end(nda_id, "revoke")


def _end(nda_id: int, event: str) -> Answer:
    found, form = ndas.get_nda(g.call, nda_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            {"decline": service.decline_nda, "revoke": service.revoke_nda}[event](
                g.call, nda_id, plain(form.reason.data)
            )
            flash(_("Ended. The team is told by mail."), "success")
            return redirect(url_for("orders.ndas_of_order", order_id=found.order_id), 303)
    return _page(found, form), 422
