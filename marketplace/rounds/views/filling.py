"""Filling a round: its orders, bids and funds."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from marketplace.rounds import picks, policy, queries, service
from marketplace.rounds.forms import BidForm, FundsForm, OrdersForm, clean
from marketplace.rounds.models import Round
from marketplace.rounds.picks import BidInRound
from marketplace.rounds.views.blueprint import READERS, RUNNERS, bp
from marketplace.rounds.workflow import ROUND
from marketplace.web.errors import refusals_on
from marketplace.web.filters import in_language
from marketplace.web.forms import EmptyForm
from marketplace.web.guards import access
from marketplace.web.pages import paginate

Page = str | tuple[str, int] | Response


@bp.get("/rounds/<int:round_id>/orders")
@access(*READERS)
def orders(round_id: int) -> Page:
    return _orders_page(queries.get_round(g.call, round_id), OrdersForm())


@bp.post("/rounds/<int:round_id>/orders")
@access(*RUNNERS)
def add_orders(round_id: int) -> Page:
    row, form = queries.get_round(g.call, round_id), OrdersForm()
    if form.validate_on_submit():
        with refusals_on(form):
            added = service.add_orders(g.call, round_id, form.chosen)
            flash(ngettext("%(num)d order was taken in.", "%(num)d orders were taken in.", added), "success")
            return redirect(url_for("rounds.orders", round_id=round_id), 303)
    return _orders_page(row, form), 422


@bp.post("/rounds/<int:round_id>/orders/<int:order_id>/drop")
@access(*RUNNERS)
def drop_order(round_id: int, order_id: int) -> Page:
    service.drop_order(g.call, round_id, order_id)
    return redirect(url_for("rounds.orders", round_id=round_id), 303)


@bp.post("/rounds/<int:round_id>/orders/<int:order_id>/must")
@access(*RUNNERS)
def require_match(round_id: int, order_id: int) -> Page:
    service.require_match(g.call, round_id, order_id, request.form.get("required") == "1")
    return redirect(url_for("rounds.orders", round_id=round_id), 303)


@bp.get("/rounds/<int:round_id>/bids")
@access(*READERS)
def bids(round_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    return render_template("rounds/bids.html", round=row, bids=picks.bids_in(row.id), can_edit=_can_edit(row))


@bp.get("/rounds/<int:round_id>/bids/<int:bid_id>")
@access(*RUNNERS)
def bid(round_id: int, bid_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    found = picks.get_bid(row, bid_id)
    return _bid_page(row, found, _bid_form(found))[0]


@bp.post("/rounds/<int:round_id>/bids/<int:bid_id>")
@access(*RUNNERS)
def treat_bid(round_id: int, bid_id: int) -> Page:
    row, form = queries.get_round(g.call, round_id), BidForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.treat_bid(g.call, round_id, form.to_terms(bid_id), form.seen.data or "")
            return redirect(url_for("rounds.bids", round_id=round_id), 303)
    return _bid_page(row, picks.get_bid(row, bid_id), form)


@bp.get("/rounds/<int:round_id>/funds")
@access(*READERS)
def funds(round_id: int) -> Page:
    row = queries.get_round(g.call, round_id)
    return _funds_page(row, _funds_form(row))[0]


@bp.post("/rounds/<int:round_id>/funds")
@access(*RUNNERS)
def set_funds(round_id: int) -> Page:
    row, form = queries.get_round(g.call, round_id), FundsForm()
    if form.validate_on_submit():
        with refusals_on(form):
            service.set_funds(g.call, round_id, form.to_terms(), form.seen.data or "")
            flash(_("Saved. The next run uses it."), "success")
            return redirect(url_for("rounds.show", round_id=round_id), 303)
    return _funds_page(row, form)


def _orders_page(row: Round, form: OrdersForm) -> str:
    text = clean(request.args.get("q"))[:100]
    picked = picks.picked_orders(row.id)
    page = paginate(picks.pickable_orders(row, text), size=50)
    counts = picks.bid_counts([p.order_id for p in picked] + [order.id for order in page.items])
    return render_template(
        "rounds/orders.html",
        round=row,
        form=form,
        button=EmptyForm(),
        page=page,
        picked=picked,
        counts=counts,
        changeable={each.order_id for each in picked if each.order.state in picks.PICKABLE},
        q=text,
        can_edit=_can_edit(row),
    )


def _bid_form(found: BidInRound, **how: Any) -> BidForm:
    part = found.treatment
    kind = "locked" if part and part.locked else "forbidden" if part and part.forbidden else ""
    return BidForm(data={"part": kind, "reason": part.reason if part else ""}, **how)


def _bid_page(row: Round, found: BidInRound, form: BidForm) -> tuple[str, int]:
    meanwhile = form.show_mark(picks.treatment_mark(found.treatment), _bid_form(found, formdata=None))
    page = render_template("rounds/bid.html", round=row, found=found, form=form, meanwhile=meanwhile)
    return page, 409 if meanwhile else 422


def _funds_form(row: Round, **how: Any) -> FundsForm:
    return FundsForm(data=FundsForm.values_of(picks.pickable_funds(row), picks.picked_funds(row.id)), **how)


def _funds_page(row: Round, form: FundsForm) -> tuple[str, int]:
    known, saved = {str(fund.id): fund for fund in picks.pickable_funds(row)}, _funds_form(row, formdata=None)
    for each in (*form.rows, *saved.rows):
        if (key := each.form.fund_id.data) in known:
            each.form.row_title = in_language(known[key])
    mark = picks.funds_mark({picked.fund_id: picked.ceiling for picked in picks.picked_funds(row.id)})
    meanwhile, may = form.show_mark(mark, saved), _can_edit(row)
    page = render_template("rounds/funds.html", round=row, form=form, funds=known, can_edit=may, meanwhile=meanwhile)
    return page, 409 if meanwhile else 422


def _can_edit(row: Round) -> bool:
    return bool(policy.may_run(g.call.actor, row.alliance_id)) and ROUND.allows(row.state, "close")
