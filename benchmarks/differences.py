"""Byte for byte: nobody but the bidder can tell that a bid was started, written, submitted, replaced or withdrawn.

    python -m benchmarks.differences [--rooms bids.]

After each step of a bidder every page of the site is asked for by everybody else whom its door admits, and compared with what the
same person read before the first step. Tokens against forged requests are taken out, nothing else. At the end the rule that keeps
bids from other readers is taken off: then the comparison must differ. Ends with 1 when anything else happened.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import true

from marketplace.bids import queries
from marketplace.db.base import db
from tests.bids.test_canary import FORMS, City
from tests.conftest import Clock, application

STEPS = {
    "the draft is written": ("edit", FORMS),
    "it is submitted": ("submit", {}),
    "it is replaced": ("edit", {**FORMS, "price": "271828.18"}),
    "it is withdrawn": ("withdraw", {}),
    "it is submitted again": ("submit", {}),
}


def differing(before: dict[str, bytes], after: dict[str, bytes]) -> int:
    """Return how many bytes of the pages differ, counting a page of another length by its whole longer text."""
    total = 0
    for place, one in before.items():
        other = after[place]
        if len(one) == len(other):
            total += sum(a != b for a, b in zip(one, other, strict=True))
        elif one != other:
            total += max(len(one), len(other))
    return total


def run(folder: Path, rooms: str) -> bool:
    """Return whether no byte differed after any step, and some did without the rule; ``rooms`` "" is the whole site."""
    clock = Clock()
    app = application(folder, clock)
    with app.app_context():
        db.create_all()
        city = City(app, clock)
        city.pages(rooms)  # what a first visit leaves behind is not the bid's
        before = city.pages(rooms)
        size = sum(len(body) for body in before.values())
        print(f"{len(before)} pages × readers, {size:,} bytes", flush=True)
        started = city.bidder.post(f"/orders/{city.scene.order.id}/bid", data={"team": city.scene.team.id})
        path, fine = started.location.removesuffix("/edit"), True
        fine &= _told("a draft is started", differing(before, city.pages(rooms)))
        for name, (step, data) in STEPS.items():
            answer = city.bidder.post(f"{path}/{step}", data=data)
            if answer.status_code != 303:
                raise RuntimeError(f"{name}: {answer.status_code}")
            fine &= _told(name, differing(before, city.pages(rooms)))
        with patch.object(queries, "owned_clause", lambda _actor: true()):
            after = city.pages("bids.")
            without = differing({place: before[place] for place in after}, after)
        print(f"without the rule: {without:,} bytes differ")
        db.session.remove()
        db.engine.dispose()
    return fine and without > 0


def _told(step: str, count: int) -> bool:
    print(f"{step}: {count} bytes differ", flush=True)
    return count == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", default="", help="only pages whose endpoint contains this")
    given, begun = parser.parse_args(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        fine = run(Path(folder), given.rooms)
    print(f"{'as it must be' if fine else 'NOT as it must be'}, {time.monotonic() - begun:.0f} s")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
