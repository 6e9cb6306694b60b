"""Pages for the bidding team: its bids, the form, the check before submission."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import consents, preflight, queries, service, shortlists, twice
from marketplace.bids.forms import BidForm, StartForm, SubmitForm, as_data
from marketplace.bids.models import Bid
from marketplace.bids.terms import BidTerms
from marketplace.bids.views.blueprint import bp
from marketplace.bids.workflow import DRAFTED, BidState
from marketplace.kernel.call import UNIVERSITY
from marketplace.kernel.errors import Conflict
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts, asks_shortlist
from marketplace.orders.workflow import AMENDABLE
from marketplace.web.errors import refusals_on, tells
from marketplace.web.filters import in_language
from marketplace.web.guards import access
from marketplace.web.pages import paginate

Answer = Response | tuple[str, int]


@bp.get("/bids")
@access(*UNIVERSITY)
def mine() -> str:
    """The bids of the reader's teams."""
    return render_template("bids/mine.html", page=paginate(queries.list_own(g.call.actor)))


@bp.get("/orders/<int:order_id>/bid")
@access(*UNIVERSITY)
def begin(order_id: int) -> str | Response:
    """Choose the team that answers, or go on with the only bid there is."""
    order = orders.get_order(g.call, order_id)
    bids = queries.find_own(g.call.actor, order.id)
    form = _start_form(bids)
    if bids and not form.team.choices:
        return redirect(url_for("bids.show", bid_id=bids[0].id), 303)
    return _begin_page(order, form, bids)


@bp.post("/orders/<int:order_id>/bid")
@access(*UNIVERSITY)
def start(order_id: int) -> Answer:
    """Start the draft of a bid."""
    order = orders.get_order(g.call, order_id)
    bids = queries.find_own(g.call.actor, order.id)
    form = _start_form(bids)
    if form.validate_on_submit():
        with refusals_on(form):
            bid = service.start_bid(g.call, order_id, form.team.data)
            return redirect(url_for("bids.edit", bid_id=bid.id), 303)
    return _begin_page(order, form, bids), 422


def _begin_page(order: Order, form: StartForm, bids: list[Bid]) -> str:
    stages = {"concept": asks_concepts(order), "full": asks_shortlist(order)}
    return render_template("bids/begin.html", order=order, form=form, bids=bids, **stages)


def _start_form(bids: list[Bid]) -> StartForm:
    form, taken = StartForm(), {bid.team_id for bid in bids}
    teams = [team for team in queries.my_teams(g.call.actor) if team.id not in taken]
    form.team.choices = [(team.id, f"{in_language(team)} · {in_language(team.organisation)}") for team in teams]
    return form


@bp.get("/bids/<int:bid_id>/edit")
@access(*UNIVERSITY)
def edit(bid_id: int) -> str:
    """The bid as it was kept last."""
    bid = open_bid(bid_id)
    return _form_page(bid, _form(bid, queries.own_content(bid).terms))


@bp.post("/bids/<int:bid_id>/edit")
@access(*UNIVERSITY)
def save(bid_id: int) -> Answer:
    """Keep a draft, or replace a bid that was submitted."""
    bid = queries.get_own(g.call, bid_id)
    form = _form(bid, BidTerms())
    if form.rows_changed():
        return _form_page(bid, form), 200
    if form.validate_on_submit():
        with refusals_on(form):
            attachments = queries.own_content(bid).terms.attachments
            return _kept(bid, replace(form.to_terms(), attachments=attachments), form)
    stale = form.kept.data not in ("", None, queries.own_mark(bid)) and not g.call.reads_only
    return _form_page(bid, form, stale=stale), 409 if stale else 422


def _kept(bid: Bid, terms: BidTerms, form: BidForm) -> Response:
    kept = form.kept.data or ""
    if bid.state in DRAFTED:
        service.save_draft(g.call, bid.id, terms, kept)
        flash(_("The draft is kept, encrypted. It does not count yet."), "success")
        return redirect(url_for("bids.check", bid_id=bid.id), 303)
    service.submit_bid(g.call, bid.id, terms, form.seen.data, kept)
    flash(_("The new version is submitted and sealed."), "success")
    return redirect(url_for("bids.receipt", bid_id=bid.id), 303)


