"""Pages for the centre: which bids are due, and their opening by two people."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.approvals.models import Step
from marketplace.bids import keyring, openings, policy, queries, records, service
from marketplace.bids.views.blueprint import bp
from marketplace.bids.workflow import Part, Scheme
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.procedures import asks_concepts
from marketplace.orders.workflow import ORDER, OrderState
from marketplace.web.actions import Action
from marketplace.web.guards import access
from marketplace.web.pages import paginate
from marketplace.web.words import label, sentence

OPENERS = (Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY)


@bp.get("/openings")
@access(*OPENERS)
def due() -> str:
    """Orders whose deadline has passed and whose bids lie sealed."""
    page = paginate(openings.list_due(g.call.actor, g.call.now))
    prices = paginate(openings.list_prices_due(g.call.actor))
    return render_template(
        "bids/due.html",
        page=page,
        standings=openings.standings(page.items),
        prices=prices,
        price_standings=openings.standings(prices.items, Part.PRICE),
        unproven=openings.unproven(g.call.actor),
    )


@bp.get("/orders/<int:order_id>/opening")
@access(*OPENERS, Role.AUDITOR)
def opening(order_id: int) -> str:
    """The opening of one order: sealed until when, who stood for it, what came out. Before it no number is shown."""
    order = orders.get_order(g.call, order_id)
    if order.published_at is None or not policy.reads_opened(g.call.actor, order):
        raise NotFound("order")
    part = Part.PRICE if openings.prices_wait(order) else openings.part_due(order)
    standing = openings.standing(order, part)
    return render_template(
        "bids/opening.html",
        order=order,
        people=[person for each in keyring.parts_of(order) for person in _people(order, each)],
        standing=standing,
        prices_wait=part is Part.PRICE,
        is_open=queries.is_open(order, g.call.now),
        bids=queries.list_opened(order) if order.opened_at else [],
        closed=queries.list_closed(order),
        concepts=asks_concepts(order),
        choosing=order.state is OrderState.CONCEPTS,
        keys=keyring.rows_of(order),
        parts=keyring.parts_of(order),
        needs_holders=keyring.scheme_of(order) is Scheme.SPLIT,
        records=records.of_order(order),
        actions=_actions(g.call, order, standing, part),
    )


def _people(order: Order, part: Part) -> list[dict[str, object]]:
    """Return who stood for an opening of this order; before it, what was said about other contents is void."""
    verbs = {Step.PROPOSED: _("requested"), Step.APPROVED: _("confirmed")}
    waits = (
        openings.prices_wait(order) if part is Part.PRICE else part is openings.part_due(order) and not order.opened_at
    )
    now = openings.standing(order, part).fingerprint
    return [
        {
            "name": name,
            "did": verbs[row.step],
            "part": label(part) if part is not Part.CONTENT else "",
            "at": row.at,
            "is_void": waits and row.content_hash != now,
        }
        for row, name in openings.people(order, part)
    ]


def _actions(call: Call, order: Order, standing: openings.Standing, part: Part) -> list[Action]:
    """Return request or confirm, whichever is next; a person who may not act reads why."""
    due = ORDER.allows(order.state, "open_bids") and not queries.is_open(order, call.now)
    if not (due or part is Part.PRICE) or standing.is_confirmed:
        return []
    if standing.requested is None:
        text, endpoint = _("Request the opening"), "bids.request_opening"
        reason = policy.may_request_opening(call.actor, order).reason
    else:
        text, endpoint = _("Confirm the opening"), "bids.confirm_opening"
        reason = policy.may_open(call.actor, order).reason
        if standing.requested.person_id == call.actor.person:
            reason = "approvals.same_person"
    if reason == "hidden":
        return []
    question = _("Everybody who reads this order's bids will see them after the opening. It cannot be undone.")
    if part is Part.PRICE:
        text = (
            _("Request the opening of the prices")
            if standing.requested is None
            else _("Confirm the opening of the prices")
        )
        endpoint = endpoint.replace("_opening", "_price_opening")
    url = url_for(endpoint, order_id=order.id)
    return [Action(text, url, "post", "primary", question, sentence(reason, {}) if reason else "")]


@bp.post("/orders/<int:order_id>/opening/request")
@access(Role.CENTRE_OFFICER)
def request_opening(order_id: int) -> Response:
    """The first person asks for the opening."""
    service.request_opening(g.call, order_id)
    flash(_("Requested. A different person must confirm it now."), "success")
    return redirect(url_for("bids.opening", order_id=order_id), 303)


@bp.post("/orders/<int:order_id>/opening/confirm")
@access(*OPENERS)
def confirm_opening(order_id: int) -> Response:
    """The second person confirms; the opener does the rest."""
    service.confirm_opening(g.call, order_id)
    flash(_("Confirmed. The opener opens the bids now; reload the page in a moment."), "success")
    return redirect(url_for("bids.opening", order_id=order_id), 303)


@bp.post("/orders/<int:order_id>/opening/request-prices")
@access(Role.CENTRE_OFFICER)
def request_price_opening(order_id: int) -> Response:
    """The first person asks for the opening of the prices."""
    service.request_price_opening(g.call, order_id)
    flash(_("Requested. A different person must confirm it now."), "success")
    return redirect(url_for("bids.opening", order_id=order_id), 303)


@bp.post("/orders/<int:order_id>/opening/confirm-prices")
@access(*OPENERS)
def confirm_price_opening(order_id: int) -> Response:
    """The second person confirms; the opener does the rest."""
    service.confirm_price_opening(g.call, order_id)
    flash(_("Confirmed. The opener opens the prices now; reload the page in a moment."), "success")
    return redirect(url_for("bids.opening", order_id=order_id), 303)
