"""Which pooled patents a product may need."""

from __future__ import annotations

from flask import g, render_template, request

from marketplace.kernel.call import OWNERS
from marketplace.licences import clearance, queries
from marketplace.licences.views.blueprint import bp
from marketplace.orders.models import Order
from marketplace.orders.queries import get_order
from marketplace.pools import queries as pools
from marketplace.pools.models import PoolOffer
from marketplace.web.guards import SIGNED_IN, access


@bp.get("/clearance")
@access(SIGNED_IN)
def clearance_page() -> str:
    """Empty, or filled from an order that the reader may see."""
    number = request.args.get("order", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return _clearance_page("", None)
    order = get_order(g.call, int(number))
    return _clearance_page(f"{order.title}\n{order.problem}", order)


@bp.post("/clearance")
@access(SIGNED_IN)
def clear() -> str:
    """A product plan is secret: it travels in the body, so no address, log or history keeps it, and nothing is written."""
    return _clearance_page(request.form.get("text", "").replace("\x00", "")[: clearance.LONGEST], None)


def _clearance_page(text: str, order: Order | None) -> str:
    hits = clearance.search(text)
    found = pools.pooled(patent_ids=[hit.patent_id for hit in hits]) if hits else []
    offers = {offer.patent_id: offer for offer in found}
    held = {patent for key in g.call.actor.organisations for patent in queries.held_by(key)}
    return render_template(
        "licences/clearance.html",
        text=text,
        order=order,
        hits=[(hit, offers[hit.patent_id]) for hit in hits if hit.patent_id in offers],
        held=held,
        own=g.call.actor.organisations,
        takes=g.call.actor.has(*OWNERS),
        bundles=_bundles(list(offers.values()), held),
    )


def _bundles(offers: list[PoolOffer], held: set[int]) -> list[dict[str, int | None]]:
    """For each pool what is missing, and what a licence of just that costs a year."""
    found: list[dict[str, int | None]] = []
    for alliance_id in sorted({offer.alliance_id for offer in offers}):
        missing = [
            o
            for o in offers
            if o.alliance_id == alliance_id
            and o.patent_id not in held
            and o.patent.owner_id not in g.call.actor.organisations
        ]
        rules = pools.rules_of(alliance_id)
        if missing:
            price = rules.bundle_price(len(missing)) if rules else None
            found.append(
                {
                    "alliance_id": alliance_id,
                    "number": len(missing),
                    "price": price,
                    "entry": rules.entry_fee if rules else None,
                }
            )
    return found
