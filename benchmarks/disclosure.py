"""Who can read what: every role × every sealed or confidential field × every address, at each step of an order's life.

    python -m benchmarks.disclosure [--database postgresql+psycopg://…] [--processes 2]

Every field of a bid and of an order's confidential part carries a marker of its own. Each of the roles then asks for every page
of the site under every number that exists, and searches for the beginning of the markers; PDF files are read where ``pdftotext``
is installed. So are the tables that feed mail, jobs and the journal, the search index, the log, the files of the instance and of
the temporary folder, the database's own files with its write-ahead log, and a dump. What a refused request is told is read too,
without the frame around it: the frame is on every page that is shown. The steps are: bids lie sealed; an agreement is signed;
plans are opened; amounts are opened. At each step the readers of each field must be exactly those written down here. In between
the protections are taken off, one after the other, to show that the search finds what they hide. Ends with 1 when anything else
happened.
"""

from __future__ import annotations

import argparse
import io
import itertools
import logging
import multiprocessing
import re
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Collection
from pathlib import Path
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, true
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from benchmarks.unsealed import unsealed
from marketplace.accounts.models import Account
from marketplace.bids import queries, service
from marketplace.bids.models import OrderKey
from marketplace.bids.terms import Answer, Background, Load, Milestone, Staff
from marketplace.bids.workflow import Meets, Part
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.policy import YES
from marketplace.orders import agreement
from marketplace.orders import policy as orders_policy
from marketplace.orders import service as ordering
from marketplace.orders.models import ConfidentialPart, Question
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import QuestionState
from marketplace.organisations.models import Organisation
from marketplace.storage.service import Upload
from marketplace.web import errors
from tests.bids.scene import PLAN, Scene
from tests.conftest import START, Clock, application
from tests.factories import Make

BID = (
    "plan",
    "schedule",
    "value",
    "note",
    "evidence",
    "milestone",
    "result",
    "person",
    "part",
    "right",
    "terms",
    "file",
)
MEMBER = ("task",)
AMOUNTS = {"price": "312,459", "least": "211,357", "most": "388,771", "share": "97,531"}
SECRET = ("secret", "question", "reply", "secretfile")
MARKERS = {name: f"ZQX{name.upper()}KWV" for name in (*BID, *MEMBER, *SECRET)} | AMOUNTS
WIDE = {"lead", "colleague", "signatory"}
PARTNER = {"partner", "partner owner"}
ORDERING = {"owner", "member", "secretary", "officer", "second officer"}
DUMP = "import sqlite3, sys; print(''.join(sqlite3.connect(sys.argv[1]).iterdump()))"
NUMBERS = ("1", "2", "3")
WORDS = ("need", "targets", "terms", "disclosure", "content", "price", "zh", "en")


