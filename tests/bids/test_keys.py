"""Keys of openings: one per order, signed, split where the procedure wants it, and proven every hour."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, current_app
from nacl.encoding import HexEncoder
from nacl.public import PrivateKey
from sqlalchemy import select

from marketplace.bids import holders, jobs, keyring, keys, openings, queries, sealing, service
from marketplace.bids.models import Bid, OrderKey
from marketplace.bids.workflow import BidState, Part, Scheme
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from tests.bids.scene import Scene, fresh


def key_of(scene: Scene, part: Part = Part.CONTENT) -> OrderKey:
    row = db.session.get(OrderKey, (scene.order.id, part), populate_existing=True)
    assert row is not None
    return row


def envelope(bid: Bid) -> bytes:
    return db.session.scalar(select(Bid.envelope).where(Bid.id == bid.id)) or b""


def test_an_order_has_a_key_of_its_own_that_opens_nothing_else(scene: Scene) -> None:
    scene.follows(Procedure.QUICK)
    bid = scene.submitted()
    row = key_of(scene)
    assert (row.scheme, row.shares, row.proven_at) == (Scheme.FILE, [], scene.clock())
    assert sealing.mark_of(envelope(bid)) == sealing.fingerprint(
        keys.opening_key(scene.order.id, Part.CONTENT).public_key
    )
    with pytest.raises(sealing.NotReadable):
        sealing.unseal(envelope(bid), queries.label_of(bid), fresh(bid).commitment, scene.key)
    assert keys.opening_path(scene.order.id, Part.CONTENT).stat().st_mode & 0o777 == 0o600
    assert scene.opened().state is OrderState.OPENED
    assert fresh(bid).state is BidState.OPENED


def test_bids_sealed_before_the_order_s_key_was_made_open_with_the_standing_one(scene: Scene) -> None:
    early = scene.submitted()
    scene.follows(Procedure.QUICK)
    late = scene.rival()
    scene.opened()
    assert {fresh(early).state, fresh(late).state} == {BidState.OPENED}


def test_the_private_half_is_nowhere_in_the_database(scene: Scene) -> None:
    scene.follows(Procedure.QUICK)
    private = keys.opening_key(scene.order.id, Part.CONTENT)
    row = key_of(scene)
    assert bytes(private).hex() not in repr([row.public, row.signature, row.shares, row.probe.hex()])


def test_a_row_that_the_opener_did_not_sign_is_not_sealed_to(scene: Scene) -> None:
    """Whoever can write the database could put in a key of his own and read every bid; the signature is what stops it."""
    scene.follows(Procedure.QUICK)
    thief = PrivateKey.generate()
    row = key_of(scene)
    row.public = bytes(thief.public_key).hex()
    db.session.commit()
    bid = scene.drafted()
    with pytest.raises(Conflict, match=r"bids\.forged_key"):
        service.submit_bid(scene.call(), bid.id, scene.terms())


def test_without_the_check_of_the_signature_the_thief_would_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.follows(Procedure.QUICK)
    thief = PrivateKey.generate()
    key_of(scene).public = bytes(thief.public_key).hex()
    db.session.commit()
    monkeypatch.setattr(keys, "is_signed", lambda *_: True)
    bid = scene.submitted()
    found = sealing.unseal(envelope(bid), queries.label_of(bid), fresh(bid).commitment, thief)
    assert found.terms.price == 42_000_000


def test_a_signature_for_another_order_or_part_does_not_count(scene: Scene) -> None:
    scene.follows(Procedure.TWO_STAGE)
    content, price = key_of(scene), key_of(scene, Part.PRICE)
    assert keys.is_signed(scene.order.id, Part.CONTENT, bytes.fromhex(content.public), content.signature)
    assert not keys.is_signed(scene.order.id, Part.PRICE, bytes.fromhex(content.public), content.signature)
    assert not keys.is_signed(scene.order.id + 1, Part.CONTENT, bytes.fromhex(content.public), content.signature)
    assert not keys.is_signed(scene.order.id, Part.CONTENT, bytes.fromhex(content.public), price.signature)
    assert not keys.is_signed(scene.order.id, Part.CONTENT, bytes.fromhex(content.public), "zz")


def test_only_the_opener_prepares_keys_and_twice_is_the_same_key(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        service.prepare_keys(scene.call(scene.officers[0]), scene.order.id)
    scene.follows(Procedure.QUICK)
    before = key_of(scene).public
    jobs.prepare(scene.make.call())
    service.prepare_keys(scene.make.call(), scene.order.id)
    assert key_of(scene).public == before
    assert scene.order.id not in keyring.unprepared()


def test_a_key_file_that_survived_a_lost_transaction_is_used_again(scene: Scene) -> None:
    first = keys.make_opening_key(scene.order.id, Part.CONTENT)
    scene.follows(Procedure.QUICK)
    assert key_of(scene).public == bytes(first.public_key).hex()


# The heartbeat


def test_the_heartbeat_proves_a_key_once_an_hour_and_says_when_it_cannot(scene: Scene) -> None:
    scene.follows(Procedure.QUICK)
    scene.submitted()
    start = scene.clock()
    scene.clock.advance(minutes=59)
    jobs.heartbeat(scene.make.call())
    assert key_of(scene).proven_at == start
    scene.clock.advance(minutes=1)
    jobs.heartbeat(scene.make.call())
    proven = scene.clock()
    assert (key_of(scene).proven_at, key_of(scene).failed_at) == (proven, None)
    path = keys.opening_path(scene.order.id, Part.CONTENT)
    kept = path.read_bytes()
    path.write_bytes(PrivateKey.generate().encode(HexEncoder))
    scene.clock.advance(hours=1)
    jobs.heartbeat(scene.make.call())
    assert (key_of(scene).proven_at, key_of(scene).failed_at) == (proven, scene.clock())
    assert [order.id for order, _key in openings.unproven(scene.call(scene.officers[0]).actor)] == [scene.order.id]
    assert len(queries.waiting_for(scene.call(scene.officers[0]))) == 1
    path.write_bytes(kept)
    jobs.heartbeat(scene.make.call())
    assert (key_of(scene).proven_at, key_of(scene).failed_at) == (scene.clock(), None)


def test_a_missing_key_makes_the_opening_wait_and_marks_no_bid(scene: Scene) -> None:
    scene.follows(Procedure.QUICK)
    bid = scene.submitted()
    path = keys.opening_path(scene.order.id, Part.CONTENT)
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(Conflict, match=r"bids\.no_private_key"):
        scene.opened()
    assert (fresh(bid).state, fresh(bid).reason) == (BidState.SUBMITTED, "")
    path.write_bytes(kept)
    assert service.open_bids(scene.make.call(), scene.order.id).state is OrderState.OPENED


# Split among three holders


def test_two_holders_open_and_one_alone_does_not(scene: Scene) -> None:
    scene.follows(Procedure.STRICT)
    bids = [scene.submitted(), scene.rival(), scene.rival()]
    assert not keys.opening_path(scene.order.id, Part.CONTENT).exists()
    scene.past_deadline()
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    service.confirm_opening(scene.call(scene.officers[1]), scene.order.id)
    assert scene.fresh_order().state is OrderState.BIDDING, "the worker has no key, so the order waits"
    one, two, three = scene.holders
    for alone in ([], [one], [two], [three], [one, one]):
        with pytest.raises(Conflict, match=r"bids\.needs_holders"):
            service.open_bids(scene.make.call(), scene.order.id, alone)
    assert {fresh(bid).state for bid in bids} == {BidState.SUBMITTED}
    assert service.open_bids(scene.make.call(), scene.order.id, [three, one]).state is OrderState.OPENED
    assert {fresh(bid).state for bid in bids} == {BidState.OPENED}


def test_every_pair_of_holders_gives_the_key_and_a_stranger_does_not_count(scene: Scene) -> None:
    scene.follows(Procedure.STRICT)
    row, (one, two, three) = key_of(scene), scene.holders
    for pair in ([one, two], [one, three], [two, three], [one, two, three]):
        assert keyring.proves(row, pair)
    stranger = holders.Holder(two.name, PrivateKey.generate())
    for pair in ([one], [one, stranger], []):
        assert not keyring.proves(row, pair)


def test_an_order_whose_key_must_be_split_waits_for_three_holders(scene: Scene) -> None:
    scene.order.procedure = Procedure.STRICT
    scene.make.save(scene.order)
    with pytest.raises(Conflict, match=r"bids\.holders_missing"):
        service.prepare_keys(scene.make.call(), scene.order.id)
    jobs.prepare(scene.make.call())
    bid = scene.drafted()
    with pytest.raises(Conflict, match=r"bids\.no_key"):
        service.submit_bid(scene.call(), bid.id, scene.terms())


def test_holders_are_three_with_long_passphrases_and_files_that_need_them(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="holder_passphrase"):
        holders.enrol("an", "short", tmp_path / "x")
    with pytest.raises(Invalid, match="holder_name"):
        holders.enrol("../an", "a long passphrase", tmp_path / "x")
    assert len(scene.holders) == 3
    with pytest.raises(Invalid, match="holders_complete"):
        holders.enrol("fourth", "a long passphrase", tmp_path / "x")
    file = holders.folder().parent / "an.holder"
    assert file.stat().st_mode & 0o777 == 0o600
    for path, passphrase in ((file, "another passphrase"), (tmp_path / "none", "x")):
        with pytest.raises(Invalid, match="holder_locked"):
            holders.unlock(path, passphrase)


def test_the_commands_enrol_prove_and_open_with_passphrases(app: Flask, scene: Scene, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    for name in ("an", "bo", "cai"):
        given = "\n".join([f"passphrase of {name}"] * 2)
        done = runner.invoke(args=["bids", "enrol-holder", name, str(tmp_path / name)], input=given)
        assert done.exit_code == 0, done.output
    scene.order.procedure = Procedure.STRICT
    scene.make.save(scene.order)
    assert runner.invoke(args=["bids", "prepare-keys"]).exit_code == 0
    scene.rival(), scene.rival(), scene.rival()
    scene.clock.advance(hours=2)
    two = ["--holder", str(tmp_path / "an"), "--holder", str(tmp_path / "bo")]
    typed = "passphrase of an\npassphrase of bo\n"
    assert runner.invoke(args=["bids", "prove-keys", *two], input=typed).exit_code == 0
    scene.past_deadline()
    service.request_opening(scene.call(scene.officers[0]), scene.order.id)
    service.confirm_opening(scene.call(scene.officers[1]), scene.order.id)
    alone = runner.invoke(args=["bids", "open-due", *two[:2]], input=typed)
    assert (alone.exit_code, "bids.needs_holders" in alone.output) == (1, True)
    wrong = runner.invoke(args=["bids", "open-due", *two], input="passphrase of an\nwrong passphrase\n")
    assert (wrong.exit_code, "holder_locked" in wrong.output) == (1, True)
    done = runner.invoke(args=["bids", "open-due", *two], input=typed)
    assert (done.exit_code, "opened" in done.output) == (0, True), done.output
    assert "passphrase of" not in done.output.replace("Passphrase", "")


def test_the_verify_key_is_published_and_follows_a_new_standing_pair(app: Flask, scene: Scene) -> None:
    config = current_app.extensions["config"]
    scene.follows(Procedure.QUICK)
    assert keys.verify_path(config).read_text().strip() == keys.signing_key().verify_key.encode(HexEncoder).decode()
