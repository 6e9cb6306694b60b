"""The demo city in a database of its own, built once for every test that walks through it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, select, text

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.demo import city
from marketplace.demo.commands import make_keys
from marketplace.kernel.call import Actor, Call
from tests.conftest import Clock, application
from tests.factories import Make

PEOPLE = ("", "officer1", "secretary-mat", "funds1", "auditor", "admin1", "e041", "t10", "u04")
"""Who reads: nobody ("") and one account of each role."""


@dataclass(frozen=True)
class City:
    """The application over the city, what its set-up told, and session tokens by name."""

    app: Flask
    told: str
    tokens: dict[str, str]


@contextmanager
def own_database(folder: Path) -> Iterator[str]:
    """A database that is committed to: savepoints around thousands of rows would take PostgreSQL minutes."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    if not url.startswith("postgresql"):
        yield f"sqlite:///{folder / 'city.db'}"
        return
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS tripool_city"))
        connection.execute(text("CREATE DATABASE tripool_city"))
        yield make_url(url).set(database="tripool_city").render_as_string(hide_password=False)
        connection.execute(text("DROP DATABASE tripool_city WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="package")
def demo_city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder, clock = tmp_path_factory.mktemp("city"), Clock()
    with own_database(folder) as url:
        app = application(folder, clock, url)
        with app.app_context():
            db.create_all()
            make_keys()
            told = city.build(Call(Actor.system("test"), clock(), "test"))
            make = Make(clock)
            accounts = {a.email.split("@")[0]: a for a in db.session.scalars(select(Account))}
            tokens = {name: make.login_session(accounts[name]) for name in PEOPLE if name}
            db.session.commit()
            db.session.remove()
        yield City(app, told, tokens)
        with app.app_context():
            db.engine.dispose()
