"""An order with three bids whose match two officers approved; owners, leads and a member who may object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.models import Account
from marketplace.awards import service
from marketplace.awards.models import Award, Complaint
from marketplace.awards.terms import ComplaintTerms, FindingTerms
from marketplace.awards.workflow import Finding, Ground, Party
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.orders.models import Order
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal
from tests.conftest import Clock
from tests.factories import Make
from tests.rounds.conftest import MILLION, Scene

TEXT = "中标方业绩材料与公开信息不一致，请核实。"


@dataclass
class Awarded:
    """The scene of one order from its approval on; accounts are made when asked for."""

    make: Make
    clock: Clock
    scene: Scene
    order: Order
    winner: Bid
    losers: list[Bid]
    proposal: Proposal
    accounts: dict[str, Account] = field(default_factory=dict)

    def call(self, who: str) -> Call:
        """``officer``, ``second``, ``owner``, ``lead``, ``loser``, ``member``, ``panel1``, ``panel2`` or a role's value."""
        return self.make.call(self.account(who))

    def account(self, who: str) -> Account:
        if who not in self.accounts:
            self.accounts[who] = self._makers().get(who, lambda: self.make.account(Role(who)))()
        return self.accounts[who]

    def _makers(self) -> dict[str, Callable[[], Account]]:
        make = self.make
        return {
            "officer": lambda: self.scene.first,
            "second": lambda: self.scene.second,
            "owner": lambda: make.owner(self.order.organisation),
            "lead": lambda: make.lead(self.winner.team),
            "loser": lambda: make.lead(self.losers[0].team),
            "member": lambda: make.owner(make.enterprise(alliance=self.scene.alliance)),
            "panel1": lambda: make.account(Role.FUND_MANAGER),
            "panel2": lambda: make.account(Role.FUND_MANAGER),
            "secretary": lambda: make.account(Role.ALLIANCE_SECRETARY, alliance=self.scene.alliance),
        }

    def announced(self) -> Award:
        return service.announce(self.call("officer"), self.proposal.id)

    def fresh(self, award: Award) -> Award:
        return db.session.get_one(Award, award.id, populate_existing=True)

    def both_confirm(self, award: Award) -> None:
        service.confirm(self.call("owner"), award.id, Party.ENTERPRISE)
        service.confirm(self.call("lead"), award.id, Party.TEAM)

    def after_standstill(self, award: Award) -> None:
        self.clock.now = award.standstill_ends_at

    def complaint(self, award: Award, **values: Any) -> Complaint:
        """The losing team's objection."""
        self.account("loser")
        fields: dict[str, Any] = {"ground": Ground.SCORING, "text": TEXT, "bid_id": self.losers[0].id}
        return service.file_complaint(self.call("loser"), award.id, ComplaintTerms(**{**fields, **values}))

    def finding(self, finding: Finding = Finding.DISMISSED, **values: Any) -> FindingTerms:
        fields: dict[str, Any] = {"finding": finding, "answer": "经核实，材料属实。", "summary": "异议经核实不成立。"}
        return FindingTerms(**{**fields, **values})

    def answered(self, complaint: Complaint, **values: Any) -> Complaint:
        """Accepted and answered by the first officer, waiting for the second."""
        service.accept_complaint(self.call("officer"), complaint.id)
        service.answer_complaint(self.call("officer"), complaint.id, self.finding(**values))
        return db.session.get_one(Complaint, complaint.id, populate_existing=True)

    def decided(self, complaint: Complaint, **values: Any) -> Complaint:
        row = self.answered(complaint, **values)
        return service.approve_finding(self.call("second"), row.id, row.findings[-1].content_hash)


@pytest.fixture
def awarded(make: Make, clock: Clock, app: Flask) -> Awarded:
    """Approved: the cheapest of three bids, partly paid by a subsidy."""
    scene = Scene(make, make.alliance(code="NM"), make.officer(), make.officer(), make.fund(MILLION, share_max=4_000))
    order = scene.order(own_funds=25_000_000)
    bids = [scene.bid(order, price=price) for price in (30_000_000, 40_000_000, 42_000_000)]
    proposal = scene.proposed()
    rounds.approve(scene.other, proposal.id, proposal.content_hash)
    proposal = db.session.get_one(Proposal, proposal.id, populate_existing=True)
    winner = next(bid for bid in bids if bid.id == proposal.bid_id)
    return Awarded(make, clock, scene, order, winner, [bid for bid in bids if bid is not winner], proposal)


DAY = timedelta(days=1)
