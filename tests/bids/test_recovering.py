"""A lost key or a damaged envelope never kills a tender: the bidder brings the bid again, exactly as it was."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from marketplace.bids import keys, proof, queries, sealing, service
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState, Part
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from tests.bids.scene import Scene, fresh


def own_file(scene: Scene, bid: Bid) -> bytes:
    own = queries.get_own(scene.call(), bid.id)
    return sealing.file_of(queries.label_of(own), queries.own_content(own))


def damaged(scene: Scene) -> tuple[Bid, bytes]:
    """A bid whose envelope was destroyed before the opening, beside a good one, and the file its bidder kept."""
    bid = scene.submitted()
    scene.rival()
    kept = own_file(scene, bid)
    row = db.session.get(Bid, bid.id)
    assert row is not None
    row.envelope = b"TPB1" + bytes(200)
    db.session.commit()
    scene.opened()
    assert fresh(bid).state is BidState.SUBMITTED
    return bid, kept


@pytest.mark.parametrize("way", ["file", "copy"])
def test_the_same_bid_comes_back_from_the_file_or_the_kept_copy(scene: Scene, way: str) -> None:
    bid, kept = damaged(scene)
    service.recover_bid(scene.call(), bid.id, kept if way == "file" else None)
    content = queries.content_of(fresh(bid))
    assert content is not None
    assert fresh(bid).state is BidState.OPENED
    assert content.price == 42_000_000
    assert proof.is_unaltered(fresh(bid), content)
    with pytest.raises(Conflict, match="not_recoverable"):
        service.recover_bid(scene.call(), bid.id, kept)


def test_another_price_another_bid_or_rubbish_does_not_come_back(scene: Scene) -> None:
    bid, kept = damaged(scene)
    rival = queries.opened_bids([scene.order.id])[0]
    others = [
        kept.replace(b"42000000", b"41000000"),
        kept.replace(f'"bid":{bid.id}'.encode(), f'"bid":{rival.id}'.encode()),
        kept + b"\n" + kept,
        kept[:-2],
        b"",
        b"[]",
        b"\xff" * 40,
        b"[" * 20_000,
    ]
    for other in others:
        with pytest.raises(Invalid, match="not_what_was_sealed"):
            service.recover_bid(scene.call(), bid.id, other)
    assert fresh(bid).state is BidState.SUBMITTED


def test_without_the_comparison_a_cheaper_bid_would_come_back(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    bid, kept = damaged(scene)
    monkeypatch.setattr("marketplace.bids.service.recovering._require_same", lambda *_: None)
    service.recover_bid(scene.call(), bid.id, kept.replace(b"42000000", b"41000000"))
    content = queries.content_of(fresh(bid))
    assert content is not None
    assert content.price == 41_000_000
    assert not proof.is_unaltered(fresh(bid), content)


def test_only_the_bidder_within_five_days(scene: Scene) -> None:
    bid, kept = damaged(scene)
    for account in (scene.owner, scene.officers[0], scene.make.lead(scene.make.team())):
        with pytest.raises(NotFound):
            service.recover_bid(scene.call(account), bid.id, kept)
    scene.clock.advance(days=5)
    with pytest.raises(Conflict, match="not_recoverable"):
        service.recover_bid(scene.call(), bid.id, kept)


def test_before_the_opening_nothing_is_recovered(scene: Scene) -> None:
    bid = scene.submitted()
    with pytest.raises(Conflict, match="not_recoverable"):
        service.recover_bid(scene.call(), bid.id)
    scene.past_deadline()
    with pytest.raises(Conflict, match="not_recoverable"):
        service.recover_bid(scene.call(), bid.id)


def test_a_lost_key_closes_every_bid_and_each_bidder_brings_it_again(app: Flask, scene: Scene, sign_in: Any) -> None:
    scene.follows(Procedure.QUICK)
    bid = scene.submitted()
    kept = own_file(scene, bid)
    runner = app.test_cli_runner()
    refused = runner.invoke(args=["bids", "key-lost", scene.order.reference, "--yes"])
    assert (refused.exit_code, "too_early" in refused.output) == (1, True)
    keys.opening_path(scene.order.id, Part.CONTENT).unlink()
    with pytest.raises(Conflict, match="no_private_key"):
        scene.opened()
    assert runner.invoke(args=["bids", "key-lost", scene.order.reference, "--yes"]).exit_code == 0
    assert (scene.fresh_order().state, fresh(bid).reason) == (OrderState.OPENED, "bids.key_lost")
    team = sign_in(scene.lead)
    page = f"/bids/{bid.id}/recover"
    assert page in team.get(f"/bids/{bid.id}").text
    assert team.get(page).status_code == 200
    wrong = team.post(page, data={"upload": (BytesIO(b"{}"), "bid.json")}, content_type="multipart/form-data")
    assert wrong.status_code == 422
    assert "error-summary" in wrong.text
    right = team.post(page, data={"upload": (BytesIO(kept), "bid.json")}, content_type="multipart/form-data")
    assert right.status_code == 303
    assert fresh(bid).state is BidState.OPENED
    assert sign_in(scene.make.lead(scene.make.team())).get(page).status_code == 404
