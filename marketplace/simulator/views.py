"""One page: ask, and compare."""

from __future__ import annotations

from flask import Blueprint, g, render_template

from marketplace.bids import queries as bids
from marketplace.bids.models import Bid
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.simulator import words as _words  # noqa: F401 - registers what limits are called
from marketplace.simulator.forms import QuestionForm
from marketplace.simulator.plans import Answer, answer
from marketplace.simulator.queries import funds_around
from marketplace.web import words
from marketplace.web.guards import SIGNED_IN, access

Page = str | tuple[str, int]

bp = Blueprint("simulator", __name__)


@bp.get("/orders/<int:order_id>/funding")
@access(SIGNED_IN)
def ask(order_id: int) -> Page:
    """Who could pay for this order, at its ceiling and with the own money it names."""
    order = orders.get_order(g.call, order_id)
    return _at_first(order, None, order.price_ceiling)


@bp.post("/orders/<int:order_id>/funding")
@access(SIGNED_IN)
def compare(order_id: int) -> Page:
    """The same for another price. It writes nothing; a price is posted so that no log keeps what a team thinks of asking."""
    return _asked_again(orders.get_order(g.call, order_id), None)


@bp.get("/bids/<int:bid_id>/funding")
@access(SIGNED_IN)
def ask_for_bid(bid_id: int) -> Page:
    """Who could pay for this bid: at its price once it is open; before, its team may type one."""
    bid = bids.get_bid(g.call, bid_id)
    return _at_first(orders.get_order(g.call, bid.order_id), bid, bid.content.price if bid.content else None)


@bp.post("/bids/<int:bid_id>/funding")
@access(SIGNED_IN)
def compare_for_bid(bid_id: int) -> Page:
    """The same for another price than the bid's."""
    bid = bids.get_bid(g.call, bid_id)
    return _asked_again(orders.get_order(g.call, bid.order_id), bid)


def _at_first(order: Order, bid: Bid | None, price: int | None) -> str:
    form = QuestionForm(price=price, own_funds=order.own_funds)
    asked = price is not None and order.own_funds is not None
    return _page(order, bid, form, _answered(order, form) if asked else None)


def _asked_again(order: Order, bid: Bid | None) -> Page:
    form = QuestionForm()
    if not form.validate_on_submit():
        return _page(order, bid, form, None), 422
    return _page(order, bid, form, _answered(order, form))


def _answered(order: Order, form: QuestionForm) -> Answer:
    around = funds_around(g.call, order)
    price, own = int(form.price.data or 0), int(form.own_funds.data or 0)
    return answer(price, own, around.paying, around.drawn, form.public_most.data)


def _page(order: Order, bid: Bid | None, form: QuestionForm, found: Answer | None) -> str:
    return render_template(
        "simulator/ask.html",
        order=order,
        bid=bid,
        form=form,
        found=found,
        others=funds_around(g.call, order).others,
        why=lambda code: words.sentence(code, {}),
    )
