"""Pages of the clarification window: ask a question, see how the text changed."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.accounts import attempts
from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.errors import Conflict
from marketplace.orders import asking, differences, policy, queries, service
from marketplace.orders.amending import CHANGEABLE, questions_until
from marketplace.orders.forms import QuestionForm
from marketplace.orders.models import Order, OrderAmendment
from marketplace.orders.procedures import rules_of
from marketplace.orders.views.blueprint import bp
from marketplace.orders.words.changing import as_text
from marketplace.web.errors import refusals_on
from marketplace.web.guards import PUBLIC, access

OFTEN = 5
"""Questions of one person on one order in five minutes."""


@bp.get("/orders/<int:order_id>/ask")
@access(*UNIVERSITY)
def ask_form(order_id: int) -> str:
    """Write a question."""
    return _page(_asked(order_id), QuestionForm())


@bp.post("/orders/<int:order_id>/ask")
@access(*UNIVERSITY)
def ask(order_id: int) -> Response | tuple[str, int]:
    """Hand the question over; who asked is forgotten."""
    order, form = _asked(order_id), QuestionForm()
    if form.validate_on_submit():
        attempts.count("question", _tag(order), OFTEN, g.call.now)
        with refusals_on(form):
            service.ask_question(g.call, order_id, form.text.data or "", bool(form.confidential.data))
            flash(_("Handed over without your name. The answer appears on the order's page for everybody."), "success")
            return redirect(url_for("orders.show", order_id=order_id) + "#questions", 303)
    return _page(order, form), 422


def _tag(order: Order) -> str:
    """Return what the limit counts by: without the site's key nobody can tell whose it is."""
    key = current_app.extensions["config"].secret_key.encode()
    return hmac.new(key, f"question:{g.call.actor.account}:{order.id}".encode(), hashlib.sha256).hexdigest()


def _asked(order_id: int) -> Order:
    order = queries.get_order(g.call, order_id)
    policy.may_ask(g.call.actor, order).require()
    if not asking.takes_questions(order, g.call.now):
        raise Conflict("orders.questions_closed")
    return order


def _page(order: Order, form: QuestionForm) -> str:
    until = questions_until(order, rules_of(order))
    secret = queries.sees_confidential(g.call, order)
    return render_template("orders/ask.html", order=order, form=form, until=until, secret=secret)


@bp.get("/orders/<int:order_id>/changes")
@access(PUBLIC)
def changes(order_id: int) -> str:
    """Every change since the publication, word for word, the newest first."""
    order = queries.get_order(g.call, order_id)
    rows = queries.amendments_of(order)
    shown = [(len(rows) - number, row, _differences(row)) for number, row in enumerate(rows)]
    return render_template("orders/changes.html", order=order, changes=shown)


def _differences(row: OrderAmendment) -> list[tuple[str, list[differences.Piece]]]:
    """Return the changed parts of one change by name; those that stayed are left out."""
    return [
        (name, differences.compare(as_text(name, row.before[name]), as_text(name, row.after[name])))
        for name in CHANGEABLE
        if name in row.before and row.before[name] != row.after[name]
    ]
