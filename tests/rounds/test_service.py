"""Setting up and filling a round."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.funds.workflow import FundState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import picks, service
from marketplace.rounds.models import RoundBid, RoundFund, RoundOrder
from marketplace.rounds.terms import BidTreatment, FundPick
from marketplace.rounds.workflow import Part, RoundState
from tests.factories import Make
from tests.rounds.conftest import Scene, terms


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": "  "}, "rounds.title_needed"),
        ({"weights": dict.fromkeys(Part, 0)}, "rounds.weights"),
        ({"weights": {Part.FIT: 101}}, "rounds.weights"),
        ({"weights": {Part.FIT: -1}}, "rounds.weights"),
        ({"public_share_max": 10_001}, "rounds.share_range"),
        ({"time_limit": 0}, "rounds.time_limit"),
        ({"time_limit": 10**30}, "rounds.time_limit"),
        ({"at_least": {"giants": 1}}, "rounds.floor"),
        ({"at_least": {"sme": 10**9}}, "rounds.floor"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(scene: Scene, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as error:
        service.create_round(scene.call, terms(**values))
    assert error.value.code == code


def test_references_count_on(scene: Scene) -> None:
    assert [service.create_round(scene.call, terms()).reference for _ in range(2)] == ["MR-2027-001", "MR-2027-002"]


def test_orders_come_under_evaluation_when_they_are_taken_in(scene: Scene) -> None:
    row = scene.open()
    assert {db.session.get_one(Order, o.id).state for o in scene.orders} == {OrderState.EVALUATING}
    again = service.create_round(scene.call, terms(title="第二轮"))
    assert service.add_orders(scene.call, again.id, [scene.orders[0].id]) == 1
    service.drop_order(scene.call, row.id, scene.orders[0].id)
    assert db.session.get_one(Order, scene.orders[0].id).state is OrderState.EVALUATING


@pytest.mark.parametrize(
    "state", [s for s in OrderState if s not in {OrderState.OPENED, OrderState.EVALUATING, OrderState.APPROVED}]
)
def test_orders_whose_bids_are_not_open_cannot_be_taken_in(scene: Scene, state: OrderState) -> None:
    row = scene.open()
    order = scene.order(state=state)
    with pytest.raises(Conflict, match="not_pickable"):
        service.add_orders(scene.call, row.id, [order.id])


@pytest.mark.parametrize(
    ("ids", "kind"), [([], Invalid), ([0], NotFound), ([-5], NotFound), ([10**30], NotFound), ([999_999], Conflict)]
)
def test_strange_orders_are_refused(scene: Scene, ids: list[int], kind: type[Refused]) -> None:
    row = scene.open()
    with pytest.raises(kind):
        service.add_orders(scene.call, row.id, ids)


def test_a_secretary_takes_in_orders_of_the_own_alliance_only(scene: Scene, make: Make) -> None:
    secretary = make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance))
    row = service.create_round(secretary, terms(alliance_id=scene.alliance.id))
    foreign = make.order(state=OrderState.OPENED)
    with pytest.raises(Conflict, match="not_pickable"):
        service.add_orders(secretary, row.id, [foreign.id])
    assert service.add_orders(secretary, row.id, [scene.orders[0].id]) == 1


def test_searching_finds_titles_and_references_and_takes_wildcards_literally(scene: Scene) -> None:
    row = service.create_round(scene.call, terms())
    order = scene.order(title="100%天然_纤维")
    for words in ("天然", "%天", "0%天", "_纤", order.reference):
        assert [each.id for each in db.session.scalars(picks.pickable_orders(row, words))] == [order.id]
    assert db.session.scalars(picks.pickable_orders(row, "100_天")).all() == []


@pytest.mark.parametrize(
    ("treatment", "code"),
    [
        ({"locked": True, "forbidden": True, "reason": "x"}, "rounds.lock_or_forbid"),
        ({"forbidden": True}, "rounds.reason_needed"),
    ],
)
def test_a_treatment_needs_sense_and_a_reason(scene: Scene, treatment: dict[str, Any], code: str) -> None:
    row = scene.open()
    with pytest.raises(Invalid) as error:
        service.treat_bid(scene.call, row.id, BidTreatment(scene.bids[0].id, **treatment))
    assert error.value.code == code


def test_dropping_an_order_forgets_how_its_bids_were_treated(scene: Scene) -> None:
    row = scene.open()
    service.treat_bid(scene.call, row.id, BidTreatment(scene.bids[0].id, locked=True))
    service.drop_order(scene.call, row.id, scene.orders[0].id)
    assert db.session.scalars(select(RoundBid)).all() == []
    with pytest.raises(NotFound):
        service.treat_bid(scene.call, row.id, BidTreatment(scene.bids[0].id, locked=True))


def test_funds_are_set_together(scene: Scene, make: Make) -> None:
    row = scene.open()
    other = make.fund(1_000)
    service.set_funds(scene.call, row.id, [FundPick(other.id, 500)])
    assert [(f.fund_id, f.ceiling) for f in db.session.scalars(select(RoundFund))] == [(other.id, 500)]


def test_closed_empty_and_foreign_funds_are_not_to_be_had(scene: Scene, make: Make) -> None:
    row = scene.open(alliance_id=scene.alliance.id)
    for fund in (make.fund(0), make.fund(5, state=FundState.CLOSED), make.fund(5, alliance_id=make.alliance().id)):
        with pytest.raises(NotFound):
            service.set_funds(scene.call, row.id, [FundPick(fund.id)])


def test_a_closed_round_does_not_change_until_it_is_reopened(scene: Scene) -> None:
    row = scene.open()
    service.close_round(scene.call, row.id)
    for attempt in (
        lambda: service.edit_round(scene.call, row.id, terms(title="新")),
        lambda: service.set_funds(scene.call, row.id, []),
        lambda: service.drop_order(scene.call, row.id, scene.orders[0].id),
        lambda: scene.run(),
    ):
        with pytest.raises(Conflict, match="not_now"):
            attempt()
    assert service.reopen_round(scene.call, row.id, "补充订单").state is RoundState.OPEN
    assert service.edit_round(scene.call, row.id, terms(title="新")).title == "新"


def test_a_round_stays_with_its_alliance(scene: Scene) -> None:
    row = scene.open()
    with pytest.raises(Invalid, match="alliance_stays"):
        service.edit_round(scene.call, row.id, terms(alliance_id=scene.alliance.id))


def test_only_those_who_run_rounds_fill_them(scene: Scene, make: Make) -> None:
    row = scene.open()
    for call, kind in (
        (make.call(make.account(Role.AUDITOR)), Forbidden),
        (make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance)), NotFound),
        (make.call(make.owner(make.enterprise())), NotFound),
    ):
        with pytest.raises(kind):
            service.drop_order(call, row.id, scene.orders[0].id)
    assert len(db.session.scalars(select(RoundOrder)).all()) == 2


def test_filling_is_in_the_journal(scene: Scene) -> None:
    row = scene.open()
    commands = db.session.scalars(
        select(AuditRecord.command).where(AuditRecord.subject_kind == "round", AuditRecord.subject_id == row.id)
    ).all()
    assert commands == ["rounds.create", "rounds.add_orders", "rounds.set_funds"]
