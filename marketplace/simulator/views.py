"""One page: ask, and compare."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from marketplace.kernel.money import BASIS
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
    form = QuestionForm(price=order.price_ceiling, own_funds=order.own_funds)
    asked = order.price_ceiling is not None and order.own_funds is not None
    return _page(order, form, _answered(order, form) if asked else None)


@bp.post("/orders/<int:order_id>/funding")
@access(SIGNED_IN)
def compare(order_id: int) -> Page:
    """The same for another price. It writes nothing; a price is posted so that no log keeps what a team thinks of asking."""
    order = orders.get_order(g.call, order_id)
    form = QuestionForm()
    if not form.validate_on_submit() or not _is_sound(form):
        return _page(order, form, None), 422
    return _page(order, form, _answered(order, form))


def _is_sound(form: QuestionForm) -> bool:
    if (form.public_most.data or 0) <= BASIS:
        return True
    form.public_most.errors = [*form.public_most.errors, _("A share is at most 100 %%.")]
    return False


def _answered(order: Order, form: QuestionForm) -> Answer:
    around = funds_around(g.call, order)
    price, own = int(form.price.data or 0), int(form.own_funds.data or 0)
    return answer(price, own, around.paying, around.drawn, form.public_most.data)


def _page(order: Order, form: QuestionForm, found: Answer | None) -> str:
    return render_template(
        "simulator/ask.html",
        order=order,
        form=form,
        found=found,
        others=funds_around(g.call, order).others,
        why=lambda code: words.sentence(code, {}),
    )
