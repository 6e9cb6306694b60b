"""The page on which an officer ends an order that no bid can win."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.awards import policy, service
from marketplace.awards.forms import FailForm
from marketplace.awards.views.blueprint import Page, bp
from marketplace.kernel.call import Role
from marketplace.orders import queries as orders
from marketplace.web.errors import refusals_on
from marketplace.web.guards import access

OFFICERS = access(Role.CENTRE_OFFICER)


@bp.get("/orders/<int:order_id>/no-award")
@OFFICERS
def ask_fail(order_id: int) -> Page:
    return _page(order_id, FailForm(formdata=None))


@bp.post("/orders/<int:order_id>/no-award")
@OFFICERS
def fail(order_id: int) -> Page:
    form = FailForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.fail_order(g.call, order_id, form.cause.data, form.reason.data or "")
            flash(_("The order ended without an award. The enterprise can tender it again."), "success")
            return redirect(url_for("orders.show", order_id=order_id), 303)
    return _page(order_id, form), 422


def _page(order_id: int, form: FailForm) -> str:
    order = orders.get_order(g.call, order_id)
    policy.may_fail(g.call.actor, order.alliance_id, order.organisation_id).require()
    return render_template("awards/fail.html", order=order, form=form)
