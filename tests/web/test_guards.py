"""Nobody comes in where nobody was let in, and every refusal is a page."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from marketplace.app import create_app
from marketplace.config import Config
from marketplace.kernel.call import Actor, Grant, Role
from marketplace.web import guards, headers
from marketplace.web.guards import PUBLIC, SIGNED_IN, access, admits, roles_in
from tests.conftest import Clock
from tests.factories import Make

STYLE = "/static/css/base.css"
VISITOR = Actor.visitor()
OFFICER = Actor("account", account=1, person=1, grants=frozenset({Grant(Role.CENTRE_OFFICER)}))
PLAIN = Actor("account", account=2, person=2)


@pytest.mark.parametrize(
    ("who", "visitor", "plain", "officer"),
    [
        ({PUBLIC}, True, True, True),
        ({SIGNED_IN}, False, True, True),
        ({Role.CENTRE_OFFICER}, False, False, True),
        ({Role.AUDITOR}, False, False, False),
        ({Role.AUDITOR, Role.CENTRE_OFFICER}, False, False, True),
        (set(), False, False, False),
    ],
)
def test_the_door_admits_whom_it_names(who: set[str], visitor: bool, plain: bool, officer: bool) -> None:
    assert [admits(frozenset(who), actor) for actor in (VISITOR, PLAIN, OFFICER)] == [visitor, plain, officer]


def test_an_entry_that_names_nobody_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="name at least one"):
        access()
    assert roles_in(frozenset({PUBLIC, Role.AUDITOR})) == {Role.AUDITOR}


def test_the_application_does_not_start_with_an_undeclared_route() -> None:
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(RuntimeError, match="routes without @access: open"):
        guards.install(app, lambda: VISITOR, lambda: None, lambda: None)


def test_a_visitor_comes_back_after_signing_in(client: Any) -> None:
    assert client.get("/bids?page=2").location == "/sign-in?next=/bids?page%3D2"
    assert client.post("/orders/1/amend").location == "/sign-in"


def test_a_role_that_does_not_fit_reads_why(make: Make, sign_in: Any) -> None:
    answer = sign_in(make.account(Role.TEAM_LEAD), "en").get("/audit")
    assert answer.status_code == 403
    assert "Your role does not include this." in answer.text
    assert "您的角色无此权限" in sign_in(make.account(Role.TEAM_LEAD)).get("/audit").text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/nowhere", 404),
        ("get", "/orders/999999999999999999999999", 404),
        ("get", "/orders/0", 404),
        ("get", "/orders/%00", 404),
        ("get", "/orders?page=-1&field=nonsense&alliance=%D9%A3", 200),
        ("post", "/orders", 405),
    ],
)
def test_a_wrong_address_is_answered_with_a_page_and_a_way_back(
    client: Any, method: str, path: str, status: int
) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code == status
    assert 'href="/"' in answer.text
    assert "<h1>" in answer.text


def test_every_answer_carries_the_policy(client: Any) -> None:
    for path in ("/orders", "/nowhere", STYLE):
        with client.get(path) as answer:
            found = answer.headers
        assert found["Content-Security-Policy"] == headers.POLICY
        assert found["X-Content-Type-Options"] == "nosniff"
        assert found["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in found
    assert "unsafe" not in headers.POLICY
    assert "default-src 'none'" in headers.POLICY


def test_pages_of_people_who_signed_in_are_stored_nowhere(make: Make, sign_in: Any, client: Any) -> None:
    assert sign_in(make.account()).get("/orders").headers["Cache-Control"] == "no-store"
    assert client.get("/orders").headers["Cache-Control"] == "no-cache, private"
    with client.get(STYLE) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_a_site_behind_tls_says_so_and_locks_its_cookie(app: Flask, tmp_path: Path, clock: Clock) -> None:
    config: Config = dataclasses.replace(
        app.extensions["config"],
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'x.db'}",
        base_url="https://tripool.example.test",
    )
    secure = create_app(config, clock)
    with secure.test_client().get(STYLE) as answer:
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert (secure.config["SESSION_COOKIE_NAME"], secure.config["SESSION_COOKIE_SECURE"]) == ("__Host-tripool", True)


def test_the_menu_shows_only_doors_that_open(make: Make, sign_in: Any, client: Any) -> None:
    assert 'href="/audit"' in sign_in(make.account(Role.AUDITOR)).get("/orders").text
    assert 'href="/audit"' not in sign_in(make.account(Role.TEAM_LEAD)).get("/orders").text
    assert 'href="/audit"' not in client.get("/orders").text


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "9" * 30])
def test_a_number_no_row_has_leads_nowhere(client: Any, number: str) -> None:
    assert client.get(f"/capabilities/{number}").status_code == 404
