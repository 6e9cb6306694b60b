"""Which open matches new rules of a fund would break: the fund's page asks before two people approve them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.db.base import db
from marketplace.funds.effects import Broken, on_new_rules
from marketplace.funds.models import Fund
from marketplace.kernel.errors import Conflict
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Round, Run
from marketplace.rounds.service.checks import require_rules
from marketplace.rounds.workflow import HAS_RESULT, ProposalState, RoundState
from marketplace.web.filters import in_language

MOST = 100


@on_new_rules
def broken_matches(fund: Fund, on: date) -> Sequence[Broken]:
    """Matches of open rounds, not yet awarded, that the fund could pay today and could not under its new rules.

    Of a match that somebody proposed the chosen funding counts, of the others the optimiser's own.
    """
    present = db.session.get_one(Fund, fund.id)
    found = []
    for option in _options(fund.id):
        proposal = option.proposal
        funds = {part.fund_id: part.fund for part in option.parts if part.fund_id is not None and part.fund is not None}
        if _refusal(proposal, option, {**funds, fund.id: present}, on) is not None:
            continue  # it is broken already, whatever the new rules say
        refusal = _refusal(proposal, option, {**funds, fund.id: fund}, on)
        if refusal is not None:
            amount = sum(part.amount for part in option.parts if part.fund_id == fund.id)
            title = f"{proposal.order.reference} {in_language(proposal.order, 'title')}"
            values = {"order_id": proposal.order_id}
            found.append(Broken(title, "orders.show", values, amount, refusal.code, refusal.values))
    return found


def _options(fund_id: int) -> Sequence[FundingOption]:
    """What each open match counts on: its proposed funding, else the first one, where the fund has a part in it."""
    last = select(Run.id).where(Run.round_id == Round.id, Run.state.in_(HAS_RESULT), Run.kept)
    query = (
        select(FundingOption)
        .join(FundingOption.proposal)
        .join(Proposal.run)
        .join(Run.round)
        .join(Proposal.order)
        .where(
            FundingOption.parts.any(FundingPart.fund_id == fund_id),
            Round.state == RoundState.OPEN,
            Run.id == last.order_by(Run.id.desc()).limit(1).correlate(Round).scalar_subquery(),
            Order.state.in_([OrderState.EVALUATING, OrderState.PROPOSED]),
            Proposal.state.in_([ProposalState.SUGGESTED, ProposalState.PROPOSED]),
            (FundingOption.id == Proposal.option_id) | (Proposal.option_id.is_(None) & (FundingOption.position == 0)),
        )
        .options(
            selectinload(FundingOption.parts).joinedload(FundingPart.fund),
            joinedload(FundingOption.proposal).joinedload(Proposal.order).joinedload(Order.organisation),
            joinedload(FundingOption.proposal).joinedload(Proposal.run).joinedload(Run.round),
        )
        .order_by(Proposal.id)
        .limit(MOST)
    )
    return db.session.scalars(query).all()


def _refusal(proposal: Proposal, option: FundingOption, funds: dict[int, Fund], on: date) -> Conflict | None:
    try:
        require_rules(proposal, option, funds, on)
    except Conflict as refusal:
        return refusal
    return None
