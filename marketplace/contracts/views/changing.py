"""Pages of changes: what was asked for, a change of the open milestones, an end with a settlement."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older

from marketplace.approvals.service import proposers_of
from marketplace.contracts import policy, service
from marketplace.contracts.forms import ChangeForm, EndForm
from marketplace.contracts.models import Change, Contract
from marketplace.contracts.queries import changes as queries
from marketplace.contracts.queries import contracts, delivery
from marketplace.contracts.service.changing import SUBJECT, fingerprint
from marketplace.contracts.views.blueprint import PARTIES, READERS, bp, tabs_of
from marketplace.contracts.workflow import CHANGE, CONTRACT, ENDS, TEAM_OWES, ChangeKind
from marketplace.rounds.queries import interests_of
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.words import event_label, label

Page = str | Response | tuple[str, int]


@bp.get("/contracts/<int:contract_id>/changes")
@READERS
def changes(contract_id: int) -> Page:
    contract = contracts.get_contract(g.call, contract_id)
    may = CONTRACT.allows(contract.state, "terminate") and bool(policy.may_sign(g.call.actor, contract))
    waiting = queries.open_change(contract)
    officer = bool(policy.may_check(g.call.actor, interests_of(g.call), contract))
    names = {row.id: row for row in delivery.milestones_of(contract)}
    return render_template(
        "contracts/changes.html",
        contract=contract,
        tabs=tabs_of(contract),
        rows=[(row, _actions(contract, row, officer)) for row in queries.changes_of(contract)],
        settled_from=queries.settled_from if CONTRACT.allows(contract.state, "terminate") else lambda _row: None,
        milestones=names,
        waiting=waiting.id if waiting else None,
        day_of=queries.day_of,
        may_ask=may and waiting is None,
    )


@bp.get("/contracts/<int:contract_id>/changes/new")
@PARTIES
def new_change(contract_id: int) -> Page:
    contract = contracts.get_contract(g.call, contract_id)
    form = _change_form()
    form.fill(row for row in delivery.milestones_of(contract) if row.state in TEAM_OWES)
    return render_template("contracts/change_form.html", contract=contract, form=form)


@bp.post("/contracts/<int:contract_id>/changes")
@PARTIES
def propose_change(contract_id: int) -> Page:
    return _propose(contract_id, _change_form(), "contracts/change_form.html")


@bp.get("/contracts/<int:contract_id>/end")
@PARTIES
def end_page(contract_id: int) -> Page:
    contract = contracts.get_contract(g.call, contract_id)
    return render_template("contracts/end_form.html", contract=contract, form=_end_form(), paid=_paid(contract))


@bp.post("/contracts/<int:contract_id>/end")
@PARTIES
def propose_end(contract_id: int) -> Page:
    return _propose(contract_id, _end_form(), "contracts/end_form.html")


@bp.post("/changes/<int:change_id>/accept")
@PARTIES
def accept_change(change_id: int) -> Page:
    row = service.accept_change(g.call, change_id)
    return _back(row, _("Agreed: it holds from now on."))


@bp.post("/changes/<int:change_id>/withdraw")
@PARTIES
def withdraw_change(change_id: int) -> Page:
    return _back(service.withdraw_change(g.call, change_id), _("Taken back. The contract stays as it is."))


@bp.get("/changes/<int:change_id>/reject")
@PARTIES
def reject_page(change_id: int) -> Page:
    return render_template(
        "contracts/reject_change.html", change=queries.get_change(g.call, change_id), form=ReasonForm()
    )


@bp.post("/changes/<int:change_id>/reject")
@PARTIES
def reject_change(change_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.reject_change(g.call, change_id, form.reason.data or "")
            return _back(row, _("Rejected. The contract stays as it is."))
    change = queries.get_change(g.call, change_id)
    return render_template("contracts/reject_change.html", change=change, form=form), 422


def _propose(contract_id: int, form: Any, template: str) -> Page:
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.propose_change(g.call, contract_id, form.to_terms())
            return _back(row, _("Asked. It holds once the other side has agreed."))
    contract = contracts.get_contract(g.call, contract_id)
    return render_template(template, contract=contract, form=form, paid=_paid(contract)), 422


def _paid(contract: Contract) -> int:
    return sum(source.paid for source in contract.sources)


def _change_form() -> ChangeForm:
    form = ChangeForm()
    form.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ChangeKind if kind not in ENDS]
    return form


def _end_form() -> EndForm:
    form = EndForm()
    form.kind.choices = [SelectChoice(kind.value, label(kind)) for kind in ChangeKind if kind in ENDS]
    return form


def _actions(contract: Contract, row: Change, officer: bool) -> list[Action]:
    actor = g.call.actor
    if not CONTRACT.allows(contract.state, "terminate"):
        return []
    if officer:
        return _of_officers(row)
    if row.ruled or not CHANGE.allows(row.state, "accept") or not policy.may_sign(actor, contract):
        return []
    if policy.side_of(actor, contract) is row.proposed_by:
        return [Action(event_label("change", "withdraw"), url_for("contracts.withdraw_change", change_id=row.id))]
    question = _("Agree to this? It changes the contract and its money at once.")
    return [
        Action(
            event_label("change", "accept"),
            url_for("contracts.accept_change", change_id=row.id),
            "post",
            "primary",
            question,
        ),
        Action(event_label("change", "reject"), url_for("contracts.reject_page", change_id=row.id), "get"),
    ]


def _of_officers(row: Change) -> list[Action]:
    """The first officer settles an end that was not agreed to, the second confirms; either may reject what was written."""
    ends = queries.settled_from(row)
    if ends is not None and g.call.now >= ends:
        url = url_for("contracts.end_ruling_page", change_id=row.id)
        return [Action(_("Settle the end"), url, "get", "primary")]
    if not row.ruled or not CHANGE.allows(row.state, "accept"):
        return []
    found = [
        Action(event_label("change", "reject"), url_for("contracts.drop_end_ruling_page", change_id=row.id), "get")
    ]
    if g.call.actor.person not in proposers_of(SUBJECT, row.id, fingerprint(row)):
        question = _("Confirm? The contract ends and is settled at once.")
        url = url_for("contracts.confirm_end_ruling", change_id=row.id)
        found.insert(0, Action(_("Confirm the settlement"), url, "post", "primary", question))
    return found


def _back(row: Change, text: str) -> Response:
    flash(text, "success")
    return redirect(url_for("contracts.changes", contract_id=row.contract_id), 303)
