"""The enterprise changes the public part of its order while bids may come in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import queries, service
from marketplace.bids.forms import AmendForm
from marketplace.bids.views.blueprint import bp
from marketplace.kernel.call import ENTERPRISE
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.orders import asking
from marketplace.orders import policy as orders_policy
from marketplace.orders import queries as orders
from marketplace.orders.amending import TERMS, TEXTS, deadline_after_change
from marketplace.orders.models import Order, Question
from marketplace.orders.procedures import rules_of
from marketplace.orders.rows import rows_of
from marketplace.web.errors import refusals_on
from marketplace.web.forms import change_rows
from marketplace.web.guards import access


@bp.get("/orders/<int:order_id>/amend")
@access(*ENTERPRISE)
def amend_form(order_id: int) -> str:
    """The public part as it is."""
    order = _amendable(order_id)
    question = _question(order, request.args.get("question", ""))
    shown = {name: getattr(order, name) for name in (*TEXTS, *TERMS)}
    form = AmendForm(data={**shown, "targets": rows_of(order), "question": question.id if question else None})
    return _page(order, form, question)


@bp.post("/orders/<int:order_id>/amend")
@access(*ENTERPRISE)
def amend(order_id: int) -> Response | tuple[str, int]:
    """Publish the change."""
    order, form = _amendable(order_id), AmendForm()
    if change_rows(form.targets):
        return _page(order, form, _question(order, str(form.question.data or ""))), 200
    if form.validate_on_submit():
        with refusals_on(form):
            service.amend_order(g.call, order_id, form.to_terms())
            flash(_("The change is public. Teams that are working on a bid are told."), "success")
            return redirect(url_for("orders.show", order_id=order_id), 303)
    return _page(order, form, _question(order, str(form.question.data or ""))), 422


def _question(order: Order, number: str) -> Question | None:
    """Return the question that the change answers, None when the address names none."""
    if not number.isascii() or not number.isdigit():
        return None
    found = asking.get_question(g.call, int(number))
    if found.order_id != order.id:
        raise NotFound("question")
    return found


def _amendable(order_id: int) -> Order:
    order = orders.get_order(g.call, order_id)
    orders_policy.may_amend(g.call.actor, order).require()
    if not queries.is_open(order, g.call.now):
        raise Conflict("orders.over")
    return order


def _page(order: Order, form: AmendForm, question: Question | None) -> str:
    moved = deadline_after_change(order.bid_deadline, g.call.now, rules_of(order)) if order.bid_deadline else None
    return render_template("bids/amend.html", order=order, form=form, moved=moved, question=question)
