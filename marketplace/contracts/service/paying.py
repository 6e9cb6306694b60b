"""Each source's part is checked by an officer, approved by a fund manager, ordered, and counts as paid when the bank says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from marketplace.approvals import service as approvals
from marketplace.audit import service as audit
from marketplace.contracts import mail, once, policy
from marketplace.contracts.accepting import complete_if_done
from marketplace.contracts.calling import call_money, move
from marketplace.contracts.models import BankReceipt, Contract, Payment, PaymentOrder
from marketplace.contracts.queries import payments as queries
from marketplace.contracts.queries.contracts import get_contract
from marketplace.contracts.references import take_reference
from marketplace.contracts.terms import ReceiptLine
from marketplace.contracts.workflow import PAYMENT, ContractState, PaymentKind, ReceiptOutcome
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds.workflow import Movement
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.rounds.queries import interests_of

SUBJECT = "payment"
RETENTION_DAYS = timedelta(days=90)
"""As the contract's clause on the price says."""
EVENTS = {ReceiptOutcome.PAID: "settle", ReceiptOutcome.FAILED: "fail", ReceiptOutcome.RETURNED: "bounce"}


@use_case
def check_payment(call: Call, payment_id: int, key: str) -> Payment:
    """The officer has compared the call with the verdict and the contract."""
    payment = _of_fund(call, payment_id)
    policy.may_check(call.actor, interests_of(call), payment.contract).require()
    _step(call, payment, "check")
    approvals.propose(call, SUBJECT, payment.id, fingerprint(payment))
    _done(call, payment, "contracts.check_payment", key)
    return payment


@use_case
def approve_payment(call: Call, payment_id: int, key: str) -> Payment:
    """A fund manager, who is another natural person, approves exactly what the officer checked."""
    payment = _of_fund(call, payment_id)
    policy.may_approve(call.actor, interests_of(call), payment.contract).require()
    _step(call, payment, "approve")
    approvals.approve(call, SUBJECT, payment.id, fingerprint(payment))
    if payment.kind is PaymentKind.CLAWBACK:
        _receive(call, payment)
    _done(call, payment, "contracts.approve_payment", key)
    return payment


@use_case
def send_back(call: Call, payment_id: int, reason: str) -> Payment:
    """Either of the two stops a payment that is not with the bank yet, with the reason; it must be checked anew."""
    payment = queries.get_payment(call, payment_id, lock=True)
    policy.may_handle_bank(call.actor).require()
    if not reason.strip():
        raise Invalid("contracts.reason_needed", field="reason")
    _step(call, payment, "send_back")
    payment.attempt += 1
    payment.reason = reason.strip()
    audit.record(call, "contracts.send_back", SUBJECT, payment.id, {"reason": payment.reason})
    return payment


@use_case
def declare_paid(call: Call, payment_id: int, bank_reference: str, key: str) -> Payment:
    """Who pays from its own account says so with the bank's number; the payee confirms the money's arrival."""
    payment = _own(call, payment_id, payer=True)
    if not bank_reference.strip():
        raise Invalid("contracts.bank_reference", field="bank_reference")
    _step(call, payment, "declare")
    payment.bank_reference = bank_reference.strip()[:60]
    _done(call, payment, "contracts.declare_paid", key)
    mail.tell(call, payment.contract, "contract_payment", payment.payee)
    return payment


@use_case
def confirm_arrival(call: Call, payment_id: int, key: str) -> Payment:
    """The payee has the money that the other side declared."""
    payment = _own(call, payment_id, payer=False)
    _settle(call, payment)
    _done(call, payment, "contracts.confirm_arrival", key)
    return payment


@use_case
def order_payments(call: Call, key: str) -> PaymentOrder:
    """Put every approved payment into one order for the bank; each is in exactly one order."""
    policy.may_handle_bank(call.actor).require()
    rows = queries.to_order(lock=True)
    if not rows:
        raise Conflict("contracts.nothing_to_order")
    order = PaymentOrder(
        reference=take_reference(call.now, "PO", PaymentOrder.reference),
        total=sum(row.amount for row in rows),
        lines=[line_of(row) for row in rows],
        account_id=call.actor.account,
        at=call.now,
    )
    db.session.add(order)
    db.session.flush()
    for row in rows:
        _step(call, row, "order")
        row.order_id = order.id
    once.keep(call, key, {"order": "all"}, {"order_id": order.id, "reference": order.reference})
    audit.record(
        call, "contracts.order_payments", "payment_order", order.id, {"total": order.total, "lines": len(rows)}
    )
    return order


