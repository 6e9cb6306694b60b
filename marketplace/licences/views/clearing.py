"""Which pooled patents a product may need, and what a licence costs beside developing anew."""

from __future__ import annotations

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from marketplace.kernel.call import OWNERS, Call
from marketplace.licences import clearance, needs
from marketplace.licences.views.blueprint import bp
from marketplace.licences.workflow import Right
from marketplace.orders.hints import Hint, find_patents_by
from marketplace.orders.models import Order
from marketplace.orders.queries import get_order
from marketplace.web.filters import in_language
from marketplace.web.guards import SIGNED_IN, access

bp.add_app_template_filter(clearance.first_claim)


@bp.get("/clearance")
@access(SIGNED_IN)
def clearance_page() -> str:
    """Empty, or filled from an order that the reader may see."""
    number = request.args.get("order", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return _clearance_page("", None)
    order = get_order(g.call, int(number))
    return _clearance_page(_text(order), order)


@bp.post("/clearance")
@access(SIGNED_IN)
def clear() -> str:
    """A product plan is secret: it travels in the body, so no address, log or history keeps it, and nothing is written."""
    return _clearance_page(request.form.get("text", "").replace("\x00", "")[: clearance.LONGEST], None)


def _clearance_page(text: str, order: Order | None) -> str:
    try:
        cleared, progress = needs.clear(g.call, text), None
    except clearance.Warming as warming:
        cleared, progress = needs.Clearance((), ()), warming.progress
    return render_template(
        "licences/clearance.html",
        text=text,
        order=order,
        cleared=cleared,
        progress=progress,
        takes=g.call.actor.has(*OWNERS),
    )


def _text(order: Order) -> str:
    return f"{order.title}\n{order.problem}".strip()


@find_patents_by
def pooled_patents(call: Call, order: Order) -> list[Hint]:
    """Return the pooled patents that read most like a drafted order, each with the first year of a licence."""
    try:
        found = needs.clear(call, _text(order)).needs
    except clearance.Warming:
        told = _("a large pool is being read; look again in a few minutes")
        return [Hint(_("Pooled patents"), url_for("licences.clearance_page", order=order.id), told)]
    return [
        Hint(
            in_language(need.offer.patent, "title"),
            url_for("patents.show", patent_id=need.offer.patent_id),
            f"{in_language(need.offer.patent.owner)} · {_how(need)}",
            need.first_year,
        )
        for need in found
    ]


def _how(need: needs.Need) -> str:
    if need.right is Right.OWN:
        return str(_("your own patent"))
    if need.right is Right.LICENSED:
        return str(_("licensed to you already"))
    return in_language(need.offer.alliance)
