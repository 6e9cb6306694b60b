"""The centre's lists: every declaration, and the names that nobody could identify."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.conflicts import queries
from marketplace.conflicts.views.blueprint import READERS, Page, bp
from marketplace.conflicts.workflow import RelationState
from marketplace.web.guards import access
from marketplace.web.pages import paginate


@bp.get("/conflicts")
@access(*READERS)
def index() -> Page:
    asked = (request.args.get("q") or "").replace("\x00", "").strip()[:100]
    wanted = request.args.get("state", "")
    state = RelationState(wanted) if wanted in set(RelationState) else None
    return render_template(
        "conflicts/index.html",
        page=paginate(queries.list_all(g.call.actor, words=asked, state=state)),
        tabs=tabs("conflicts.index"),
        q=asked,
        state=state,
        states=list(RelationState),
    )


@bp.get("/conflicts/unidentified")
@access(*READERS)
def unidentified() -> Page:
    return render_template(
        "conflicts/unidentified.html",
        relations=queries.unidentified(),
        doubles=queries.doubles(),
        tabs=tabs("conflicts.unidentified"),
    )


@bp.get("/conflicts/overrides")
@access(*READERS)
def overrides() -> Page:
    page = paginate(queries.list_overrides())
    return render_template("conflicts/overrides.html", page=page, tabs=tabs("conflicts.overrides"))


def tabs(here: str) -> list[dict[str, object]]:
    names = [
        ("conflicts.index", _("Declarations")),
        ("conflicts.unidentified", _("Not identified")),
        ("conflicts.overrides", _("Overrides")),
    ]
    return [{"url": url_for(endpoint), "label": label, "current": endpoint == here} for endpoint, label in names]
