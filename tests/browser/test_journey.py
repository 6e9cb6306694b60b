"""An order from the first word to reserved money, by four people in four browsers, in Chinese."""

from __future__ import annotations

from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor

PARTS = ("owner", "lead", "officer", "second")
TITLE = "耐盐雾一千小时的无铬防腐涂层"
PROBLEM = (
    "公司五金件在沿海客户处三个月内开始锈蚀，每年返修约一万两千件，客户投诉集中在焊缝与边角。"
    "现有涂层含铬，出口受限；需要一种不含铬、可在现有喷涂线上施工的长效防护涂层，单件成本增加不超过两元。"
    "请说明前处理、固化温度与节拍，并说明怎样在量产中检验。"
)


def write_the_order(owner: Visitor, site: Site) -> int:
    """The five steps of the form; return the number of the order."""
    owner.go("/orders/new")
    owner.fill(
        place=f"{site.rows['enterprise']}:{site.rows['alliance']}",
        title=TITLE,
        title_en="Chromium-free coating that resists salt spray for 1,000 hours",
        problem=PROBLEM,
        background="试过两种市售水性涂料，附着力不足；现有喷涂线可以借用，样件每周可提供五十件。",
        field="new_materials",
    )
    owner.press("/orders/new", look=True)
    number = owner.number(r"/orders/(\d+)/")
    owner.fill(trl_now=4, trl_wanted=7)
    owner.fill(
        **{
            "targets-0-name": "耐盐雾时间",
            "targets-0-comparator": "at_least",
            "targets-0-value": "1000",
            "targets-0-unit": "h",
            "targets-0-method": "GB/T 10125",
            "targets-0-must_have": True,
        }
    )
    owner.press("/edit/targets", look=True)
    owner.fill(
        price_ceiling="48万",
        own_funds="20万",
        bid_deadline="2027-02-05T17:00",
        delivery_on="2028-01-31",
        contract_type="entrusted",
        procedure="quick",
        ip_wish="enterprise",
    )
    owner.press("/edit/terms", look=True)
    owner.fill(visibility="public", confidential="现用配方为内部编号七号底漆，真实材料成本每件三元二角。")
    owner.press("/edit/disclosure")
    owner.look("order-check")
    owner.press(f"/orders/{number}/submit")
    return number


def write_the_bid(lead: Visitor, site: Site, order: int) -> int:
    """Start, write, check and submit; return the number of the bid."""
    lead.go(f"/orders/{order}", picture="order-for-lead")
    lead.go(f"/orders/{order}/bid")
    lead.fill(team=site.rows["team"])
    lead.press(f"/orders/{order}/bid")
    lead.fill(
        plan="以硅烷预处理与水性环氧涂层结合，先做小样盐雾对比，再在企业喷涂线上中试，焊缝与边角单独补涂。风险是固化温度偏高，备有低温配方。",
        schedule="第1–3月小样；第4–6月中试并交付样件",
        price="42万",
        start_on="2027-04-01",
        months=6,
        own_days=90,
    )
    lead.fill(**{"answers-0-meets": "meets", "answers-0-value": "1100", "answers-0-note": "含焊缝"})
    lead.press("/edit")
    bid = lead.number(r"/bids/(\d+)/check")
    lead.look("bid-check")
    lead.press(f"/bids/{bid}/submit")
    return bid


def match_in_a_round(officer: Visitor, site: Site) -> int:
    """A round of every order that is open, the fund, one run; return the proposal for the order of the journey."""
    officer.go("/rounds/new")
    officer.fill(title="二〇二七年春季撮合", time_limit=3)
    officer.press_here()
    number = officer.number(r"/rounds/(\d+)")
    officer.go(f"/rounds/{number}/orders")
    for box in officer.page.locator("main input[name='orders']").all():
        box.check()
    officer.press_here()
    officer.go(f"/rounds/{number}/funds", picture="round-funds")
    officer.fill(**{"rows-0-take": True})
    officer.press_here()
    officer.go(f"/rounds/{number}", picture="round")
    officer.fill(label="首轮")
    officer.press(f"/rounds/{number}/runs")
    site.rows["round"], site.rows["run"] = number, officer.number(r"/runs/(\d+)")
    officer.go(f"/runs/{site.rows['run']}", picture="run")
    officer.picture_for_docs("round")
    officer.page.locator("main").get_by_role("link", name=TITLE).first.click()
    return officer.number(r"/proposals/(\d+)")


def test_an_order_becomes_reserved_money_by_four_people(site: Site, visit: Visit) -> None:
    owner, lead, officer, second = (visit(part) for part in PARTS)

    order = write_the_order(owner, site)
    officer.go("/orders/screening", picture="screening")
    assert officer.reads(TITLE)
    officer.go(f"/orders/{order}", picture="order-for-officer")
    officer.press(f"/orders/{order}/publish")

    bid = write_the_bid(lead, site, order)
    lead.go(f"/bids/{bid}/receipt", picture="receipt")
    assert lead.page.get_by_text("SHA-256").count() > 0
    lead.go("/orders", picture="board")
    lead.picture_for_docs("board")

    officer.go(f"/orders/{order}/opening")
    assert officer.page.locator("form[action$='/opening/request']").count() == 0  # not before the deadline
    site.clock.advance(days=25)
    for part, person in zip(PARTS, (owner, lead, officer, second), strict=True):
        person.sign_in(part)  # nobody stays signed in that long
    officer.go(f"/orders/{order}/opening")
    officer.press(f"/orders/{order}/opening/request")
    assert officer.page.locator("form[action$='/opening/confirm']").count() == 0  # not by the same person
    second.go(f"/orders/{order}/opening")
    second.press(f"/orders/{order}/opening/confirm")
    second.go(f"/orders/{order}/opening", picture="opening")
    assert second.reads("表面工程团队")

    proposal = match_in_a_round(officer, site)
    officer.go(f"/proposals/{proposal}", picture="proposal")
    officer.press(f"/proposals/{proposal}/propose")
    assert officer.page.locator("form[action$='/approve']").count() == 0
    assert officer.page.locator("#decide .action-reason").count() == 1  # and is told why
    second.go(f"/proposals/{proposal}", picture="proposal-for-second")
    forged = {name: second.page.locator(f"input[name='{name}']").first.input_value() for name in ("csrf_token", "seen")}
    forged["csrf_token"] = officer.page.locator("input[name='csrf_token']").first.input_value()
    answer = officer.page.request.post(f"/proposals/{proposal}/approve", form=forged, max_redirects=0)
    assert answer.status in {403, 409, 422}, answer.status  # nor by going round the page
    second.press(f"/proposals/{proposal}/approve")

    site.rows.update(order=order, bid=bid, proposal=proposal)
    owner.go(f"/orders/{order}/outcome", picture="outcome-for-owner")
    assert owner.reads("表面工程团队")
    lead.go(f"/bids/{bid}/outcome", picture="outcome-for-lead")
    second.go(f"/funds/{site.rows['fund']}", picture="fund")
    assert second.page.get_by_text("¥220,000").count() >= 2  # the reserved part of the bar, and its line in the ledger

    for person in (owner, lead, officer, second):
        person.at_ease()
