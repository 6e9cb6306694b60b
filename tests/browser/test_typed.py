"""Nothing typed is lost: not when the language is switched, not when the page was open too long."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.factories import PASSWORD

TITLE = "水性丙烯酸防腐涂层"
WATCH = """() => {
  const keep = Storage.prototype.setItem;
  Storage.prototype.setItem = function (key, value) {
    keep.call(this, key, value);
    keep.call(localStorage, "watched", (localStorage.getItem("watched") ?? "") + value);
  };
}"""


def switch(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.locator("form[data-language] button").click()


def test_switching_the_language_keeps_what_was_typed(visit: Visit) -> None:
    visitor = visit(width=390)
    visitor.go("/organisations/register")
    visitor.fill(
        name="东莞市试验有限公司", password="a long password", kind="enterprise", identity_number="110101199001011237"
    )
    switch(visitor)
    visitor.look("typed-in-english")
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    expect(visitor.page.locator("main [name='name']")).to_have_value("东莞市试验有限公司")
    expect(visitor.page.locator("main [name='kind']")).to_have_value("enterprise")
    assert visitor.page.locator("main [name='password']").input_value() == ""
    assert visitor.page.locator("main [name='identity_number']").input_value() == ""
    visitor.page.reload()
    assert visitor.page.locator("main [name='name']").input_value() == "", "it is handed over once, to one page"
    visitor.at_ease()


def test_the_mark_of_what_was_read_goes_along_with_what_was_typed(visit: Visit, site: Site) -> None:
    """Or else the new page's mark would let the typing write over what a colleague saved in between."""
    lead = visit("lead")
    lead.go(f"/teams/{site.rows['team']}/capabilities/new")
    lead.fill(title=TITLE)
    lead.page.locator("main [name='version']").evaluate("field => (field.value = '7')")
    switch(lead)
    expect(lead.page.locator("main [name='title']")).to_have_value(TITLE)
    expect(lead.page.locator("main [name='version']")).to_have_value("7")
    assert lead.page.locator("main [name='csrf_token']").input_value() != ""
    lead.at_ease()


def test_without_the_module_it_would_be_lost(visit: Visit) -> None:
    """The twin."""
    visitor = visit(width=390)
    visitor.page.route("**/language.js", lambda route: route.abort())
    visitor.go("/organisations/register")
    visitor.fill(name="东莞市试验有限公司")
    switch(visitor)
    visitor.page.wait_for_load_state("networkidle")
    assert visitor.page.locator("main [name='name']").input_value() == ""


def test_what_may_lie_in_no_browser_is_handed_over_to_nobody(visit: Visit, site: Site) -> None:
    """The twin is the form that is handed over: on its way it does lie there."""
    owner = visit("owner")
    owner.go("/orders/new")
    owner.fill(place=f"{site.rows['enterprise']}:{site.rows['alliance']}", title=TITLE)
    assert TITLE in kept_while_switching(owner)
    owner.fill(place=f"{site.rows['enterprise']}:{site.rows['alliance']}", title=TITLE)
    owner.press("/orders/new")
    number = owner.number(r"/orders/(\d+)/")
    owner.go(f"/orders/{number}/edit/disclosure")
    switch(owner)
    owner.page.wait_for_load_state("networkidle")
    owner.fill(confidential="40 g of silane a litre")
    asked = owner.page.locator("#confirm")
    owner.page.locator("form[data-language] button").click()
    expect(asked).to_be_visible()
    asked.locator("button[value='cancel']").click()
    assert owner.page.locator("#confidential").input_value() == "40 g of silane a litre"
    owner.page.locator("form[data-language] button").click()
    assert "silane" not in kept_while_switching(owner, "[data-confirm-yes]")
    owner.at_ease()


def kept_while_switching(visitor: Visitor, button: str = "form[data-language] button") -> str:
    """Switch the language and return what was put into the tab's storage on the way."""
    visitor.page.evaluate(WATCH)
    with visitor.page.expect_navigation():
        visitor.page.locator(button).click()
    return str(visitor.page.evaluate("localStorage.getItem('watched') ?? ''"))


def test_a_refused_form_keeps_its_text_in_the_other_language(visit: Visit, site: Site) -> None:
    """It was posted to an address that is another page, or none, when it is opened."""
    lead = visit("lead")
    form = f"/teams/{site.rows['team']}/capabilities/new"
    lead.go(form)
    lead.fill(title=TITLE, price_from="很多钱")
    for _refusal in range(2):
        lead.press("/capabilities")
        assert lead.path != form
    switch(lead)
    assert lead.path == form
    expect(lead.page.locator("main [name='title']")).to_have_value(TITLE)
    expect(lead.page.locator("main [name='price_from']")).to_have_value("很多钱")
    lead.at_ease()


def test_a_page_that_was_open_too_long_shows_its_form_again(visit: Visit, site: Site) -> None:
    lead = visit("lead", width=390)
    lead.go(f"/teams/{site.rows['team']}/capabilities/new")
    lead.fill(title=TITLE, price_from="15万")
    lead.context.clear_cookies()
    lead.press("/capabilities")
    lead.look("session-ended")
    lead.fill(**{"enter-email": site.emails["lead"], "enter-password": "wrong"})
    lead.press("/capabilities")
    lead.look()
    lead.fill(**{"enter-email": site.emails["lead"], "enter-password": PASSWORD})
    lead.press("/capabilities")
    lead.look("open-too-long")
    assert lead.page.evaluate("document.activeElement.dataset.message") == "waiting"
    expect(lead.page.locator("main [name='title']")).to_have_value(TITLE)
    expect(lead.page.locator("main [name='price_from']")).to_have_value("15万")
    lead.at_ease()


def test_a_day_that_the_browser_cannot_read_is_not_sent_as_none(visit: Visit) -> None:
    owner = visit("owner")
    owner.go("/conflicts/new")
    owner.page.locator("main [name='since']").focus()
    owner.page.keyboard.type("1231")
    assert owner.page.locator("main [name='since']").evaluate("field => field.validity.badInput")
    owner.page.locator("main form.form button[type='submit']").last.click()
    assert owner.path == "/conflicts/new"
    assert owner.page.evaluate("document.activeElement.name") == "since"
    owner.at_ease()


def test_without_the_module_it_would_be_sent_as_none(visit: Visit) -> None:
    """The twin."""
    owner = visit("owner")
    owner.page.route("**/days.js", lambda route: route.abort())
    owner.go("/conflicts/new")
    owner.page.locator("main [name='since']").focus()
    owner.page.keyboard.type("1231")
    owner.page.locator("main form.form button[type='submit']").last.click()
    owner.page.wait_for_url("**/conflicts")
