"""The front page, the dashboard and the language switch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.home.views import local_path
from marketplace.orders.workflow import OrderState
from tests.factories import Make


@pytest.mark.parametrize("path", ["/", "/statistics", "/health"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_public_page_answers_in_both_languages(client: FlaskClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200
    if path != "/health":
        assert f'lang="{"en" if language == "en" else "zh-Hans-CN"}"' in answer.text


def test_the_style_guide_is_only_there_for_the_demo(app: Flask, client: FlaskClient) -> None:
    assert client.get("/styleguide").status_code == 404
    real = app.extensions["config"]
    app.extensions["config"] = replace(real, demo=True)
    try:
        assert client.get("/styleguide").status_code == 200
    finally:
        app.extensions["config"] = real


def test_a_visitor_is_asked_to_sign_in_before_my_work(client: FlaskClient) -> None:
    answer = client.get("/home")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_an_empty_desk_says_what_will_come(make: Make, sign_in: Any) -> None:
    page = sign_in(make.officer(), "en").get("/home")
    assert page.status_code == 200
    assert "Nothing waits for you" in page.text


def test_what_waits_stands_on_the_desk_of_who_must_act(make: Make, sign_in: Any) -> None:
    order = make.order(state=OrderState.DRAFT)
    page = sign_in(make.owner(order.organisation), "en").get("/home")
    assert order.reference in page.text
    assert order.reference not in sign_in(make.owner(make.enterprise()), "en").get("/home").text


def test_the_language_is_remembered_on_this_browser(client: FlaskClient) -> None:
    client.post("/language", data={"language": "en", "next": "/statistics"})
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "zh-CN"}).text


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("/orders?page=2", True),
        ("//evil.example/", False),
        ("https://evil.example/", False),
        ("/\\evil.example", False),
        ("/\\[", False),
        ("javascript:alert(1)", False),
        ("/a\nb", False),
        ("", False),
    ],
)
def test_a_way_back_never_leads_off_the_site(app: Flask, target: str, kept: bool) -> None:
    with app.test_request_context():
        assert (local_path(target) == target) is kept


@pytest.mark.parametrize("path", ["/", "/statistics"])
def test_the_public_figures_take_few_statements(client: FlaskClient, count_statements: list[str], path: str) -> None:
    client.get(path)
    assert len(count_statements) <= 12
