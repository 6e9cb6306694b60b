"""The front page, my work, and the language of the site."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from sqlalchemy import text
from werkzeug.wrappers import Response

from marketplace.db.base import db
from marketplace.home import queries
from marketplace.home.beginning import first_steps
from marketplace.home.glance import glance
from marketplace.insights.queries import overview
from marketplace.kernel.errors import NotFound
from marketplace.orders.board import is_open
from marketplace.orders.workflow import OrderState
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import PUBLIC, SIGNED_IN, access
from marketplace.web.pages import Page

bp = Blueprint("home", __name__)


@bp.get("/")
@access(PUBLIC)
def landing() -> str:
    """What Tripool is, with live figures."""
    return render_template("home/landing.html", overview=overview(g.call), latest=queries.latest_orders(g.call))


@bp.get("/home")
@access(SIGNED_IN)
def dashboard() -> str:
    """What waits for me, by its due time; how my own things stand; what I was told."""
    tasks = queries.tasks(g.call)
    return render_template(
        "home/dashboard.html",
        kinds=queries.by_kind(tasks),
        count=len(tasks),
        late=sum(task.due is not None and task.due <= g.call.now for task in tasks),
        beginning=first_steps(g.call.actor),
        glance=glance(g.call),
        links=queries.links(g.call.actor),
        now=g.call.now,
        is_open=is_open,
    )


@bp.post("/language")
@access(PUBLIC)
def set_language() -> Response:
    """Remember the language on this browser and go back to where the reader was."""
    if request.form.get("language") in ("zh", "en"):
        session["locale"] = request.form["language"]
    return redirect(local_path(request.form.get("next", "")), 303)


@bp.get("/health")
@access(PUBLIC)
def health() -> tuple[str, int, dict[str, str]]:
    """Whether this process reaches its database; for load balancers."""
    db.session.execute(text("SELECT 1"))
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/styleguide")
@access(PUBLIC)
def styleguide() -> str:
    """Every part of the look in every state; only where nobody works for real."""
    if not current_app.extensions["config"].demo:
        raise NotFound("page")
    wrong = ReasonForm(formdata=None, prefix="wrong")
    wrong.validate()
    return render_template(
        "styleguide.html",
        states=list(OrderState)[:4],
        days=lambda n: g.call.now + timedelta(days=n),
        page=Page(items=[], number=3, size=10, total=117),
        form=ReasonForm(formdata=None),
        wrong_form=wrong,
    )


def local_path(target: str) -> str:
    """Return ``target`` when it is a path of this site, else the front page: a link may not lead elsewhere."""
    # Browsers read a backslash as a slash, so one may start the name of another site as well.
    inside = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if inside else url_for("home.landing")
