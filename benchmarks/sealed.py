"""Sealed bids under attack and under time pressure: mutated envelopes, and bidders who race the deadline.

    python -m benchmarks.sealed mutate --count 10000
    python -m benchmarks.sealed race --rounds 200 --bidders 20 [--database postgresql+psycopg://…]

``mutate`` changes good envelopes at random (bits, bytes, lengths, order, marks, another bid's label) and counts what still opens:
it must be 0, and every untouched control must open. ``race`` lets bidders submit through the real service around the deadline of
one order after the other, on a database file or on an empty PostgreSQL database; each attempt reads the clock once, as a request
does, and must be accepted exactly when that reading is before the deadline. Ends with 1 when anything else happened.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from flask import Flask
from nacl.public import PrivateKey
from sqlalchemy import func, select

from marketplace.accounts.models import Account
from marketplace.app import create_app
from marketplace.bids import sealing, service
from marketplace.bids.models import Bid
from marketplace.bids.sealing import Label, NotReadable, Sealed
from marketplace.bids.terms import Answer, BidTerms, Load
from marketplace.bids.workflow import BidState, Meets
from marketplace.config import Config
from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.kernel.clock import system_clock
from marketplace.kernel.errors import Refused
from marketplace.talent.models import Team
from tests.bids.scene import PLAN, Scene
from tests.factories import Make

LABEL = Label(7, 3, 2)
TERMS = BidTerms(PLAN, "第1–3月", 42_000_000, date(2027, 3, 1), 6, (Load(2, 90),), (Answer(1, Meets.MEETS, "1000"),))
LEAD = timedelta(milliseconds=700)
"""How long before its deadline a round begins."""
SPREAD = 0.25
"""Seconds before and after the deadline in which bidders come."""


def mutations(random: Random, envelope: bytes, other: bytes) -> bytes:
    """Return the envelope changed in one of the ways an attacker has."""
    bytes_ = bytearray(envelope)
    place = random.randrange(len(bytes_))
    ways: list[Callable[[], bytes]] = [
        lambda: bytes(bytes_[:place] + bytes([bytes_[place] ^ (1 << random.randrange(8))]) + bytes_[place + 1 :]),
        lambda: bytes(bytes_[:place] + random.randbytes(1 + random.randrange(40)) + bytes_[place:]),
        lambda: bytes(bytes_[:place]),
        lambda: bytes(bytes_[place:]),
        lambda: bytes(bytes_[:place] + other[place:]),
        lambda: bytes(other[:place] + bytes_[place:]),
        lambda: bytes(bytes_[:12] + random.randbytes(len(bytes_) - 12)),
        lambda: random.randbytes(random.randrange(5000)),
        lambda: other,
    ]
    return random.choice(ways)()


def mutate(count: int, seed: int) -> bool:
    """Return whether every changed envelope was refused and every untouched one opened."""
    random, key = Random(seed), PrivateKey.generate()
    opened, refused, controls = 0, Counter[str](), 0
    for number in range(count):
        sealed = Sealed(replace(TERMS, plan=PLAN * random.randrange(1, 40)), sealing.new_salt(), sealing.new_salt())
        apart = number % 2 == 1
        other_label = Label(8, 3, 5)
        act = sealing.seal_price if apart else sealing.seal
        envelope, other = act(LABEL, sealed, key.public_key), act(other_label, sealed, key.public_key)
        expected = (sealing.price_commitment if apart else sealing.commitment)(LABEL, sealed)
        unseal = sealing.unseal_price if apart else sealing.unseal
        unseal(envelope, LABEL, expected, key)
        controls += 1
        changed = mutations(random, envelope, other)
        if changed == envelope:
            changed = envelope[:-1]
        try:
            unseal(changed, LABEL, expected, key)
            opened += 1
        except NotReadable as error:
            refused[error.code] += 1
    print(f"{count} mutated envelopes: {opened} opened, refused {dict(refused)}; {controls} untouched controls opened")
    return opened == 0 and controls == count


def race(rounds: int, bidders: int, seed: int, database: str = "") -> bool:
    """Return whether exactly the attempts before the deadline were accepted, in every round."""
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder), database)
        with app.app_context():
            db.create_all()
            scene = Scene(Make(system_clock), system_clock)  # type: ignore[arg-type]
            teams = [(team, scene.make.lead(team)) for team in (scene.make.team() for _ in range(bidders))]
            officers = scene.officers
            tally = Counter[str]()
            for number in range(rounds):
                tally += _round(app, scene, teams, Random(seed + number), officers)
                if (number + 1) % 20 == 0:
                    print(f"  {number + 1} rounds: {dict(tally)}", flush=True)
            db.session.remove()
            db.engine.dispose()
    wrong = {kind: n for kind, n in tally.items() if kind not in {"early accepted", "late refused"}}
    print(f"{rounds} rounds of {bidders} bidders: {dict(tally)}; wrong: {wrong or 'none'}")
    return not wrong


def _app(folder: Path, database: str) -> Flask:
    return create_app(
        Config(
            instance=folder,
            database_url=database or f"sqlite:///{folder / 'race.db'}",
            secret_key="race",
            testing=True,
            jobs_inline=True,
            opener_key=folder / "opener" / "private.key",
        )
    )


def _round(
    app: Flask, scene: Scene, teams: list[tuple[Team, Account]], random: Random, officers: tuple[Account, Account]
) -> Counter[str]:
    """One order whose deadline passes while its bidders submit; afterwards two officers open it and the result is compared."""
    make = scene.make
    order = make.order(scene.enterprise, alliance_id=scene.alliance.id)
    scene.order = order
    drafts = []
    for team, lead in teams:
        bid = service.start_bid(make.call(lead), order.id, team.id)
        service.save_draft(make.call(lead), bid.id, scene.terms(team))
        drafts.append((bid.id, make.call(lead).actor))
    order.bid_deadline = deadline = system_clock() + LEAD
    db.session.commit()
    tally, lock = Counter[str](), threading.Lock()

    def submit(bid_id: int, actor: Actor, at: datetime) -> None:
        time.sleep(max(0.0, (at - system_clock()).total_seconds()))
        with app.app_context():
            call = replace(make.call(), actor=actor)
            early = call.now < deadline
            try:
                service.submit_bid(call, bid_id)
                outcome = "accepted"
            except Refused as refused:
                outcome = "refused" if refused.code == "bid.late" else refused.code
            except Exception as error:
                outcome = repr(error)[:80]
            db.session.remove()
        with lock:
            tally[f"{'early' if early else 'late'} {outcome}"] += 1

    threads = [
        threading.Thread(
            target=submit, args=(bid_id, actor, deadline + timedelta(seconds=random.uniform(-SPREAD, SPREAD)))
        )
        for bid_id, actor in drafts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    service.request_opening(make.call(officers[0]), order.id)
    service.confirm_opening(make.call(officers[1]), order.id)
    opened = db.session.scalar(select(func.count(Bid.id)).where(Bid.order_id == order.id, Bid.state == BidState.OPENED))
    if opened != tally["early accepted"]:
        tally["opened differs from accepted"] += 1
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["mutate", "race"])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--bidders", type=int, default=20)
    parser.add_argument("--database", default="", help="where the race is run; a file of its own when empty")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.what == "mutate":
        return 0 if mutate(given.count, given.seed) else 1
    return 0 if race(given.rounds, given.bidders, given.seed, given.database) else 1


if __name__ == "__main__":
    sys.exit(main())
