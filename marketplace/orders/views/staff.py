"""Pages for screeners: what waits, publish, send back."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.orders import policy, queries, readiness, service
from marketplace.orders.models import Order
from marketplace.orders.views.actions import room_tabs
from marketplace.orders.views.blueprint import bp
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm, plain
from marketplace.web.guards import access
from marketplace.web.pages import paginate

SCREENERS = (Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)


@bp.get("/orders/screening")
@access(*SCREENERS)
def screening() -> str:
    """Orders that wait for the reader's screening."""
    page = paginate(queries.list_screening(g.call.actor))
    return render_template("orders/screening.html", page=page, tabs=room_tabs(g.call.actor))


@bp.post("/orders/<int:order_id>/publish")
@access(*SCREENERS)
def publish(order_id: int) -> Response:
    """Put the order on the board."""
    order = service.publish_order(g.call, order_id)
    flash(_("%(reference)s is published.", reference=order.reference), "success")
    return redirect(url_for("orders.show", order_id=order_id), 303)


@bp.get("/orders/<int:order_id>/send-back")
@access(*SCREENERS)
def send_back_form(order_id: int) -> str:
    """Ask for the words that go back to the enterprise."""
    return _send_back_page(_screened(order_id), ReasonForm())


@bp.post("/orders/<int:order_id>/send-back")
@access(*SCREENERS)
def send_back(order_id: int) -> Response | tuple[str, int]:
    """Return the order to the enterprise."""
    order, form = _screened(order_id), ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.send_back(g.call, order_id, plain(form.reason.data))
            flash(_("The order went back to the enterprise."), "success")
            return redirect(url_for("orders.screening"), 303)
    return _send_back_page(order, form), 422


def _screened(order_id: int) -> Order:
    order = queries.get_order(g.call, order_id)
    policy.may_screen(g.call.actor, order).require()
    return order


def _send_back_page(order: Order, form: ReasonForm) -> str:
    gaps = readiness.check(queries.sheet_of(order, queries.confidential_text(order)), g.call.now)
    return render_template("orders/send_back.html", order=order, form=form, gaps=gaps)
