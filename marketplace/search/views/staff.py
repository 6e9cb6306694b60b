"""Pages of the staff: which teams fit an order, as the ranking said and as people say."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.kernel.errors import NotFound
from marketplace.orders.queries import get_order
from marketplace.search import fits, judging, policy, service
from marketplace.search.views.blueprint import bp
from marketplace.search.words import SIGNALS
from marketplace.search.workflow import FITS
from marketplace.web.guards import access


@bp.get("/orders/<int:order_id>/teams")
@access(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
def teams(order_id: int) -> str:
    """Who could do this? The teams that rounds compared with an order, for staff to judge."""
    order = get_order(g.call, order_id)
    if not policy.may_judge(g.call.actor, order):
        raise NotFound("order")
    compared = judging.compared_with(order.id)
    return render_template(
        "search/teams.html",
        order=order,
        compared=compared,
        fits=fits.of_teams(order, compared, g.call.now),
        signals=SIGNALS,
        said={team: row.level == FITS for team, row in judging.of_order(order.id).items()},
    )


@bp.post("/orders/<int:order_id>/teams/<int:team_id>/judgement")
@access(Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)
def judge(order_id: int, team_id: int) -> Response:
    """Say that a team fits an order, or that it does not."""
    row = service.judge(g.call, order_id, team_id, fits=request.form.get("fits") == "yes")
    flash(_("Noted. The ranking learns from what you said."), "success")
    return redirect(url_for("search.teams", order_id=row.order_id), 303)
