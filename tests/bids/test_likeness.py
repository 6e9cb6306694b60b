"""Nearly the same plan twice: the bidder is warned about own bids only, the centre sees pairs after the opening."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.bids import queries, service, twice
from marketplace.bids.likeness import ALIKE, likeness, runs
from marketplace.bids.models import Bid
from marketplace.bids.terms import Answer
from marketplace.bids.workflow import Meets
from tests.bids.scene import Scene, fresh

LONG = (
    "以硅烷预处理与水性涂层结合，先在实验室确定配方和固化条件，再在中试线上验证附着力与耐盐雾性能，"
    "最后到企业现场试用并交付样件、工艺规程与第三方检测报告。"
)
OTHER = (
    "采用视觉伺服与力控打磨机器人，通过点云配准规划轨迹，在线识别工件余量并闭环修正，"
    "配合粉尘回收与安全围栏，使单件节拍缩短一半并保持表面粗糙度稳定。"
)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (LONG, LONG, True),
        (LONG, LONG.replace("，", ", ").replace("。", " "), True),
        (LONG, LONG.replace("企业现场", "工厂车间"), True),
        (LONG, OTHER, False),
        (LONG, "", False),
        ("短文", "短文", False),
    ],
)
def test_texts_are_alike_whatever_their_spaces_and_marks(one: str, other: str, *, alike: bool) -> None:
    assert (likeness(runs(one), runs(other)) >= ALIKE) is alike
    assert likeness(runs(one), runs(other)) == likeness(runs(other), runs(one))


def second_order(scene: Scene, plan: str) -> Bid:
    """A submitted bid of the same team on another order."""
    order = scene.make.order(scene.enterprise, alliance_id=scene.alliance.id)
    bid = service.start_bid(scene.call(), order.id, scene.team.id)
    answers = (Answer(order.targets[0].id, Meets.MEETS, "1000"),)
    return service.submit_bid(scene.call(), bid.id, scene.terms(plan=plan, answers=answers))


def test_the_same_plan_on_another_order_is_a_warning_on_the_check_page(scene: Scene, sign_in: Any) -> None:
    scene.submitted(plan=LONG)
    second = second_order(scene, LONG)
    own = queries.get_own(scene.call(), second.id)
    assert twice.offered_elsewhere(scene.call(), own, scene.terms(plan=LONG)) == [scene.order.reference]
    assert twice.offered_elsewhere(scene.call(), own, scene.terms(plan=OTHER)) == []
    assert scene.order.reference in sign_in(scene.lead).get(f"/bids/{second.id}/check").text


def test_a_withdrawn_bid_offers_nothing(scene: Scene) -> None:
    first = scene.submitted(plan=LONG)
    second = second_order(scene, LONG)
    service.withdraw_bid(scene.call(), first.id)
    assert twice.offered_elsewhere(scene.call(), queries.get_own(scene.call(), second.id), scene.terms(plan=LONG)) == []


def test_a_rival_s_or_a_sister_university_s_sealed_bid_is_never_compared(scene: Scene) -> None:
    """Else a bidder could ask the warning what others have written."""
    team = scene.make.team()
    lead = scene.make.lead(team)
    rival = scene.drafted(team, lead)
    service.submit_bid(scene.call(lead), rival.id, scene.terms(team, plan=LONG))
    second = second_order(scene, LONG)
    assert twice.offered_elsewhere(scene.call(), queries.get_own(scene.call(), second.id), scene.terms(plan=LONG)) == []


def test_after_the_opening_the_centre_finds_alike_bids_of_rivals_and_of_one_team_elsewhere(scene: Scene) -> None:
    one = scene.submitted(plan=LONG)
    team = scene.make.team()
    lead = scene.make.lead(team)
    two = scene.drafted(team, lead)
    service.submit_bid(scene.call(lead), two.id, scene.terms(team, plan=LONG.replace("现场", "厂区")))
    third = scene.rival()
    order = scene.opened()
    elsewhere = scene.make.opened_bid(scene.make.order(scene.enterprise), scene.team, plan=LONG)
    found = {(a.bid.id, a.other.id) for a in twice.alike(order, queries.list_opened(order))}
    assert found == {(two.id, one.id), (one.id, elsewhere.id)} or found == {(one.id, two.id), (one.id, elsewhere.id)}
    assert third.id not in {key for pair in found for key in pair}
    assert fresh(one).content is not None
