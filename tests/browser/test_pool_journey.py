"""A patent from its offer to the pool through evaluation, admission and a licence to the royalty's division, in six browsers."""

from __future__ import annotations

from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.licences import journal, queries
from marketplace.patents.terms import ShareTerms
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.factories import Make
from tests.pools.scene import Scene, scene

PARTS = {
    "owner": ("zh-CN", 1280),
    "expert": ("en-US", 390),
    "secretary": ("zh-CN", 1280),
    "officer": ("en-US", 1280),
    "cashier": ("zh-CN", 1280),
    "licensee": ("zh-CN", 390),
}
NEED = "我们要做一种耐盐雾的水性防腐涂料，用硅烷和石墨烯"


def cast(site: Site, place: Scene) -> None:
    cashier = place.make.account(Role.FUND_MANAGER)
    accounts = (place.owner, place.expert, place.secretary, place.officer, cashier, place.rival)
    site.emails = site.emails | {name: account.email for name, account in zip(PARTS, accounts, strict=True)}


def admit(place: Scene, patent: int, people: dict[str, Visitor]) -> None:
    """The owner offers, an independent expert evaluates, two people admit."""
    owner, expert, secretary, officer = (people[part] for part in ("owner", "expert", "secretary", "officer"))
    owner.go(f"/patents/{patent}", picture="pool-patent")
    owner.page.goto(f"/patents/{patent}/pool")
    owner.fill(alliance_id=place.alliance.id, note="与池内涂层专利互补")
    owner.press(f"/patents/{patent}/pool")
    offer = owner.number(r"/pool-offers/(\d+)")
    secretary.page.goto(f"/pool-offers/{offer}/expert")
    secretary.fill(email=place.expert.email)
    secretary.press("/expert", look=True)
    expert.go(f"/pool-offers/{offer}/evaluation", picture="pool-evaluation")
    expert.fill(validity="solid", essentiality="essential", relation="complement", weight=6)
    expert.fill(chart="预处理液含硅烷偶联剂 => 产品说明书第 3 页：KH-560")
    expert.press("/evaluation", look=True)
    secretary.page.goto(f"/pool-offers/{offer}")
    secretary.press("/propose")
    officer.go(f"/pool-offers/{offer}", picture="pool-offer-proposed")
    officer.press("/admit")
    officer.look("pool-admitted")


def license_it(place: Scene, patent: int, people: dict[str, Visitor]) -> int:
    """The licensee describes its product, takes what is missing, and the pool signs."""
    licensee, secretary = people["licensee"], people["secretary"]
    licensee.page.goto("/clearance")
    licensee.fill(text=NEED)
    licensee.press("/clearance")
    licensee.look("pool-clearance")
    assert not licensee.reads("预处理液含硅烷")
    with licensee.page.expect_navigation():
        licensee.page.locator(f"main a[href*='patents={patent}']").click()
    licensee.look("pool-bundle")
    licensee.fill(purpose="量产船用防腐涂料")
    licensee.press(f"/pools/{place.alliance.id}/licence")
    licence = licensee.number(r"/licences/(\d+)")
    secretary.page.goto(f"/licences/{licence}")
    secretary.press("/sign/licensor", look=True)
    return licence


def divide(licence: int, people: dict[str, Visitor]) -> None:
    """A receipt and its division: each proposed by one person and decided on by another."""
    officer, cashier = people["officer"], people["cashier"]
    officer.page.goto(f"/licences/{licence}/receipts/new")
    officer.fill(amount="35000", paper="Bank slip 1")
    officer.press("/receipts")
    cashier.page.goto(f"/licences/{licence}")
    db.session.rollback()  # a snapshot from before the pages wrote would not show it
    receipt = queries.receipts_of(licence)[0].id
    cashier.press(f"/royalty-receipts/{receipt}/approve")
    officer.go(f"/licences/{licence}", picture="pool-division-simulated")
    assert officer.reads("¥1,750")  # the pool's 5 %
    officer.press("/distributions")
    db.session.rollback()
    division = queries.distributions_of(licence)[0].id
    cashier.page.goto(f"/licences/{licence}")
    cashier.press(f"/distributions/{division}/approve")
    cashier.look("pool-division-booked")


def test_a_patent_is_pooled_licensed_and_its_royalty_divided(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        place = scene(Make(site.clock, first=30_000))
        place.rules()
        patent = place.patent(41, inventors=(ShareTerms("李明", 6_000), ShareTerms("王芳", 4_000))).id
        cast(site, place)
        people = {part: visit(part, locale=locale, width=width) for part, (locale, width) in PARTS.items()}
        admit(place, patent, people)
        licence = license_it(place, patent, people)
        divide(licence, people)
        people["owner"].go("/royalties", picture="pool-royalties")
        assert people["owner"].reads("¥16,625")
        assert people["owner"].reads("李明")
        db.session.rollback()
        assert journal.held(licence) == 0
        for person in people.values():
            person.at_ease()
        db.session.remove()
