"""The demo city as a whole: it is big enough, it is sound, and it never mixes with real people."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from marketplace.audit import verify
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.workflow import READABLE, BidState
from marketplace.db.base import db
from marketplace.demo import city
from marketplace.demo.commands import make_keys
from marketplace.funds.models import Fund
from marketplace.kernel.call import Actor, Call
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.organisations.models import Organisation
from marketplace.rounds.models import Proposal, Unmatched
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
