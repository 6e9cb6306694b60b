"""The next alternative of an order: the best bid of a run's score sheets that may still win, with ways to pay for it now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.kernel.lazy import LazyModule
from marketplace.matching.problem import OWN, Problem
from marketplace.rounds.keys import bid_key, row_of
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, RoundBid, Run
from marketplace.rounds.workflow import ProposalState

funding = LazyModule("marketplace.matching.funding")

MOST_OPTIONS = 3


def next_bids(run: Run, order_id: int, passed_over: Collection[int]) -> list[Bid]:
    """Return the order's bids that still stand open and were not ``passed_over``, by their value in the run, best first.

    Ties go to the earlier bid. Bids that the round keeps out are no alternative.
    """
    sheets = {row_of(key): sheet for key, sheet in _sheets(run).items() if sheet["order"] == order_id}
    kept_out = set(
        db.session.scalars(
            select(RoundBid.bid_id).where(RoundBid.round_id == run.round_id, RoundBid.forbidden.is_(True))
        )
    )
    bids = db.session.scalars(
        select(Bid)
        .where(Bid.id.in_(set(sheets) - set(passed_over) - kept_out), Bid.state == BidState.OPENED)
        .options(joinedload(Bid.content))
    ).all()
    return sorted(bids, key=lambda bid: (-sheets[bid.id]["value"], bid.id))


def suggest(run: Run, bid: Bid) -> Proposal | None:
    """Return the suggested match of ``bid``, adding it with its funding options when the run had not chosen it.

    The options are computed from the run's own rules and from what its funds hold now; every rule is checked once more when
    it is proposed and approved. None when nothing pays for it.
    """
    known = db.session.scalar(select(Proposal).where(Proposal.run_id == run.id, Proposal.bid_id == bid.id))
    if known is not None:
        return known
    sheet = _sheets(run)[bid_key(bid.id)]
    options = _options(run, bid)
    if bid.content is None or not options:
        return None
    row = Proposal(
        run_id=run.id,
        order_id=bid.order_id,
        bid_id=bid.id,
        team_id=bid.team_id,
        price=bid.content.price,
        value=sheet["value"],
        scores=dict(sheet),
        state=ProposalState.SUGGESTED,
        options=options,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _sheets(run: Run) -> Mapping[str, Any]:
    sheets: Mapping[str, Any] = (run.scores or {}).get("bids", {})
    return sheets


def _options(run: Run, bid: Bid) -> list[FundingOption]:
    problem = Problem.from_json(run.problem or {})
    offer = next((each for each in problem.offers if each.id == bid_key(bid.id)), None)
    if offer is None:
        return []
    found = funding.simulate(_with_present_money(problem), offer, count=MOST_OPTIONS)
    return [
        FundingOption(position=position, label=option.label, parts=_parts(option.pay))
        for position, option in enumerate(found.options[:MOST_OPTIONS])
    ]


def _with_present_money(problem: Problem) -> Problem:
    """The problem's funds hold no more than the rows do now."""
    ids = {row_of(fund.id) for fund in problem.funds}
    left = {row.id: row.available for row in db.session.scalars(select(Fund).where(Fund.id.in_(ids)))}
    funds = tuple(replace(fund, budget=min(fund.budget, left.get(row_of(fund.id), 0))) for fund in problem.funds)
    return replace(problem, funds=funds)


def _parts(pay: Mapping[str, int]) -> list[FundingPart]:
    """The enterprise's own money first, then funds by number; parts of one fund that are set aside apart are one."""
    amounts: dict[int, int] = {}
    for source, amount in pay.items():
        fund = 0 if source == OWN else row_of(source)
        amounts[fund] = amounts.get(fund, 0) + amount
    paying = [(fund or None, amount) for fund, amount in sorted(amounts.items()) if amount]
    return [FundingPart(position=n, fund_id=fund_id, amount=amount) for n, (fund_id, amount) in enumerate(paying)]
