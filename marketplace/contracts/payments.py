"""Payments as pages read them: who pays, what may be done now and by whom, how far each source has come."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.contracts import policy
from marketplace.contracts.models import Contract, Payment, Source
from marketplace.contracts.workflow import PAYMENT, PaymentKind, PaymentState, Side
from marketplace.kernel.call import Actor, Call, Role
from marketplace.web.actions import Action
from marketplace.web.filters import in_language
from marketplace.web.words import event_label, label

BETWEEN_PARTIES = {PaymentState.DUE: _l("To be paid by the party"), PaymentState.ORDERED: _l("Arrival to be confirmed")}
"""What the states of a payment from the parties' own money are called, where nobody checks or orders it."""

STEPS_OF_FUND = {
    PaymentState.DUE: _l("Next an officer of the centre checks it."),
    PaymentState.CHECKED: _l("Next a fund manager, another person, approves it."),
    PaymentState.APPROVED: _l("Next the centre puts it into a payment order."),
    PaymentState.ORDERED: _l("Next the bank's answer is imported."),
    PaymentState.FAILED: _l("Next the centre sends it again."),
    PaymentState.RETURNED: _l("Next the centre sends it again."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One payment; ``payer`` and ``state`` in words, ``next_step`` who must do what ("" when it is over), ``actions`` the
    reader's buttons.
    """

    payment: Payment
    payer: str
    state: str
    next_step: str
    actions: list[Action]

    @property
    def open(self) -> bool:
        return self.payment.state not in {PaymentState.PAID, PaymentState.CANCELLED}


@dataclass(frozen=True, slots=True)
class SourceRow:
    """How far one source has come, in fen."""

    name: str
    kind: str
    amount: int
    paid: int
    called: int
    left: int


def row_of(call: Call, payment: Payment) -> Row:
    payer = source_name(payment.source)
    if payment.kind is PaymentKind.CLAWBACK:
        payer = _("%(payee)s back to %(payer)s", payee=in_language(payment.contract.institution), payer=payer)
    actions = _actions(call.actor, payment)
    if payment.source.fund_id is None:
        state = str(BETWEEN_PARTIES.get(payment.state) or label(payment.state))
        return Row(payment, payer, state, _step_of_parties(payment), actions)
    step = "" if actions else str(STEPS_OF_FUND.get(payment.state, ""))
    return Row(payment, payer, label(payment.state), step, actions)


def _step_of_parties(payment: Payment) -> str:
    """The centre neither checks nor sends the parties' own money: one pays and says so, the other confirms."""
    contract, payee = payment.contract, payment.payee
    names = {Side.ENTERPRISE: in_language(contract.enterprise), Side.TEAM: in_language(contract.institution)}
    parties = {"payer": names[payee.other], "payee": names[payee]}
    if payment.state is PaymentState.DUE:
        return str(_("The parties settle this between them: %(payer)s pays %(payee)s and says so here.", **parties))
    if payment.state is PaymentState.ORDERED:
        return str(_("%(payer)s says that it paid; %(payee)s confirms here that the money has arrived.", **parties))
    return ""


def sources_of(contract: Contract) -> list[SourceRow]:
    return [
        SourceRow(
            source_name(source),
            source.fund.kind.value if source.fund else "own",
            source.amount,
            source.paid,
            source.called - source.paid,
            source.uncalled,
        )
        for source in contract.sources
    ]


def source_name(source: Source) -> str:
    return _("Enterprise's own money") if source.fund is None else in_language(source.fund)


def _actions(actor: Actor, payment: Payment) -> list[Action]:
    return _between_parties(actor, payment) if payment.source.fund_id is None else _of_fund(actor, payment)


def _of_fund(actor: Actor, payment: Payment) -> list[Action]:
    found = []
    if PAYMENT.allows(payment.state, "check") and actor.has(Role.CENTRE_OFFICER):
        found.append(_button(payment, "check", "check_payment", "primary"))
    if PAYMENT.allows(payment.state, "approve") and actor.has(Role.FUND_MANAGER):
        found.append(_button(payment, "approve", "approve_payment", "primary"))
    if PAYMENT.allows(payment.state, "send_back") and policy.may_handle_bank(actor):
        url = url_for("contracts.send_back_page", payment_id=payment.id)
        found.append(Action(event_label("payment", "send_back"), url, "get"))
    if PAYMENT.allows(payment.state, "retry") and policy.may_handle_bank(actor):
        found.append(_button(payment, "retry", "retry_payment", "primary"))
    return found


def _between_parties(actor: Actor, payment: Payment) -> list[Action]:
    if not policy.may_sign(actor, payment.contract):
        return []
    payee = payment.payee
    side = policy.side_of(actor, payment.contract)
    if side is payee.other and PAYMENT.allows(payment.state, "declare"):
        url = url_for("contracts.declare_page", payment_id=payment.id)
        return [Action(event_label("payment", "declare"), url, "get", "primary")]
    if side is payee and PAYMENT.allows(payment.state, "settle"):
        return [_button(payment, "settle", "confirm_arrival", "primary")]
    return []


def _button(payment: Payment, event: str, endpoint: str, kind: str) -> Action:
    url = url_for(f"contracts.{endpoint}", payment_id=payment.id)
    return Action(event_label("payment", event), url, "post", kind, fields={"key": secrets.token_hex(16)})
