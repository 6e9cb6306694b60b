"""A marker inside a sealed bid is looked for everywhere before the opening; each search must hit once sealing is off."""

from __future__ import annotations

import base64
import logging
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import true

from marketplace.accounts.models import Account
from marketplace.bids import queries, sealing
from marketplace.bids.sealing import Label, Sealed
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.web.guards import access_of, admits
from tests.bids.scene import PLAN, Scene
from tests.conftest import Clock, application
from tests.factories import Make

MARKER = "ZQXCANARYKWV"
PRICE = "314159.27"
FORMS = {
    "plan": f"{PLAN}{MARKER}",
    "schedule": MARKER,
    "price": PRICE,
    "start_on": "2027-03-01",
    "months": "6",
    "own_days": "90",
    "answers-0-meets": "meets",
    "answers-0-value": "1000",
    "answers-0-note": MARKER,
}


class City:
    """An application on a database file of its own, with everybody who might look, signed in."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.app, self.folder = app, Path(app.extensions["config"].instance)
        self.began = self.folder.stat().st_mtime
        make = Make(clock)
        self.scene = Scene(make, clock)
        sister = make.team(self.scene.university)
        accounts = {
            "enterprise": self.scene.owner,
            "other enterprise": make.owner(make.enterprise(alliance=self.scene.alliance)),
            "rival": make.lead(make.team()),
            "sister team": make.lead(sister),
            "secretary": self.scene.secretary,
            "officer": self.scene.officers[0],
            "fund manager": make.account(Role.FUND_MANAGER),
            "auditor": make.account(Role.AUDITOR),
            "administrator": make.account(Role.ADMINISTRATOR),
        }
        self.actors = {"visitor": Actor.visitor(), **{n: make.call(a).actor for n, a in accounts.items()}}
        self.others = {"visitor": app.test_client(), **{n: self.signed_in(make, a) for n, a in accounts.items()}}
        self.bidder = self.signed_in(make, self.scene.lead)

    def signed_in(self, make: Make, account: Account) -> FlaskClient:
        client, token = self.app.test_client(), make.login_session(account)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    def bid(self) -> None:
        """The team drafts, saves twice, submits, withdraws and submits again."""
        started = self.bidder.post(f"/orders/{self.scene.order.id}/bid", data={"team": self.scene.team.id})
        path = started.location.removesuffix("/edit")
        steps = [("edit", FORMS), ("edit", FORMS), ("submit", {}), ("withdraw", {}), ("submit", {})]
        for step, data in steps:
            assert self.bidder.post(f"{path}/{step}", data=data).status_code == 303, step
        assert MARKER in self.bidder.get(path).text

    def pages(self, rooms: str = "") -> dict[str, bytes]:
        """Every page whose door admits somebody but the bidder × those people; tokens that change by themselves are taken out."""
        found = {}
        for rule in self.app.url_map.iter_rules():
            entry = access_of(self.app, rule.endpoint)
            if "GET" not in (rule.methods or set()) or rule.endpoint == "static" or entry is None:
                continue
            url = re.sub(r"<(?:\w+:)?\w+>", "1", rule.rule)
            for name in [n for n, actor in self.actors.items() if admits(entry, actor) and rooms in rule.endpoint]:
                answer = self.others[name].get(url)
                assert answer.status_code < 500, url
                body = re.sub(rb'(csrf_token" value="|X-CSRFToken": ")[^"]*', b"", answer.data)
                found[f"{url} × {name}"] = f"{answer.status_code} ".encode() + body
        return found

    def places_in_files(self) -> set[str]:
        """Names of the files of the instance that hold the marker or the price, plain or in base64."""
        needles = [MARKER.encode(), b"31415927", base64.b64encode(MARKER.encode())[:12]]
        return {
            path.name
            for path in Path(self.folder).rglob("*")
            if path.is_file() and any(needle in path.read_bytes() for needle in needles)
        }

    def surfaces(self) -> set[str]:
        """Names of the places where the marker can be read: files, a dump, a backup, every table, temporary files, pages."""
        found = {f"file {name}" for name in self.places_in_files()}
        with sqlite3.connect(self.folder / "city.db") as raw:
            if MARKER in "".join(raw.iterdump()) or MARKER.encode().hex().upper() in "".join(raw.iterdump()):
                found.add("dump")
            backup = self.folder / "backup"
            raw.commit()
            raw.execute("VACUUM INTO ?", (str(backup),))
        raw.close()
        found |= {"backup"} if MARKER.encode() in backup.read_bytes() else set()
        backup.unlink()
        for table in db.metadata.sorted_tables:
            if MARKER.encode() in repr(db.session.execute(table.select()).all()).encode():
                found.add(f"table {table.name}")
        db.session.rollback()
        rival = self.others["rival"].get("/bids/1")
        found |= {"page"} if MARKER in rival.text else set()
        found |= {"temporary file" for p in Path(tempfile.gettempdir()).iterdir() if self.left_behind(p)}
        return found

    def left_behind(self, path: Path) -> bool:
        """A temporary file of this test's time that holds the marker."""
        try:
            young = path.is_file() and path.stat().st_size < 10**6 and path.stat().st_mtime > self.began
            return young and MARKER.encode() in path.read_bytes()
        except OSError:
            return False


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    clock = Clock()
    app = application(tmp_path, clock)
    with app.app_context():
        db.create_all()
        yield City(app, clock)
        db.session.remove()
        db.engine.dispose()


