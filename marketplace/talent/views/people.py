"""Pages of researchers, and the record a person takes along."""

from __future__ import annotations

import json

from flask import Response as FlaskResponse
from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.errors import NotFound
from marketplace.kernel.fields import Field
from marketplace.talent import queries, service, work_record
from marketplace.talent.forms import AffiliationForm, ResearcherForm, WorkForm
from marketplace.talent.models import Researcher
from marketplace.talent.views.blueprint import bp
from marketplace.web import words
from marketplace.web.errors import refusals_on
from marketplace.web.guards import SIGNED_IN, access

Page = str | Response | tuple[str, int]


@bp.get("/researchers")
@access(SIGNED_IN)
def researchers() -> Page:
    asked = request.args.get("expert", "")
    field = Field(asked) if asked in set(Field) else None
    return render_template(
        "talent/researchers.html",
        researchers=queries.list_researchers(g.call.actor, field),
        own=queries.find_own_researcher(g.call.actor),
        fields=words.choices(Field),
        field=field,
        key=work_record.verify_key(),
    )


@bp.get("/researchers/<int:researcher_id>")
@access(SIGNED_IN)
def researcher(researcher_id: int) -> Page:
    row = queries.get_researcher(g.call, researcher_id)
    return render_template(
        "talent/researcher.html",
        researcher=row,
        fields=[Field(value) for value in row.expert_fields],
        teams=queries.teams_led(row.account_id),
        completed=queries.completed_places(row.account_id),
        own=row.account_id == g.call.actor.account,
    )


@bp.get("/researchers/me")
@access(SIGNED_IN)
def own_profile() -> Page:
    row = queries.find_own_researcher(g.call.actor)
    return render_template("talent/researcher_form.html", form=ResearcherForm(obj=row), researcher=row)


@bp.post("/researchers/me")
@access(SIGNED_IN)
def write_profile() -> Page:
    form = ResearcherForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.write_profile(g.call, form.to_terms())
            flash(_("Your page is saved."), "success")
            return redirect(url_for("talent.researcher", researcher_id=row.id), 303)
    row_or_none = queries.find_own_researcher(g.call.actor)
    return render_template("talent/researcher_form.html", form=form, researcher=row_or_none), 422


@bp.get("/researchers/me/affiliations/new")
@access(SIGNED_IN)
def new_affiliation() -> Page:
    return render_template("talent/affiliation_form.html", form=AffiliationForm(), researcher=_own())


@bp.post("/researchers/me/affiliations")
@access(SIGNED_IN)
def add_affiliation() -> Page:
    row, form = _own(), AffiliationForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_affiliation(g.call, form.to_terms())
            flash(_("The affiliation was added."), "success")
            return redirect(url_for("talent.researcher", researcher_id=row.id), 303)
    return render_template("talent/affiliation_form.html", form=form, researcher=row), 422


@bp.post("/researchers/me/affiliations/<int:affiliation_id>/remove")
@access(SIGNED_IN)
def remove_affiliation(affiliation_id: int) -> Page:
    service.remove_affiliation(g.call, affiliation_id)
    return redirect(url_for("talent.researcher", researcher_id=_own().id), 303)


@bp.get("/researchers/me/works/new")
@access(SIGNED_IN)
def new_work() -> Page:
    return render_template("talent/work_form.html", form=WorkForm(), researcher=_own())


@bp.post("/researchers/me/works")
@access(SIGNED_IN)
def add_work() -> Page:
    row, form = _own(), WorkForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.add_work(g.call, form.to_terms())
            flash(_("The work was added."), "success")
            return redirect(url_for("talent.researcher", researcher_id=row.id), 303)
    return render_template("talent/work_form.html", form=form, researcher=row), 422


@bp.post("/researchers/me/works/<int:work_id>/remove")
@access(SIGNED_IN)
def remove_work(work_id: int) -> Page:
    service.remove_work(g.call, work_id)
    return redirect(url_for("talent.researcher", researcher_id=_own().id), 303)


@bp.get("/researchers/me/record")
@access(SIGNED_IN)
def record() -> Page:
    """The signed record as a file; only its own person can take it."""
    content = json.dumps(work_record.work_record(g.call, _own()), ensure_ascii=False, indent=1)
    answer = FlaskResponse(content + "\n", mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="work-record.json"'
    return answer


def _own() -> Researcher:
    row = queries.find_own_researcher(g.call.actor)
    if row is None:
        raise NotFound("researcher")
    return row
