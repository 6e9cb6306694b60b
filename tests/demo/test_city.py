"""The demo city as a whole: it is big enough, it is sound, and it never mixes with real people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from marketplace.audit import verify
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import READABLE, BidState
from marketplace.contracts.models import Contract, Payment
from marketplace.contracts.workflow import ContractState, PaymentState
from marketplace.db.base import db
from marketplace.demo import city
from marketplace.demo.commands import make_keys
from marketplace.funds.models import Fund
from marketplace.kernel.call import Actor, Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal, Round, Run, Unmatched
from marketplace.rounds.workflow import ProposalState
from marketplace.talent.models import Team
from tests.demo.conftest import City
from tests.factories import Make


def count(column: object) -> int:
    return db.session.scalar(select(func.count(column))) or 0  # type: ignore[arg-type]


@pytest.fixture
def call(context: Flask) -> Call:
    make_keys()
    return Call(Actor.system("test"), current_app.extensions["clock"](), "test")


def test_a_city_is_refused_where_somebody_lives(make: Make, call: Call) -> None:
    make.enterprise()
    with pytest.raises(city.NotEmpty):
        city.build(call)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_city_is_big_sound_and_has_every_state(demo_city: City) -> None:
    with demo_city.app.app_context():
        assert (Path(current_app.extensions["config"].instance) / "demo-accounts.txt").read_text(
            "utf-8"
        ) == demo_city.told
        assert demo_city.told.count("@") >= 12
        everything_is_there()


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_every_order_past_its_award_has_its_contract_and_every_completed_one_is_paid(demo_city: City) -> None:
    with demo_city.app.app_context():
        done = {OrderState.IN_DELIVERY, OrderState.COMPLETED, OrderState.TERMINATED}
        orders = list(db.session.scalars(select(Order).where(Order.state.in_(done))))
        contracts = {row.order_id: row for row in db.session.scalars(select(Contract))}
        assert {order.state for order in orders} == done
        assert [order.reference for order in orders if order.id not in contracts] == []
        for order in orders:
            if order.state is OrderState.COMPLETED:
                row = contracts[order.id]
                assert row.state is ContractState.COMPLETED
                assert sum(source.paid for source in row.sources) == row.price
                payments = db.session.scalars(select(Payment).where(Payment.contract_id == row.id)).all()
                assert {payment.state for payment in payments} == {PaymentState.PAID}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rounds_and_their_runs_are_titled_in_one_language(demo_city: City) -> None:
    with demo_city.app.app_context():
        titles = [*db.session.scalars(select(Round.title)), *db.session.scalars(select(Run.label))]
        assert len(titles) > 10
        assert [title for title in titles if re.search("[A-Za-z]{2}", title)] == []


def everything_is_there() -> None:
    assert count(Organisation.id) >= 150
    assert count(Team.id) == 90
    assert count(Order.id) >= 150
    assert count(Bid.id) >= 400
    assert count(Fund.id) >= 9
    assert set(db.session.scalars(select(Order.state).distinct())) == set(OrderState)
    assert set(db.session.scalars(select(Bid.state).distinct())) == set(BidState)
    assert {ProposalState.APPROVED, ProposalState.PROPOSED} <= set(db.session.scalars(select(Proposal.state)))
    assert len(set(db.session.scalars(select(Unmatched.reason)))) >= 2
    opened = select(OpenedBid.bid_id).join(OpenedBid.bid).where(Bid.state.not_in(READABLE))
    assert db.session.scalars(opened).all() == []
    assert verify.findings() == []
