"""One site and one Chromium for all browser tests; nothing is mocked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.site import Site, served
from tests.browser.visitor import Visitor

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visit = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))  # the journey is one test, on whatever machine


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is missing: the pages were NOT tried in a browser"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("browser")) as site:
        yield site


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """``visit("owner")`` is a new browser in which the owner has signed in; without a part, nobody has."""
    open_visitors: list[Visitor] = []
    cast = dict(site.emails)  # a story may cast its own people, the next one gets the first again

    def come(part: str = "", *, locale: str = "zh-CN", width: int = 1280) -> Visitor:
        visitor = Visitor(chromium, site, locale=locale, width=width)
        open_visitors.append(visitor)
        if part:
            visitor.sign_in(part)
        return visitor

    yield come
    for visitor in open_visitors:
        visitor.context.close()
    site.emails = cast
