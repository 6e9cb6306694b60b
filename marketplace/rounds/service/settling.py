"""What an approval brings with it, and what undoing it gives back: money, person-days, the bids' and proposals' states."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bids import lifecycle as bid_lifecycle
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.models import LedgerTransaction
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.outbox import service as outbox
from marketplace.rounds import queries
from marketplace.rounds.gather.offers import loads_of
from marketplace.rounds.models import FundingOption, Proposal
from marketplace.rounds.workflow import PROPOSAL, Lapse, ProposalState
from marketplace.talent import capacity

LOST = "bids.other_approved"
"""The reason that is kept with a lost bid; ``bids.words`` tells it in the reader's language, the outcome's page says more."""


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
                key=_key("proposal", proposal, part.fund_id),
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


def give_back(call: Call, proposal: Proposal) -> None:
    """Give back exactly what the approval of the present content reserved: each fund's part, each team's days.

    Raises Conflict when it is no longer there, because a contract has taken it.
    """
    if proposal.bid is None or proposal.bid.content is None:
        raise Conflict("rounds.no_bid")
    for row in _reserved(proposal):
        ledger.move(
            call,
            row.fund_id,
            Movement.RELEASE,
            row.amount,
            key=_key("release", proposal, row.fund_id),
            subject_kind="proposal",
            subject_id=proposal.id,
            enterprise_id=row.enterprise_id,
            memo=row.memo,
        )
    capacity.release(call, loads_of(proposal.bid.content))


def unsettle(call: Call, proposal: Proposal, reason: str) -> list[Bid]:
    """The order's bids stand open again, and the proposals that lapsed for this match may be proposed; return the bids."""
    decided = [BidState.WON, BidState.LOST]
    bids = db.session.scalars(
        select(Bid)
        .where(Bid.order_id == proposal.order_id, Bid.state.in_(decided))
        .options(joinedload(Bid.team))
        .order_by(Bid.id)
    ).all()
    for bid in bids:
        bid_lifecycle.move(call, bid, "reopen", reason)
    lapsed = select(Proposal).where(
        Proposal.order_id == proposal.order_id,
        Proposal.state == ProposalState.LAPSED,
        Proposal.reason == Lapse.ANOTHER_APPROVED.value,
    )
    for other in db.session.scalars(lapsed):
        other.state, other.reason = PROPOSAL.require(other.state, "restore"), ""
    proposal.state = PROPOSAL.require(proposal.state, "undo")
    proposal.option_id, proposal.content, proposal.content_hash = None, None, ""
    proposal.approved_at, proposal.reason = None, reason
    return list(bids)


def _reserved(proposal: Proposal) -> list[LedgerTransaction]:
    """What the ledger says was reserved for the proposal's present content: the option's rows may say something else by now."""
    rows = db.session.scalars(
        select(LedgerTransaction)
        .where(
            LedgerTransaction.subject_kind == "proposal",
            LedgerTransaction.subject_id == proposal.id,
            LedgerTransaction.movement == Movement.RESERVE,
        )
        .order_by(LedgerTransaction.fund_id)
    )
    return [row for row in rows if row.key == _key("proposal", proposal, row.fund_id)]


def _key(kind: str, proposal: Proposal, fund_id: int) -> str:
    return f"{kind}:{proposal.id}:{fund_id}:{proposal.content_hash[:16]}"


def _lapse_others(proposal: Proposal) -> None:
    others = select(Proposal).where(Proposal.order_id == proposal.order_id, Proposal.id != proposal.id)
    for other in db.session.scalars(others):
        if PROPOSAL.allows(other.state, "lapse"):
            other.state, other.reason = PROPOSAL.require(other.state, "lapse"), Lapse.ANOTHER_APPROVED.value


def _tell(call: Call, organisation_id: int, template: str, values: Mapping[str, object]) -> None:
    """A mail with a link; what was decided is read on the site, after signing in."""
    for email, locale in queries.correspondents({organisation_id}):
        outbox.enqueue(call, email, template, values, locale)
