"""Pages of what remains: students, results, and the two sides' words about each other."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import policy, service
from marketplace.contracts import results as declared
from marketplace.contracts.forms import RatingForm, ResultForm, TrainingEndForm, TrainingForm
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contracts, remaining
from marketplace.contracts.views.blueprint import PARTIES, READERS, bp, tabs_of
from marketplace.contracts.workflow import SIGNED, TRAINING, ContractState
from marketplace.orders.workflow import IpWish
from marketplace.patents.models import Patent
from marketplace.web.errors import refusals_on

Page = str | Response | tuple[str, int]


@bp.get("/contracts/<int:contract_id>/results")
@READERS
def results(contract_id: int) -> Page:
    return _page(contract_id)


@bp.post("/contracts/<int:contract_id>/students")
@PARTIES
def start_training(contract_id: int) -> Page:
    form = TrainingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.start_training(g.call, contract_id, form.to_terms())
            return _back(contract_id, _("The student was entered."))
    return _page(contract_id, training=form), 422


@bp.get("/students/<int:training_id>/end")
@PARTIES
def end_training_page(training_id: int) -> Page:
    return _end_page(training_id, TrainingEndForm())


@bp.post("/students/<int:training_id>/end")
@PARTIES
def end_training(training_id: int) -> Page:
    form = TrainingEndForm()
    if form.validate_on_submit() and form.ended_on.data is not None:
        with refusals_on(form):
            row = service.end_training(
                g.call, training_id, form.finished.data == "1", form.ended_on.data, form.now.data or ""
            )
            return _back(row.contract_id, _("Noted."))
    return _end_page(training_id, form), 422


@bp.post("/contracts/<int:contract_id>/results")
@PARTIES
def declare_result(contract_id: int) -> Page:
    form = ResultForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.declare_result(g.call, contract_id, form.to_terms())
            return _back(
                contract_id, _("Declared. A numbered patent application stands in the register of patents now.")
            )
    return _page(contract_id, result=form), 422


@bp.post("/contracts/<int:contract_id>/rating")
@PARTIES
def rate(contract_id: int) -> Page:
    form = RatingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.rate(g.call, contract_id, form.to_terms())
            return _back(contract_id, _("Thank you. Both sides read it here."))
    return _page(contract_id, rating=form), 422


def _page(contract_id: int, **refused: Any) -> str:
    contract = contracts.get_contract(g.call, contract_id)
    side = policy.side_of(g.call.actor, contract)
    ratings = remaining.ratings_of(contract)
    over = contract.state in {ContractState.COMPLETED, ContractState.TERMINATED}
    may_rate = over and bool(policy.may_sign(g.call.actor, contract)) and all(row.side is not side for row in ratings)
    trainings, results = remaining.trainings_of(contract), remaining.results_of(contract)
    patents = declared.registered(g.call.actor, results)
    return render_template(
        "contracts/results.html",
        contract=contract,
        tabs=tabs_of(contract),
        trainings=[(row, side is not None and TRAINING.allows(row.state, "finish")) for row in trainings],
        results=results,
        patents=patents,
        poolable={key for key, row in patents.items() if _may_pool(contract, row)},
        ratings=ratings,
        may_write=side is not None and contract.state in SIGNED,
        may_rate=may_rate,
        training_form=refused.get("training") or TrainingForm(),
        result_form=refused.get("result") or ResultForm(),
        rating_form=refused.get("rating") or RatingForm(),
    )


def _may_pool(contract: Contract, patent: Patent) -> bool:
    """Where the parties agreed on the pool, the owner's people find the way there."""
    return contract.order.ip_wish is IpWish.POOL and patent.owner_id in g.call.actor.organisations


def _end_page(training_id: int, form: TrainingEndForm) -> str:
    row = remaining.get_training(g.call, training_id)
    return render_template("contracts/end_training.html", training=row, form=form)


def _back(contract_id: int, text: str) -> Response:
    flash(text, "success")
    return redirect(url_for("contracts.results", contract_id=contract_id), 303)
