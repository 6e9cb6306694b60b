"""Pages on which licences are asked for, offered, signed and filed."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.alliances.queries import get_alliance
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.licences import policy, queries, service
from marketplace.licences.forms import BundleForm, FilingForm, OfferForm, RequestForm
from marketplace.licences.models import Licence
from marketplace.licences.terms import RequestTerms
from marketplace.licences.views.blueprint import bp
from marketplace.licences.workflow import Side
from marketplace.patents import queries as patents
from marketplace.patents.models import Patent
from marketplace.pools import queries as pools
from marketplace.pools.models import PoolOffer
from marketplace.web.errors import refusals_on
from marketplace.web.forms import ReasonForm
from marketplace.web.guards import access

MOST_FURTHER = 60
"""Patents of the same owner that are offered beside the one asked for."""

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)
SPEAKERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER)


@bp.get("/patents/<int:patent_id>/licence")
@OWNERS
def new(patent_id: int) -> Page:
    patent = patents.get_patent(g.call, patent_id)
    return _request_page(_request_form(patent), patent)


@bp.post("/patents/<int:patent_id>/licence")
@OWNERS
def ask(patent_id: int) -> Page:
    patent = patents.get_patent(g.call, patent_id)
    form = _request_form(patent)
    if form.validate_on_submit():
        with refusals_on(form):
            terms = RequestTerms(
                licensee_id=_chosen(form.licensee_id.data),
                patent_ids=(patent_id, *(form.further.data or ())),
                purpose=form.purpose.data or "",
                field_of_use=form.field_of_use.data or "",
                territory=form.territory.data or "",
            )
            row = service.request_licence(g.call, terms)
            flash(_("Asked. The owner answers with conditions."), "success")
            return redirect(url_for("licences.show", licence_id=row.id), 303)
    return _request_page(form, patent), 422


@bp.get("/pools/<int:alliance_id>/licence")
@OWNERS
def new_bundle(alliance_id: int) -> Page:
    return _bundle_page(_bundle_form(alliance_id), alliance_id)


@bp.post("/pools/<int:alliance_id>/licence")
@OWNERS
def take_bundle(alliance_id: int) -> Page:
    form = _bundle_form(alliance_id)
    if form.validate_on_submit():
        with refusals_on(form):
            # What was picked is signed whole or not at all: the service refuses when a patent has left the pool meanwhile.
            ids = sorted(form.picked) or [offer.patent_id for offer in _chosen_patents(form, alliance_id)]
            row = service.take_bundle(g.call, _chosen(form.licensee_id.data), alliance_id, ids, form.purpose.data or "")
            flash(_("Signed for you. The pool signs next, then the licence runs."), "success")
            return redirect(url_for("licences.show", licence_id=row.id), 303)
    return _bundle_page(form, alliance_id), 422


@bp.get("/licences/<int:licence_id>/terms")
@SPEAKERS
def terms(licence_id: int) -> Page:
    row = _spoken_for(licence_id, Side.LICENSOR)
    form = OfferForm(obj=row)
    form.rate.data = Decimal(row.rate) / 100
    return render_template("licences/terms.html", form=form, licence=row)


@bp.post("/licences/<int:licence_id>/terms")
@SPEAKERS
def offer_terms(licence_id: int) -> Page:
    row, form = _spoken_for(licence_id, Side.LICENSOR), OfferForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.offer_terms(g.call, licence_id, form.to_terms())
            flash(_("Offered. Both sides sign next; earlier signatures are void."), "success")
            return redirect(url_for("licences.show", licence_id=licence_id), 303)
    return render_template("licences/terms.html", form=form, licence=row), 422


@bp.post("/licences/<int:licence_id>/sign/<side>")
@SPEAKERS
def sign(licence_id: int, side: str) -> Page:
    if side not in set(Side):
        raise NotFound
    service.sign(g.call, licence_id, Side(side))
    flash(_("Signed."), "success")
    return redirect(url_for("licences.show", licence_id=licence_id), 303)


@bp.post("/licences/<int:licence_id>/withdraw")
@OWNERS
def withdraw(licence_id: int) -> Page:
    service.withdraw(g.call, licence_id)
    flash(_("The request was taken back."), "success")
    return redirect(url_for("licences.show", licence_id=licence_id), 303)


@bp.get("/licences/<int:licence_id>/decline")
@SPEAKERS
def declining(licence_id: int) -> Page:
    return _decline_page(ReasonForm(), licence_id)


@bp.post("/licences/<int:licence_id>/decline")
@SPEAKERS
def decline(licence_id: int) -> Page:
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.decline(g.call, licence_id, form.reason.data or "")
            flash(_("Declined. The asker sees the reason."), "success")
            return redirect(url_for("licences.show", licence_id=licence_id), 303)
    return _decline_page(form, licence_id), 422


@bp.get("/licences/<int:licence_id>/filing")
@SPEAKERS
def filing(licence_id: int) -> Page:
    row = _spoken_for(licence_id, Side.LICENSOR)
    return render_template("licences/filing.html", form=FilingForm(day=patents.today(g.call)), licence=row)


@bp.post("/licences/<int:licence_id>/filing")
@SPEAKERS
def record_filing(licence_id: int) -> Page:
    row, form = _spoken_for(licence_id, Side.LICENSOR), FilingForm()
    if form.validate_on_submit():
        with refusals_on(form):
            day = form.day.data or patents.today(g.call)
            service.record_filing(g.call, licence_id, day, form.number.data or "")
            flash(_("Noted: the licence is recorded at the office."), "success")
            return redirect(url_for("licences.show", licence_id=licence_id), 303)
    return render_template("licences/filing.html", form=form, licence=row), 422


def _chosen(licensee_id: int | None) -> int:
    if licensee_id is None:
        raise Invalid("licences.choose", field="licensee_id")
    return licensee_id


def _spoken_for(licence_id: int, side: Side) -> Licence:
    row = queries.get_licence(g.call, licence_id)
    policy.may_act_for(g.call.actor, row, side).require()
    return row


def _request_form(patent: Patent) -> RequestForm:
    form = RequestForm()
    form.choose_licensee(queries.own_organisations(g.call.actor))
    form.choose_further(patents.others_of(g.call.actor, patent, MOST_FURTHER))
    return form


def _request_page(form: RequestForm, patent: Patent) -> str:
    return render_template("licences/request.html", form=form, patent=patent)


def _bundle_form(alliance_id: int) -> BundleForm:
    form = BundleForm(
        request.form if request.method == "POST" else None,
        purpose=request.args.get("purpose", "")[:1000],
        patents=request.args.get("patents", "")[:2000],
    )
    form.choose_licensee(queries.own_organisations(g.call.actor))
    form.choose_field(sorted({offer.patent.field for offer in pools.pooled(alliance_id)}))
    return form


def _chosen_patents(form: BundleForm, alliance_id: int) -> list[PoolOffer]:
    """The pool's offers that the form asks for; patents that left the pool meanwhile are not among them."""
    offers, picked = pools.pooled(alliance_id), form.picked
    if picked:
        return [offer for offer in offers if offer.patent_id in picked]
    return [offer for offer in offers if form.field.data is None or offer.patent.field is form.field.data]


def _bundle_page(form: BundleForm, alliance_id: int) -> str:
    """With what each bundle costs under the conditions in force."""
    offers, rules = pools.pooled(alliance_id), pools.rules_of(alliance_id)
    fields = sorted({offer.patent.field for offer in offers})
    picked = _chosen_patents(form, alliance_id) if form.picked else []
    counts = [(None, len(offers)), *((f, sum(o.patent.field is f for o in offers)) for f in fields)]
    if picked:
        counts = [(None, len(picked))]
    years = service.agreeing.STANDARD_YEARS
    prices = (
        [(f, n, rules.bundle_price(n), rules.entry_fee + rules.bundle_price(n) * years) for f, n in counts]
        if rules
        else []
    )
    return render_template(
        "licences/bundle.html",
        form=form,
        alliance=get_alliance(g.call, alliance_id),
        rules=rules,
        picked=[offer.patent for offer in picked],
        prices=prices,
        years=years,
    )


def _decline_page(form: ReasonForm, licence_id: int) -> str:
    licence = _spoken_for(licence_id, Side.LICENSOR)
    return render_template("licences/reason.html", form=form, licence=licence, event="decline")
