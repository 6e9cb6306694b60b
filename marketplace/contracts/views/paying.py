"""Pages of the money: a contract's payments, the queue of the two levels, payment orders and the bank's answer."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.contracts import exports, once, payments, progress, receipts, service
from marketplace.contracts.forms import DeclareForm, ReceiptsForm
from marketplace.contracts.queries import contracts, delivery
from marketplace.contracts.queries import payments as queries
from marketplace.contracts.service.paying import payment_content
from marketplace.contracts.views.blueprint import BANK, PARTIES, READERS, bp, tabs_of
from marketplace.contracts.workflow import PaymentState
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.pages import paginate
from marketplace.web.words import choices

Page = str | Response | tuple[str, int]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OWN = "own-"
"""Begins a filter of the parties' own money, whose states have names of their own."""
OPEN = tuple(state for state in PaymentState if state not in {PaymentState.PAID, PaymentState.CANCELLED})


@bp.get("/contracts/<int:contract_id>/money")
@READERS
def money(contract_id: int) -> Page:
    contract = contracts.get_contract(g.call, contract_id)
    rows = queries.payments_of(contract)
    milestones = delivery.milestones_of(contract)
    return render_template(
        "contracts/money.html",
        contract=contract,
        tabs=tabs_of(contract),
        rows=[payments.row_of(g.call, row) for row in rows],
        sources=payments.sources_of(contract),
        plan=progress.plan_of(contract, milestones, _("Retention money")),
    )


@bp.get("/payments")
@BANK
def payment_queue() -> Page:
    text = request.args.get("state", "")
    page = paginate(queries.list_payments(g.call.actor, *_chosen(text)), size=25)
    return render_template(
        "contracts/payments.html",
        page=page,
        rows=[payments.row_of(g.call, row) for row in page.items],
        states=[*choices(PaymentState), *((f"{OWN}{state}", name) for state, name in payments.BETWEEN_PARTIES.items())],
        chosen=text,
        ready=queries.to_order(),
        orders=paginate(queries.list_orders(), size=5, number=1).items,
        key=secrets.token_hex(16),
    )


@bp.post("/payments/<int:payment_id>/check")
@BANK
def check_payment(payment_id: int) -> Page:
    return _once(payment_id, "contracts.check_payment", lambda key: service.check_payment(g.call, payment_id, key))


@bp.post("/payments/<int:payment_id>/approve")
@BANK
def approve_payment(payment_id: int) -> Page:
    return _once(payment_id, "contracts.approve_payment", lambda key: service.approve_payment(g.call, payment_id, key))


@bp.post("/payments/<int:payment_id>/retry")
@BANK
def retry_payment(payment_id: int) -> Page:
    service.retry_payment(g.call, payment_id)
    return _back(payment_id, _("The payment is due again; both check it anew."))


@bp.get("/payments/<int:payment_id>/send-back")
@BANK
def send_back_page(payment_id: int) -> Page:
    return render_template(
        "contracts/send_back.html", payment=queries.get_payment(g.call, payment_id), form=ReasonForm()
    )


@bp.post("/payments/<int:payment_id>/send-back")
@BANK
def send_back(payment_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.send_back(g.call, payment_id, form.reason.data or "")
            return _back(payment_id, _("Sent back. It must be checked anew."))
    payment = queries.get_payment(g.call, payment_id)
    return render_template("contracts/send_back.html", payment=payment, form=form), 422


@bp.get("/payments/<int:payment_id>/declare")
@PARTIES
def declare_page(payment_id: int) -> Page:
    form = DeclareForm(data={"key": secrets.token_hex(16)})
    return render_template("contracts/declare.html", payment=queries.get_payment(g.call, payment_id), form=form)


@bp.post("/payments/<int:payment_id>/declare")
@PARTIES
def declare_paid(payment_id: int) -> Page:
    form = DeclareForm()
    if form.validate_on_submit():
        with refusals_on(form):
            key, number = form.key.data or "", form.bank_reference.data or ""
            once.perform(
                g.call,
                key,
                payment_content("contracts.declare_paid", payment_id),
                lambda: service.declare_paid(g.call, payment_id, number, key),
            )
            return _back(payment_id, _("Noted. The payee confirms the arrival."))
    payment = queries.get_payment(g.call, payment_id)
    return render_template("contracts/declare.html", payment=payment, form=form), 422


@bp.post("/payments/<int:payment_id>/confirm")
@PARTIES
def confirm_arrival(payment_id: int) -> Page:
    return _once(payment_id, "contracts.confirm_arrival", lambda key: service.confirm_arrival(g.call, payment_id, key))


@bp.post("/payment-orders")
@BANK
def order_payments() -> Page:
    key = request.form.get("key", "")
    answer = once.perform(g.call, key, {"order": "all"}, lambda: service.order_payments(g.call, key))
    flash(_("The payment order %(reference)s is ready to be handed to the bank.", **answer), "success")
    return redirect(url_for("contracts.payment_queue", _anchor="orders"), 303)


@bp.get("/payment-orders/<int:order_id>.csv")
@BANK
def payment_order_csv(order_id: int) -> Response:
    order = queries.get_order(order_id)
    return _file(order.reference, exports.csv_of(order), "text/csv; charset=utf-8", "csv")


@bp.get("/payment-orders/<int:order_id>.xlsx")
@BANK
def payment_order_xlsx(order_id: int) -> Response:
    order = queries.get_order(order_id)
    return _file(order.reference, exports.xlsx_of(order), XLSX, "xlsx")


@bp.get("/payments/receipts")
@BANK
def receipts_page() -> Page:
    return render_template("contracts/receipts.html", form=ReceiptsForm())


@bp.post("/payments/receipts")
@BANK
def import_receipts() -> Page:
    form = ReceiptsForm()
    if form.validate_on_submit():
        with refusals_on(form):
            lines = receipts.read(form.upload.data.read(receipts.MOST_BYTES + 1))
            counts = service.import_receipts(g.call, lines)
            flash(_("%(new)s lines taken, %(known)s were known already.", **counts), "success")
            return redirect(url_for("contracts.payment_queue"), 303)
    return render_template("contracts/receipts.html", form=form), 422


def _chosen(text: str) -> tuple[Collection[PaymentState], bool | None]:
    """The states a filter asks for, and whose money: what the parties settle between them waits for nobody of the staff."""
    own, name = text.startswith(OWN), text.removeprefix(OWN)
    if name not in set(PaymentState):
        return OPEN, None
    state = PaymentState(name)
    if own or state in payments.BETWEEN_PARTIES:
        return (state,), not own
    return (state,), None


def _once(payment_id: int, command: str, act: Callable[[str], object]) -> Response:
    """A one-button command: sent twice, it happens once and answers twice."""
    key = request.form.get("key", "")
    once.perform(g.call, key, payment_content(command, payment_id), lambda: act(key))
    return _back(payment_id, _("Done."))


def _back(payment_id: int, text: str) -> Response:
    flash(text, "success")
    contract_id = queries.get_payment(g.call, payment_id).contract_id
    return redirect(url_for("contracts.money", contract_id=contract_id, _anchor=f"payment-{payment_id}"), 303)


def _file(name: str, content: bytes, media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, content_type=media_type, headers=headers)
