"""A small round to start from: two orders with opened bids, a subsidy, and two officers who are two persons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.alliances.models import Alliance
from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.kernel.call import Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import service
from marketplace.rounds.models import Proposal, Round, Run
from marketplace.rounds.terms import FundPick, RoundTerms, RunTerms
from marketplace.rounds.workflow import DEFAULT_WEIGHTS
from tests.factories import Make

MILLION = 100_000_000  # fen


def terms(**values: Any) -> RoundTerms:
    fields: dict[str, Any] = {"title": "春季轮次", "alliance_id": None, "weights": DEFAULT_WEIGHTS, "time_limit": 20}
    return RoundTerms(**{**fields, **values})


@dataclass
class Scene:
    """Rows of one round; calls are read afresh, so that rights given later count."""

    make: Make
    alliance: Alliance
    first: Account
    second: Account
    fund: Fund
    orders: list[Order] = field(default_factory=list)
    bids: list[Bid] = field(default_factory=list)
    round: Round | None = None

    @property
    def call(self) -> Call:
        """The first officer's call."""
        return self.make.call(self.first)

    @property
    def other(self) -> Call:
        """The second officer's call."""
        return self.make.call(self.second)

    def order(self, **values: Any) -> Order:
        """An order with opened bids of an enterprise of its own."""
        enterprise = values.pop("organisation", None) or self.make.enterprise(alliance=self.alliance)
        state = values.pop("state", OrderState.OPENED)
        row = self.make.order(enterprise, state, **{"alliance_id": self.alliance.id, **values})
        self.orders.append(row)
        return row

    def bid(self, order: Order, **values: Any) -> Bid:
        team = values.pop("team", None) or self.make.team()
        row = self.make.opened_bid(order, team, **values)
        self.bids.append(row)
        return row

    def open(self, **values: Any) -> Round:
        """Create the round, take in all orders made so far and the fund."""
        self.round = service.create_round(self.call, terms(**values))
        if self.orders:
            service.add_orders(self.call, self.round.id, [order.id for order in self.orders])
        service.set_funds(self.call, self.round.id, [FundPick(self.fund.id)])
        return self.round

    def run(self, **values: Any) -> Run:
        """Start a run; the worker of the tests solves it at once."""
        if self.round is None:
            self.open()
        assert self.round is not None
        run = service.start_run(self.call, self.round.id, RunTerms(**{"label": "一", "time_limit": 20, **values}))
        return db.session.get_one(Run, run.id, populate_existing=True)

    def proposal(self, run: Run, order: Order) -> Proposal:
        query = select(Proposal).where(
            Proposal.run_id == run.id, Proposal.order_id == order.id, Proposal.bid_id.is_not(None)
        )
        return db.session.scalars(query).one()

    def proposed(self) -> Proposal:
        """Run the round and let the first officer propose the first order's match as the optimiser would pay it."""
        run = self.run()
        proposal = self.proposal(run, self.orders[0])
        return service.propose(self.call, proposal.id, proposal.options[0].id)


@pytest.fixture
def scene(make: Make, app: Flask) -> Scene:
    """Two officers, a subsidy of a million yuan for up to 40 % of a price, and two orders with a bid each."""
    alliance = make.alliance(code="NM")
    made = Scene(make, alliance, make.officer(), make.officer(), make.fund(MILLION, share_max=4_000))
    for price in (30_000_000, 42_000_000):
        order = made.order(own_funds=30_000_000)
        made.bid(order, price=price)
    return made


@pytest.fixture
def held(app: Flask) -> Iterator[list[int]]:
    """Jobs wait in this list instead of being done at once; ``work`` does them."""
    waiting: list[int] = []
    wake, app.extensions["wake"] = app.extensions["wake"], waiting.append
    yield waiting
    app.extensions["wake"] = wake


def fresh(run: Run) -> Run:
    return db.session.get_one(Run, run.id, populate_existing=True)