class Town:
    """An order with a secret and two envelopes, a consortium's bid on it, and everybody who might look."""

    def __init__(self, app: Flask, clock: Clock, log: io.StringIO, processes: int) -> None:
        self.app, self.folder, self.processes = app, Path(app.extensions["config"].instance), processes
        self.log, self.asked = log, 0
        make = self.make = Make(clock)
        self.scene = scene = Scene(make, clock)
        scene.follows(Procedure.OPEN_LIST)
        self.partner = make.team(make.university(alliance=scene.alliance))
        home = db.session.get(Organisation, self.partner.organisation_id)
        assert home is not None
        rival_home = make.university(alliance=scene.alliance)
        self.accounts: dict[str, Account] = {
            "owner": scene.owner,
            "member": make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise),
            "other enterprise": make.owner(make.enterprise(alliance=scene.alliance)),
            "lead": scene.lead,
            "colleague": make.account(Role.UNIVERSITY_MEMBER, organisation=scene.university),
            "signatory": make.owner(scene.university),
            "sister lead": make.lead(make.team(scene.university)),
            "partner": make.lead(self.partner),
            "partner owner": make.owner(home),
            "rival": make.lead(make.team(rival_home)),
            "rival owner": make.owner(rival_home),
            "secretary": scene.secretary,
            "other secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()),
            "officer": scene.officers[0],
            "second officer": scene.officers[1],
            "fund manager": make.account(Role.FUND_MANAGER),
            "auditor": make.account(Role.AUDITOR),
            "administrator": make.account(Role.ADMINISTRATOR),
        }
        self.clients: dict[str, FlaskClient] = {"visitor": app.test_client()}
        self.clients |= {who: self._signed_in(account) for who, account in self.accounts.items()}

    def _signed_in(self, account: Account) -> FlaskClient:
        client, token = self.app.test_client(), self.make.login_session(account)
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    def keep_secret(self) -> None:
        """The enterprise's secret: text, file, and a question with its answer that touch it."""
        scene, order = self.scene, self.scene.order
        db.session.add(ConfidentialPart(order_id=order.id, text=f"配方{MARKERS['secret']}"))
        db.session.commit()
        upload = FileStorage(io.BytesIO(b"drawing"), filename=f"{MARKERS['secretfile']}.txt", content_type="text/plain")
        with patch.object(orders_policy, "may_edit", lambda *_: YES):
            ordering.attach_file(scene.call(scene.owner), order.id, upload, confidential=True)
        question = Question(
            order_id=order.id,
            state=QuestionState.ASKED,
            text=MARKERS["question"],
            confidential=True,
            asked_on=START.date(),
        )
        self.make.save(question)
        service.answer_question(scene.call(scene.owner), question.id, MARKERS["reply"])

    def bid(self) -> int:
        """A consortium's bid with every field filled, an attachment, and the partner's authorisation; return its number."""
        scene, m = self.scene, MARKERS
        target = scene.order.targets[0].id
        terms = scene.terms(
            plan=f"{PLAN}{m['plan']}",
            schedule=m["schedule"],
            price=31_245_900,
            least_price=21_135_700,
            most_price=38_877_100,
            loads=(Load(scene.team.id, 90, 21_492_800), Load(self.partner.id, 30, 9_753_100, m["task"])),
            answers=(Answer(target, Meets.MEETS, "1000", m["note"], m["evidence"]),),
            milestones=(Milestone(m["milestone"], 3, m["result"], 10_000),),
            staff=(Staff(m["person"], m["part"], 80),),
            background=(Background(m["right"], "", m["terms"]),),
        )
        bid = scene.drafted()
        service.save_draft(scene.call(), bid.id, terms)
        service.attach_file(scene.call(), bid.id, Upload(f"{m['file']}.txt", "text/plain", m["value"].encode()))
        scene.authorised(bid, self.partner)
        return service.submit_bid(scene.call(), bid.id).id

    def addresses(self, rooms: Collection[str] = ()) -> list[str]:
        """Every address of the site (or of some rooms) under every number that exists, and the searches."""
        found = []
        for rule in self.app.url_map.iter_rules():
            if "GET" not in (rule.methods or set()) or rule.endpoint in {"static", "accounts.sign_out"}:
                continue
            if rooms and rule.endpoint.split(".")[0] not in rooms:
                continue
            places = re.findall(r"<(?:(\w+):)?\w+>", rule.rule)
            for values in itertools.product(*[NUMBERS if kind == "int" else WORDS for kind in places]):
                url = rule.rule
                for value in values:
                    url = re.sub(r"<(?:\w+:)?\w+>", value, url, count=1)
                found.append(url)
            if not places:
                found += [f"{rule.rule}?q={MARKERS[name][:8]}" for name in ("plan", "secret", "reply")]
        return found

    def readers(self, rooms: Collection[str] = ()) -> dict[str, dict[str, str]]:
        """For each field who reads it, and on which page first; the roles are shared out among the processes."""
        addresses, names = self.addresses(rooms), list(self.clients)
        shares = [(addresses, names[number :: self.processes]) for number in range(self.processes)]
        _TOWN[:] = [self]
        db.session.rollback()
        db.engine.dispose()  # no connection is carried into another process
        with multiprocessing.get_context("fork").Pool(self.processes) as pool:
            parts = pool.starmap(_read, shares)
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for part, asked in parts:
            self.asked += asked
            for name, readers in part.items():
                found[name] |= readers
        return found

    def read_as(self, addresses: Collection[str], names: Collection[str]) -> tuple[dict[str, dict[str, str]], int]:
        """The same for some of the roles, here; and how many answers were read."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for who in names:
            for url in addresses:
                answer = self.clients[who].get(url)
                assert answer.status_code < 500, url
                body = as_text(answer.data, answer.mimetype) + str(answer.headers)
                for name, marker in MARKERS.items():
                    if marker in body and who not in found[name]:
                        found[name][who] = url
        for name, marker in MARKERS.items():
            if marker in self.log.getvalue():
                found[name]["the log"] = ""
        return dict(found), len(addresses) * len(names)

    def places(self) -> dict[str, set[str]]:
        """For each field where it lies outside of pages: tables, dump, files, log."""
        found: dict[str, set[str]] = defaultdict(set)
        texts = {
            f"table {table.name}": repr(db.session.execute(table.select()).all()) for table in db.metadata.sorted_tables
        }
        db.session.rollback()
        texts["dump"] = self._dump()
        for path in itertools.chain.from_iterable(folder.rglob("*") for folder in self._folders()):
            if path.is_file():
                texts[f"file {path.name}"] = subprocess.run(["cat", path], capture_output=True).stdout.decode("latin-1")
        for place, content in texts.items():
            for name, marker in MARKERS.items():
                forms = {marker, marker.encode().hex().upper(), marker.encode().hex()}
                if name in AMOUNTS:
                    digits = f"{marker.replace(',', '')}00"
                    forms |= {digits, digits.encode().hex().upper(), digits.encode().hex()}
                if any(form in content for form in forms):
                    found[name].add(place)
        return found

    def _dump(self) -> str:
        """What a backup holds. Made by a process of its own: a file that is closed here takes this process's locks with it."""
        url = db.engine.url
        if url.get_backend_name() == "sqlite":
            command = [sys.executable, "-c", DUMP, str(url.database)]
        else:
            plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
            command = ["pg_dump", "--dbname", plain]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    def _folders(self) -> list[Path]:
        """The instance with its temporary folder, and where a PostgreSQL server keeps its tables and its write-ahead log."""
        sqlite = db.engine.dialect.name == "sqlite"
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(PASSIVE)" if sqlite else "CHECKPOINT"))
        if sqlite:
            return [self.folder]
        with db.engine.connect() as connection:
            return [self.folder, Path(str(connection.scalar(text("SHOW data_directory"))))]


