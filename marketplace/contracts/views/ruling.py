"""Pages on which two officers settle an end that one side asks for and the other does not agree to."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import policy, service
from marketplace.contracts.forms import EndRulingForm
from marketplace.contracts.models import Change
from marketplace.contracts.queries import changes as queries
from marketplace.contracts.queries import contracts
from marketplace.contracts.views.blueprint import OFFICERS, bp
from marketplace.rounds.queries import interests_of
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm

Page = str | Response | tuple[str, int]


@bp.get("/changes/<int:change_id>/settle")
@OFFICERS
def end_ruling_page(change_id: int) -> Page:
    return _page(change_id, EndRulingForm())


@bp.post("/changes/<int:change_id>/settle")
@OFFICERS
def propose_end_ruling(change_id: int) -> Page:
    form = EndRulingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.propose_end_ruling(g.call, change_id, int(form.earned.data or 0), form.text.data or "")
            return _back(row, _("Written down. A second officer confirms it."))
    return _page(change_id, form), 422


@bp.post("/changes/<int:change_id>/settle/confirm")
@OFFICERS
def confirm_end_ruling(change_id: int) -> Page:
    return _back(service.confirm_end_ruling(g.call, change_id), _("The contract has ended and is settled."))


@bp.get("/changes/<int:change_id>/settle/drop")
@OFFICERS
def drop_end_ruling_page(change_id: int) -> Page:
    return _drop_page(change_id, ReasonForm())


@bp.post("/changes/<int:change_id>/settle/drop")
@OFFICERS
def drop_end_ruling(change_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.drop_end_ruling(g.call, change_id, form.reason.data or "")
            return _back(row, _("Rejected. The contract stays as it is."))
    return _drop_page(change_id, form), 422


def _page(change_id: int, form: EndRulingForm) -> str:
    change = queries.get_change(g.call, change_id)
    contract = contracts.get_contract(g.call, change.contract_id)
    policy.may_check(g.call.actor, interests_of(g.call), contract).require()
    paid = sum(source.paid for source in contract.sources)
    return render_template("contracts/end_ruling.html", change=change, contract=contract, form=form, paid=paid)


def _drop_page(change_id: int, form: ReasonForm) -> str:
    change = queries.get_change(g.call, change_id)
    url = url_for("contracts.drop_end_ruling", change_id=change.id)
    return render_template("contracts/reject_change.html", change=change, form=form, url=url)


def _back(row: Change, text: str) -> Response:
    flash(text, "success")
    return redirect(url_for("contracts.changes", contract_id=row.contract_id), 303)
