"""Sub-licences, and the chain of licences on a patent's card."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from marketplace.kernel.call import Call
from marketplace.licences import policy, queries, service
from marketplace.licences.chain import chain_of
from marketplace.licences.forms import SublicenceForm
from marketplace.licences.models import Licence
from marketplace.licences.views.agreeing import OWNERS, Page
from marketplace.licences.views.blueprint import bp
from marketplace.patents.cards import Part, add_to_card
from marketplace.patents.models import Patent
from marketplace.web.errors import refusals_on


@add_to_card
def chain_card(call: Call, patent: Patent) -> Part | None:
    """Who may use the patent, as far as the reader may know."""
    chain = chain_of(call, patent)
    return Part("licences/chain.html", chain) if chain else None


@bp.get("/licences/<int:licence_id>/sublicence")
@OWNERS
def new_sublicence(licence_id: int) -> Page:
    return _page(SublicenceForm(), _given_by_me(licence_id))


@bp.post("/licences/<int:licence_id>/sublicence")
@OWNERS
def sublicense(licence_id: int) -> Page:
    head, form = _given_by_me(licence_id), SublicenceForm()
    if form.validate_on_submit():
        with refusals_on(form):
            row = service.sublicense(g.call, head.id, form.licensee.data or "", form.purpose.data or "")
            flash(_("Opened. Offer your conditions next; both sides sign them."), "success")
            return redirect(url_for("licences.terms", licence_id=row.id), 303)
    return _page(form, head), 422


def _given_by_me(licence_id: int) -> Licence:
    row = queries.get_licence(g.call, licence_id)
    policy.may_sublicense(g.call.actor, row).require()
    return row


def _page(form: SublicenceForm, licence: Licence) -> str:
    return render_template("licences/sublicence.html", form=form, licence=licence)
