"""What must hold when a match is proposed, and once more when it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from marketplace.approvals.service import content_hash
from marketplace.bids.models import OpenedBid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds import queries as fund_queries
from marketplace.funds.models import Fund
from marketplace.funds.rules import Drawn, eligible
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.kernel.money import plain
from marketplace.rounds import funding, queries
from marketplace.rounds.content import PROPOSED_AT, content_of, first_change
from marketplace.rounds.gather.facts import persons_of
from marketplace.rounds.gather.offers import dropped
from marketplace.rounds.models import FundingOption, FundingPart, Proposal
from marketplace.web.filters import CITY


def content_of_bid(proposal: Proposal) -> OpenedBid:
    """What the bid says; candidates without a bid and bids that are no longer open cannot be decided on."""
    bid = proposal.bid
    if bid is None:
        raise Conflict("rounds.no_bid")
    if bid.state is not BidState.OPENED or bid.content is None:
        raise Conflict("rounds.bid_gone")
    return bid.content


def require_unchanged(proposal: Proposal, option: FundingOption, content: OpenedBid, seen: str) -> None:
    """The approver saw what the proposer stood for, and it is still so; raises Conflict naming the first change."""
    stored = proposal.content
    if stored is None or seen != proposal.content_hash or content_hash(stored) != proposal.content_hash:
        raise Conflict("approvals.changed")
    change = first_change(stored, content_of(proposal, option, content, stored[PROPOSED_AT]))
    if change is not None:
        raise Conflict("rounds.changed", {"what": change})


def require_sound(proposal: Proposal, content: OpenedBid) -> None:
    """No interest on both sides, nobody suspended, still within the ceiling: the rules of entering a run, once more."""
    if proposal.bid is None:
        raise Conflict("rounds.no_bid")
    why = dropped(proposal.order, proposal.bid, content, persons_of(queries.parties_of(proposal)))
    if why is not None:
        raise Conflict("rounds.dropped", {"why": why})


def require_payable(call: Call, proposal: Proposal, option: FundingOption) -> None:
    """Every rule of every source holds, with what the enterprise holds of each fund by now; the funds' rows stay locked."""
    funds, today = _locked_funds(option), call.now.astimezone(CITY).date()
    due = fund_queries.due_rules(today, list(funds))
    if due:
        raise Conflict("funds.rules_due", {"fund": funds[fund_queries.fund_of_rules(due[0])].name})
    require_rules(proposal, option, funds, today)


def require_rules(proposal: Proposal, option: FundingOption, funds: Mapping[int, Fund], on: date) -> None:
    """Every rule of ``funds``, which may be as they would be, allows the option on that day; raises Conflict naming the first."""
    order = proposal.order
    drawn = fund_queries.enterprise_drawn([(fund_id, order.organisation_id) for fund_id in funds], on)
    grants = []
    for part in option.parts:
        if part.fund_id is not None:
            fund = funds[part.fund_id]
            decision = eligible(fund, order, order.organisation, on)
            if not decision:
                raise Conflict(decision.reason, {"fund": fund.name})
            if fund.available < part.amount:
                values = {"fund": fund.name, "available": plain(fund.available), "asked": plain(part.amount)}
                raise Conflict("funds.not_enough", values)
            grants.append(_grant(fund, part, drawn[fund.id, order.organisation_id]))
    funding.require(
        funding.Payment(
            price=proposal.price,
            own=sum(part.amount for part in option.parts if part.fund_id is None),
            own_funds=order.own_funds or 0,
            grants=tuple(grants),
            public_share_max=proposal.run.round.rules.get("public_share_max"),
        )
    )


def _grant(fund: Fund, part: FundingPart, drawn: Drawn) -> funding.Grant:
    return funding.Grant(
        name=fund.name,
        amount=part.amount,
        public=fund.public,
        share_max=fund.share_max,
        amount_max=fund.amount_max,
        amount_min=fund.amount_min,
        match_max=fund.match_max,
        enterprise_max=fund.enterprise_max,
        drawn=drawn.ever,
        yearly_max=fund.yearly_max,
        drawn_this_year=drawn.year,
        public_share_max=fund.public_share_max,
    )


def _locked_funds(option: FundingOption) -> dict[int, Fund]:
    """The option's funds, locked in one fixed order and read afresh, so that their rules stand still from here on."""
    ids = [part.fund_id for part in option.parts if part.fund_id is not None]
    query = select(Fund).where(Fund.id.in_(ids)).order_by(Fund.id).with_for_update(of=Fund)
    return {fund.id: fund for fund in db.session.scalars(query.execution_options(populate_existing=True))}
