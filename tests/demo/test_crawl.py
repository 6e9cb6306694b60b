"""Everybody in the demo city follows the links of their pages: none leads nowhere, in either language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.demo.conftest import PEOPLE, City

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

EACH = 3
"""How many pages of one kind (one route with other numbers) each reader opens."""


class Links(HTMLParser):
    """The addresses that a page offers to open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and (href := values.get("href")) and not href.startswith(("#", "mailto:", "http")):
            self.found.append(href)
        if values.get("hx-get"):
            self.found.append(str(values["hx-get"]))


def reader(app: Flask, token: str | None, locale: str) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["locale"] = locale
        if token:
            session["_user_id"], session["_fresh"] = token, True
    return client


@pytest.mark.parametrize("name", PEOPLE, ids=[name or "visitor" for name in PEOPLE])
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_no_link_leads_nowhere(demo_city: City, name: str, locale: str) -> None:
    client = reader(demo_city.app, demo_city.tokens.get(name), locale)
    broken = [f"{origin} → {path}: {status}" for origin, path, status in walk(client) if status >= 400]
    assert broken == []


def walk(client: FlaskClient) -> Iterator[tuple[str, str, int]]:
    """Open pages breadth first, EACH of a kind; yield (page with the link, address, status)."""
    waiting, known, opened = [("", "/"), ("", "/home")], {"/", "/home"}, Counter[str]()
    while waiting:
        origin, path = waiting.pop(0)
        kind = re.sub(r"\d+", "0", urlsplit(path).path)
        if opened[kind] >= EACH:
            continue
        opened[kind] += 1
        answer = client.get(path)
        yield origin, path, answer.status_code
        if answer.status_code == 303:
            waiting.insert(0, (path, answer.location))
        if not answer.content_type.startswith("text/html"):
            continue
        for href in Links(answer.text).found:
            target = urljoin(path, href)
            if target not in known and urlsplit(target).path != "/static":
                known.add(target)
                waiting.append((path, target))
