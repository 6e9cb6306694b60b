"""Both sides of a licence ask for its end in the same moment, each in a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.db.base import db
from marketplace.kernel.call import Call
from marketplace.licences import queries, service, wishes
from marketplace.licences.models import Licence
from marketplace.licences.workflow import LicenceState, Side
from tests.concurrency.test_limits import url
from tests.conftest import Clock, application
from tests.factories import Make
from tests.licences.test_promised import running
from tests.pools.scene import scene

__all__ = ["url"]


@pytest.fixture
def city(tmp_path: Path, url: str) -> Iterator[tuple[Flask, Clock]]:
    clock = Clock()
    app = application(tmp_path, clock, url)
    with app.app_context():
        db.create_all()
        yield app, clock
        db.session.remove()
        db.engine.dispose()


def asked_at_once(app: Flask, clock: Clock) -> LicenceState:
    make = Make(clock)
    place = scene(make)
    calls = [make.call(place.owner), make.call(place.rival)]
    key = running(place, place.patent(1)).id
    db.session.commit()
    gate, failed = threading.Barrier(2), list[Exception]()

    def ask(call: Call) -> None:
        with app.app_context():
            try:
                gate.wait(30)
                service.end(call, key, "欠费")
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=ask, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    return db.session.get_one(Licence, key, populate_existing=True).state


def test_two_sides_that_ask_at_once_end_their_licence(city: tuple[Flask, Clock]) -> None:
    assert asked_at_once(*city) is LicenceState.ENDED


def test_without_the_hold_each_would_wait_for_the_other(
    city: tuple[Flask, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: both have read the wishes before either is written."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    both, read, asked = threading.Barrier(2), queries.get_licence, wishes.ends_asked

    def together(licence: Licence) -> dict[Side, wishes.Words]:
        found = asked(licence)
        both.wait(30)
        return found

    monkeypatch.setattr(queries, "get_licence", lambda call, key, hold=False: read(call, key))
    monkeypatch.setattr(wishes, "ends_asked", together)
    assert asked_at_once(*city) is LicenceState.RUNNING
