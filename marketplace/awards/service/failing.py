"""Orders that no bid wins, and teams that were invited too late for them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.audit import service as audit
from marketplace.awards import policy, queries
from marketplace.awards.workflow import NoAward
from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.bids.models import Bid
from marketplace.bids.queries import correspondents as bid_correspondents
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.orders import lifecycle as order_lifecycle
from marketplace.orders import queries as orders
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.outbox import service as outbox
from marketplace.rounds import queries as rounds
from marketplace.rounds.models import Proposal
from marketplace.rounds.workflow import PROPOSAL, Lapse

CAUSES = {
    NoAward.NONE_QUALIFIED: "没有符合要求的投标方案 / no bid qualified",
    NoAward.NO_FUNDING: "资金不足以支持任何方案 / no bid could be funded",
    NoAward.OTHER: "其他原因 / another reason",
}
"""Kept with the order as it stands: a record in both languages, not a text of the site."""


@use_case
def fail_order(call: Call, order_id: int, cause: NoAward, words: str) -> Order:
    """An officer ends an order that no bid can win; its bids are lost, its proposals lapse, everybody concerned is told.

    The enterprise can then tender it again, and whoever was invited hears of the new tender (``invite_again``).
    """
    order = orders.get_order(call, order_id, lock=True)
    policy.may_fail(call.actor, order.alliance_id, order.organisation_id).require()
    if order.state not in {OrderState.CONCEPTS, OrderState.EVALUATING}:
        raise Conflict("awards.not_evaluating")
    if not words.strip():
        raise Invalid("awards.reason_needed", field="reason")
    order_lifecycle.move(call, order, "fail", f"{CAUSES[cause]}：{words.strip()}")
    bids = _opened_bids(order)
    for bid in bids:
        event = "pass_over" if bid.state is BidState.CONCEPT else "lose"
        bid_lifecycle.move(call, bid, event, CAUSES[cause])
        for account in bid_correspondents(bid):
            outbox.enqueue(
                call,
                account.email,
                "round_bid_decided",
                {"reference": order.reference, "bid_id": bid.id},
                account.locale,
            )
    _lapse(order)
    for account in orders.correspondents(order.organisation_id, [Role.ENTERPRISE_OWNER]):
        outbox.enqueue(call, account.email, "order_without_award", _named(order), account.locale)
    detail = {"cause": cause.value, "reason": words.strip(), "bids": len(bids)}
    audit.record(call, "awards.fail_order", "order", order.id, detail)
    return order


@use_case
def invite_again(call: Call, order_id: int) -> None:
    """Teams that were invited to an order after its bids were opened hear of the order that tenders it again; once."""
    new = orders.get_order(call, order_id, lock=True)
    waiting = queries.invited_before(new)
    for proposal in waiting:
        proposal.state, proposal.reason = PROPOSAL.require(proposal.state, "lapse"), Lapse.TENDERED_AGAIN.value
    for team in {proposal.team_id: proposal.team for proposal in waiting}.values():
        for email, locale in rounds.correspondents({team.organisation_id}):
            outbox.enqueue(call, email, "round_invited", {"order_id": new.id, "team": team.name}, locale)
    audit.record(call, "awards.invite_again", "order", new.id, {"invited": len(waiting)})


def _opened_bids(order: Order) -> Sequence[Bid]:
    query = select(Bid).where(Bid.order_id == order.id, Bid.state.in_([BidState.CONCEPT, BidState.OPENED]))
    return db.session.scalars(query.options(joinedload(Bid.team)).order_by(Bid.id)).all()


def _lapse(order: Order) -> None:
    """Suggestions and proposals fall; invitations stay, for the next tender."""
    for proposal in db.session.scalars(select(Proposal).where(Proposal.order_id == order.id)):
        if proposal.bid_id is not None and PROPOSAL.allows(proposal.state, "lapse"):
            proposal.state, proposal.reason = PROPOSAL.require(proposal.state, "lapse"), Lapse.NO_AWARD.value


def _named(order: Order) -> dict[str, object]:
    return {"reference": order.reference, "order_id": order.id}
