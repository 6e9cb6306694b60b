"""Pages of an order in several lots."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import ENTERPRISE, Call, Role
from marketplace.orders import lots, policy, queries, readiness, service
from marketplace.orders.board import is_open
from marketplace.orders.models import Order, Umbrella
from marketplace.orders.readiness import Step
from marketplace.orders.views.blueprint import bp
from marketplace.orders.workflow import EDITABLE, ORDER
from marketplace.web.actions import Action
from marketplace.web.guards import PUBLIC, access
from marketplace.web.words import sentence


@bp.post("/orders/<int:order_id>/divide")
@access(*ENTERPRISE)
def divide(order_id: int) -> Response:
    """Make a draft the first of several lots."""
    umbrella = service.divide(g.call, order_id)
    flash(_("Divided. Describe the second lot, and add more if you need them."), "success")
    return redirect(url_for("orders.umbrella", umbrella_id=umbrella.id), 303)


@bp.get("/umbrellas/<int:umbrella_id>")
@access(PUBLIC)
def umbrella(umbrella_id: int) -> str:
    """The lots with state, ceiling and deadline, and what is done with all of them together."""
    found = lots.get_umbrella(g.call, umbrella_id)
    rows = lots.visible_lots(g.call, found)
    return render_template(
        "orders/umbrella.html",
        umbrella=found,
        lots=rows,
        is_open=is_open,
        total=sum(lot.price_ceiling or 0 for lot in rows if lot.retender_of is None),
        actions=_actions(g.call, found, rows),
        readiness=_readiness(g.call, rows),
    )


def _readiness(call: Call, rows: list[Order]) -> dict[int, int]:
    """Return how ready each lot is that the reader still writes."""
    return {
        lot.id: readiness.score(readiness.check(queries.sheet_of(lot, queries.confidential_text(lot)), call.now))
        for lot in rows
        if policy.is_own(call.actor, lot) and lot.state in EDITABLE
    }


def _actions(call: Call, found: Umbrella, rows: list[Order]) -> list[Action]:
    alone = [lot for lot in rows if lot.retender_of is None and not _is_over(lot)]
    actions = []
    own = bool(alone) and all(policy.is_own(call.actor, lot) for lot in alone)
    if own and all(lot.state in EDITABLE for lot in alone):
        actions.append(
            Action(_("Hand all lots in"), url_for("orders.submit_lots", umbrella_id=found.id), "post", "primary")
        )
        actions.append(Action(_("Add a lot"), url_for("orders.add_lot", umbrella_id=found.id), "post"))
    if alone and all(ORDER.allows(lot.state, "publish") for lot in alone):
        decision = policy.may_screen(call.actor, alone[0])
        if decision.reason != "hidden":
            question = _("Publish all lots? Those whom their visibility names can read them at once.")
            reason = "" if decision else sentence(decision.reason, {})
            url = url_for("orders.publish_lots", umbrella_id=found.id)
            actions.append(Action(_("Publish all lots"), url, "post", "primary", question, reason))
    return actions


def _is_over(order: Order) -> bool:
    return order.state in ORDER.terminal


@bp.post("/umbrellas/<int:umbrella_id>/lots")
@access(*ENTERPRISE)
def add_lot(umbrella_id: int) -> Response:
    """Add a lot and go to its first step."""
    order = service.add_lot(g.call, umbrella_id)
    return redirect(url_for("orders.edit", order_id=order.id, step=Step.NEED.value), 303)


@bp.post("/umbrellas/<int:umbrella_id>/submit")
@access(*ENTERPRISE)
def submit_lots(umbrella_id: int) -> Response:
    """Hand all lots to screening."""
    service.submit_lots(g.call, umbrella_id)
    flash(_("All lots are in screening now."), "success")
    return redirect(url_for("orders.umbrella", umbrella_id=umbrella_id), 303)


@bp.post("/umbrellas/<int:umbrella_id>/publish")
@access(Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)
def publish_lots(umbrella_id: int) -> Response:
    """Put all lots on the board."""
    service.publish_lots(g.call, umbrella_id)
    flash(_("All lots are published."), "success")
    return redirect(url_for("orders.umbrella", umbrella_id=umbrella_id), 303)
