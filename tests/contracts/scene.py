"""An awarded order with its money reserved, its parties, and the way to a contract in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from marketplace.accounts.models import Account
from marketplace.contracts import service
from marketplace.contracts.models import Contract
from marketplace.contracts.terms import SignatureTerms
from marketplace.contracts.turns import present_hash
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds.models import Fund
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Call, Role
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.rounds.gather.offers import loads_of
from marketplace.rounds.models import FundingOption, FundingPart, Proposal, Round, Run
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, ProposalState, RunState
from marketplace.talent import capacity
from marketplace.talent.models import Team
from tests.factories import Make

Funds = tuple[dict[str, Any], ...]
OWN, GRANT, LOAN = 20_000_000, 15_000_000, 7_000_000


@dataclass
class Scene:
    """Everybody whom a contract concerns; ``contract`` once it is drafted."""

    make: Make
    order: Order
    team: Team
    funds: list[Fund]
    proposal: Proposal
    accounts: dict[str, Account] = field(default_factory=dict)
    contract_id: int = 0

    def call(self, who: str) -> Call:
        return self.make.call(self.accounts[who])

    @property
    def contract(self) -> Contract:
        return db.session.get_one(Contract, self.contract_id, populate_existing=True)

    def draft(self) -> Contract:
        self.contract_id = service.draft_contract(self.make.call(), self.order.id).id
        return self.contract

    def sign(self, who: str) -> Contract:
        contract = self.contract
        name = self.accounts[who].person.name
        return service.sign(self.call(who), contract.id, SignatureTerms(name, present_hash(contract)))

    def in_force(self) -> Contract:
        self.draft()
        self.sign("enterprise")
        self.sign("institution")
        return self.contract

    def balances(self) -> list[tuple[int, int, int, int]]:
        """(available, reserved, committed, paid) of each fund."""
        rows = [db.session.get_one(Fund, fund.id, populate_existing=True) for fund in self.funds]
        return [(row.available, row.reserved, row.committed, row.paid) for row in rows]


@dataclass(frozen=True)
class People:
    """The parties and everybody who acts besides the team's lead; several awards may be among the same ones."""

    enterprise: Organisation
    university: Organisation
    accounts: dict[str, Account]

    @classmethod
    def of(cls, make: Make) -> People:
        enterprise, university = make.enterprise(name="晨光新材料有限公司"), make.university(name="岭南理工大学")
        accounts = {
            "enterprise": make.owner(enterprise),
            "member": make.account(Role.ENTERPRISE_MEMBER, organisation=enterprise),
            "institution": make.owner(university),
            "officer": make.officer(),
            "manager": make.account(Role.FUND_MANAGER),
            "stranger": make.owner(make.enterprise()),
        }
        return cls(enterprise, university, accounts)


def awarded(
    make: Make,
    *,
    amounts: tuple[int, ...] = (OWN, GRANT, LOAN),
    funds: tuple[dict[str, Any], ...] = ({}, {}),
    bid_values: Mapping[str, Any] = MappingProxyType({}),
    among: People | None = None,
    **order: Any,
) -> Scene:
    """An order in contracting whose match was approved: ``amounts`` are the own money and each fund's part (0 = none)."""
    people = among or People.of(make)
    enterprise, university = people.enterprise, people.university
    team = make.team(university)
    row = make.order(enterprise, OrderState.CONTRACTING, **order)
    price = sum(amounts)
    bid = make.opened_bid(row, team, price=price, **bid_values)
    paying = [make.fund(100_000_000, **values) for values, amount in zip(funds, amounts[1:], strict=True) if amount]
    parts = [
        (None, amounts[0]),
        *((fund.id, amount) for fund, amount in zip(paying, [a for a in amounts[1:] if a], strict=True)),
    ]
    proposal = approved(make, row, bid.id, team, price, parts)
    reserve(make, proposal, row, parts)
    assert bid.content is not None
    capacity.reserve(make.call(), loads_of(bid.content))
    db.session.commit()
    scene = Scene(make, row, team, paying, proposal)
    scene.accounts = {**people.accounts, "lead": make.lead(team)}
    return scene


def approved(
    make: Make, order: Order, bid_id: int, team: Team, price: int, parts: list[tuple[int | None, int]]
) -> Proposal:
    now = make.clock()
    batch = Round(reference=f"MR-{order.id}", title="撮合", weights=dict(DEFAULT_WEIGHTS), rules={}, created_at=now)
    make.save(batch)
    run = Run(round_id=batch.id, label="1", state=RunState.SOLVED, time_limit=1, created_at=now, finished_at=now)
    make.save(run)
    proposal = Proposal(
        run_id=run.id,
        order_id=order.id,
        bid_id=bid_id,
        team_id=team.id,
        price=price,
        value=1,
        scores={},
        state=ProposalState.APPROVED,
        approved_at=now,
        options=[
            FundingOption(
                position=0,
                label="chosen",
                parts=[FundingPart(position=n, fund_id=fund, amount=fen) for n, (fund, fen) in enumerate(parts) if fen],
            )
        ],
    )
    make.save(proposal)
    proposal.option_id = proposal.options[0].id
    make.save(proposal)
    return proposal


def reserve(make: Make, proposal: Proposal, order: Order, parts: list[tuple[int | None, int]]) -> None:
    for fund_id, amount in parts:
        if fund_id is not None:
            ledger.move(
                make.call(),
                fund_id,
                Movement.RESERVE,
                amount,
                key=f"proposal:{proposal.id}:{fund_id}",
                subject_kind="proposal",
                subject_id=proposal.id,
                enterprise_id=order.organisation_id,
            )
    db.session.commit()