_TOWN: list[Town] = []
"""What the reading processes inherit."""


def _read(addresses: Collection[str], names: Collection[str]) -> tuple[dict[str, dict[str, str]], int]:
    town = _TOWN[0]
    with town.app.app_context():
        return town.read_as(addresses, names)


def as_text(data: bytes, kind: str) -> str:
    """Return what a person reads in an answer: PDF and zipped documents unpacked."""
    if kind == "application/pdf" and shutil.which("pdftotext"):
        run = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
        return run.stdout.decode()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "".join(packed.read(name).decode("utf-8", "ignore") for name in packed.namelist())
    return data.decode("utf-8", "ignore")


def expected(step: str) -> dict[str, set[str]]:
    """Who reads each field at a step."""
    opened, priced = step in {"plans opened", "amounts opened"}, step == "amounts opened"
    reading = ORDERING | {"auditor"} if opened else set()
    bid = dict.fromkeys(BID, WIDE | reading)
    member = dict.fromkeys(MEMBER, WIDE | PARTNER | reading)
    paid = ORDERING | {"auditor"} if priced else set()
    amounts = {name: WIDE | paid | (PARTNER if name == "share" else set()) for name in AMOUNTS}
    under = WIDE if step != "sealed" else set()
    return {**bid, **member, **amounts, **dict.fromkeys(SECRET, ORDERING | under)}


def compare(step: str, town: Town) -> bool:
    """Print what differs from what is written down; return whether nothing does."""
    good, began, found = True, time.monotonic(), town.readers()
    for name, readers in expected(step).items():
        seen = found.get(name, {})
        for who in sorted(set(seen) ^ readers):
            good = False
            print(f"  {step}: {who} {'reads' if who in seen else 'does not read'} {name} {seen.get(who, '')}")
    pairs = sum(len(readers) for readers in expected(step).values())
    shown = f"{len(MARKERS)} fields × {len(town.clients)} roles, {pairs} pairs read and no other"
    print(f"{step}: {shown if good else 'DIFFERS'} ({time.monotonic() - began:.0f} s)", flush=True)
    return good


