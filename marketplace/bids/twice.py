"""Nearly the same plan offered to two orders (interpretation on technology contracts, art. 9), and alike bids on one order.

Before the opening a bidder's plan is compared with the bidder's own other bids only: comparing it with anybody else's would tell
the one of the other. After the opening the centre compares what is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from marketplace.bids import proof, queries
from marketplace.bids.likeness import ALIKE, likeness, runs
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.terms import BidTerms
from marketplace.bids.workflow import READABLE, BidState
from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.orders.models import Order
from marketplace.talent.models import Team

MOST = 50
_COUNTING = frozenset({BidState.SUBMITTED, BidState.NEEDS_RECONFIRM}) | READABLE - {
    BidState.LOST,
    BidState.DISQUALIFIED,
}


@dataclass(frozen=True, slots=True)
class Alike:
    """Two plans that have ``share`` thousandths of their runs in common; ``other`` may be on another order."""

    bid: Bid
    other: Bid
    share: int


def offered_elsewhere(call: Call, bid: Bid, terms: BidTerms) -> list[str]:
    """Return the references of other orders to which the reader's own bids of this institution offer nearly the same plan."""
    query = (
        select(Bid)
        .join(Bid.team)
        .join(Bid.order)
        .where(
            queries.owned_clause(call.actor),
            Team.organisation_id == bid.team.organisation_id,
            Bid.order_id != bid.order_id,
            Bid.state.in_(_COUNTING),
        )
        .options(contains_eager(Bid.order), joinedload(Bid.content), joinedload(Bid.technical), undefer(Bid.owner_copy))
        .order_by(Bid.changed_at.desc(), Bid.id)
        .limit(MOST)
    )
    mine = runs(terms.plan)
    found = [row for row in db.session.scalars(query) if likeness(mine, runs(_own_plan(row))) >= ALIKE]
    return sorted({row.order.reference for row in found})


def _own_plan(bid: Bid) -> str:
    if (plan := _plan(bid)) or bid.owner_copy is None:
        return plan
    try:
        return queries.own_content(bid).terms.plan
    except (Conflict, NotFound):
        return ""


def _plan(bid: Bid) -> str:
    if bid.content is not None:
        return bid.content.plan
    return proof.technical_of(bid.technical).terms.plan if bid.technical else ""


def alike(order: Order, bids: Sequence[Bid]) -> list[Alike]:
    """Return pairs of opened bids on one order, and opened bids of its bidders on other orders, whose plans are nearly the same.

    For the centre and the committee, after the opening.
    """
    known = {bid.id: runs(_plan(bid)) for bid in bids}
    found = [
        Alike(one, other, share)
        for one, other in combinations(bids, 2)
        if (share := likeness(known[one.id], known[other.id])) >= ALIKE
    ]
    teams = {bid.team_id for bid in bids}
    query = (
        select(Bid).join(Bid.content).where(Bid.team_id.in_(teams), Bid.order_id != order.id, Bid.state.in_(READABLE))
    )
    options = (joinedload(Bid.content).load_only(OpenedBid.plan), joinedload(Bid.order), joinedload(Bid.technical))
    elsewhere = db.session.scalars(query.options(*options).order_by(Bid.opened_at.desc(), Bid.id).limit(4 * MOST))
    for other in elsewhere.unique():
        text = runs(_plan(other))
        found += [
            Alike(bid, other, share)
            for bid in bids
            if bid.team_id == other.team_id and (share := likeness(known[bid.id], text)) >= ALIKE
        ]
    return found
