"""The main pages in English on a telephone and a desk, after the journey has left something to see; and wrong input."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.test_journey import CHINESE, journey

EVERYBODY = (
    "/", "/orders", "/orders/{order}", "/capabilities", "/capabilities/{capability}", "/statistics", "/organisations",
    "/organisations/{enterprise}", "/organisations/register", "/alliances", "/alliances/{alliance}", "/sign-in", "/reset",
)  # fmt: skip
BY_PART = {
    "": EVERYBODY,
    "owner": ("/home", "/orders/mine", "/orders/new", "/orders/{order}/outcome"),
    "lead": ("/home", "/teams", "/teams/{team}", "/bids", "/bids/{bid}", "/bids/{bid}/outcome", "/me"),
    "officer": (
        "/home", "/orders/screening", "/openings", "/orders/{order}/bids", "/rounds", "/rounds/{round}",
        "/rounds/{round}/bids", "/runs/{run}", "/proposals/{proposal}", "/funds", "/funds/{fund}",
    ),
    "auditor": ("/home", "/audit"),
    "admin": ("/home", "/people", "/people/roles/new"),
}  # fmt: skip


@pytest.fixture
def rows(site: Site, visit: Visit) -> dict[str, int]:
    """The numbers of all rows; the journey is made first where it has not been."""
    if "proposal" not in site.rows:
        journey(site, visit, CHINESE)
    return site.rows


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("part", BY_PART)
def test_pages_read_well_in_english(rows: dict[str, int], visit: Visit, part: str, width: int) -> None:
    visitor = visit(part, locale="en-US", width=width)
    for path in BY_PART[part]:
        address = path.format(**rows)
        name = address.strip("/").replace("/", "-") or "landing"
        visitor.go(address, picture=f"en-{width}-{part or 'visitor'}-{name}")
    visitor.at_ease()


def test_wrong_input_is_answered_beside_the_field(rows: dict[str, int], visit: Visit) -> None:
    visitor = visit(width=390)
    visitor.sign_in("owner", password="not the password")
    visitor.look("wrong-password")
    assert visitor.path == "/sign-in"
    assert visitor.page.locator("[role='alert']").count() >= 1
    visitor.go("/organisations/register")
    visitor.press("/organisations/register")
    visitor.look("empty-registration")
    assert visitor.page.locator(".field--wrong").count() >= 3
    assert visitor.page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    visitor.go("/orders/987654", status=404, picture="not-found")
    visitor.go("/nowhere", status=404)
    visitor.at_ease()


def test_an_empty_order_is_told_what_it_lacks(rows: dict[str, int], visit: Visit) -> None:
    owner = visit("owner", width=390)
    owner.go("/orders/new")
    owner.press("/orders/new")
    number = owner.number(r"/orders/(\d+)/")
    owner.fill(**{"targets-0-name": "硬度"})
    owner.press("/edit/targets")
    owner.fill(price_ceiling="很多钱")
    owner.press("/edit/terms")
    owner.look("wrong-money")
    assert owner.page.locator(".field--wrong").count() == 1
    owner.go(f"/orders/{number}/check", picture="empty-order")
    assert owner.page.locator("main button[disabled]").count() == 1
    owner.at_ease()


def test_an_empty_round_is_refused(rows: dict[str, int], visit: Visit) -> None:
    officer = visit("officer", width=390)
    officer.go("/rounds/new")
    officer.press_here()
    officer.look("empty-round")
    assert officer.page.locator(".field--wrong").count() >= 1
    officer.at_ease()


def test_a_visitor_sees_neither_bids_nor_rounds(rows: dict[str, int], visit: Visit) -> None:
    visitor = visit()
    for path in ("/rounds/{round}", "/proposals/{proposal}", "/bids/{bid}", "/audit"):
        visitor.page.goto(path.format(**rows))
        assert visitor.path == "/sign-in", path
    lead = visit("lead")
    lead.go(f"/rounds/{rows['round']}", status=403)
    lead.go("/audit", status=403)
    lead.at_ease()
