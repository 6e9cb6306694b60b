"""An order from the first word to reserved money, by four people in four browsers, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from marketplace.web.filters import CITY
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor

PARTS = ("owner", "lead", "officer", "second")
GRANT = 220_000
"""Yuan that the fund gives to each match: a price of 420,000 less the enterprise's 200,000."""


@dataclass(frozen=True)
class Story:
    """One language's words of the journey; ``seen`` is the title as that language's readers see it."""

    locale: str
    title: str
    title_en: str
    problem: str
    background: str
    method: str
    target: str
    secret: str
    plan: str
    schedule: str
    note: str
    team: str

    @property
    def seen(self) -> str:
        return self.title if self.locale == "zh-CN" else self.title_en


CHINESE = Story(
    locale="zh-CN",
    title="耐盐雾一千小时的无铬防腐涂层",
    title_en="Chromium-free coating that resists salt spray for 1,000 hours",
    problem="公司五金件在沿海客户处三个月内开始锈蚀，每年返修约一万两千件，客户投诉集中在焊缝与边角。"
    "现有涂层含铬，出口受限；需要一种不含铬、可在现有喷涂线上施工的长效防护涂层，单件成本增加不超过两元。"
    "请说明前处理、固化温度与节拍，并说明怎样在量产中检验。",
    background="试过两种市售水性涂料，附着力不足；现有喷涂线可以借用，样件每周可提供五十件。",
    method="GB/T 10125",
    target="耐盐雾时间",
    secret="现用配方为内部编号七号底漆，真实材料成本每件三元二角。",
    plan="以硅烷预处理与水性环氧涂层结合，先做小样盐雾对比，再在企业喷涂线上中试，焊缝与边角单独补涂。风险是固化温度偏高，备有低温配方。",
    schedule="第1–3月小样；第4–6月中试并交付样件",
    note="含焊缝",
    team="表面工程团队",
)
ENGLISH = Story(
    locale="en-US",
    title="Low-noise blower for sewing workshops",
    title_en="Low-noise blower for sewing workshops",
    problem="The blowers of our sewing workshop run at 78 dB one metre away, and operators wear ear plugs all day. "
    "Silencers on the market cut the air flow by a fifth. We need a blower of the same size and connections that keeps the "
    "present flow and pressure, is quieter in the whole speed range, and costs at most 300 yuan more to make. "
    "Please say how the impeller and the housing would change and how noise would be measured on the line.",
    background="Two suppliers offered thicker housings; the gain was 2 dB. Ten blowers can be lent for tests.",
    method="GB/T 2888",
    target="Sound pressure at one metre",
    secret="The present impeller is bought for 46 yuan under a contract that ends in June.",
    plan="We redesign the impeller with unequal blade spacing and a scroll with a larger tongue gap, simulate both, print "
    "three prototypes and compare them on the enterprise's bench before a pilot of twenty blowers. The risk is a lower "
    "pressure at low speed; a second scroll is prepared for that.",
    schedule="Months 1-3 simulation and prototypes; months 4-6 pilot and report",
    note="At full speed",
    team="Surface Engineering Team",
)


def write_the_order(owner: Visitor, site: Site, story: Story) -> int:
    """The five steps of the form; return the number of the order."""
    today = site.clock.now.astimezone(CITY).date()
    owner.go("/orders/new")
    owner.fill(
        place=f"{site.rows['enterprise']}:{site.rows['alliance']}",
        title=story.title,
        title_en=story.title_en,
        problem=story.problem,
        background=story.background,
        field="new_materials",
    )
    owner.press("/orders/new", look=True)
    number = owner.number(r"/orders/(\d+)/")
    owner.fill(trl_now=4, trl_wanted=7)
    owner.fill(
        **{
            "targets-0-name": story.target,
            "targets-0-comparator": "at_least",
            "targets-0-value": "1000",
            "targets-0-unit": "h",
            "targets-0-method": story.method,
            "targets-0-must_have": True,
        }
    )
    owner.press("/edit/targets", look=True)
    owner.fill(
        price_ceiling="48万",
        own_funds="20万",
        bid_deadline=f"{today + timedelta(days=24)}T17:00",
        delivery_on=str(today + timedelta(days=384)),
        contract_type="entrusted",
        procedure="quick",
        ip_wish="enterprise",
    )
    owner.press("/edit/terms", look=True)
    owner.fill(visibility="public", confidential=story.secret)
    owner.press("/edit/disclosure")
    owner.look(f"order-check-{story.locale}")
    owner.press(f"/orders/{number}/submit")
    return number


