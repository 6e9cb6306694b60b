"""Two typed names under one document: at the second the reserved money is committed and the order is in delivery."""

from __future__ import annotations

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import ending, mail, policy
from marketplace.contracts.clauses.linter import lint, stopping
from marketplace.contracts.documents.content import document_of, fingerprint, plan_of, texts_of
from marketplace.contracts.models import Contract, Milestone, Signature
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.terms import PlanStep, SignatureTerms
from marketplace.contracts.workflow import CONTRACT, ClauseState, ContractState, Side
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds import ledger
from marketplace.funds.workflow import Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import lifecycle as order_lifecycle

SUBJECT = "contract"


@use_case
def sign(call: Call, contract_id: int, terms: SignatureTerms) -> Contract:
    """An authorised signatory types the own name under exactly the document with the fingerprint that was shown.

    The first signature waits for the other side; the second brings the contract into force: money, order and milestones in the
    same transaction, or nothing.
    """
    contract = queries.get_contract(call, contract_id, lock=True)
    policy.may_sign(call.actor, contract).require()
    side = policy.side_of(call.actor, contract)
    assert side is not None  # may_sign holds it
    document = document_of(contract)
    document_hash = fingerprint(document)
    _require_ready(contract, terms, document_hash)
    earlier = queries.signatures_of(contract, document_hash)
    if any(signature.side is side for signature in earlier):
        raise Conflict("contracts.signed_already")
    _require_own_name(call, terms.typed_name)
    (approvals.approve if earlier else approvals.propose)(call, SUBJECT, contract.id, document_hash)
    db.session.add(_signature(call, contract, side, terms.typed_name.strip(), document_hash))
    contract.changed_at = call.now
    if contract.state is ContractState.NEGOTIATING:
        contract.state = CONTRACT.require(contract.state, "first_signature")
    if earlier:
        _enter_force(call, contract, document, document_hash)
    detail = {"side": side.value, "document": document_hash, "in_force": bool(earlier)}
    audit.record(call, "contracts.sign", SUBJECT, contract.id, detail)
    mail.tell(call, contract, "contract_in_force" if earlier else "contract_signed", *([] if earlier else [side.other]))
    return contract


@use_case
def abandon(call: Call, contract_id: int, reason: str) -> Contract:
    """Give up before both have signed: money and days that were reserved are free again; award and order are over."""
    contract = queries.get_contract(call, contract_id, lock=True)
    policy.may_abandon(call.actor, contract).require()
    if not reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    contract.state = CONTRACT.require(contract.state, "abandon")
    contract.reason, contract.ended_at, contract.changed_at = reason.strip(), call.now, call.now
    _move_money(call, contract, Movement.RELEASE)
    ending.give_up_award(call, contract)
    order_lifecycle.move(call, queries.lock_order(contract), "terminate", contract.reason)
    audit.record(call, "contracts.abandon", SUBJECT, contract.id, {"reason": contract.reason})
    mail.tell(call, contract, "contract_abandoned")
    return contract


def _require_ready(contract: Contract, terms: SignatureTerms, document_hash: str) -> None:
    if contract.state not in {ContractState.NEGOTIATING, ContractState.SIGNING}:
        CONTRACT.require(contract.state, "enter_force")
    if any(clause.state is ClauseState.OPEN for clause in contract.clauses):
        raise Conflict("contracts.open_clauses")
    if stopping(lint(contract.contract_type, texts_of(contract))):
        raise Conflict("contracts.flawed")
    if terms.document_hash != document_hash:
        raise Conflict("contracts.document_changed")


def _require_own_name(call: Call, typed: str) -> None:
    """The name of the natural person behind the account, letter for letter; spaces and case do not count."""
    if "".join(typed.split()).casefold() != "".join(call.actor.name.split()).casefold():
        raise Invalid("contracts.name_differs", field="typed_name")


def _signature(call: Call, contract: Contract, side: Side, name: str, document_hash: str) -> Signature:
    return Signature(
        contract_id=contract.id,
        document_hash=document_hash,
        side=side,
        typed_name=name,
        person_id=call.actor.person,
        account_id=call.actor.account,
        at=call.now,
    )


def _enter_force(call: Call, contract: Contract, document: dict[str, object], document_hash: str) -> None:
    contract.state = CONTRACT.require(contract.state, "enter_force")
    contract.document, contract.document_hash, contract.signed_at = document, document_hash, call.now
    _move_money(call, contract, Movement.COMMIT)
    steps = plan_of(contract)
    amounts = money.split(contract.price, [step.share for step in steps])
    for number, (step, amount) in enumerate(zip(steps, amounts, strict=True), 1):
        db.session.add(_milestone(contract, number, step, amount))
    order_lifecycle.move(call, queries.lock_order(contract), "start_delivery")


def _milestone(contract: Contract, number: int, step: PlanStep, amount: int) -> Milestone:
    return Milestone(
        contract_id=contract.id,
        position=number,
        title=step.title,
        deliverables=step.deliverables,
        due_on=step.due_on,
        amount=amount,
    )


def _move_money(call: Call, contract: Contract, movement: Movement) -> None:
    """Move every fund's whole part; funds in one fixed order, so that two contracts never wait for each other."""
    for source in sorted(contract.sources, key=lambda source: source.fund_id or 0):
        if source.fund_id is not None:
            ledger.move(
                call,
                source.fund_id,
                movement,
                source.amount,
                key=f"contract:{contract.id}:{source.fund_id}:{movement.value}",
                subject_kind="contract",
                subject_id=contract.id,
                enterprise_id=contract.enterprise_id,
                memo=contract.reference,
            )