def plain_copy(label: Label, sealed: Sealed, *_rest: object) -> bytes:
    return sealing._canonical(label, sealed)


def test_no_place_holds_a_sealed_bid(city: City) -> None:
    city.bid()
    assert city.surfaces() == set()


def test_at_least_five_places_hold_it_when_sealing_and_the_rule_are_off(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "keep_copy", plain_copy)
    monkeypatch.setattr(sealing, "seal", plain_copy)
    monkeypatch.setattr(sealing, "read_copy", lambda copy, label, _secret: sealing._read(sealing._padded(copy), label))
    city.bid()
    monkeypatch.setattr(queries, "owned_clause", lambda _actor: true())
    found = city.surfaces()
    assert {"dump", "backup", "table bids", "page"} <= found
    assert len(found) >= 5, found


def test_after_the_opening_entitled_people_read_it_and_nobody_else(city: City) -> None:
    city.bid()
    city.scene.opened()
    readers = {name for name, client in city.others.items() if MARKER in client.get("/bids/1").text}
    assert readers == {"enterprise", "secretary", "officer", "auditor"}
    assert MARKER in city.bidder.get("/bids/1").text


def test_no_file_and_no_log_holds_a_sealed_bid(city: City, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        city.bid()
    assert city.places_in_files() == set()
    assert MARKER not in caplog.text


def test_the_search_of_files_hits_when_sealing_is_off(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "keep_copy", plain_copy)
    monkeypatch.setattr(sealing, "seal", plain_copy)
    monkeypatch.setattr(sealing, "read_copy", lambda copy, label, _secret: sealing._read(sealing._padded(copy), label))
    city.bid()
    assert {name for name in city.places_in_files() if name.startswith("city.db")}


@pytest.mark.slow
def test_no_page_shows_a_sealed_bid_or_that_there_is_one(city: City) -> None:
    """Neither content nor number, time or existence of a bid: every byte that others read is the same before and after."""
    before = city.pages()
    city.bid()
    after = city.pages()
    assert {place for place, body in after.items() if MARKER.encode() in body or b"314,159" in body} == set()
    assert {place for place in before if before[place] != after[place]} == set()


def test_the_search_of_pages_hits_when_the_rule_is_off(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    before = city.pages("bids.")
    city.bid()
    monkeypatch.setattr(queries, "owned_clause", lambda _actor: true())
    after = city.pages("bids.")
    assert "/bids/1 × rival" in {place for place, body in after.items() if MARKER.encode() in body}
    assert before["/bids × rival"] != after["/bids × rival"]
