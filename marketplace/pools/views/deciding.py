"""Pages on which owners offer, experts evaluate, and two people admit."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.alliances.queries import get_alliance
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.pools import policy, queries, service
from marketplace.pools.forms import AppointForm, EvaluationForm, OfferForm, RulesForm
from marketplace.pools.models import PoolOffer
from marketplace.pools.views.blueprint import bp
from marketplace.talent import queries as talent
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import SIGNED_IN, access

Page = str | Response | tuple[str, int]
MOST_EXPERTS = 40
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
STAFF = access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)


@bp.get("/patents/<int:patent_id>/pool")
@OWNERS
def new_offer(patent_id: int) -> Page:
    patent = patents.get_patent(g.call, patent_id)
    return render_template("pools/offer_form.html", form=_offer_form(patent), patent=patent)


@bp.post("/patents/<int:patent_id>/pool")
@OWNERS
def create_offer(patent_id: int) -> Page:
    patent = patents.get_patent(g.call, patent_id)
    form = _offer_form(patent)
    if form.validate_on_submit():
        with refusals_on(form):
            if form.alliance_id.data is None:
                raise Invalid("pools.not_member", field="alliance_id")
            row = service.offer_patent(g.call, patent_id, form.alliance_id.data, form.note.data or "")
            flash(_("Offered. The secretary now asks an independent expert."), "success")
            return redirect(url_for("pools.offer", offer_id=row.id), 303)
    return render_template("pools/offer_form.html", form=form, patent=patent), 422


@bp.get("/pool-offers/<int:offer_id>/expert")
@STAFF
def appointment(offer_id: int) -> Page:
    return _appoint_page(*_appoint_form(offer_id))


@bp.post("/pool-offers/<int:offer_id>/expert")
@STAFF
def appoint(offer_id: int) -> Page:
    row, form, close = _appoint_form(offer_id)
    if form.validate_on_submit():
        with refusals_on(form):
            if not form.address:
                raise Invalid("pools.choose_expert", field="expert")
            service.appoint_expert(g.call, offer_id, form.address)
            flash(_("The expert was asked."), "success")
            return redirect(url_for("pools.offer", offer_id=offer_id), 303)
    return _appoint_page(row, form, close), 422


@bp.get("/pool-offers/<int:offer_id>/evaluation")
@access(SIGNED_IN)
def evaluation(offer_id: int) -> Page:
    row = queries.get_offer(g.call, offer_id)
    policy.may_evaluate(g.call.actor, row).require()
    return render_template("pools/evaluation_form.html", form=EvaluationForm(), offer=row)


@bp.post("/pool-offers/<int:offer_id>/evaluation")
@access(SIGNED_IN)
def evaluate(offer_id: int) -> Page:
    row, form = queries.get_offer(g.call, offer_id), EvaluationForm()
    policy.may_evaluate(g.call.actor, row).require()
    if form.validate_on_submit():
        with refusals_on(form):
            service.evaluate(g.call, offer_id, form.to_terms())
            flash(_("Handed in. Two people of the alliance and the centre decide now."), "success")
            return redirect(url_for("pools.offer", offer_id=offer_id), 303)
    return render_template("pools/evaluation_form.html", form=form, offer=row), 422


@bp.post("/pool-offers/<int:offer_id>/propose")
@STAFF
def propose(offer_id: int) -> Page:
    service.propose_admission(g.call, offer_id)
    flash(_("Proposed. A different person must agree."), "success")
    return redirect(url_for("pools.offer", offer_id=offer_id), 303)


@bp.post("/pool-offers/<int:offer_id>/admit")
@STAFF
def admit(offer_id: int) -> Page:
    row = service.admit(g.call, offer_id)
    flash(_("The patent is in the pool."), "success")
    return redirect(url_for("pools.show", alliance_id=row.alliance_id), 303)


@bp.post("/pool-offers/<int:offer_id>/withdraw")
@OWNERS
def withdraw(offer_id: int) -> Page:
    service.withdraw(g.call, offer_id)
    flash(_("The offer was taken back."), "success")
    return redirect(url_for("pools.offer", offer_id=offer_id), 303)


@bp.get("/pool-offers/<int:offer_id>/refuse")
@STAFF
def refusal(offer_id: int) -> Page:
    return _reason_page(ReasonForm(), _served(offer_id), "refuse")


@bp.post("/pool-offers/<int:offer_id>/refuse")
@STAFF
def refuse(offer_id: int) -> Page:
    return _with_reason(offer_id, "refuse", service.refuse, _("Not admitted. The owner sees the reason."))


@bp.get("/pool-offers/<int:offer_id>/leave")
@OWNERS
def leaving(offer_id: int) -> Page:
    row = queries.get_offer(g.call, offer_id)
    policy.may_withdraw(g.call.actor, row).require()
    return _reason_page(ReasonForm(), row, "leave")


@bp.post("/pool-offers/<int:offer_id>/leave")
@OWNERS
def leave(offer_id: int) -> Page:
    return _with_reason(offer_id, "leave", service.leave, _("The patent left the pool. Licences that run go on."))


@bp.get("/pools/<int:alliance_id>/rules/new")
@STAFF
def new_rules(alliance_id: int) -> Page:
    policy.may_serve(g.call.actor, alliance_id).require()
    form, present = RulesForm(), queries.rules_of(alliance_id)
    if present is not None:
        form.fill(present)
    return render_template("pools/rules_form.html", form=form, alliance=get_alliance(g.call, alliance_id))


@bp.post("/pools/<int:alliance_id>/rules")
@STAFF
def propose_rules(alliance_id: int) -> Page:
    policy.may_serve(g.call.actor, alliance_id).require()
    form = RulesForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_rules(g.call, alliance_id, form.to_terms())
            flash(_("Proposed. The conditions hold once a different person has approved them."), "success")
            return redirect(url_for("pools.show", alliance_id=alliance_id, _anchor="rules"), 303)
    return render_template("pools/rules_form.html", form=form, alliance=get_alliance(g.call, alliance_id)), 422


@bp.post("/pool-rules/<int:rules_id>/approve")
@STAFF
def approve_rules(rules_id: int) -> Page:
    row = service.approve_rules(g.call, rules_id)
    flash(_("In force: new licences follow these conditions."), "success")
    return redirect(url_for("pools.show", alliance_id=row.alliance_id, _anchor="rules"), 303)


@bp.post("/pool-rules/<int:rules_id>/refuse")
@STAFF
def refuse_rules(rules_id: int) -> Page:
    row = service.refuse_rules(g.call, rules_id)
    flash(_("Dropped."), "success")
    return redirect(url_for("pools.show", alliance_id=row.alliance_id, _anchor="rules"), 303)


def _offer_form(patent: Patent) -> OfferForm:
    form = OfferForm()
    form.choose_alliance(queries.alliances_of(patent.owner_id))
    return form


def _appoint_form(offer_id: int) -> tuple[PoolOffer, AppointForm, int]:
    """The experts of the patent's field who are close to no holder, and how many others are."""
    row, form = _served(offer_id), AppointForm()
    experts = talent.experts_in(row.patent.field)
    close = service.close_to_holders(g.call, row, {expert.account.person_id for expert in experts})
    free = [expert for expert in experts if expert.account.person_id not in close]
    form.choose(free[:MOST_EXPERTS])
    return row, form, len(experts) - len(free)


def _appoint_page(row: PoolOffer, form: AppointForm, close: int) -> str:
    return render_template("pools/appoint.html", form=form, offer=row, close=close)


def _served(offer_id: int) -> PoolOffer:
    row = queries.get_offer(g.call, offer_id)
    policy.may_serve(g.call.actor, row.alliance_id).require()
    return row


def _with_reason(offer_id: int, event: str, act: Callable[..., PoolOffer], told: str) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            act(g.call, offer_id, form.reason.data or "")
            flash(told, "success")
            return redirect(url_for("pools.offer", offer_id=offer_id), 303)
    return _reason_page(form, queries.get_offer(g.call, offer_id), event), 422


def _reason_page(form: ReasonForm, offer: PoolOffer, event: str) -> str:
    return render_template("pools/reason.html", form=form, offer=offer, event=event)
