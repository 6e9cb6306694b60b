"""Pages of open licences: what everybody may take, the statement and its bars, and taking one."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid
from marketplace.licences import policy, queries, service
from marketplace.licences.forms import OpenForm, TakerForm
from marketplace.licences.models import OpenLicence
from marketplace.licences.views.blueprint import bp
from marketplace.licences.workflow import OPEN_LICENCE
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.web.actions import Action, transition_actions
from marketplace.web.errors import refusals_on
from marketplace.web.guards import PUBLIC, access
from marketplace.web.pages import paginate

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)


@bp.get("/open-licences")
@access(PUBLIC)
def open_index() -> str:
    return render_template("licences/open_index.html", page=paginate(queries.open_licences()))


@bp.get("/open-licences/<int:open_id>")
@access(PUBLIC)
def open_show(open_id: int) -> str:
    row = queries.get_open(open_id)
    return render_template("licences/open_show.html", row=row, actions=_actions(row))


@bp.get("/patents/<int:patent_id>/open-licence")
@OWNERS
def new_open(patent_id: int) -> Page:
    patent = _declarable(patent_id)
    return render_template("licences/open_form.html", form=OpenForm(ends_on=patent.expires_on), patent=patent, bars=[])


@bp.post("/patents/<int:patent_id>/open-licence")
@OWNERS
def declare_open(patent_id: int) -> Page:
    patent, form, bars = _declarable(patent_id), OpenForm(), []
    if form.validate_on_submit():
        terms = form.to_terms()
        bars = service.opening.bars_of(patent, terms, patents.today(g.call))
        if not bars:
            with refusals_on(form):
                row = service.declare_open(g.call, patent_id, terms)
                flash(_("Open. Print the statement and hand it to the patent office."), "success")
                return redirect(url_for("licences.open_show", open_id=row.id), 303)
    return render_template("licences/open_form.html", form=form, patent=patent, bars=bars), 422


@bp.get("/open-licences/<int:open_id>/take")
@OWNERS
def taking(open_id: int) -> Page:
    return render_template("licences/open_take.html", form=_taker(), row=queries.get_open(open_id))


@bp.post("/open-licences/<int:open_id>/take")
@OWNERS
def take_open(open_id: int) -> Page:
    form = _taker()
    if form.validate_on_submit():
        with refusals_on(form):
            if form.licensee_id.data is None:
                raise Invalid("licences.choose", field="licensee_id")
            row = service.take_open(g.call, open_id, form.licensee_id.data)
            flash(_("You are licensed. Pay by the stated standard; the licence is noted for both sides."), "success")
            return redirect(url_for("licences.show", licence_id=row.id), 303)
    return render_template("licences/open_take.html", form=form, row=queries.get_open(open_id)), 422


@bp.post("/open-licences/<int:open_id>/withdraw")
@OWNERS
def withdraw_open(open_id: int) -> Page:
    service.withdraw_open(g.call, open_id)
    flash(_("Withdrawn. Licences that were taken stay."), "success")
    return redirect(url_for("licences.open_show", open_id=open_id), 303)


def _declarable(patent_id: int) -> Patent:
    patent = patents.get_patent(g.call, patent_id)
    policy.may_declare(g.call.actor, patent).require()
    return patent


def _taker() -> TakerForm:
    form = TakerForm()
    form.choose_licensee(queries.own_organisations(g.call.actor))
    return form


def _actions(row: OpenLicence) -> list[Action]:
    actor, found = g.call.actor, list[Action]()
    own = policy.may_withdraw(actor, row)
    if own:
        offers = {"withdraw": (own, lambda: url_for("licences.withdraw_open", open_id=row.id))}
        return transition_actions(OPEN_LICENCE, row.state, offers)
    if actor.has(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER) and OPEN_LICENCE.allows(row.state, "withdraw"):
        found.append(
            Action(_("Take this licence"), url_for("licences.taking", open_id=row.id), method="get", kind="primary")
        )
    return found