def open_bid(bid_id: int) -> Bid:
    """Return the reader's own bid while it may be written; raises Conflict or Forbidden otherwise."""
    bid = queries.get_own(g.call, bid_id)
    if not queries.takes_bids(bid.order, g.call.now):
        raise Conflict("bid.late" if bid.order.state in AMENDABLE else "bids.not_open")
    shortlists.require_asked(bid)
    return bid


def _form(bid: Bid, terms: BidTerms) -> BidForm:
    partners = queries.partner_teams(bid.team, bid.order)
    choices = [(str(t.id), f"{in_language(t)} · {in_language(t.organisation)}") for t in partners]
    return BidForm(bid.order, bid.team_id, choices, data=as_data(terms, bid.order, bid.team_id))


def _show_order(form: BidForm | SubmitForm, order: Order) -> None:
    """Carry which change of the order the reader knows: the last one on a new page, and once a refusal told of it."""
    if form.seen.data is None or tells(form, "bids.order_changed"):
        form.seen.data, form.seen.raw_data = orders.latest_change(order), None


def _form_page(bid: Bid, form: BidForm, stale: bool = False) -> str:
    _show_order(form, bid.order)
    if stale or not form.kept.data:
        form.kept.data, form.kept.raw_data = queries.own_mark(bid), None
    counts, again = bid.state not in DRAFTED, bid.state is BidState.NEEDS_RECONFIRM
    return render_template(
        "bids/edit.html",
        bid=bid,
        order=bid.order,
        form=form,
        counts=counts,
        again=again,
        stale=stale,
        concept=asks_concepts(bid.order),
        full=asks_shortlist(bid.order),
    )


@bp.get("/bids/<int:bid_id>/check")
@access(*UNIVERSITY)
def check(bid_id: int) -> str:
    """What would keep the bid out, and the button to submit."""
    return _check_page(open_bid(bid_id), SubmitForm())


@bp.post("/bids/<int:bid_id>/submit")
@access(*UNIVERSITY)
def submit(bid_id: int) -> Answer:
    """Submit what was kept last, or confirm it after a change of the order."""
    form = SubmitForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.submit_bid(g.call, bid_id, seen=form.seen.data)
            flash(_("The bid is submitted and sealed."), "success")
            return redirect(url_for("bids.receipt", bid_id=bid_id), 303)
    return _check_page(queries.get_own(g.call, bid_id), form), 422


def _check_page(bid: Bid, form: SubmitForm) -> str:
    _show_order(form, bid.order)
    terms = queries.own_content(bid).terms
    concept = asks_concepts(bid.order)
    findings = preflight.check(terms, queries.demand_of(bid.order, bid.team_id), concept=concept)
    lacking = consents.lacking(bid, bid.order, terms)
    weak = preflight.short_of_capacity(queries.shortages(terms))
    weak += preflight.offered_twice(twice.offered_elsewhere(g.call, bid, terms))
    findings = preflight.disqualifying(findings + preflight.unauthorised(lacking)) + [
        finding for finding in findings if finding not in preflight.disqualifying(findings)
    ]
    return render_template(
        "bids/check.html",
        bid=bid,
        order=bid.order,
        form=form,
        again=bid.state is BidState.NEEDS_RECONFIRM,
        concept=concept,
        findings=[*findings, *weak],
        blocked=bool(preflight.disqualifying(findings)),
        content=terms,
        teams=queries.teams_named(load.team for load in terms.loads),
        answers={answer.target: answer for answer in terms.answers},
        consents=consents.of_bid(bid),
        lacking=lacking,
        has_partners=bool(consents.partners(bid, terms)),
    )


@bp.post("/bids/<int:bid_id>/withdraw")
@access(*UNIVERSITY)
def withdraw(bid_id: int) -> Response:
    """Take the bid back."""
    service.withdraw_bid(g.call, bid_id)
    flash(_("The bid is withdrawn; the sealed envelope was destroyed."), "success")
    return redirect(url_for("bids.show", bid_id=bid_id), 303)
