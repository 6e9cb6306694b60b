"""Pages of delivery: a contract's milestones as a strip, one milestone with what was delivered and said about it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from marketplace.contracts import once, progress, service
from marketplace.contracts.forms import (
    AdviceForm,
    AmountForm,
    DeliverForm,
    DisputeForm,
    ExpertForm,
    OpinionForm,
    VerdictForm,
    evidence_of,
)
from marketplace.contracts.milestones import abilities
from marketplace.contracts.queries import contracts, delivery
from marketplace.contracts.service.delivering import decision_content
from marketplace.contracts.views.blueprint import PARTIES, READERS, STAFF, bp, tabs_of
from marketplace.contracts.workflow import Outcome
from marketplace.storage import service as storage
from marketplace.web.errors import refusals_on
from marketplace.web.filters import CITY
from marketplace.web.guards import SIGNED_IN, access
from marketplace.web.words import label

Page = str | Response | tuple[str, int]
ANYBODY = access(SIGNED_IN)
"""The parties, the staff, and an appointed expert, who has no role of its own: the query decides."""


@bp.get("/contracts/<int:contract_id>/delivery")
@READERS
def delivery_page(contract_id: int) -> Page:
    contract = contracts.get_contract(g.call, contract_id)
    milestones = delivery.milestones_of(contract)
    return render_template(
        "contracts/delivery.html",
        contract=contract,
        tabs=tabs_of(contract),
        milestones=milestones,
        strip=progress.strip(contract, milestones, g.call.now.astimezone(CITY).date()),
    )


@bp.get("/milestones/<int:milestone_id>")
@ANYBODY
def milestone(milestone_id: int) -> Page:
    return _page(milestone_id)


@bp.get("/milestones/<int:milestone_id>/files/<int:file_id>")
@ANYBODY
def delivered_file(milestone_id: int, file_id: int) -> Response:
    return storage.send(delivery.get_file(g.call, milestone_id, file_id))


@bp.post("/milestones/<int:milestone_id>/deliver")
@PARTIES
def deliver(milestone_id: int) -> Page:
    row = delivery.get_milestone(g.call, milestone_id)
    form = DeliverForm()
    if form.validate_on_submit():
        with refusals_on(form):
            evidence = evidence_of(request.form, [target.id for target in row.contract.order.targets])
            service.deliver(g.call, milestone_id, form.to_terms(evidence), form.files)
            return _back(milestone_id, _("Delivered. The enterprise was asked to decide."))
    return _page(milestone_id, deliver=form), 422


@bp.post("/milestones/<int:milestone_id>/decide")
@PARTIES
def decide(milestone_id: int) -> Page:
    form = _verdict_form()
    if form.validate_on_submit():
        with refusals_on(form):
            terms, key = form.to_terms(), form.key.data or ""
            once.perform(
                g.call,
                key,
                decision_content(milestone_id, terms),
                lambda: service.decide(g.call, milestone_id, terms, key),
            )
            return _back(milestone_id, _("Decided. What was accepted is called from the sources."))
    return _page(milestone_id, verdict=form), 422


@bp.post("/milestones/<int:milestone_id>/remind")
@PARTIES
def remind(milestone_id: int) -> Page:
    service.remind(g.call, milestone_id)
    return _back(milestone_id, _("The enterprise was reminded. Silence counts as acceptance."))


@bp.post("/milestones/<int:milestone_id>/expert")
@STAFF
def appoint_expert(milestone_id: int) -> Page:
    form = ExpertForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.appoint_expert(g.call, milestone_id, form.email.data or "")
            return _back(milestone_id, _("The expert was appointed."))
    return _page(milestone_id, expert=form), 422


@bp.post("/milestones/<int:milestone_id>/opinion")
@ANYBODY
def give_opinion(milestone_id: int) -> Page:
    form = OpinionForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.give_opinion(g.call, milestone_id, form.passed.data == "1", form.reasons.data or "")
            return _back(milestone_id, _("Thank you. Both parties read your opinion now."))
    return _page(milestone_id, opinion=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute")
@PARTIES
def raise_dispute(milestone_id: int) -> Page:
    form = DisputeForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.raise_dispute(g.call, milestone_id, form.reason.data or "")
            return _back(milestone_id, _("The dispute is open: talk first, then an expert, then the committee."))
    return _page(milestone_id, dispute=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute/offer")
@PARTIES
def offer(milestone_id: int) -> Page:
    form = AmountForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.offer(g.call, milestone_id, int(form.amount.data or 0))
            return _back(milestone_id, _("Offered. The other side may agree."))
    return _page(milestone_id, offer=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute/agree")
@PARTIES
def agree(milestone_id: int) -> Page:
    text = request.form.get("amount", "")
    service.agree(g.call, milestone_id, int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1)
    return _back(milestone_id, _("Agreed: the dispute is settled."))


@bp.post("/milestones/<int:milestone_id>/dispute/expert")
@STAFF
def ask_expert(milestone_id: int) -> Page:
    form = ExpertForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.ask_expert(g.call, milestone_id, form.email.data or "")
            return _back(milestone_id, _("The expert was appointed."))
    return _page(milestone_id, expert=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute/advise")
@ANYBODY
def advise(milestone_id: int) -> Page:
    form = AdviceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.advise(g.call, milestone_id, int(form.amount.data or 0), form.text.data or "")
            return _back(milestone_id, _("Thank you. Both parties read your opinion now."))
    return _page(milestone_id, advice=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute/committee")
@PARTIES
def ask_committee(milestone_id: int) -> Page:
    service.ask_committee(g.call, milestone_id)
    return _back(milestone_id, _("The committee was asked."))


@bp.post("/milestones/<int:milestone_id>/dispute/ruling")
@STAFF
def propose_ruling(milestone_id: int) -> Page:
    form = AdviceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_ruling(g.call, milestone_id, int(form.amount.data or 0), form.text.data or "")
            return _back(milestone_id, _("Noted. A second officer confirms it."))
    return _page(milestone_id, ruling=form), 422


@bp.post("/milestones/<int:milestone_id>/dispute/confirm")
@STAFF
def confirm_ruling(milestone_id: int) -> Page:
    service.confirm_ruling(g.call, milestone_id)
    return _back(milestone_id, _("Confirmed: the dispute is settled."))


def _back(milestone_id: int, text: str) -> Response:
    flash(text, "success")
    return redirect(url_for("contracts.milestone", milestone_id=milestone_id), 303)


def _verdict_form() -> VerdictForm:
    form = VerdictForm()
    form.outcome.choices = [SelectChoice(outcome.value, label(outcome)) for outcome in Outcome]
    return form


def _page(milestone_id: int, **refused: Any) -> str:
    """The page with every form that the reader may use; the refused one keeps what was typed."""
    row = delivery.get_milestone(g.call, milestone_id)
    disputes = delivery.disputes_of(row)
    verdict = refused.get("verdict") or _verdict_form()
    verdict.key.data = verdict.key.data or secrets.token_hex(16)
    return render_template(
        "contracts/milestone.html",
        milestone=row,
        contract=row.contract,
        targets=row.contract.order.targets,
        disputes=disputes,
        can=abilities(g.call, row, disputes),
        may_read_contract=contracts.is_visible(g.call, row.contract_id),
        verdict_form=verdict,
        deliver_form=refused.get("deliver") or DeliverForm(),
        expert_form=refused.get("expert") or ExpertForm(),
        opinion_form=refused.get("opinion") or OpinionForm(),
        dispute_form=refused.get("dispute") or DisputeForm(),
        offer_form=refused.get("offer") or AmountForm(),
        advice_form=refused.get("advice") or refused.get("ruling") or AdviceForm(),
        typed=request.form,
    )
