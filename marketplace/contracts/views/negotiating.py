"""Pages of the negotiation: a clause side by side, the plan, the particulars, the signature, giving up."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import policy, reading, service
from marketplace.contracts.clauses.linter import lint, stopping
from marketplace.contracts.documents.content import texts_of
from marketplace.contracts.forms import ClauseForm, ParticularsForm, PlanForm, SeenForm, SignForm
from marketplace.contracts.models import Clause, Contract
from marketplace.contracts.planning import MOST_STEPS
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import present_hash
from marketplace.contracts.views.blueprint import PARTIES, READERS, bp
from marketplace.contracts.workflow import CLAUSE, CONTRACT, FIXED, ClauseKind
from marketplace.kernel.errors import NotFound
from marketplace.web.actions import Action
from marketplace.web.errors import refusals_on, tells
from marketplace.web.forms import ReasonForm
from marketplace.web.words import event_label

Page = str | Response | tuple[str, int]


@bp.get("/contracts/<int:contract_id>/clauses/<kind>")
@READERS
def clause(contract_id: int, kind: str) -> Page:
    row = queries.get_clause(g.call, contract_id, _kind(kind))
    return _clause_page(row, _form_of(row))


@bp.post("/contracts/<int:contract_id>/clauses/<kind>")
@PARTIES
def propose_clause(contract_id: int, kind: str) -> Page:
    row = queries.get_clause(g.call, contract_id, _kind(kind))
    form: Any = PlanForm() if row.kind is ClauseKind.PLAN else ClauseForm()
    if row.kind is ClauseKind.PLAN and _changed_rows(form):
        return _clause_page(row, form)
    if form.validate_on_submit():
        with refusals_on(form):
            service.propose_clause(g.call, contract_id, row.kind, form.to_terms(), form.version)
            flash(_("The other side was told. It accepts your text or answers with another."), "success")
            return redirect(url_for("contracts.text", contract_id=contract_id, _anchor=kind), 303)
    return _clause_page(queries.get_clause(g.call, contract_id, row.kind), form), 422


@bp.post("/contracts/<int:contract_id>/clauses/<kind>/accept")
@PARTIES
def accept_clause(contract_id: int, kind: str) -> Page:
    service.accept_clause(g.call, contract_id, _kind(kind), SeenForm().version)
    flash(_("Accepted: this text stands now."), "success")
    return redirect(url_for("contracts.text", contract_id=contract_id, _anchor=kind), 303)


@bp.post("/contracts/<int:contract_id>/clauses/<kind>/withdraw")
@PARTIES
def withdraw_clause(contract_id: int, kind: str) -> Page:
    service.withdraw_clause(g.call, contract_id, _kind(kind), SeenForm().version)
    flash(_("Taken back: the old text stands."), "success")
    return redirect(url_for("contracts.text", contract_id=contract_id, _anchor=kind), 303)


@bp.get("/contracts/<int:contract_id>/particulars")
@PARTIES
def particulars(contract_id: int) -> Page:
    contract = queries.get_contract(g.call, contract_id)
    return render_template("contracts/particulars.html", contract=contract, form=ParticularsForm(obj=contract))


@bp.post("/contracts/<int:contract_id>/particulars")
@PARTIES
def set_particulars(contract_id: int) -> Page:
    form = ParticularsForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.set_particulars(g.call, contract_id, *form.to_terms())
            flash(_("Saved. Both parties sign the contract with these particulars."), "success")
            return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    contract = queries.get_contract(g.call, contract_id)
    return render_template("contracts/particulars.html", contract=contract, form=form), 422


@bp.get("/contracts/<int:contract_id>/sign")
@PARTIES
def sign_page(contract_id: int) -> Page:
    contract = queries.get_contract(g.call, contract_id)
    return _sign_page(contract, SignForm(data={"document_hash": present_hash(contract)}))


@bp.post("/contracts/<int:contract_id>/sign")
@PARTIES
def sign(contract_id: int) -> Page:
    form = SignForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.sign(g.call, contract_id, form.to_terms())
            done = _("Signed by both parties: the contract is in force and its money is committed.")
            flash(
                done if row.signed_at else _("Signed. The other party was asked to sign the same document."), "success"
            )
            return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    return _sign_page(queries.get_contract(g.call, contract_id), form), 422


@bp.get("/contracts/<int:contract_id>/abandon")
@READERS
def abandon_page(contract_id: int) -> Page:
    contract = queries.get_contract(g.call, contract_id)
    return render_template("contracts/abandon.html", contract=contract, form=ReasonForm())


@bp.post("/contracts/<int:contract_id>/abandon")
@READERS
def abandon(contract_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.abandon(g.call, contract_id, form.reason.data or "")
            flash(_("The contract was given up. The reserved money is free again."), "success")
            return redirect(url_for("contracts.show", contract_id=contract_id), 303)
    contract = queries.get_contract(g.call, contract_id)
    return render_template("contracts/abandon.html", contract=contract, form=form), 422


def _kind(text: str) -> ClauseKind:
    if text not in set(ClauseKind):
        raise NotFound("clause")
    return ClauseKind(text)


def _form_of(row: Clause) -> Any:
    """The form begins with the text on the table: the other side's wish if there is one, else what stands."""
    if row.kind is ClauseKind.PLAN:
        form = PlanForm(seen=row.version)
        form.fill(row.proposed_plan or row.plan or [])
        return form
    return ClauseForm(data={"seen": row.version, "text": row.proposed_text or row.text})


