"""Nothing changes by a request that another site made the browser send."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.kernel.call import Role
from marketplace.web import expired
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


def token_of(client: FlaskClient, **how: Any) -> str:
    page = client.get("/me", **how).text
    token = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page)
    assert token is not None
    return token[1]


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
    token = token_of(everybody)
    statuses = {url: everybody.post(url, data={"csrf_token": token}).status_code for _, url in writing(guarded)}
    assert [url for url, status in statuses.items() if status == 400 or status >= 500] == []


HTTPS = "https://localhost"
SILENT: list[dict[str, str]] = [
    {},
    {"Origin": HTTPS},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null"},
    {"Referer": f"{HTTPS}/me", "Sec-Fetch-Site": "same-origin"},
]
FOREIGN = [
    {"Origin": "https://elsewhere.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "null"},
    {"Referer": "https://localhost.elsewhere.example/me"},
    {"Origin": HTTPS, "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://["},
    {"Referer": "https://localhost]/me"},
]


def signed_out(client: FlaskClient, headers: dict[str, str], *, token: bool = True) -> tuple[int, str]:
    """Sign out over https, with the token of the page or none; return the answer's status and text."""
    data = {"csrf_token": token_of(client, base_url=HTTPS)} if token else {}
    answer = client.post("/sign-out", data=data, headers=headers, base_url=HTTPS)
    return answer.status_code, answer.text


@pytest.mark.parametrize("headers", SILENT)
def test_a_reader_whose_browser_sends_no_referer_uses_the_site_over_https(
    guarded: Flask, everybody: FlaskClient, headers: dict[str, str]
) -> None:
    assert signed_out(everybody, headers)[0] == 303
    assert everybody.get("/me", base_url=HTTPS).status_code == 303, "signed out"


def test_the_librarys_own_rule_would_ask_that_reader_for_a_referer(guarded: Flask, everybody: FlaskClient) -> None:
    """The twin."""
    guarded.config["WTF_CSRF_SSL_STRICT"] = True
    try:
        assert signed_out(everybody, {})[0] == 400
    finally:
        guarded.config["WTF_CSRF_SSL_STRICT"] = False


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("token", [True, False])
def test_what_another_site_sends_is_refused_for_that_reason(
    guarded: Flask, everybody: FlaskClient, headers: dict[str, str], token: bool
) -> None:
    status, text = signed_out(everybody, headers, token=token)
    assert status == 400
    assert "a page of another site sent this" in text
    assert "open too long" not in text


@pytest.mark.parametrize("headers", FOREIGN)
def test_without_that_rule_a_stolen_token_would_do(
    guarded: Flask, everybody: FlaskClient, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(expired, "sent_from_elsewhere", lambda: False)
    assert signed_out(everybody, headers)[0] == 303


def test_a_silent_browser_without_a_token_reads_why_it_was_refused(guarded: Flask, everybody: FlaskClient) -> None:
    status, text = signed_out(everybody, {}, token=False)
    assert status == 400
    assert "does not say that it was a page of this site" in text