@use_case
def import_receipts(call: Call, lines: Sequence[ReceiptLine]) -> dict[str, int]:
    """Take the bank's answer: all of its lines or none. Lines that were imported before change nothing.

    Raises Conflict naming the first line that fits no payment order of ours, another amount or another state.
    """
    policy.may_handle_bank(call.actor).require()
    known = queries.receipts_known([line.number for line in lines])
    wanted = {line.number: line for line in lines}
    ids = {_payment_id(line): line for line in wanted.values()}
    queries.lock_contracts({row.contract_id for row in queries.by_ids(ids).values()})
    payments = queries.by_ids(ids)
    counts = {"new": 0, "known": 0}
    for line in sorted(wanted.values(), key=_payment_id):
        payment = payments.get(_payment_id(line))
        earlier = known.get(line.number)
        if payment is None:
            raise Conflict("contracts.receipt_unknown", {"number": line.number, "reference": line.reference})
        if earlier is not None:
            _require_same(earlier, payment, line)
            counts["known"] += 1
            continue
        _take(call, payment, line)
        counts["new"] += 1
    audit.record(call, "contracts.import_receipts", "payment_order", None, {**counts, "lines": len(lines)})
    return counts


@use_case
def retry_payment(call: Call, payment_id: int) -> Payment:
    """Try a failed or returned payment again: a new attempt, checked and approved anew."""
    payment = queries.get_payment(call, payment_id, lock=True)
    policy.may_handle_bank(call.actor).require()
    _step(call, payment, "retry")
    payment.attempt += 1
    payment.order_id, payment.reason = None, ""
    audit.record(call, "contracts.retry_payment", SUBJECT, payment.id, {"attempt": payment.attempt})
    return payment


@use_case
def release_retention(call: Call, contract_id: int) -> Contract:
    """Call what was kept back, some time after the last acceptance."""
    contract = get_contract(call, contract_id, lock=True)
    policy.may_deem(call.actor).require()
    if contract.id not in queries.retention_due(call.now - RETENTION_DAYS):
        raise Conflict("contracts.retention_not_due")
    left = sum(source.uncalled for source in contract.sources)
    if left:
        call_money(call, contract, PaymentKind.RETENTION, left, f"retention:{contract.id}")
    audit.record(call, "contracts.release_retention", "contract", contract.id, {"amount": left})
    return contract


def fingerprint(payment: Payment) -> str:
    """What both stand for; another attempt is another content."""
    return approvals.content_hash(
        {
            "contract": payment.contract_id,
            "milestone": payment.milestone_id,
            "kind": payment.kind.value,
            "fund": payment.source.fund_id,
            "amount": payment.amount,
            "payee": payment.contract.institution_id,
            "attempt": payment.attempt,
        }
    )


def payment_content(command: str, payment_id: int) -> Mapping[str, Any]:
    return {"command": command, "payment": payment_id}


def line_of(payment: Payment) -> dict[str, Any]:
    """One line of a payment order, as it went out."""
    fund = payment.source.fund
    return {
        "reference": payment.reference,
        "payee": payment.contract.institution.name,
        "payee_uscc": payment.contract.institution.uscc,
        "fund": fund.name if fund else "",
        "amount": payment.amount,
        "purpose": f"{payment.contract.reference} {payment.milestone.title if payment.milestone else payment.kind.value}",
    }


def _of_fund(call: Call, payment_id: int) -> Payment:
    payment = queries.get_payment(call, payment_id, lock=True)
    if payment.source.fund_id is None:
        raise Conflict("contracts.own_money")
    return payment


def _own(call: Call, payment_id: int, *, payer: bool) -> Payment:
    """A payment between the parties; the caller must be an owner on the paying (or the receiving) side."""
    payment = queries.get_payment(call, payment_id, lock=True)
    if payment.source.fund_id is not None:
        raise Conflict("contracts.fund_money")
    policy.may_sign(call.actor, payment.contract).require()
    side = payment.payee.other if payer else payment.payee
    if policy.side_of(call.actor, payment.contract) is not side:
        raise Conflict("contracts.other_side_pays")
    return payment


def _step(call: Call, payment: Payment, event: str) -> None:
    payment.state = PAYMENT.require(payment.state, event)
    payment.changed_at = call.now


def _done(call: Call, payment: Payment, command: str, key: str) -> None:
    once.keep(call, key, payment_content(command, payment.id), {"payment": payment.id, "state": payment.state.value})
    audit.record(call, command, SUBJECT, payment.id, {"amount": payment.amount, "attempt": payment.attempt})