def _changed_rows(form: PlanForm) -> bool:
    """Add or drop a milestone's row where the reader has no script; nothing is saved then."""
    if request.form.get("add_row") == form.steps.name:
        if len(form.steps.entries) < MOST_STEPS:
            form.steps.append_entry()
        return True
    name = request.form.get("remove_row", "")
    kept = [entry for entry in form.steps.entries if entry.name != name]
    if not name or len(kept) == len(form.steps.entries):
        return False
    form.steps.entries = kept
    return True


def _clause_page(row: Clause, form: Any) -> str:
    contract = queries.get_contract(g.call, row.contract_id)
    shown = reading.clause_row(g.call.actor, contract, row)
    if not form.seen.data or tells(form, "stale"):
        form.seen.data = row.version
    return render_template(
        "contracts/clause.html",
        contract=contract,
        row=shown,
        clause=row,
        form=form,
        actions=_clause_actions(contract, shown),
        is_plan=row.kind is ClauseKind.PLAN,
        fixed=row.kind in FIXED and CONTRACT.allows(contract.state, "edit"),
        findings=[f for f in lint(contract.contract_type, texts_of(contract)) if f.kind is row.kind],
    )


def _clause_actions(contract: Contract, row: reading.ClauseRow) -> list[Action]:
    if not row.may_edit or not CLAUSE.allows(row.clause.state, "accept"):
        return []
    event = "accept" if row.must_answer else "withdraw"
    url = url_for(f"contracts.{event}_clause", contract_id=contract.id, kind=row.clause.kind.value)
    kind = "primary" if row.must_answer else "secondary"
    return [Action(event_label("clause", event), url, "post", kind, fields={"seen": row.clause.version})]


def _sign_page(contract: Contract, form: SignForm) -> str:
    findings = lint(contract.contract_type, texts_of(contract))
    decision = policy.may_sign(g.call.actor, contract)
    return render_template(
        "contracts/sign.html",
        contract=contract,
        form=form,
        findings=stopping(findings),
        may_sign=bool(decision) and CONTRACT.allows(contract.state, "edit"),
        reason=decision.reason,
        reading=reading.overview(g.call.actor, contract),
        open_clauses=[c for c in contract.clauses if CLAUSE.allows(c.state, "accept")],
    )
