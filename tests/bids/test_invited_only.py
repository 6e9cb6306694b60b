"""Where teams are chosen, nobody else bids: neither starts nor submits."""

from __future__ import annotations

import pytest

from marketplace.bids import service
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.errors import Forbidden
from marketplace.orders import inviting
from marketplace.orders import service as ordering
from marketplace.orders.procedures import Procedure
from tests.bids.scene import Scene, fresh
from tests.conftest import Clock
from tests.factories import Make


@pytest.fixture
def scene(make: Make, clock: Clock) -> Scene:
    made = Scene(make, clock)
    made.order.procedure = Procedure.INVITATION
    db.session.commit()
    return made


def test_only_an_invited_team_bids(scene: Scene) -> None:
    with pytest.raises(Forbidden, match=r"bids\.not_invited"):
        scene.drafted()
    row = ordering.invite_team(scene.call(scene.owner), scene.order.id, scene.team.id, "有资质")
    bid = scene.drafted()
    ordering.withdraw_invitation(scene.call(scene.owner), row.id)
    with pytest.raises(Forbidden, match=r"bids\.not_invited"):
        service.submit_bid(scene.call(), bid.id, scene.terms())
    ordering.invite_team(scene.call(scene.owner), scene.order.id, scene.team.id, "仍有资质")
    service.submit_bid(scene.call(), bid.id, scene.terms())
    assert fresh(bid).state is BidState.SUBMITTED


def test_with_the_rule_off_anybody_would_bid(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inviting, "admits", lambda *_: True)
    assert scene.submitted().state is BidState.SUBMITTED
