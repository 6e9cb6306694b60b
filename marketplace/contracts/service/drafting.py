"""A contract begins filled: parties, targets, price, sources and clauses come from order, bid and funding."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from marketplace.audit import service as audit
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.proof import terms_of
from marketplace.contracts import mail, policy
from marketplace.contracts.clauses import filling
from marketplace.contracts.clauses.facts import Facts, TargetFact
from marketplace.contracts.models import Clause, ClauseVersion, Contract, Source
from marketplace.contracts.planning import default_plan, last_day, plan_of_bid
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.references import take_reference
from marketplace.contracts.workflow import ClauseKind, ClauseStep, ContractState
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.funds.models import Fund
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.orders.models import Order
from marketplace.orders.queries import MAX_ID
from marketplace.orders.workflow import ContractType, IpWish, OrderState
from marketplace.organisations.facts import REGIONS
from marketplace.rounds.models import FundingOption, FundingPart, Proposal
from marketplace.rounds.workflow import ProposalState
from marketplace.talent.models import Team
from marketplace.web.filters import CITY

RETENTION = 500
"""Basis points of each payment that are kept back until the results have proved themselves; the centre's default."""

MOST_PLACES = 100
"""Places for students that one contract takes over from its bid."""


@use_case
def draft_contract(call: Call, order_id: int) -> Contract:
    """Draft the contract of an awarded order whose parties have confirmed; there is one contract per order."""
    order, proposal = _awarded(order_id)
    parties = (order.organisation_id, proposal.team.organisation_id, proposal.team_id)
    policy.may_draft(call.actor, parties, order.alliance_id).require()
    if order.state is not OrderState.CONTRACTING:
        raise Conflict("contracts.not_contracting")
    earlier = queries.contract_of_order(order.id)
    if earlier is not None and earlier.state is not ContractState.ABANDONED:
        raise Conflict("contracts.drafted_already")
    content = proposal.bid.content if proposal.bid else None
    if content is None:
        raise Conflict("contracts.no_bid")
    facts = _facts(call, order, proposal, content)
    contract = _row(call, order, proposal, facts)
    contract.training_places = min(MOST_PLACES, terms_of(content).students or 0)
    contract.sources = [
        Source(position=number, fund_id=part.fund_id, amount=part.amount, called=0, paid=0)
        for number, part in enumerate(_parts(proposal))
    ]
    contract.clauses = _clauses(call, facts)
    db.session.add(contract)
    db.session.flush()
    audit.record(call, "contracts.draft", "contract", contract.id, {"order": order.id, "reference": contract.reference})
    mail.tell(call, contract, "contract_drafted")
    return contract


def _awarded(order_id: int) -> tuple[Order, Proposal]:
    """The order with its row locked, and its approved match."""
    query = select(Order).where(Order.id == order_id).with_for_update(of=Order)
    order = db.session.scalar(query) if 0 < order_id <= MAX_ID else None
    proposal = db.session.scalar(
        select(Proposal)
        .where(Proposal.order_id == order_id, Proposal.state == ProposalState.APPROVED)
        .options(
            joinedload(Proposal.team).joinedload(Team.organisation),
            joinedload(Proposal.bid).joinedload(Bid.content).selectinload(OpenedBid.answers),
            selectinload(Proposal.options).selectinload(FundingOption.parts).joinedload(FundingPart.fund),
        )
    )
    if order is None or proposal is None:
        raise NotFound("order")
    return order, proposal


def _parts(proposal: Proposal) -> list[FundingPart]:
    """The approved sources, the enterprise's own money first."""
    option = next(option for option in proposal.options if option.id == proposal.option_id)
    return sorted(option.parts, key=lambda part: (part.fund_id is not None, part.position))


def _facts(call: Call, order: Order, proposal: Proposal, content: OpenedBid) -> Facts:
    today = call.now.astimezone(CITY).date()
    starts_on = max(content.start_on, today)
    ends_on = last_day(starts_on, content.months)
    promised = {answer.target_id: answer.value for answer in content.answers}
    contract_type = order.contract_type or ContractType.ENTRUSTED
    region = REGIONS.get(order.organisation.region)
    return Facts(
        title=order.title,
        contract_type=contract_type,
        party_a=order.organisation.name,
        party_b=proposal.team.organisation.name,
        team=proposal.team.name,
        price=proposal.price,
        problem=order.problem,
        solution=content.plan,
        schedule=content.schedule,
        targets=tuple(
            TargetFact(t.name, t.comparator, t.value, t.value_to, t.unit, t.method, t.must_have, promised.get(t.id, ""))
            for t in order.targets
        ),
        ip=order.ip_wish or IpWish.TEAM,
        starts_on=starts_on,
        ends_on=ends_on,
        sources=tuple((_name(part.fund), part.amount) for part in _parts(proposal)),
        plan=tuple(
            plan_of_bid(terms_of(content).milestones, starts_on, ends_on)
            or default_plan(contract_type, starts_on, ends_on)
        ),
        retention=RETENTION,
        place=region.name if region else "甲方所在地",
    )


def _name(fund: Fund | None) -> str:
    return "企业自筹资金" if fund is None else fund.name


def _row(call: Call, order: Order, proposal: Proposal, facts: Facts) -> Contract:
    return Contract(
        reference=take_reference(call.now, "HT", Contract.reference),
        order_id=order.id,
        proposal_id=proposal.id,
        enterprise_id=order.organisation_id,
        institution_id=proposal.team.organisation_id,
        team_id=proposal.team_id,
        alliance_id=order.alliance_id,
        contract_type=facts.contract_type,
        title=order.title,
        title_en=order.title_en,
        price=facts.price,
        technology_value=facts.price,
        retention=facts.retention,
        expert_from=filling.EXPERT_FROM,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        created_at=call.now,
        changed_at=call.now,
    )


def _clauses(call: Call, facts: Facts) -> list[Clause]:
    plan = [step.as_json() for step in facts.plan]
    return [
        Clause(
            position=number,
            kind=kind,
            text=text,
            plan=plan if kind is ClauseKind.PLAN else None,
            versions=[ClauseVersion(number=1, step=ClauseStep.DRAFTED, text=text, at=call.now)],
        )
        for number, (kind, text) in enumerate(filling.draft(facts).items(), 1)
    ]
