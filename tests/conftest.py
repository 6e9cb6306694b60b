"""Fixtures of the whole suite: one database for the session, one rolled-back transaction per test."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import event, text

from marketplace.accounts.models import Account
from marketplace.app import create_app
from marketplace.config import Config
from marketplace.db.base import db
from tests.factories import Make

gc.disable()  # until everything is imported, see pytest_collection_finish

# A machine that others use is slow now and then; how long an example takes is no fact about the program.
settings.register_profile("tripool", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tripool")

START = datetime(2027, 1, 12, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 in the city


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was imported: that took a fifth of the suite's time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


@dataclass
class Clock:
    """A clock that tests move by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


class Browser(FlaskClient):
    """A client whose every request opens an application context of its own, also while the test holds one open.

    Otherwise ``g`` would be shared: the second person's request would be answered as the first person.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        return Context().run(super().open, *args, **kwargs)


def application(folder: Path, clock: Clock, url: str = "") -> Flask:
    """An application with its instance in ``folder``, on the database at ``url`` or on a file there; jobs run at once."""
    config = Config(
        instance=folder,
        database_url=url or f"sqlite:///{folder / 'city.db'}",
        secret_key="test-key",
        testing=True,
        jobs_inline=True,
        opener_key=folder / "opener" / "private.key",
    )
    app = create_app(config, clock)
    app.test_client_class = Browser
    return app


@pytest.fixture(scope="session")
def _session_clock() -> Clock:
    return Clock()


@pytest.fixture
def clock(_session_clock: Clock) -> Clock:
    _session_clock.now = START
    return _session_clock


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory, _session_clock: Clock) -> Iterator[Flask]:
    """The application on an empty database: SQLite, or the PostgreSQL server of ``TEST_DATABASE_URL``."""
    folder: Path = tmp_path_factory.mktemp("instance")
    url = os.environ.get("TEST_DATABASE_URL", "")
    app = application(folder, _session_clock, url)
    with app.app_context():
        if url.startswith("postgresql"):
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask, clock: Clock) -> Iterator[Flask]:
    """The application inside a transaction that is rolled back after the test.

    No application context is pushed: each request of a test opens its own, so a forgotten commit is noticed.
    """
    with rolled_back(_app):
        yield _app


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """Everything that is committed inside the block is gone after it."""
    engines = db._app_engines[app]
    engine = engines[None]
    connection = engine.connect()
    outer = connection.begin()
    inner = connection.begin_nested()
    engines[None] = connection  # type: ignore[assignment]
    try:
        yield
    finally:
        engines[None] = engine
        if inner.is_active:
            inner.rollback()
        outer.rollback()
        connection.close()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An open application context, for tests that call services directly."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def make(context: Flask, clock: Clock) -> Make:
    """Rows to start from (see tests/factories.py)."""
    return Make(clock)


@pytest.fixture
def sign_in(app: Flask, make: Make) -> Any:
    """``sign_in(account)`` returns a client signed in as that account, in Chinese unless ``locale`` says otherwise."""

    def signed_in(account: Account, locale: str = "zh") -> FlaskClient:
        client = app.test_client()
        token = make.login_session(account)
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session["locale"] = locale
        return client

    return signed_in


@pytest.fixture
def count_statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements executed while the test runs; slice it to count a part."""
    statements: list[str] = []
    connection = db._app_engines[app][None]

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            statements.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield statements
    event.remove(connection, "before_cursor_execute", note)
