"""Receipts and opening records are checked by a script that knows nothing of ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marketplace.bids import receipts, records, service
from marketplace.bids.models import Bid
from marketplace.config import ROOT
from marketplace.db.base import db
from tests.bids.scene import Scene, fresh
from tests.bids.test_two_envelopes import prices_opened, release

SCRIPT = ROOT / "tools" / "verify_receipt.py"


class Kept:
    """What a bidder keeps in a folder, downloaded from the site like a bidder does."""

    def __init__(self, folder: Path, scene: Scene, sign_in: Any, bid: Bid) -> None:
        self.folder, self.scene, self.bid = folder, scene, bid
        self.client = sign_in(scene.lead)
        self.fetch(f"/bids/{bid.id}/receipt.json", "receipt.json")
        self.fetch(f"/bids/{bid.id}/bid.json", "bid.json")
        self.fetch("/verify_receipt.py", "verify_receipt.py")
        self.key = receipts.verify_key()

    def fetch(self, url: str, name: str) -> None:
        answer = self.client.get(url)
        assert answer.status_code == 200, url
        assert "attachment" in answer.headers["Content-Disposition"]
        (self.folder / name).write_bytes(answer.data)

    def check(self, *more: str, key: str = "") -> tuple[int, str]:
        """Run the downloaded script in an interpreter that cannot see this project."""
        command = [sys.executable, "-I", "verify_receipt.py", "receipt.json", "--key", key or self.key, *more]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def kept(tmp_path: Path, scene: Scene, sign_in: Any) -> Kept:
    bid = scene.submitted()
    scene.rival()
    return Kept(tmp_path, scene, sign_in, bid)


def test_the_script_is_the_one_of_the_site_and_imports_nothing_else(kept: Kept) -> None:
    assert (kept.folder / "verify_receipt.py").read_bytes() == SCRIPT.read_bytes()
    roots = {
        line.split()[1].split(".")[0] for line in SCRIPT.read_text().splitlines() if line.startswith(("import", "from"))
    }
    assert roots - set(sys.stdlib_module_names) == {"nacl"}


def test_a_receipt_and_its_bid_are_proven(kept: Kept) -> None:
    code, said = kept.check("--bid", "bid.json")
    assert code == 0, said
    assert "exactly what the receipt acknowledges" in said


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("receipt.json", '"team": ', '"team": 1'),
        ("receipt.json", "2026", "2025"),
        ("bid.json", "42000000", "41000000"),
        ("bid.json", "硅烷", "环氧"),
        ("bid.json", '"months":6', '"months":7'),
    ],
)
def test_a_changed_receipt_or_bid_is_not_proven(kept: Kept, name: str, old: str, new: str) -> None:
    kept.change(name, old, new)
    code, said = kept.check("--bid", "bid.json")
    assert (code, "NOT PROVEN" in said) == (1, True), said


def test_another_key_and_an_unreadable_file_are_told_apart(kept: Kept) -> None:
    assert kept.check(key="ab" * 32)[0] == 1
    assert kept.check("--bid", "none.json")[0] == 2
    (kept.folder / "receipt.json").write_text("[]")
    assert kept.check()[0] == 2


def test_the_opening_record_says_that_the_bid_took_part(kept: Kept) -> None:
    kept.scene.opened()
    kept.fetch(f"/orders/{kept.scene.order.id}/opening-record/content.json", "record.json")
    record = ("--record", "record.json", "--opener-key", records.opener_verify_key())
    assert kept.check(*record) == (0, kept.check(*record)[1])
    assert "opening: opened" in kept.check(*record)[1]
    kept.change("record.json", fresh(kept.bid).commitment, "0" * 64)
    assert kept.check(*record)[0] == 1


def test_a_bid_that_was_replaced_is_not_in_the_record(kept: Kept) -> None:
    service.submit_bid(kept.scene.call(), kept.bid.id, kept.scene.terms(price=1_000_000))
    kept.scene.opened()
    kept.fetch(f"/orders/{kept.scene.order.id}/opening-record/content.json", "record.json")
    code, said = kept.check("--record", "record.json", "--opener-key", records.opener_verify_key())
    assert (code, "not in the opening record" in said) == (1, True)


def test_two_envelopes_have_two_commitments_and_two_records(tmp_path: Path, scene: Scene, sign_in: Any) -> None:
    bid, _ = scene.two_full_bids()
    kept = Kept(tmp_path, scene, sign_in, bid)
    assert (tmp_path / "bid.json").read_bytes().count(b"\n") == 1
    assert kept.check("--bid", "bid.json")[0] == 0
    scene.opened()
    release(scene)
    prices_opened(scene)
    for part in ("content", "price"):
        kept.fetch(f"/orders/{scene.order.id}/opening-record/{part}.json", f"{part}.json")
        code, said = kept.check("--record", f"{part}.json", "--opener-key", records.opener_verify_key())
        assert (code, "opening: opened" in said) == (0, True), said
    kept.change("bid.json", "42000000", "41000000")
    assert kept.check("--bid", "bid.json")[0] == 1


def test_the_record_is_public_signed_and_cannot_be_rewritten(scene: Scene, app: Any) -> None:
    bid = scene.submitted()
    visitor = app.test_client()
    assert visitor.get(f"/orders/{scene.order.id}/opening-record").status_code == 404
    scene.opened()
    page = visitor.get(f"/orders/{scene.order.id}/opening-record").text
    assert fresh(bid).commitment in page
    for secret in ("420,000", scene.team.name, scene.terms().plan):
        assert secret not in page
    (row,) = records.of_order(scene.order)
    assert records.is_genuine(row)
    assert json.loads(row.document)["bids"] == [[fresh(bid).commitment, "opened"]]
    row.document = row.document.replace("opened", "closed")
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_a_receipt_exists_while_a_bid_is_submitted_and_for_its_bidder(scene: Scene, sign_in: Any) -> None:
    bid = scene.drafted()
    team, rival = sign_in(scene.lead), sign_in(scene.make.lead(scene.make.team()))
    for name in ("receipt.json", "bid.json"):
        assert team.get(f"/bids/{bid.id}/{name}").status_code == 404
        assert rival.get(f"/bids/{bid.id}/{name}").status_code == 404
