"""A person in front of a browser, whose every page is watched for broken rules."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.browser.site import Site
from tests.factories import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
PICTURES = ROOT / "artefacts" / "browser"
DOCS = ROOT / "docs" / "images"
RUN_AXE = """async () => (await axe.run(document, {preload: false, resultTypes: ['violations']})).violations
  .filter(v => ['serious', 'critical'].includes(v.impact))
  .map(v => v.id + ' at ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(', '))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Visitor:
    """One browser context. ``findings`` collects everything that must not happen; ``at_ease`` asserts there is none."""

    def __init__(self, browser: Browser, site: Site, *, locale: str = "zh-CN", width: int = 1280) -> None:
        self.site, self.width, self.locale = site, width, locale
        height = 844 if width < 600 else 900
        self.context = browser.new_context(
            base_url=site.url, locale=locale, timezone_id="Asia/Shanghai", viewport={"width": width, "height": height}
        )
        self.context.set_default_timeout(45_000)  # a run is solved while its page waits
        self.page: Page = self.context.new_page()
        self.findings: list[str] = []
        self.looked_at = 0
        self._refused: set[str] = set()
        self._console: list[tuple[str, str]] = []
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.findings.append(f"{self.path}: script error: {error}"))
        self.page.on("response", self._on_response)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self._console.append((message.location["url"], message.text))

    def _on_response(self, response: Response) -> None:
        """A refused form answers 4xx on purpose, and the browser logs it; a server error is never on purpose."""
        if response.status >= 500:
            self.findings.append(f"{response.status} from {response.url}")
        elif response.status >= 400 and response.request.is_navigation_request():
            self._refused.add(response.url)

    def go(self, path: str, *, picture: str = "", status: int = 200) -> None:
        """Open a page as if its address were typed, and look at it."""
        response = self.page.goto(path)
        if response is None or response.status != status:
            self.findings.append(f"{path}: answered {response and response.status}, expected {status}")
        self.look(picture)

    def look(self, picture: str = "") -> None:
        """Check the page as it stands: accessibility, no sideways scroll; keep a picture when one is named."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(AXE)
        self.findings += [f"{self.path} ({self.locale}, {self.width}): {text}" for text in self.page.evaluate(RUN_AXE)]
        beyond = self.page.evaluate(SIDEWAYS)
        if beyond > 0:
            self.findings.append(f"{self.path} ({self.locale}, {self.width}): {beyond} px wider than the screen")
        self.looked_at += 1
        if picture:
            PICTURES.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=PICTURES / f"{picture}.png", full_page=True)

    def picture_for_docs(self, name: str) -> None:
        """Renew a picture of the documentation when ``TRIPOOL_SCREENSHOTS=docs`` asks for it."""
        if os.environ.get("TRIPOOL_SCREENSHOTS") == "docs":
            DOCS.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=DOCS / f"{name}.png")

    def fill(self, **values: Any) -> None:
        """Fill fields by name: text is typed, True ticks, a select gets the option with this value."""
        for name, value in values.items():
            found = self.page.locator(f"main [name='{name}']").first
            if value is True:
                found.check()
            elif found.evaluate("e => e.tagName") == "SELECT":
                found.select_option(str(value))
            elif found.get_attribute("type") == "radio":
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            else:
                found.fill(str(value))

    def press(self, action: str, *, look: bool = False) -> None:
        """Press the button of the form whose address ends in ``action``, say yes when asked and wait for the next page."""
        form = self.page.locator(f"form[action$='{action}']").first
        button = form.locator("button.button--primary, button.button:not([name])").last
        asks = any(part.get_attribute("data-confirm") is not None for part in (form, button))
        with self.page.expect_navigation():
            button.click()
            if asks:
                self.page.locator("[data-confirm-yes]").click()
        if look:
            self.look()

    def press_here(self) -> None:
        """Press the main button of the page's form that posts to its own address."""
        with self.page.expect_navigation():
            self.page.locator("main form[method='post']:not([action]) .form-actions button").last.click()

    def sign_in(self, part: str, password: str = PASSWORD) -> None:
        """Sign in through the page as the person who plays ``part``."""
        self.page.goto("/sign-in")
        self.fill(email=self.site.emails[part], password=password)
        self.press("/sign-in")

    def reads(self, text: str) -> bool:
        return text in self.page.locator("main").inner_text()

    def number(self, pattern: str) -> int:
        """The row number in the address of the page."""
        found = re.search(pattern, self.page.url)
        assert found, f"{self.page.url} is not {pattern}: {self.page.locator('main').inner_text()[:600]}"
        return int(found[1])

    def at_ease(self) -> None:
        """Fail with the list of all that was found, each once."""
        logged = [
            f"console of {url}: {text}"
            for url, text in self._console
            if not (text.startswith("Failed to load resource") and url in self._refused)
        ]
        found = sorted({*self.findings, *logged})
        assert not found, f"{len(found)} findings on {self.looked_at} pages:\n" + "\n".join(found)
