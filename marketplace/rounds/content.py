"""What two persons stand for when they propose and approve a match, fact by fact, so that a change can be named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marketplace.bids.models import OpenedBid
from marketplace.orders.models import Order
from marketplace.rounds.gather.offers import loads_of
from marketplace.rounds.models import FundingOption, Proposal
from marketplace.rounds.workflow import Changed

PROPOSED_AT = "proposed_at"


def content_of(proposal: Proposal, option: FundingOption, content: OpenedBid, proposed_at: str) -> dict[str, Any]:
    """Return plain JSON by ``Changed`` member. The time makes a match that was taken back and proposed again a new content."""
    return {
        **_order_facts(proposal.order),
        Changed.PARTIES.value: [
            proposal.order.organisation_id,
            proposal.team_id,
            proposal.team.organisation_id,
            sorted([load.team_id, load.team.organisation_id] for load in content.loads),
        ],
        Changed.BID.value: [
            proposal.bid_id,
            proposal.bid.commitment if proposal.bid else "",
            content.plan,
            content.schedule,
        ],
        Changed.PRICE.value: [proposal.price, content.price],
        Changed.LOADS.value: sorted([team, quarter, days] for (team, quarter), days in loads_of(content).items()),
        Changed.FUNDING.value: [[part.fund_id, part.amount] for part in option.parts],
        Changed.RULES.value: proposal.run.round.rules.get("public_share_max"),
        Changed.PROBLEM.value: proposal.run.problem_hash,
        PROPOSED_AT: proposed_at,
    }


def _order_facts(order: Order) -> dict[str, Any]:
    return {
        Changed.ORDER_TEXT.value: [order.title, order.title_en, order.problem, order.background],
        Changed.TARGETS.value: [
            [t.position, t.name, t.comparator.value, t.value, t.value_to, t.unit, t.method, t.must_have]
            for t in order.targets
        ],
        Changed.OWN_FUNDS.value: order.own_funds,
        Changed.PRICE_CEILING.value: order.price_ceiling,
        Changed.DELIVERY.value: order.delivery_on.isoformat() if order.delivery_on else None,
        Changed.CONTRACT.value: [
            order.contract_type and order.contract_type.value,
            order.ip_wish and order.ip_wish.value,
        ],
    }


def first_change(before: Mapping[str, Any], now: Mapping[str, Any]) -> Changed | None:
    """Return the first fact that differs, in the order of ``Changed``."""
    return next((fact for fact in Changed if before.get(fact.value) != now.get(fact.value)), None)