def _settle(call: Call, payment: Payment) -> None:
    """The money has arrived: the fund's committed part is paid, once per attempt."""
    if payment.kind is PaymentKind.CLAWBACK:
        _step(call, payment, "settle")
        payment.paid_at = call.now
        return
    _step(call, payment, "settle")
    payment.paid_at = call.now
    payment.source.paid += payment.amount
    key = f"payment:{payment.id}:{payment.attempt}"
    move(call, payment.contract, payment.source, Movement.PAY, payment.amount, key)
    complete_if_done(call, payment.contract)


def _receive(call: Call, payment: Payment) -> None:
    """A claw-back of a fund's money that both have seen on its account: it is available again."""
    _require_held(payment)
    _step(call, payment, "receive")
    payment.paid_at = call.now
    key = f"payment:{payment.id}:{payment.attempt}"
    move(call, payment.contract, payment.source, Movement.RETURN, payment.amount, key)


def _bounce(call: Call, payment: Payment, line: ReceiptLine) -> None:
    """The bank brought paid money back: it is committed again, and a contract that had ended is not reopened by a bank."""
    if payment.contract.state not in {ContractState.IN_FORCE, ContractState.TERMINATED}:
        raise Conflict("contracts.receipt_ended", {"number": line.number, "amount": money.plain(line.amount)})
    _step(call, payment, "bounce")
    _require_returnable(payment, line.number)
    payment.paid_at, payment.reason = None, line.note[:500]
    payment.source.paid -= payment.amount
    key = f"payment:{payment.id}:{payment.attempt}:bounce"
    move(call, payment.contract, payment.source, Movement.BOUNCE, payment.amount, key)


def _require_held(payment: Payment) -> None:
    """What goes back to a source is money that the institution has from it: neither returned by the bank nor paid back yet.

    The fund's own purse would not notice, because it holds the money of other contracts as well.
    """
    held = _held(payment)
    if held < payment.amount:
        raise Conflict("contracts.not_held", {"held": money.plain(held), "asked": money.plain(payment.amount)})


def _require_returnable(payment: Payment, number: str) -> None:
    """The bank cannot return what the institution has paid back already: the source would get the same fen twice.

    Sending the returned money to the institution once more leaves the books as they are, so the line is not needed in them.
    """
    held = _held(payment)
    if held < payment.amount:
        values = {"number": number, "held": money.plain(held), "asked": money.plain(payment.amount)}
        raise Conflict("contracts.returned_and_paid_back", values)


def _require_sent(payment: Payment, line: ReceiptLine) -> None:
    """A claim to pay back comes in on the source's account when two persons saw it there; no order of ours carried it."""
    if payment.kind is PaymentKind.CLAWBACK:
        raise Conflict("contracts.receipt_claim", {"number": line.number, "reference": line.reference.strip()})


def _held(payment: Payment) -> int:
    """Fen of the payment's source that the institution has."""
    return payment.source.paid - queries.paid_back(payment.source_id)


def _payment_id(line: ReceiptLine) -> int:
    """Return the payment in our own reference HT-2027-0001-17-1; 0 for anything else."""
    parts = line.reference.strip().rsplit("-", 2)
    number = parts[1] if len(parts) == 3 else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _require_same(earlier: BankReceipt, payment: Payment, line: ReceiptLine) -> None:
    if (earlier.payment_id, earlier.amount, earlier.outcome.value) != (payment.id, line.amount, line.outcome):
        raise Conflict("contracts.receipt_differs", {"number": line.number})


def _take(call: Call, payment: Payment, line: ReceiptLine) -> None:
    """One new line of the bank's answer."""
    if payment.reference != line.reference.strip() or payment.source.fund_id is None:
        raise Conflict("contracts.receipt_unknown", {"number": line.number, "reference": line.reference})
    if payment.amount != line.amount:
        raise Conflict("contracts.receipt_amount", {"number": line.number})
    outcome = ReceiptOutcome(line.outcome)
    _require_sent(payment, line)
    if not PAYMENT.allows(payment.state, EVENTS[outcome]):
        raise Conflict("contracts.receipt_state", {"number": line.number, "reference": line.reference.strip()})
    if outcome is ReceiptOutcome.PAID:
        _settle(call, payment)
    elif outcome is ReceiptOutcome.FAILED:
        _step(call, payment, "fail")
        payment.reason = line.note[:500]
    else:
        _bounce(call, payment, line)
    db.session.add(
        BankReceipt(
            number=line.number,
            payment_id=payment.id,
            attempt=payment.attempt,
            outcome=outcome,
            amount=line.amount,
            note=line.note[:300],
            account_id=call.actor.account,
            at=call.now,
        )
    )
