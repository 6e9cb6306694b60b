"""Everybody finds what waits for them, and only that."""

from __future__ import annotations

from marketplace.contracts import service
from marketplace.contracts.tasks import waiting_for
from tests.contracts.scene import Scene
from tests.contracts.test_delivery import decide, deliver, key, milestones
from tests.contracts.test_payments import payments, through

PEOPLE = ("enterprise", "institution", "lead", "officer", "manager", "stranger")


def waiting(scene: Scene) -> dict[str, list[str]]:
    """The endpoints that each person is sent to."""
    found = {who: [task.endpoint.removeprefix("contracts.") for task in waiting_for(scene.call(who))] for who in PEOPLE}
    return {who: endpoints for who, endpoints in found.items() if endpoints}


def test_each_step_waits_for_those_who_must_act(scene: Scene) -> None:
    scene.draft()
    sides = ("enterprise", "institution", "lead")
    assert waiting(scene) == {who: ["sign_page"] for who in sides}
    scene.sign("enterprise")
    assert waiting(scene) == {who: ["sign_page"] for who in sides[1:]}
    scene.sign("institution")
    assert waiting(scene) == {}
    first = milestones(scene)[0]
    deliver(scene, first)
    assert waiting(scene) == {"enterprise": ["milestone"]}
    decide(scene, first, 0, "重做")
    assert waiting(scene) == {who: ["milestone"] for who in sides[1:]}
    deliver(scene, first)
    decide(scene, first)
    assert waiting(scene) == {"enterprise": ["money"], "officer": ["payment_queue"]}
    own = next(row for row in payments() if row.source.fund_id is None)
    service.declare_paid(scene.call("enterprise"), own.id, "T1", key())
    assert waiting(scene) == {"institution": ["money"], "officer": ["payment_queue"]}, (
        "the lead does not hold the account"
    )
    service.confirm_arrival(scene.call("institution"), own.id, key())
    assert waiting(scene) == {"officer": ["payment_queue"]}
    funds = [row for row in payments() if row.source.fund_id is not None]
    service.check_payment(scene.call("officer"), funds[0].id, key())
    assert waiting(scene) == {"officer": ["payment_queue"], "manager": ["payment_queue"]}
    service.approve_payment(scene.call("manager"), funds[0].id, key())
    through(scene, funds[1])
    assert waiting(scene) == {}
