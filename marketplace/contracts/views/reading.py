"""Pages that show contracts: the list, one contract, its text with the check of its clauses."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import policy, reading, service
from marketplace.contracts.clauses.linter import lint
from marketplace.contracts.documents.content import texts_of
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.turns import Move, Turn
from marketplace.contracts.views.blueprint import READERS, bp, tabs_of
from marketplace.contracts.workflow import CONTRACT
from marketplace.kernel.errors import NotFound
from marketplace.web.actions import Action
from marketplace.web.pages import paginate
from marketplace.web.words import event_label


@bp.get("/contracts")
@READERS
def index() -> str:
    page = paginate(queries.list_contracts(g.call.actor))
    may_pay = bool(policy.may_handle_bank(g.call.actor))
    return render_template("contracts/index.html", page=page, rows=reading.rows(page.items), may_pay=may_pay)


@bp.get("/contracts/<int:contract_id>")
@READERS
def show(contract_id: int) -> str:
    contract = queries.get_contract(g.call, contract_id)
    overview = reading.overview(g.call.actor, contract)
    return render_template(
        "contracts/show.html",
        contract=contract,
        tabs=tabs_of(contract),
        actions=_actions(contract, overview.turn),
        reading=overview,
    )


@bp.get("/contracts/<int:contract_id>/text")
@READERS
def text(contract_id: int) -> str:
    contract = queries.get_contract(g.call, contract_id)
    return render_template(
        "contracts/text.html",
        contract=contract,
        tabs=tabs_of(contract),
        findings=lint(contract.contract_type, texts_of(contract)),
        clauses=[reading.clause_row(g.call.actor, contract, clause) for clause in contract.clauses],
        turn=reading.turn(contract) if CONTRACT.allows(contract.state, "edit") else "",
    )


@bp.get("/orders/<int:order_id>/contract")
@READERS
def of_order(order_id: int) -> Response:
    row = queries.contract_of_order(order_id)
    if row is None or not policy.may_see(g.call.actor, row):
        raise NotFound("contract")
    return redirect(url_for("contracts.show", contract_id=row.id), 303)


@bp.app_template_global()
def contract_of(order_id: int) -> Contract | None:
    """Return an order's contract where the reader is a party or may read it, for the link on the order's page."""
    row = queries.contract_of_order(order_id)
    return row if row is not None and policy.may_see(g.call.actor, row) else None


@bp.post("/orders/<int:order_id>/contract")
@READERS
def draft(order_id: int) -> Response:
    contract = service.draft_contract(g.call, order_id)
    flash(_("The contract is drafted from the order, the bid and the funding."), "success")
    return redirect(url_for("contracts.show", contract_id=contract.id), 303)


def _actions(contract: Contract, turn: Turn) -> list[Action]:
    actor, key = g.call.actor, contract.id
    found = []
    side = policy.side_of(actor, contract)
    if CONTRACT.allows(contract.state, "edit") and side:
        to_sign, to_text = url_for("contracts.sign_page", contract_id=key), url_for("contracts.text", contract_id=key)
        steps = [(_("Read and sign"), to_sign), (_("Negotiate the clauses"), to_text)]
        if turn.move is not Move.SIGN:
            steps.reverse()
        elif side not in turn.sides:
            del steps[0]
        first = "" if turn.move is Move.SIGN and side not in turn.sides else "primary"
        found += [Action(label, url, "get", "" if n else first) for n, (label, url) in enumerate(steps)]
    if CONTRACT.allows(contract.state, "abandon") and policy.may_abandon(actor, contract):
        found.append(
            Action(
                event_label("contract", "abandon"), url_for("contracts.abandon_page", contract_id=key), "get", "danger"
            )
        )
    return found
