"""What an approval brings with it: money and person-days reserved, one bid won, the others lost, everybody told."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.outbox import service as outbox
from marketplace.rounds import queries
from marketplace.rounds.gather.offers import loads_of
from marketplace.rounds.models import FundingOption, Proposal
from marketplace.rounds.workflow import PROPOSAL, Lapse
from marketplace.talent import capacity

LOST = "另一投标方案已获批准 / another bid was approved"
"""Kept with a lost bid as it stands: a record in both languages, not a text of the site. The outcome's page says more."""


def reserve(call: Call, proposal: Proposal, option: FundingOption, content: OpenedBid) -> None:
    """Reserve every fund's part and the teams' person-days: all of it, or Conflict from the ledger or the calendar.

    The keys carry the content, so that a match that was undone and is approved anew reserves anew.
    """
    for part in sorted(option.parts, key=lambda part: part.fund_id or 0):
        if part.fund_id is not None:
            ledger.move(
                call,
                part.fund_id,
                Movement.RESERVE,
                part.amount,
                key=f"proposal:{proposal.id}:{part.fund_id}:{proposal.content_hash[:16]}",
                subject_kind="proposal",
                subject_id=proposal.id,
                enterprise_id=proposal.order.organisation_id,
                memo=proposal.order.reference,
            )
    capacity.reserve(call, loads_of(content))


def settle(call: Call, proposal: Proposal) -> None:
    """The order's open bids are decided, its other proposals lapse, and the parties hear that there is an outcome."""
    _lapse_others(proposal)
    order = proposal.order
    values: dict[str, object] = {"reference": order.reference}
    _tell(call, order.organisation_id, "round_order_decided", {**values, "order_id": order.id})
    bids = db.session.scalars(
        select(Bid)
        .where(Bid.order_id == order.id, Bid.state == BidState.OPENED)
        .options(joinedload(Bid.team))
        .order_by(Bid.id)
    ).all()
    for bid in bids:
        won = bid.id == proposal.bid_id
        bid_lifecycle.move(call, bid, "win" if won else "lose", "" if won else LOST)
        _tell(call, bid.team.organisation_id, "round_bid_decided", {**values, "bid_id": bid.id})


def _lapse_others(proposal: Proposal) -> None:
    others = select(Proposal).where(Proposal.order_id == proposal.order_id, Proposal.id != proposal.id)
    for other in db.session.scalars(others):
        if PROPOSAL.allows(other.state, "lapse"):
            other.state, other.reason = PROPOSAL.require(other.state, "lapse"), Lapse.ANOTHER_APPROVED.value


def _tell(call: Call, organisation_id: int, template: str, values: Mapping[str, object]) -> None:
    """A mail with a link; what was decided is read on the site, after signing in."""
    for email, locale in queries.correspondents({organisation_id}):
        outbox.enqueue(call, email, template, values, locale)