def write_the_bid(lead: Visitor, site: Site, story: Story, order: int) -> int:
    """Start, write, check and submit; return the number of the bid."""
    lead.go(f"/orders/{order}", picture=f"order-for-lead-{story.locale}")
    lead.go(f"/orders/{order}/bid")
    lead.fill(team=site.rows["team"])
    lead.press(f"/orders/{order}/bid")
    lead.fill(
        plan=story.plan,
        schedule=story.schedule,
        price="42万",
        start_on=str(site.clock.now.date() + timedelta(days=79)),
        months=6,
        own_days=90,
    )
    lead.fill(**{"answers-0-meets": "meets", "answers-0-value": "1100", "answers-0-note": story.note})
    lead.press("/edit")
    bid = lead.number(r"/bids/(\d+)/check")
    lead.look(f"bid-check-{story.locale}")
    lead.press(f"/bids/{bid}/submit")
    return bid


def match_in_a_round(officer: Visitor, site: Site, story: Story) -> int:
    """A round of every order that is open, the fund, one run; return the proposal for the order of the journey."""
    officer.go("/rounds/new")
    officer.fill(title="二〇二七年春季撮合", time_limit=3)
    officer.press_here()
    number = officer.number(r"/rounds/(\d+)")
    officer.go(f"/rounds/{number}/orders")
    for box in officer.page.locator("main input[name='orders']").all():
        box.check()
    officer.press_here()
    officer.go(f"/rounds/{number}/funds", picture=f"round-funds-{story.locale}")
    officer.fill(**{"rows-0-take": True})
    officer.press_here()
    officer.go(f"/rounds/{number}", picture=f"round-{story.locale}")
    officer.fill(label="首轮")
    officer.press(f"/rounds/{number}/runs")
    site.rows["round"], site.rows["run"] = number, officer.number(r"/runs/(\d+)")
    officer.go(f"/runs/{site.rows['run']}", picture=f"run-{story.locale}")
    if story is CHINESE:
        officer.picture_for_docs("round")
    officer.page.locator("main").get_by_role("link", name=story.seen).first.click()
    return officer.number(r"/proposals/(\d+)")


def journey(site: Site, visit: Visit, story: Story) -> None:
    """The whole story; leaves the numbers of its rows on the site."""
    owner, lead, officer, second = (visit(part, locale=story.locale) for part in PARTS)

    order = write_the_order(owner, site, story)
    officer.go("/orders/screening", picture=f"screening-{story.locale}")
    assert officer.reads(story.seen)
    officer.go(f"/orders/{order}", picture=f"order-for-officer-{story.locale}")
    officer.press(f"/orders/{order}/publish")

    bid = write_the_bid(lead, site, story, order)
    lead.go(f"/bids/{bid}/receipt", picture=f"receipt-{story.locale}")
    assert lead.page.get_by_text("SHA-256").count() > 0
    lead.go("/orders", picture=f"board-{story.locale}")
    if story is CHINESE:
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
    second.go(f"/orders/{order}/opening", picture=f"opening-{story.locale}")
    assert second.reads(story.team)

    proposal = match_in_a_round(officer, site, story)
    officer.go(f"/proposals/{proposal}", picture=f"proposal-{story.locale}")
    officer.press(f"/proposals/{proposal}/propose")
    assert officer.page.locator("form[action$='/approve']").count() == 0
    assert officer.page.locator("#decide .action-reason").count() == 1  # and is told why
    second.go(f"/proposals/{proposal}", picture=f"proposal-for-second-{story.locale}")
    forged = {name: second.page.locator(f"input[name='{name}']").first.input_value() for name in ("csrf_token", "seen")}
    forged["csrf_token"] = officer.page.locator("input[name='csrf_token']").first.input_value()
    answer = officer.page.request.post(f"/proposals/{proposal}/approve", form=forged, max_redirects=0)
    assert answer.status in {403, 409, 422}, answer.status  # nor by going round the page
    second.press(f"/proposals/{proposal}/approve")

    site.rows.update(order=order, bid=bid, proposal=proposal)
    owner.go(f"/orders/{order}/outcome", picture=f"outcome-for-owner-{story.locale}")
    assert owner.reads(story.team)
    lead.go(f"/bids/{bid}/outcome", picture=f"outcome-for-lead-{story.locale}")
    second.go(f"/funds/{site.rows['fund']}", picture=f"fund-{story.locale}")
    site.rows["matches"] = site.rows.get("matches", 0) + 1
    assert second.page.get_by_text(f"¥{GRANT * site.rows['matches']:,}").count() >= 1  # the reserved part of the bar
    assert second.page.get_by_text(f"¥{GRANT:,}").count() >= 1  # its line in the ledger

    for person in (owner, lead, officer, second):
        person.at_ease()


@pytest.mark.parametrize("story", [CHINESE, ENGLISH], ids=["in Chinese", "in English"])
def test_an_order_becomes_reserved_money_by_four_people(site: Site, visit: Visit, story: Story) -> None:
    journey(site, visit, story)
