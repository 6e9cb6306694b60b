"""What a run needs to know, read in a fixed number of statements whatever the size of the round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.bids.models import Bid
from marketplace.bids.queries import opened_bids
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.evaluation import queries as evaluation_queries
from marketplace.funds import queries as fund_queries
from marketplace.funds.rules import Drawn
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal, Round, RoundBid, RoundFund, RoundOrder, Run
from marketplace.rounds.workflow import HAS_RESULT, ProposalState
from marketplace.talent.models import Capability, Evidence
from marketplace.talent.records import Record as Kept
from marketplace.talent.records import records_of
from marketplace.talent.workflow import CapabilityState


@dataclass(frozen=True, slots=True)
class Record:
    """A team's history: pieces of published evidence, bids won and bids decided, and how it kept its contracts."""

    evidence: int = 0
    won: int = 0
    decided: int = 0
    kept: Kept = field(default_factory=Kept)


@dataclass(frozen=True)
class Facts:
    """The rows of a round as they are now. ``persons`` maps an organisation to the natural persons who act for it."""

    round: Round
    orders: list[RoundOrder]
    bids: list[Bid]
    treatments: dict[int, RoundBid]
    funds: list[RoundFund]
    drawn: dict[tuple[int, int], Drawn]
    persons: dict[int, frozenset[int]]
    records: dict[int, Record]
    qualities: dict[int, int]
    served: frozenset[int]
    before: frozenset[tuple[int, int]]
    organisations: list[Organisation]
    """Kept so that the parties of a consortium are found in the session instead of asked for one by one."""


def read(round_: Round, on: date, orders: list[RoundOrder] | None = None) -> Facts:
    """Read everything about a round on a day; only bids that are open take part, and only its orders under evaluation.

    With ``orders`` it is read as if it had these orders instead.
    """
    orders = picked(round_) if orders is None else orders
    bids = opened_bids([row.order_id for row in orders])
    funds = _funds(round_)
    enterprises = {row.order.organisation_id for row in orders}
    parties = enterprises | {load.team.organisation_id for bid in bids if bid.content for load in bid.content.loads}
    parties |= {bid.team.organisation_id for bid in bids}
    return Facts(
        round=round_,
        orders=orders,
        bids=bids,
        treatments={row.bid_id: row for row in db.session.scalars(select(RoundBid).filter_by(round_id=round_.id))},
        funds=funds,
        drawn=fund_queries.enterprise_drawn([(f.fund_id, e) for f in funds for e in sorted(enterprises)], on),
        persons=persons_of(parties),
        records=_records({bid.team_id for bid in bids}),
        qualities=evaluation_queries.qualities([bid.id for bid in bids]),
        served=_served(enterprises),
        before=_before(round_),
        organisations=list(db.session.scalars(select(Organisation).where(Organisation.id.in_(parties)))),
    )


def picked(round_: Round) -> list[RoundOrder]:
    """The round's orders that are under evaluation now."""
    return list(
        db.session.scalars(
            select(RoundOrder)
            .join(RoundOrder.order)
            .where(RoundOrder.round_id == round_.id, Order.state == OrderState.EVALUATING)
            .options(
                joinedload(RoundOrder.order).joinedload(Order.organisation),
                joinedload(RoundOrder.order).joinedload(Order.alliance),
                joinedload(RoundOrder.order).selectinload(Order.targets),
            )
            .order_by(RoundOrder.order_id)
        )
    )


def _funds(round_: Round) -> list[RoundFund]:
    return list(
        db.session.scalars(
            select(RoundFund)
            .where(RoundFund.round_id == round_.id)
            .options(joinedload(RoundFund.fund))
            .order_by(RoundFund.fund_id)
        )
    )


def persons_of(organisations: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the natural persons with an active role in each organisation, over all their accounts."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(AccountGrant.organisation_id, Account.person_id)
        .join(AccountGrant.account)
        .where(AccountGrant.organisation_id.in_(organisations), AccountGrant.state == GrantState.ACTIVE)
    )
    for organisation_id, person_id in rows:
        if organisation_id is not None:
            found[organisation_id].add(person_id)
    return {key: frozenset(value) for key, value in found.items()}


def _records(teams: Collection[int]) -> dict[int, Record]:
    evidence = db.session.execute(
        select(Capability.team_id, func.count(Evidence.id))
        .join(Evidence, Evidence.capability_id == Capability.id)
        .where(Capability.team_id.in_(teams), Capability.state == CapabilityState.PUBLISHED)
        .group_by(Capability.team_id)
    )
    shown = {row[0]: row[1] for row in evidence}
    decided: dict[int, dict[BidState, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Bid.team_id, Bid.state, func.count())
        .where(Bid.team_id.in_(teams), Bid.state.in_([BidState.WON, BidState.LOST]))
        .group_by(Bid.team_id, Bid.state)
    )
    for team, state, count in rows:
        decided[team][state] = count
    kept = records_of(teams)
    return {
        team: Record(shown.get(team, 0), decided[team].get(BidState.WON, 0), sum(decided[team].values()), kept[team])
        for team in teams
    }


def _served(enterprises: Collection[int]) -> frozenset[int]:
    """Enterprises that have had an order approved before; the others are first-timers."""
    rows = select(Order.organisation_id).where(Order.organisation_id.in_(enterprises), Order.approved_at.is_not(None))
    return frozenset(db.session.scalars(rows))


def _before(round_: Round) -> frozenset[tuple[int, int]]:
    """(order, bid) pairs that the round's last answer proposed and nobody rejected."""
    last = db.session.scalar(
        select(Run.id)
        .where(Run.round_id == round_.id, Run.state.in_(HAS_RESULT), Run.kept)
        .order_by(Run.id.desc())
        .limit(1)
    )
    rows = db.session.execute(
        select(Proposal.order_id, Proposal.bid_id).where(
            Proposal.run_id == last, Proposal.bid_id.is_not(None), Proposal.state != ProposalState.REJECTED
        )
    )
    return frozenset((order_id, bid_id) for order_id, bid_id in rows if bid_id is not None)
