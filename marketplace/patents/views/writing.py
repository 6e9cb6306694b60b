"""Pages on which an owner writes its patents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.kernel.call import Role
from marketplace.kernel.errors import Invalid, NotFound
from marketplace.patents import cards, holders, policy, queries, schedule, service
from marketplace.patents.forms import EventForm, PatentForm, SharesForm, StepForm, TransferForm
from marketplace.patents.models import Patent
from marketplace.patents.views.blueprint import bp
from marketplace.patents.workflow import PATENT, EventKind, RuleCode, SharePart
from marketplace.web import words
from marketplace.web.errors import refusals_on
from marketplace.web.forms import number_or_none
from marketplace.web.guards import access

Page = str | Response | tuple[str, int]
OWNERS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER, Role.CENTRE_OFFICER)
REGISTRANTS = access(Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER)


@bp.get("/patents/new")
@REGISTRANTS
def new() -> Page:
    return _patent_page(_new_form(), None)


@bp.post("/patents")
@REGISTRANTS
def create() -> Page:
    form = _new_form()
    if form.validate_on_submit():
        with refusals_on(form):
            if form.organisation_id.data is None:
                raise Invalid("patents.not_member", field="organisation_id")
            patent = service.register_patent(g.call, form.organisation_id.data, form.to_terms())
            flash(_("In the register. The calendar says what comes next."), "success")
            return redirect(url_for("patents.show", patent_id=patent.id), 303)
    return _patent_page(form, None), 422


@bp.get("/patents/<int:patent_id>/edit")
@OWNERS
def edit(patent_id: int) -> Page:
    patent = _writable(patent_id)
    return _patent_page(_filled_form(patent), patent)


@bp.post("/patents/<int:patent_id>")
@OWNERS
def change(patent_id: int) -> Page:
    patent = _writable(patent_id)
    form = PatentForm()
    form.organisation_id.choices = []
    if form.validate_on_submit():
        with refusals_on(form):
            service.change_patent(g.call, patent_id, form.to_terms(), form.seen_version)
            flash(_("The description was changed."), "success")
            return redirect(url_for("patents.show", patent_id=patent_id), 303)
    meanwhile = form.show_version(patent.version, _filled_form(patent, formdata=None))
    return _patent_page(form, patent, meanwhile), 409 if meanwhile else 422


@bp.get("/patents/<int:patent_id>/shares/<part>")
@OWNERS
def shares(patent_id: int, part: str) -> Page:
    patent, chosen = _writable(patent_id), _part(part)
    today = queries.today(g.call)
    form = SharesForm(day=today, shares=holders.typed(queries.shares_on(patent, chosen, today)))
    return render_template("patents/shares.html", form=form, patent=patent, part=chosen)


@bp.post("/patents/<int:patent_id>/shares/<part>")
@OWNERS
def set_shares(patent_id: int, part: str) -> Page:
    patent, chosen = _writable(patent_id), _part(part)
    form = SharesForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.set_shares(g.call, patent_id, chosen, form.to_terms(), form.day.data or queries.today(g.call))
            flash(_("The shares were changed. What was true before stays in the history."), "success")
            return redirect(url_for("patents.show", patent_id=patent_id), 303)
    return render_template("patents/shares.html", form=form, patent=patent, part=chosen), 422


@bp.get("/patents/<int:patent_id>/events/new")
@OWNERS
def new_event(patent_id: int) -> Page:
    patent = _notable(patent_id)
    return render_template("patents/event_form.html", form=_event_form(patent), patent=patent)


@bp.post("/patents/<int:patent_id>/events")
@OWNERS
def record_event(patent_id: int) -> Page:
    patent = _notable(patent_id)
    form = _event_form(patent)
    if form.validate_on_submit():
        with refusals_on(form):
            service.record_event(g.call, patent_id, form.to_terms())
            flash(_("Noted. The calendar was worked out anew."), "success")
            return redirect(url_for("patents.show", patent_id=patent_id), 303)
    return render_template("patents/event_form.html", form=form, patent=patent), 422


@bp.get("/patents/<int:patent_id>/transfer")
@OWNERS
def transferring(patent_id: int) -> Page:
    return _transfer_page(_writable(patent_id), TransferForm(on=queries.today(g.call)))


@bp.post("/patents/<int:patent_id>/transfer")
@OWNERS
def transfer(patent_id: int) -> Page:
    patent, form = _writable(patent_id), TransferForm()
    if form.validate_on_submit():
        with refusals_on(form):
            terms = form.to_terms()
            service.check_transfer(g.call, patent, terms)
            if patent.sold_on is None and not form.confirms(terms):
                return _transfer_page(patent, form, shown=True), 422 if form.errors else 200
            service.transfer_patent(g.call, patent_id, terms)
            flash(_("Handed on. What was promised about the patent took effect before."), "success")
            return redirect(url_for("patents.index"), 303)
    form.taken.data = ""
    return _transfer_page(patent, form), 422


@bp.get("/patents/<int:patent_id>/steps/new")
@OWNERS
def new_step(patent_id: int) -> Page:
    patent = _writable(patent_id)
    rule, number = request.args.get("rule", ""), number_or_none(request.args.get("number")) or 0
    form = StepForm(formdata=None, rule=rule, number=str(number), done_on=queries.today(g.call))
    return _step_page(form, patent)


@bp.post("/patents/<int:patent_id>/steps")
@OWNERS
def record_step(patent_id: int) -> Page:
    patent = _writable(patent_id)
    form = StepForm()
    if form.validate_on_submit():
        with refusals_on(form):
            terms = form.to_terms()
            if terms is None:
                raise Invalid("patents.no_due")
            service.record_step(g.call, patent_id, terms)
            flash(_("Noted: the deadline is met."), "success")
            return redirect(url_for("patents.show", patent_id=patent_id), 303)
    return _step_page(form, patent), 422


def _writable(patent_id: int) -> Patent:
    patent = queries.get_patent(g.call, patent_id)
    policy.may_change(g.call.actor, patent).require()
    return patent


def _notable(patent_id: int) -> Patent:
    patent = queries.get_patent(g.call, patent_id)
    policy.may_note(g.call.actor, patent).require()
    return patent


def _part(text: str) -> SharePart:
    if text not in set(SharePart):
        raise NotFound
    return SharePart(text)


def _new_form() -> PatentForm:
    form = PatentForm()
    form.choose_organisation(queries.own_organisations(g.call.actor))
    return form


def _filled_form(patent: Patent, **how: Any) -> PatentForm:
    form = PatentForm(obj=patent, **how)
    form.organisation_id.choices = []
    if patent.inventor_share is not None:
        form.inventor_share.data = Decimal(patent.inventor_share) / 100
    return form


def _event_form(patent: Patent) -> EventForm:
    """Offer what can happen to the right in its present state, and the office's papers."""
    form = EventForm()
    papers = (EventKind.OFFICE_ACTION, EventKind.FURTHER_ACTION, EventKind.CORRECTION, EventKind.GRANT_NOTICE)
    choices = [
        *((event, words.event_label("patent", event)) for event in PATENT.events(patent.state)),
        *((kind.value, words.label(kind)) for kind in papers),
    ]
    form.kind.choices = [one for one in choices if policy.may_note(g.call.actor, patent, EventKind(one[0]))]
    return form


def _step_page(form: StepForm, patent: Patent) -> str:
    """What the deadline asks for, with the surcharge as of today."""
    rule = form.rule.data if form.rule.data in set(RuleCode) else None
    number = number_or_none(form.number.data) or 0
    dues = schedule.whole(patent, queries.events_of(patent.id))
    due = next((one for one in dues if rule is not None and one.key == (RuleCode(rule), number)), None)
    if due is None:
        raise NotFound
    return render_template(
        "patents/step_form.html", form=form, patent=patent, due=due, surcharge=due.surcharge(queries.today(g.call))
    )


def _transfer_page(patent: Patent, form: TransferForm, *, shown: bool = False) -> str:
    """With what the rooms above say about the patent, and, once ``shown``, who the buyer is taken to be."""
    return render_template(
        "patents/transfer_form.html",
        form=form,
        patent=patent,
        parts=cards.parts_of(g.call, patent),
        shown_buyer=shown,
        member=queries.find_organisation(form.buyer.data or "") if shown else None,
    )


def _patent_page(form: PatentForm, patent: Patent | None, meanwhile: Sequence[tuple[str, str]] = ()) -> str:
    return render_template("patents/patent_form.html", form=form, patent=patent, meanwhile=meanwhile)
