"""One window for formal errors after the opening; what was sealed stays what it was."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from marketplace.bids import jobs, proof, queries, service
from marketplace.bids.models import Bid, BidRepair
from marketplace.bids.workflow import RepairState
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.storage.service import Upload
from tests.bids.scene import Scene, fresh

FILE = Upload("证书.pdf", "application/pdf", b"%PDF-1.4 x")


@pytest.fixture
def bid(scene: Scene) -> Bid:
    row = scene.submitted()
    scene.opened()
    return row


def state(bid: Bid) -> RepairState:
    row = db.session.get(BidRepair, bid.id, populate_existing=True)
    assert row is not None
    return row.state


def test_the_bidder_answers_once_and_the_bid_stays_as_it_was_sealed(scene: Scene, bid: Bid) -> None:
    service.ask_repair(scene.call(scene.officers[0]), bid.id, "缺少检测报告")
    service.answer_repair(scene.call(), bid.id, "附上报告", FILE)
    content = queries.content_of(fresh(bid))
    assert content is not None
    assert proof.is_unaltered(fresh(bid), content)
    with pytest.raises(Conflict, match="not_now"):
        service.answer_repair(scene.call(), bid.id, "再附一份", FILE)
    service.decide_repair(scene.call(scene.officers[1]), bid.id, accepted=True)
    assert state(bid) is RepairState.ACCEPTED
    with pytest.raises(Conflict, match="repair_used"):
        service.ask_repair(scene.call(scene.officers[0]), bid.id, "还缺一份")


def test_the_window_closes_after_three_days(scene: Scene, bid: Bid) -> None:
    service.ask_repair(scene.call(scene.officers[0]), bid.id, "缺少检测报告")
    scene.clock.advance(days=2, hours=23)
    jobs.expire(scene.make.call())
    assert state(bid) is RepairState.ASKED
    scene.clock.advance(hours=1)
    with pytest.raises(Conflict, match="repair_over"):
        service.answer_repair(scene.call(), bid.id, "附上报告")
    jobs.expire(scene.make.call())
    assert state(bid) is RepairState.EXPIRED


def test_before_the_opening_nobody_asks(scene: Scene) -> None:
    sealed = scene.submitted()
    with pytest.raises(NotFound):
        service.ask_repair(scene.call(scene.officers[0]), sealed.id, "缺少")


def test_who_asks_answers_and_decides(scene: Scene, bid: Bid) -> None:
    rival = scene.make.lead(scene.make.team())
    for account in (scene.owner, scene.lead):
        with pytest.raises(Forbidden):
            service.ask_repair(scene.call(account), bid.id, "缺少")
    with pytest.raises(NotFound):
        service.ask_repair(scene.call(rival), bid.id, "缺少")
    with pytest.raises(Invalid, match="reason_needed"):
        service.ask_repair(scene.call(scene.secretary), bid.id, "  ")
    service.ask_repair(scene.call(scene.secretary), bid.id, "缺少检测报告")
    for account in (scene.officers[0], scene.owner):
        with pytest.raises(Forbidden):
            service.answer_repair(scene.call(account), bid.id, "附上")
    service.answer_repair(scene.call(), bid.id, "附上")
    for account in (scene.lead, scene.owner):
        with pytest.raises(Forbidden):
            service.decide_repair(scene.call(account), bid.id, accepted=True)
    with pytest.raises(Invalid, match="reason_needed"):
        service.decide_repair(scene.call(scene.officers[0]), bid.id, accepted=False)
    service.decide_repair(scene.call(scene.officers[0]), bid.id, accepted=False, reason="不是同一批样件")
    assert state(bid) is RepairState.REJECTED


def test_the_pages_lead_through_it(scene: Scene, bid: Bid, sign_in: Any) -> None:
    officer, team, owner = sign_in(scene.officers[0]), sign_in(scene.lead), sign_in(scene.owner)
    path = f"/bids/{bid.id}/repair"
    assert f"{path}/ask" in officer.get(f"/bids/{bid.id}").text
    assert officer.get(f"{path}/ask").status_code == 200
    assert officer.post(f"{path}/ask", data={"points": ""}).status_code == 422
    assert officer.post(f"{path}/ask", data={"points": "缺少检测报告"}).status_code == 303
    assert path in team.get(f"/bids/{bid.id}").text
    assert "缺少检测报告" in team.get(path).text
    assert "缺少检测报告" in owner.get(path).text
    assert team.post(path, data={"answer": ""}).status_code == 422
    data = {"answer": "附上报告", "upload": (BytesIO(FILE.content), FILE.name)}
    assert team.post(path, data=data, content_type="multipart/form-data").status_code == 303
    assert officer.get(f"{path}/file").data == FILE.content
    assert sign_in(scene.make.lead(scene.make.team())).get(f"{path}/file").status_code == 404
    assert officer.post(f"{path}/reject", data={"reason": ""}).status_code == 422
    assert officer.post(f"{path}/accept").status_code == 303
    assert officer.get(path).status_code == 200
