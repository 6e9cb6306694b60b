"""Public statistics, drawn."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from marketplace.contracts.queries import remaining
from marketplace.insights import queries
from marketplace.web.guards import PUBLIC, access

bp = Blueprint("insights", __name__)


@bp.get("/statistics")
@access(PUBLIC)
def index() -> str:
    """The city's research orders in figures."""
    return render_template(
        "insights/index.html",
        overview=queries.overview(g.call),
        contracts=remaining.figures(),
        fields=queries.orders_by_field(),
        states=queries.orders_by_state(),
    )
