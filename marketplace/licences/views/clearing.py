"""Which pooled patents a product may need, and what a patent may be worth."""

from __future__ import annotations

from dataclasses import fields, replace

from flask import g, render_template, request

from marketplace.kernel import money
from marketplace.kernel.call import OWNERS
from marketplace.licences import clearance, queries
from marketplace.licences.views.blueprint import bp
from marketplace.orders.models import Order
from marketplace.orders.queries import get_order
from marketplace.patents import drawings, policy, schedule
from marketplace.patents import queries as patents
from marketplace.patents.workflow import LegalState, SharePart
from marketplace.pools import queries as pools
from marketplace.pools import valuation
from marketplace.pools.models import PoolOffer
from marketplace.web.guards import SIGNED_IN, access

MONEY = ("cost", "base", "sales")


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


@bp.get("/patents/<int:patent_id>/value")
@access(SIGNED_IN)
def value(patent_id: int) -> str:
    return render_template("licences/value.html", **_valued(patent_id))


@bp.get("/patents/<int:patent_id>/pledge-sheet")
@access(SIGNED_IN)
def pledge_sheet(patent_id: int) -> str:
    """What a bank asks for before it lends on a patent, on one page to print; the owner's and the centre's only."""
    patent = patents.get_patent(g.call, patent_id)
    policy.may_see_calendar(g.call.actor, patent.owner_id).require()
    today = patents.today(g.call)
    steps = patents.steps_of(patent.id)
    done = {(step.rule, step.number) for step in steps}
    return render_template(
        "licences/pledge_sheet.html",
        **_valued(patent_id),
        owners=patents.shares_on(patent, SharePart.OWNER, today),
        inventors=patents.shares_on(patent, SharePart.INVENTOR, today),
        dues=schedule.to_do(patent, patents.events_of(patent.id), done, today)[:3],
        steps=steps,
        exclusive=queries.running_on([patent.id], queries.EXCLUSIVE),
        life=drawings.life(patent, today),
        today=today,
    )


def _valued(patent_id: int) -> dict[str, object]:
    patent = patents.get_patent(g.call, patent_id)
    licences, royalties = queries.history_of(patent.id)
    inside = bool(policy.may_see_calendar(g.call.actor, patent.owner_id))
    signals = valuation.Signals(
        kind=patent.kind,
        filed_on=patent.filed_on,
        expires_on=patent.expires_on,
        granted=patent.state is LegalState.GRANTED,
        claims=patent.claim_count,
        family=len(patents.family_of(g.call.actor, patent)) + 1,
        citations=patent.citations,
        licences=licences,
        royalties=royalties if inside else 0,
    )
    assumptions = _assumed()
    today = patents.today(g.call)
    return {
        "patent": patent,
        "signals": signals,
        "assumptions": assumptions,
        "estimates": valuation.estimates(signals, assumptions, today),
        "inside": inside,
        "months": valuation.remaining_months(signals, today),
    }


def _assumed() -> valuation.Assumptions:
    """The assumptions of the address; what makes no sense keeps its default."""
    found = valuation.Assumptions()
    for each in fields(valuation.Assumptions):
        text = request.args.get(each.name, "")
        try:
            given = money.parse(text) if each.name in MONEY else int(money.parse(text))
        except ValueError:
            continue
        if each.name in MONEY or given <= money.BASIS:
            found = replace(found, **{each.name: given})
    return found
