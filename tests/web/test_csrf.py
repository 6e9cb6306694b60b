"""Nothing changes by a request that another site made the browser send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.kernel.call import Role
from tests.factories import Make


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as it is outside tests: every form needs its token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def one(part: re.Match[str]) -> str:
    """Return a value that fits a part of an address: a number, the first of the words it may be, or any text."""
    return "999999" if part[1] == "int" else part[2] or "missing"


def writing(app: Flask) -> list[tuple[str, str]]:
    """Return (endpoint, address) of every route that changes something, signing out last."""
    unsafe = {"POST", "PUT", "PATCH", "DELETE"}
    routes = [
        (rule.endpoint, re.sub(r"<(?:(\w+)(?:\((\w+)[^)]*\))?:)?\w+>", one, rule.rule))
        for rule in app.url_map.iter_rules()
        if unsafe & (rule.methods or set())
    ]
    return sorted(routes, key=lambda route: route[0] == "accounts.sign_out")


@pytest.fixture
def everybody(make: Make, sign_in: Any) -> FlaskClient:
    """A client with every role, so that no door but the token's is closed."""
    return sign_in(make.account(*Role, organisation=make.enterprise(), alliance=make.alliance()), "en")  # type: ignore[no-any-return]


def test_every_unsafe_request_needs_the_token(guarded: Flask, everybody: FlaskClient) -> None:
    routes = writing(guarded)
    assert len(routes) > 50
    let_in = [endpoint for endpoint, url in routes if everybody.post(url).status_code != 400]
    assert let_in == []


def test_with_the_token_the_same_requests_go_on(guarded: Flask, everybody: FlaskClient) -> None:
    """The twin: what was refused above was refused for the token and nothing else."""
    page = everybody.get("/me").text
    token = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page)
    assert token is not None
    statuses = {url: everybody.post(url, data={"csrf_token": token[1]}).status_code for _, url in writing(guarded)}
    assert [url for url, status in statuses.items() if status == 400 or status >= 500] == []
