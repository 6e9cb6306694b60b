"""An order in lots: drafted together, handed in and published together, then each for itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders import lots, service
from marketplace.orders.models import Order, Umbrella
from marketplace.orders.terms import MoneyTerms, NeedTerms
from marketplace.orders.workflow import ContractType, IpWish, OrderState
from tests.conftest import START
from tests.factories import Make
from tests.orders.test_service import PROBLEM, TARGETS, Scene


@pytest.fixture
def scene(make: Make) -> Scene:
    return Scene(make)


def ready(scene: Scene, order: Order, title: str) -> None:
    call = scene.call()
    service.describe_need(call, order.id, NeedTerms(scene.alliance.id, title, title, PROBLEM, "背景", scene.need.field))
    service.set_targets(call, order.id, TARGETS)
    service.set_terms(call, order.id, scene.money)


def divided(scene: Scene) -> Umbrella:
    return service.divide(scene.call(), scene.draft().id)


def rows(scene: Scene, umbrella: Umbrella) -> list[Order]:
    db.session.expire_all()
    return lots.visible_lots(scene.call(), umbrella)


def complete(scene: Scene) -> Umbrella:
    umbrella = divided(scene)
    ready(scene, rows(scene, umbrella)[1], "第二标段")
    return umbrella


def test_a_draft_becomes_the_first_of_two_lots_with_the_same_terms(scene: Scene) -> None:
    umbrella = divided(scene)
    one, two = rows(scene, umbrella)
    assert (one.lot_number, two.lot_number, umbrella.title) == (1, 2, one.title)
    assert (two.title, two.bid_deadline, two.procedure) == ("", one.bid_deadline, one.procedure)
    third = service.add_lot(scene.call(), umbrella.id)
    assert third.lot_number == 3
    with pytest.raises(Conflict, match=r"orders\.is_lot"):
        service.divide(scene.call(), one.id)


def test_lots_are_handed_in_together_or_not_at_all(scene: Scene) -> None:
    umbrella = divided(scene)
    with pytest.raises(Invalid, match=r"orders\.not_ready"):
        service.submit_lots(scene.call(), umbrella.id)
    assert {lot.state for lot in rows(scene, umbrella)} == {OrderState.DRAFT}
    one, two = rows(scene, umbrella)
    with pytest.raises(Conflict, match=r"orders\.lots_together"):
        service.submit_order(scene.call(), one.id)
    ready(scene, two, "第二标段")
    service.submit_lots(scene.call(), umbrella.id)
    assert {lot.state for lot in rows(scene, umbrella)} == {OrderState.SCREENING}


def test_lots_are_published_together_and_live_apart(scene: Scene) -> None:
    umbrella = complete(scene)
    service.submit_lots(scene.call(), umbrella.id)
    secretary = scene.call(scene.secretary)
    one, two = rows(scene, umbrella)
    with pytest.raises(Conflict, match=r"orders\.lots_together"):
        service.publish_order(secretary, one.id)
    service.send_back(secretary, two.id, "补充指标")
    with pytest.raises(Conflict):
        service.publish_lots(secretary, umbrella.id)
    assert rows(scene, umbrella)[0].state is OrderState.SCREENING
    service.submit_order(scene.call(), two.id)
    service.publish_lots(secretary, umbrella.id)
    assert {lot.state for lot in rows(scene, umbrella)} == {OrderState.BIDDING}
    service.cancel_order(scene.call(), one.id, "不再需要")
    assert [lot.state for lot in rows(scene, umbrella)] == [OrderState.CANCELLED, OrderState.BIDDING]


def test_a_failed_lot_is_tendered_again_alone_beside_the_others(scene: Scene) -> None:
    umbrella = complete(scene)
    service.submit_lots(scene.call(), umbrella.id)
    service.publish_lots(scene.call(scene.secretary), umbrella.id)
    failed = rows(scene, umbrella)[0]
    failed.state, failed.opened_at = OrderState.UNSUCCESSFUL, START
    db.session.commit()
    again = service.retender(scene.call(), failed.id)
    assert (again.lot_of, again.lot_number) == (umbrella.id, 1)
    money = MoneyTerms(
        20_000_000, 50_000_000, None, START + timedelta(days=40), (START + timedelta(days=300)).date(),
        ContractType.ENTRUSTED, IpWish.JOINT,
    )  # fmt: skip
    service.set_terms(scene.call(), again.id, money)
    service.submit_order(scene.call(), again.id)
    service.publish_order(scene.call(scene.secretary), again.id)
    states = [lot.state for lot in rows(scene, umbrella)]
    assert states == [OrderState.UNSUCCESSFUL, OrderState.BIDDING, OrderState.BIDDING]


def test_who_may_do_what_with_lots(scene: Scene) -> None:
    umbrella = complete(scene)
    make = scene.make
    stranger, neighbour = make.owner(make.enterprise()), make.owner(make.enterprise(alliance=scene.alliance))
    for account in (stranger, neighbour, scene.secretary):
        with pytest.raises(NotFound):
            service.submit_lots(scene.call(account), umbrella.id)
    service.submit_lots(scene.call(), umbrella.id)
    with pytest.raises(Forbidden):
        service.publish_lots(scene.call(), umbrella.id)
    with pytest.raises(Forbidden):
        service.submit_lots(scene.call(scene.secretary), umbrella.id)
    with pytest.raises(Forbidden):
        service.add_lot(scene.call(), umbrella.id)
    with pytest.raises(NotFound):
        service.publish_lots(scene.call(stranger), umbrella.id)


def test_the_common_page_shows_state_ceiling_and_deadline_of_each_lot(scene: Scene, sign_in: Any, app: Any) -> None:
    owner = sign_in(scene.owner)
    order = scene.draft()
    assert f'action="/orders/{order.id}/divide"' in owner.get(f"/orders/{order.id}").text
    page = owner.post(f"/orders/{order.id}/divide").headers["Location"]
    umbrella = db.session.scalars(db.select(Umbrella)).one()
    ready(scene, rows(scene, umbrella)[1], "第二标段")
    assert app.test_client().get(page).status_code == 404
    assert f'action="{page}/submit"' in owner.get(page).text
    assert owner.post(f"{page}/submit").status_code == 303
    secretary = sign_in(scene.secretary)
    assert page in secretary.get(f"/orders/{order.id}").text
    assert secretary.post(f"{page}/publish").status_code == 303
    shown = app.test_client().get(page).text
    assert "第二标段" in shown
    assert shown.count("¥500,000") >= 2
    assert "¥1,000,000" in shown
    assert page in app.test_client().get(f"/orders/{order.id}").text
