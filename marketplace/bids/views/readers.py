"""One bid, for its bidder at any time and for others after the opening; the opened bids of one order."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask_babel import gettext as _

from marketplace.bids import policy, queries
from marketplace.bids.models import Bid
from marketplace.bids.proof import is_unaltered, terms_of
from marketplace.bids.terms import BidTerms
from marketplace.bids.views.blueprint import bp
from marketplace.bids.workflow import BID, DRAFTED, READABLE, BidState
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.web.actions import Action
from marketplace.web.guards import access
from marketplace.web.words import event_label

READERS = (*sorted(ENTERPRISE), Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY, Role.AUDITOR)


@bp.get("/bids/<int:bid_id>")
@access(*READERS, *sorted(UNIVERSITY))
def show(bid_id: int) -> str:
    """One bid: the bidder reads the own copy, others what was opened."""
    bid = queries.get_bid(g.call, bid_id)
    opened = queries.content_of(bid) if bid.state in READABLE else None
    content = terms_of(opened) if opened else _own_terms(bid)
    return render_template(
        "bids/show.html",
        bid=bid,
        order=bid.order,
        content=content,
        teams=queries.teams_named(load.team for load in content.loads) if content else {},
        answers={answer.target: answer for answer in content.answers} if content else {},
        proven=is_unaltered(bid, opened) if opened and opened.salt else None,
        is_own=policy.acts_for(g.call.actor, bid.team),
        actions=_actions(g.call, bid),
    )


def _own_terms(bid: Bid) -> BidTerms | None:
    """The bidder's copy: ``get_bid`` shows a bid that was not opened to its bidder only, ``get_own`` makes sure."""
    own = queries.get_own(g.call, bid.id)
    return queries.own_content(own).terms if own.owner_copy else None


def _actions(call: Call, bid: Bid) -> list[Action]:
    """Return the bidder's buttons: the workflow's events while there is time, the receipt, later the outcome."""
    if not policy.acts_for(call.actor, bid.team):
        return []
    found = []
    if queries.takes_bids(bid.order, call.now) and BID.allows(bid.state, "submit"):
        if bid.state is not BidState.SUBMITTED:
            label = _("Confirm the bid again") if bid.state is BidState.NEEDS_RECONFIRM else _("Check and submit")
            found.append(Action(label, url_for("bids.check", bid_id=bid.id), "get", "primary"))
        label = _("Edit the bid") if bid.state in DRAFTED else _("Replace the bid")
        found.append(Action(label, url_for("bids.edit", bid_id=bid.id), "get"))
    if bid.commitment:
        found.append(Action(_("Receipt"), url_for("bids.receipt", bid_id=bid.id), "get"))
    if queries.takes_bids(bid.order, call.now) and BID.allows(bid.state, "withdraw"):
        question = _("Withdraw the bid? The sealed envelope is destroyed; you can submit again until the deadline.")
        url = url_for("bids.withdraw", bid_id=bid.id)
        found.append(Action(event_label("bid", "withdraw"), url, "post", "danger", question))
    if bid.opened_at is not None:
        found.append(Action(_("Outcome"), url_for("rounds.bid_outcome", bid_id=bid.id), "get"))
    return found


@bp.get("/orders/<int:order_id>/bids")
@access(*READERS)
def of_order(order_id: int) -> str:
    """The opened bids of one order, side by side."""
    order = orders.get_order(g.call, order_id)
    if order.opened_at is None or not policy.reads_opened(g.call.actor, order):
        raise NotFound("bids")
    return render_template("bids/of_order.html", order=order, bids=queries.list_opened(order))
