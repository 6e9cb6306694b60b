"""One bid, for its bidder at any time and for others after the opening; the opened bids of one order."""

from __future__ import annotations

from flask import g, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.bids import consents, contents, policy, queries, shortlists
from marketplace.bids.models import Bid, BidRepair, ConceptPart, TechnicalPart
from marketplace.bids.proof import is_unaltered, technical_is_unaltered, technical_of, terms_of
from marketplace.bids.service.repairing import REPAIRABLE
from marketplace.bids.terms import BidTerms
from marketplace.bids.views.blueprint import bp
from marketplace.bids.views.files import opened_attachment
from marketplace.bids.workflow import BID, DRAFTED, READABLE, BidState
from marketplace.db.base import db
from marketplace.kernel.call import ENTERPRISE, UNIVERSITY, Call, Role
from marketplace.kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.procedures import asks_concepts
from marketplace.web.actions import Action
from marketplace.web.guards import access
from marketplace.web.words import event_label

READERS = (*sorted(ENTERPRISE), Role.CENTRE_OFFICER, Role.ALLIANCE_SECRETARY, Role.AUDITOR)


@bp.get("/bids/<int:bid_id>")
@access(*READERS, *sorted(UNIVERSITY))
def show(bid_id: int) -> str:
    """One bid: the bidder reads the own copy, others what was opened."""
    bid = queries.get_bid(g.call, bid_id)
    content, proven = _content(bid)
    return render_template(
        "bids/show.html",
        bid=bid,
        order=bid.order,
        content=content,
        teams=queries.teams_named(load.team for load in content.loads) if content else {},
        answers={answer.target: answer for answer in content.answers} if content else {},
        proven=proven,
        files=contents.files_of(bid) if bid.state in READABLE | {BidState.PASSED_OVER} else {},
        consents=consents.of_bid(bid),
        repair=db.session.get(BidRepair, bid.id),
        judged=shortlists.judged(bid),
        was_passed_over=bid.state is BidState.PASSED_OVER,
        concept_only=asks_concepts(bid.order) or bid.state in {BidState.CONCEPT, BidState.PASSED_OVER},
        again=bid.state is BidState.NEEDS_RECONFIRM and queries.takes_bids(bid.order, g.call.now),
        is_own=policy.acts_for(g.call.actor, bid.team),
        actions=_actions(g.call, bid),
    )


@bp.get("/bids/<int:bid_id>/opened-files/<int:file_id>")
@access(*READERS, *sorted(UNIVERSITY))
def opened_file(bid_id: int, file_id: int) -> Response:
    """An attachment of an opened bid."""
    bid = queries.get_bid(g.call, bid_id)
    if bid.state not in READABLE:
        raise NotFound("file")
    return opened_attachment(bid, file_id)


def _content(bid: Bid) -> tuple[BidTerms | None, bool | None]:
    """Return what the reader may see of the content, and whether it is proven to be what was sealed (None: nothing to prove)."""
    if bid.state is BidState.PASSED_OVER and (concept := db.session.get(ConceptPart, bid.id)) is not None:
        return shortlists.terms_of(concept), shortlists.is_unaltered(concept)
    if bid.state not in READABLE:
        return _own_terms(bid), None
    if (opened := queries.content_of(bid)) is not None:
        return terms_of(opened), is_unaltered(bid, opened) if opened.salt else None
    if (part := db.session.get(TechnicalPart, bid.id)) is None:
        return None, None
    own = _own_terms(bid) if policy.acts_for(g.call.actor, bid.team) else None
    return own or technical_of(part).terms, technical_is_unaltered(bid, part)


def _own_terms(bid: Bid) -> BidTerms | None:
    """The bidder's copy: ``get_bid`` shows a bid that was not opened to its bidder only, ``get_own`` makes sure."""
    own = queries.get_own(g.call, bid.id)
    return queries.own_content(own).terms if own.owner_copy else None


def _actions(call: Call, bid: Bid) -> list[Action]:
    """Return the bidder's buttons: the workflow's events while there is time, the receipt, later the outcome."""
    if not policy.acts_for(call.actor, bid.team):
        askable = bid.state in REPAIRABLE and bid.repair is None and policy.may_ask_repair(call.actor, bid.order)
        url = url_for("bids.ask_repair_form", bid_id=bid.id)
        return [Action(_("Ask for formal corrections"), url, "get")] if askable else []
    found = []
    if queries.takes_bids(bid.order, call.now) and BID.allows(bid.state, "submit"):
        if bid.state is not BidState.SUBMITTED:
            label = _("Confirm the bid again") if bid.state is BidState.NEEDS_RECONFIRM else _("Check and submit")
            found.append(Action(label, url_for("bids.check", bid_id=bid.id), "get", "primary"))
        label = _("Edit the bid") if bid.state in DRAFTED else _("Replace the bid")
        found.append(Action(label, url_for("bids.edit", bid_id=bid.id), "get"))
        found.append(Action(_("Attachments"), url_for("bids.files", bid_id=bid.id), "get"))
    if bid.commitment:
        found.append(Action(_("Receipt"), url_for("bids.receipt", bid_id=bid.id), "get"))
    if queries.takes_bids(bid.order, call.now) and BID.allows(bid.state, "withdraw"):
        question = _("Withdraw the bid? The sealed envelope is destroyed; you can submit again until the deadline.")
        url = url_for("bids.withdraw", bid_id=bid.id)
        found.append(Action(event_label("bid", "withdraw"), url, "post", "danger", question))
    if queries.is_recoverable(bid, bid.order, call.now):
        found.append(Action(_("Bring the bid again"), url_for("bids.recover_form", bid_id=bid.id), "get", "primary"))
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
