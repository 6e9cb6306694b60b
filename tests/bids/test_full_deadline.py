"""Until when full bids may come: a rule that two people stand for, and the day that follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.bids import shortlists
from marketplace.bids.workflow import BidState
from marketplace.kernel.errors import Conflict
from marketplace.orders import procedures
from tests.bids.scene import Scene
from tests.bids.test_two_stages import Stage


@pytest.fixture
def stage(scene: Scene) -> Stage:
    return Stage(scene)


def test_a_shortlist_confirmed_late_gives_the_teams_their_days_all_the_same(stage: Stage, sign_in: Any) -> None:
    scene = stage.scene
    scene.opened()
    stage.propose()
    scene.clock.advance(hours=26, seconds=5)
    stage.confirm()
    deadline, row = scene.fresh_order().bid_deadline, shortlists.of_order(scene.order)
    assert deadline is not None
    assert row is not None
    assert row.deadline == deadline, "the row holds the day that counts"
    assert timedelta(days=15) <= deadline - scene.clock() <= timedelta(days=15, minutes=1)
    assert sign_in(scene.officers[0]).get(f"/orders/{scene.order.id}/concepts").status_code == 200


def test_what_stands_in_the_way_of_confirming_is_said_on_the_page(stage: Stage, sign_in: Any) -> None:
    scene = stage.scene
    scene.opened()
    stage.propose()
    scene.order.delivery_on = (scene.clock() + timedelta(days=15, hours=12)).date()
    scene.make.save(scene.order)
    scene.clock.advance(days=1)
    answer = sign_in(scene.officers[1]).post(f"/orders/{scene.order.id}/concepts/confirm")
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("交付日期", "未说明环保达标路线", "路线可行"))
    assert stage.states() == [BidState.CONCEPT] * 3


def test_both_people_stand_for_the_rule_by_which_the_deadline_moves(
    stage: Stage, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.scene.opened()
    stage.propose()
    path = f"/orders/{stage.scene.order.id}/concepts"
    told = [sign_in(officer).get(path).text for officer in stage.scene.officers]
    assert all("以较晚者为准" in page for page in told)
    longer = replace(procedures.rules_of(stage.scene.order), full_days=30)
    with monkeypatch.context() as patch:
        patch.setattr(shortlists, "rules_of", lambda _: longer)
        with pytest.raises(Conflict, match=r"approvals\.changed"):
            stage.confirm()
    stage.confirm()