def run(folder: Path, database: str, processes: int) -> bool:
    clock = Clock()
    log = io.StringIO()
    logging.getLogger().addHandler(logging.StreamHandler(log))
    (folder / "temporary").mkdir()
    app = application(folder, clock, database)
    with (
        patch.object(tempfile, "tempdir", str(folder / "temporary")),
        patch.object(errors, "_page", lambda status, said: Response(said, status)),
        app.app_context(),
    ):
        db.create_all()
        good = _steps(Town(app, clock, log, processes))
        db.session.remove()
        db.engine.dispose()
    return good


def _steps(town: Town) -> bool:
    scene, began = town.scene, time.monotonic()
    town.keep_secret()
    town.bid()
    lying = {name: where for name, where in town.places().items() if name not in SECRET}
    print(f"sealed: fields of the bid found in tables, dump, files and log: {lying or 'none'}")
    good = not lying and not any(MARKERS[name] in town.log.getvalue() for name in MARKERS)
    mailed = {f"table {name}" for name in ("outbox_messages", "job_runs", "audit_records")}
    leaked = {name: where & mailed for name, where in town.places().items() if where & mailed}
    print(f"sealed: fields found in mail, jobs and journal: {leaked or 'none'}")
    good &= not leaked
    good &= compare("sealed", town)
    good &= _twins(town)
    nda = ordering.request_nda(scene.call(), scene.order.id, scene.team.id)
    signatory = scene.call(town.accounts["signatory"])
    ordering.sign_nda(signatory, nda.id, agreement.fingerprint(scene.order, scene.team))
    good &= compare("agreement signed", town)
    scene.opened()
    good &= compare("plans opened", town)
    key = db.session.get(OrderKey, (scene.order.id, Part.PRICE), populate_existing=True)
    assert key is not None
    key.released_at = scene.clock()
    db.session.commit()
    service.request_price_opening(scene.call(scene.officers[0]), scene.order.id)
    service.confirm_price_opening(scene.call(scene.officers[1]), scene.order.id)
    good &= compare("amounts opened", town)
    print(f"{town.asked} answers read in {time.monotonic() - began:.0f} s")
    return good


def _twins(town: Town) -> bool:
    """With a protection off the same search must find what it hid."""
    with patch.object(orders_policy, "may_see_confidential", lambda *_: YES):
        open_secret = sorted(town.readers({"orders"})["secret"])
    with patch.object(queries, "owned_clause", lambda _actor: true()):
        open_bid = sorted(town.readers({"bids"})["plan"])
    where = _without_sealing(town)
    print(f"without the rule of agreements the secret is read by {len(open_secret)} roles: {', '.join(open_secret)}")
    print(f"without the rule of ownership the plan is read by {len(open_bid)} roles: {', '.join(open_bid)}")
    print(f"without sealing fields of the bid lie in {len(where)} places: {', '.join(where)}")
    return len(open_secret) > len(ORDERING) and len(open_bid) > len(WIDE) and len(where) >= 5


def _without_sealing(town: Town) -> list[str]:
    """Bid once more, on another order, with other markers and nothing encrypted; return where they lie, and take the bid away."""
    scene, order = town.scene, town.scene.order
    others = {name: marker.replace("KWV", "KWU") for name, marker in MARKERS.items()}
    scene.order = scene.make.order(scene.enterprise, alliance_id=scene.alliance.id)
    with patch.dict(MARKERS, others), unsealed():
        scene.follows(Procedure.OPEN_LIST)
        bid_id = town.bid()
        places = town.places()
    scene.order = order
    for table in reversed(db.metadata.sorted_tables):
        column = table.c.id if table.name == "bids" else table.c.get("bid_id")
        if column is not None:
            db.session.execute(table.delete().where(column == bid_id))
    db.session.commit()
    return sorted(set().union(*(places[name] for name in (*BID, *MEMBER))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default="", help="an empty database; otherwise a file of its own")
    parser.add_argument("--processes", type=int, default=2, help="among which the roles are shared out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        return 0 if run(Path(place), given.database, given.processes) else 1


if __name__ == "__main__":
    sys.exit(main())
