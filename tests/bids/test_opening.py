"""The opening: not before the deadline, by two people, of exactly what was sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from marketplace.audit.models import AuditRecord
from marketplace.bids import jobs, keys, openings, queries, sealing, service
from marketplace.bids.models import Bid, OpenedBid
from marketplace.bids.proof import is_unaltered
from marketplace.bids.sealing import Sealed
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, NotFound
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from tests.bids.scene import PLAN, Scene, fresh, opener


def last_record() -> AuditRecord:
    row = db.session.scalar(select(AuditRecord).order_by(AuditRecord.sequence.desc()))
    assert row is not None
    return row


def mails() -> list[str]:
    return list(db.session.scalars(select(Message.template).order_by(Message.id)))


def test_two_people_open_what_was_sealed(scene: Scene) -> None:
    bid, rival = scene.submitted(), scene.rival()
    order = scene.opened()
    assert (order.state, order.opened_at) == (OrderState.OPENED, scene.clock())
    opened = fresh(bid)
    assert (opened.state, opened.opened_at, opened.owner_copy) == (BidState.OPENED, scene.clock(), None)
    content = db.session.get(OpenedBid, bid.id)
    assert content is not None
    assert (content.plan, content.price, content.months) == (PLAN, 42_000_000, 6)
    assert [(load.team_id, load.person_days) for load in content.loads] == [(scene.team.id, 90)]
    assert [answer.value for answer in content.answers] == ["1000"]
    assert last_record().detail == {"opened": [bid.id, rival.id], "closed": {}, "lapsed": []}
    assert [b.id for b in queries.opened_bids([order.id])] == [bid.id, rival.id]
    assert [b.id for b in queries.list_opened(order)] == [rival.id, bid.id]
    assert mails() == ["order_bids_opened", "bid_opened", "bid_opened"]


def test_the_opened_rows_prove_themselves_and_a_changed_row_does_not(scene: Scene) -> None:
    bid = scene.submitted()
    scene.opened()
    row, content = fresh(bid), queries.content_of(bid)
    assert content is not None
    assert is_unaltered(row, content)
    assert queries.salt_of(row) == content.salt != ""
    for column, value in (("price", 41_999_999), ("plan", "另一方案"), ("months", 5)):
        kept = getattr(content, column)
        setattr(content, column, value)
        assert not is_unaltered(row, content), column
        setattr(content, column, kept)
    db.session.rollback()


@pytest.mark.parametrize("early", [timedelta(microseconds=1), timedelta(days=20)])
def test_nobody_opens_before_the_deadline(scene: Scene, early: timedelta) -> None:
    scene.submitted()
    scene.clock.now = scene.order.bid_deadline - early  # type: ignore[operator]
    for act in (service.request_opening, service.confirm_opening):
        with pytest.raises(Conflict, match=r"bids\.too_early"):
            act(scene.call(scene.officers[0]), scene.order.id)
    with pytest.raises(Conflict, match=r"bids\.too_early"):
        service.open_bids(scene.make.call(), scene.order.id)


def test_the_same_person_does_not_confirm_with_whatever_account(scene: Scene) -> None:
    scene.submitted()
    scene.past_deadline()
    first = scene.officers[0]
    second_account = scene.make.account(person=first.person)
    grant = scene.make.account(*(g.role for g in scene.call(first).actor.grants), person=first.person)
    service.request_opening(scene.call(first), scene.order.id)
    for account in (first, grant):
        with pytest.raises(Forbidden, match=r"approvals\.same_person"):
            service.confirm_opening(scene.call(account), scene.order.id)
    with pytest.raises((Forbidden, NotFound)):
        service.confirm_opening(scene.call(second_account), scene.order.id)
    assert scene.fresh_order().state is OrderState.BIDDING


def test_without_two_people_the_opener_opens_nothing(scene: Scene) -> None:
    scene.submitted()
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"bids\.not_confirmed"):
        service.open_bids(scene.make.call(), scene.order.id)
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    with pytest.raises(Conflict, match=r"bids\.not_confirmed"):
        service.open_bids(scene.make.call(), scene.order.id)


def test_people_do_not_open_bids_themselves(scene: Scene) -> None:
    scene.submitted()
    scene.past_deadline()
    with pytest.raises(Forbidden):
        service.open_bids(scene.call(scene.officers[0]), scene.order.id)


def test_the_secretary_confirms_and_does_not_request(scene: Scene) -> None:
    scene.submitted()
    scene.past_deadline()
    with pytest.raises(Forbidden, match=r"bids\.officer_needed"):
        service.request_opening(scene.call(scene.secretary), scene.order.id)
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    service.confirm_opening(scene.call(scene.secretary), scene.order.id)
    assert scene.fresh_order().state is OrderState.OPENED


def test_parties_neither_request_nor_confirm(scene: Scene) -> None:
    scene.submitted()
    scene.past_deadline()
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    for account in (scene.owner, scene.lead):
        for act in (service.request_opening, service.confirm_opening):
            with pytest.raises(Forbidden):
                act(scene.call(account), scene.order.id)


def test_a_bid_that_vanishes_after_the_request_voids_it(scene: Scene) -> None:
    bid = scene.submitted()
    scene.past_deadline()
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    db.session.execute(text("UPDATE bids SET commitment = :c WHERE id = :id"), {"c": "0" * 64, "id": bid.id})
    db.session.commit()
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.confirm_opening(scene.call(scene.officers[1]), scene.order.id)


def test_whoever_waited_for_the_lock_until_the_opening_was_requested_is_late(scene: Scene) -> None:
    bid, before = scene.submitted(), scene.call()
    scene.past_deadline()
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    order = scene.fresh_order()
    assert queries.is_open(order, before.now)
    for act in (
        lambda: service.submit_bid(before, bid.id, scene.terms(price=1_000_000)),
        lambda: service.withdraw_bid(before, bid.id),
    ):
        with pytest.raises(Conflict, match=r"bid\.late"):
            act()
    amended = AmendTerms("新标题", order.problem, order.background, "修改")
    with pytest.raises(Conflict, match=r"orders\.over"):
        service.amend_order(replace(before, actor=scene.call(scene.owner).actor), scene.order.id, amended)
    service.confirm_opening(scene.call(scene.officers[1]), scene.order.id)
    assert fresh(bid).state is BidState.OPENED


Damage = Callable[[Scene, Bid, Bid], None]


def flip(scene: Scene, bid: Bid, _rival: Bid) -> None:
    envelope = bytearray(bid.envelope or b"")
    envelope[200] ^= 1
    bid.envelope = bytes(envelope)


def swap(_scene: Scene, bid: Bid, rival: Bid) -> None:
    bid.envelope = rival.envelope


def forge(scene: Scene, bid: Bid, _rival: Bid) -> None:
    forged = Sealed(scene.terms(price=1_000_000), sealing.new_salt())
    bid.envelope = sealing.seal(queries.label_of(bid), forged, scene.key.public_key)


def lose(_scene: Scene, bid: Bid, _rival: Bid) -> None:
    bid.envelope = None


def malform(scene: Scene, bid: Bid, _rival: Bid) -> None:
    odd = Sealed(scene.terms(months=0), sealing.new_salt())
    bid.envelope = sealing.seal(queries.label_of(bid), odd, scene.key.public_key)
    bid.commitment = sealing.commitment(queries.label_of(bid), odd)


@pytest.mark.parametrize(
    ("damage", "code"),
    [(flip, "tampered"), (swap, "swapped"), (forge, "replaced"), (lose, "tampered"), (malform, "malformed")],
)
def test_a_damaged_bid_stays_closed_and_is_named(scene: Scene, damage: Damage, code: str) -> None:
    bid, rival = scene.submitted(), scene.rival()
    damage(scene, fresh(bid), fresh(rival))
    db.session.commit()
    order = scene.opened()
    kept = fresh(bid)
    assert (kept.state, kept.reason) == (BidState.SUBMITTED, f"bids.{code}")
    assert kept.owner_copy is not None
    assert fresh(rival).state is BidState.OPENED
    assert order.state is OrderState.OPENED
    assert last_record().detail == {"opened": [rival.id], "closed": {str(bid.id): f"bids.{code}"}, "lapsed": []}
    assert [b.id for b in queries.list_closed(order)] == [bid.id]


def test_drafts_and_unconfirmed_bids_lapse_and_without_a_bid_the_order_is_unsuccessful(scene: Scene) -> None:
    draft = scene.drafted()
    order = scene.opened()
    assert (fresh(draft).state, fresh(draft).reason) == (BidState.LAPSED, "bids.not_submitted")
    assert (order.state, order.reason) == (OrderState.UNSUCCESSFUL, "orders.no_bids")
    assert mails() == ["order_without_bids"]


def test_a_withdrawn_bid_takes_no_part(scene: Scene) -> None:
    bid = scene.submitted()
    service.withdraw_bid(scene.call(), bid.id)
    scene.rival()
    scene.opened()
    assert fresh(bid).state is BidState.WITHDRAWN


def test_opening_twice_changes_nothing(scene: Scene) -> None:
    scene.submitted()
    scene.opened()
    count = db.session.scalar(select(db.func.count(AuditRecord.id)))
    jobs.open_confirmed(scene.make.call(), scene.order.id)
    assert db.session.scalar(select(db.func.count(AuditRecord.id))) == count
    with pytest.raises(Conflict, match="not_now"):
        service.open_bids(scene.make.call(), scene.order.id)
    with pytest.raises(Conflict, match="not_now"):
        service.request_opening(scene.call(scene.officers[0]), scene.order.id)


@pytest.mark.parametrize("trouble", ["missing", "other"])
def test_without_the_right_key_the_order_waits_and_nothing_is_marked(scene: Scene, trouble: str) -> None:
    bid = scene.submitted()
    private = Path(current_app.extensions["config"].opener_key)
    kept = private.read_bytes()
    if trouble == "missing":
        private.unlink()
    else:
        opener()
    with pytest.raises(Conflict, match=r"bids\.(no_private_key|wrong_key)"):
        scene.opened()
    assert (fresh(bid).state, fresh(bid).reason) == (BidState.SUBMITTED, "")
    assert scene.fresh_order().state is OrderState.BIDDING
    private.write_bytes(kept)
    assert openings.confirmed_orders(scene.clock()) == [scene.order.id]
    assert service.open_bids(scene.make.call(), scene.order.id).state is OrderState.OPENED


def test_the_command_opens_what_is_confirmed(app: Flask, scene: Scene) -> None:
    scene.submitted()
    private = Path(current_app.extensions["config"].opener_key)
    kept = private.read_bytes()
    private.unlink()
    with pytest.raises(Conflict, match=r"bids\.no_private_key"):
        scene.opened()
    runner = app.test_cli_runner()
    failed = runner.invoke(args=["bids", "open-due"])
    assert (failed.exit_code, "bids.no_private_key" in failed.output) == (1, True)
    private.write_bytes(kept)
    done = runner.invoke(args=["bids", "open-due"])
    assert (done.exit_code, scene.order.reference in done.output) == (0, True)
    assert runner.invoke(args=["bids", "open-due"]).output == ""


def test_keys_are_made_once_and_the_private_one_is_for_its_owner_only(app: Flask, scene: Scene) -> None:
    config = current_app.extensions["config"]
    assert Path(config.opener_key).stat().st_mode & 0o777 == 0o600
    before = (keys.public_path(config).read_bytes(), Path(config.opener_key).read_bytes())
    refused = app.test_cli_runner().invoke(args=["bids", "make-keys"])
    assert refused.exit_code == 1
    assert (keys.public_path(config).read_bytes(), Path(config.opener_key).read_bytes()) == before
    keys.public_path(config).unlink()
    assert app.test_cli_runner().invoke(args=["bids", "make-keys"]).exit_code == 1
    assert Path(config.opener_key).read_bytes() == before[1]
    Path(config.opener_key).unlink()
    assert app.test_cli_runner().invoke(args=["bids", "make-keys"]).exit_code == 0


def test_openings_wait_for_the_right_people(scene: Scene) -> None:
    scene.submitted()
    one, two = scene.officers

    def tasks() -> list[int]:
        return [len(queries.waiting_for(scene.call(a))) for a in (one, two, scene.secretary, scene.owner)]

    assert tasks() == [0, 0, 0, 0]
    scene.past_deadline()
    assert tasks() == [1, 1, 0, 0]
    service.request_opening(scene.call(one), scene.order.id)
    assert tasks() == [0, 1, 1, 0]
    service.confirm_opening(scene.call(two), scene.order.id)
    assert tasks() == [0, 0, 0, 0]
