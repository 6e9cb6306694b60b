"""Where a procedure asks for a committee, no round takes the order before its scores are locked."""

from __future__ import annotations

import pytest
from sqlalchemy import select, true

from marketplace.db.base import db
from marketplace.evaluation import queries, service
from marketplace.kernel.errors import Conflict
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from marketplace.rounds import picks
from marketplace.rounds import service as rounds
from tests.conftest import Clock
from tests.evaluation.court import Court
from tests.factories import Make
from tests.rounds.conftest import terms


@pytest.fixture
def court(make: Make, clock: Clock) -> Court:
    return Court(make, clock, Procedure.OPEN)


def taken(court: Court) -> int:
    row = rounds.create_round(court.officer, terms())
    return rounds.add_orders(court.officer, row.id, [court.order_id])


def test_a_round_waits_for_the_locked_scores(court: Court) -> None:
    court.handed_in()
    with pytest.raises(Conflict, match=r"rounds\.not_pickable"):
        taken(court)
    assert court.scene.fresh_order().state is OrderState.OPENED
    service.lock_scores(court.officer, court.order_id)
    assert taken(court) == 1
    assert court.scene.fresh_order().state is OrderState.EVALUATING


def test_without_the_rule_a_round_would_take_it_unjudged(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    court.opened()
    monkeypatch.setattr(picks, "is_judged", true)
    assert taken(court) == 1


@pytest.mark.parametrize("procedure", list(Procedure))
def test_exactly_the_procedures_with_a_committee_wait(make: Make, procedure: Procedure) -> None:
    order = make.order(state=OrderState.OPENED, procedure=procedure)
    query = select(Order.id).where(Order.id == order.id, queries.is_judged())
    assert (db.session.scalar(query) is None) is (procedure not in {Procedure.QUICK, Procedure.INVITATION})
