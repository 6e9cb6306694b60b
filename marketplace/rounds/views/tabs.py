"""The views of one run, in the order in which people need them."""

from __future__ import annotations

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from marketplace.rounds import policy
from marketplace.rounds.models import Run


def tabs_of(run: Run) -> list[dict[str, Any]]:
    """Links to what a run was found to be, why, what else could be, and how fair it is."""
    pages = [
        ("rounds.run", _("Answer")),
        ("rounds.findings", _("Why and how firm")),
        ("rounds.what_if", _("What if")),
        ("rounds.compare", _("Compare scenarios")),
        ("rounds.fairness", _("Fairness")),
    ]
    return [
        {"label": label, "url": url_for(endpoint, run_id=run.id), "current": request.endpoint == endpoint}
        for endpoint, label in pages
    ]


def may_run(run: Run) -> bool:
    return bool(policy.may_run(g.call.actor, run.round.alliance_id))
