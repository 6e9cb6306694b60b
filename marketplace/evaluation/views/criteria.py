"""The criteria of an order: public with the order, fixed before bids can come in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.evaluation import policy, queries, service
from marketplace.evaluation.forms import CriteriaForm, as_data
from marketplace.evaluation.service.setting_up import OPEN
from marketplace.evaluation.terms import STANDARD
from marketplace.evaluation.views.blueprint import bp
from marketplace.kernel.call import ENTERPRISE, Role
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import EDITABLE, OrderState
from marketplace.web.errors import refusals_on
from marketplace.web.guards import PUBLIC, access

FIXABLE = EDITABLE | {OrderState.SCREENING, OrderState.PUBLISHED}


@bp.get("/orders/<int:order_id>/criteria")
@access(PUBLIC)
def criteria(order_id: int) -> str:
    """What counts for the bids of an order."""
    order = orders.get_order(g.call, order_id)
    row = queries.of_order(order)
    return render_template(
        "evaluation/criteria.html",
        order=order,
        criteria=row.criteria if row and row.criteria else STANDARD,
        fixed_at=row.fixed_at if row else None,
        may_fix=bool(policy.may_fix_criteria(g.call.actor, order)) and order.state in FIXABLE,
        may_lead=bool(policy.may_read_committee(g.call.actor, order)) and order.state in OPEN,
    )


@bp.get("/orders/<int:order_id>/criteria/edit")
@access(*ENTERPRISE, Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
def edit_criteria(order_id: int) -> str:
    """The criteria as they are, or the standard ones to start from."""
    order = _fixable(order_id)
    row = queries.of_order(order)
    form = CriteriaForm(data=as_data(row.criteria if row and row.criteria else STANDARD))
    return render_template("evaluation/edit_criteria.html", order=order, form=form)


@bp.post("/orders/<int:order_id>/criteria/edit")
@access(*ENTERPRISE, Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
def fix_criteria(order_id: int) -> Response | tuple[str, int]:
    """Fix them."""
    order, form = _fixable(order_id), CriteriaForm()
    if form.rows_changed():
        return render_template("evaluation/edit_criteria.html", order=order, form=form), 200
    if form.validate_on_submit():
        with refusals_on(form):
            service.fix_criteria(g.call, order_id, form.to_terms())
            flash(_("The criteria are public with the order and stay as they are once bids can come in."), "success")
            return redirect(url_for("evaluation.criteria", order_id=order_id), 303)
    return render_template("evaluation/edit_criteria.html", order=order, form=form), 422


def _fixable(order_id: int) -> Order:
    order = orders.get_order(g.call, order_id)
    policy.may_fix_criteria(g.call.actor, order).require()
    return order
