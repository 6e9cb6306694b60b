"""Strict mode from a consortium's sealed bid through a change, the opening, a committee and an objection, in seven browsers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from nacl.pwhash import argon2id
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.awards import service as awards
from marketplace.bids import holders, service
from marketplace.bids.models import Bid
from marketplace.bids.terms import Answer
from marketplace.bids.workflow import BidState, Meets
from marketplace.db.base import db
from marketplace.evaluation import queries as evaluations
from marketplace.evaluation import service as evaluating
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure
from marketplace.rounds import service as rounds
from tests.bids.scene import PLAN, Scene
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.factories import Make
from tests.rounds.conftest import MILLION
from tests.rounds.conftest import Scene as RoundScene

PARTS = {
    "owner": ("zh-CN", 1280),
    "lead": ("en-US", 390),
    "partner": ("zh-CN", 390),
    "officer": ("zh-CN", 1280),
    "second": ("en-US", 1280),
    "judge": ("en-US", 390),
    "loser": ("zh-CN", 1280),
}


class Case(Scene):
    """A strict order of the site's own city, with the people of the journey; it leaves the site's keys as they are."""

    def __init__(self, site: Site) -> None:
        self.make, self.clock = Make(site.clock, first=20_000), site.clock
        make = self.make
        self.alliance = make.alliance(code="SB", name="智能装备产业联盟", name_en="Smart Equipment Alliance")
        self.enterprise = make.enterprise(
            alliance=self.alliance, name="东莞市鸿远注塑有限公司", name_en="Hongyuan Injection Moulding"
        )
        self.owner = make.owner(self.enterprise)
        self.order = make.order(
            self.enterprise,
            alliance_id=self.alliance.id,
            title="注塑机油温在线预测与节能控制",
            title_en="Forecast of oil temperature and saving control for moulding machines",
            procedure=Procedure.STRICT,
            own_funds=25_000_000,
            bid_deadline=site.clock() + timedelta(days=22),
        )
        self.university = make.university(name="莞港理工大学", name_en="Guangang University of Technology")
        self.team = make.team(self.university, name="工业节能团队", name_en="Industrial Energy Team")
        self.lead = make.lead(self.team)
        institute = make.university(name="湾区传感研究院", name_en="Bay Sensor Institute")
        self.partner_team = make.team(institute, name="温度传感组", name_en="Temperature Sensing Group")
        self.partner = make.owner(institute)
        assert len(self.holders) == holders.HOLDERS
        service.prepare_keys(make.call(), self.order.id)
        self.rivals: list[tuple[Bid, Account]] = []
        for _ in range(2):
            team = make.team()
            lead = make.lead(team)
            self.rivals.append((self.drafted(team, lead), lead))
        self.rivals_answer_anew()
        self.judges = [make.account(person=make.person(name)) for name in ("沈岳", "顾晴", "罗启明", "方宁", "叶青")]
        parts = (self.owner, self.lead, self.partner, *self.officers, self.judges[0], self.rivals[1][1])
        site.emails |= {name: account.email for name, account in zip(PARTS, parts, strict=True)}

    def rivals_answer_anew(self) -> None:
        answers = (Answer(self.order.targets[0].id, Meets.MEETS, "1150", "附检测计划"),)
        for (bid, lead), price in zip(self.rivals, (39_000_000, 45_000_000), strict=True):
            service.submit_bid(self.call(lead), bid.id, self.terms(bid.team, price=price, answers=answers))


def write_together(case: Case, lead: Visitor, partner: Visitor) -> int:
    """A bid of two teams: the second's institution authorises its part, then it is submitted."""
    lead.page.goto(f"/orders/{case.order.id}/bid")
    lead.fill(team=case.team.id)
    lead.press(f"/orders/{case.order.id}/bid")
    start = str(case.clock.now.date() + timedelta(days=60))
    lead.fill(
        plan=PLAN, schedule="Months 1-3 sensors; months 4-6 control on two machines", price="40万", start_on=start
    )
    lead.fill(months=6, own_days=80)
    lead.fill(**{"answers-0-meets": "exceeds", "answers-0-value": "1200", "answers-0-evidence": "Report 2026-114"})
    row = {"team": case.partner_team.id, "person_days": 30, "money": "12万", "task": "Sensors in the oil circuit"}
    lead.fill(**{f"partners-0-{name}": value for name, value in row.items()})
    lead.press("/edit")
    bid = lead.number(r"/bids/(\d+)/check")
    lead.press(f"/bids/{bid}/ask-partners")
    partner.go(f"/bids/{bid}/parts/{case.partner_team.id}", picture="strict-part")
    assert not partner.reads(PLAN[:10])
    partner.press("/give")
    lead.page.goto(f"/bids/{bid}/check")
    lead.press(f"/bids/{bid}/submit")
    return bid


def change_and_confirm(case: Case, owner: Visitor, lead: Visitor, bid: int) -> None:
    """The target rises late, so the deadline moves; everybody compares; the bid counts again once it is confirmed."""
    order = f"/orders/{case.order.id}"
    owner.page.goto(f"{order}/amend")
    owner.fill(**{"targets-0-value": "1100", "price_ceiling": "48万", "note": "样机测试后提高指标，最高限价相应下调"})
    owner.look("strict-amend")
    owner.press(f"{order}/amend")
    owner.go(f"{order}/changes", picture="strict-changes")
    lead.go(f"{order}/changes", picture="strict-changes-en")
    assert lead.page.locator("ins", has_text="1100").count() == 1
    lead.go(f"/bids/{bid}", picture="strict-needs-confirmation")
    lead.page.goto(f"/bids/{bid}/check")
    lead.press(f"/bids/{bid}/submit")


def judge_the_bids(case: Case, officer: Visitor, judge: Visitor) -> None:
    """Five experts; one appointed and scoring through the pages, the others beside."""
    call, order = case.call(case.officers[0]), case.order.id
    for account in case.judges[1:]:
        evaluating.appoint(call, order, account.email, expert=True)
    officer.page.goto(f"/orders/{order}/evaluation")
    officer.fill(email=case.judges[0].email, expert=True)
    officer.press("/evaluation/members")
    row = evaluations.of_order(case.fresh_order())
    assert row is not None
    judge.page.goto(f"/evaluations/{row.id}")
    judge.press("/accept")
    for account in case.judges[1:]:
        evaluating.accept_seat(case.call(account), row.id)
    officer.page.goto(f"/orders/{order}/evaluation")
    officer.press("/evaluation/begin")
    bids = db.session.scalars(select(Bid).where(Bid.order_id == order, Bid.state == BidState.OPENED).order_by(Bid.id))
    points = [(bid.id, 88 if bid.team_id == case.team.id else 60) for bid in bids]
    criteria = [criterion.id for criterion in row.criteria]
    for account in case.judges[1:]:
        for bid, given in points:
            evaluating.save_scores(case.call(account), row.id, bid, dict.fromkeys(criteria, given), "")
        evaluating.submit_scores(case.call(account), row.id)
    for bid, given in points:
        judge.page.goto(f"/evaluations/{row.id}/bids/{bid}")
        judge.fill(**{f"rows-{number}-points": given for number in range(len(criteria))})
        judge.press(f"/bids/{bid}")
    judge.go(f"/evaluations/{row.id}", picture="strict-seat")
    judge.press(f"/evaluations/{row.id}/submit")
    officer.page.goto(f"/orders/{order}/evaluation")
    officer.press("/evaluation/lock")
    officer.look("strict-evaluation")


def award(case: Case) -> int:
    """A round chooses the consortium; two officers approve and the notice is published."""
    case.make.fund(MILLION, share_max=4_000)
    scene = RoundScene(case.make, case.alliance, *case.officers, case.make.fund(MILLION, share_max=4_000))
    scene.orders = [db.session.get_one(Order, case.order.id)]
    proposal = scene.proposed()
    rounds.approve(scene.other, proposal.id, proposal.content_hash)
    return awards.announce(scene.call, proposal.id).id


def test_a_strict_order_is_answered_together_changed_judged_and_objected_to(
    site: Site, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holders, "OPSLIMIT", argon2id.OPSLIMIT_MIN)
    monkeypatch.setattr(holders, "MEMLIMIT", argon2id.MEMLIMIT_MIN)
    with site.app.app_context():
        case = Case(site)
        order = case.order.id
        people = {part: visit(locale=locale, width=width) for part, (locale, width) in PARTS.items()}
        owner, lead, partner, officer, second, judge, loser = people.values()
        for part in ("owner", "lead", "partner"):
            people[part].sign_in(part)
        bid = write_together(case, lead, partner)
        site.clock.advance(days=10)
        change_and_confirm(case, owner, lead, bid)
        case.rivals_answer_anew()

        site.clock.advance(days=16)
        for part in ("officer", "second", "judge", "loser"):
            people[part].sign_in(part)
        officer.page.goto(f"/orders/{order}/opening")
        officer.press("/opening/request")
        second.page.goto(f"/orders/{order}/opening")
        second.press("/opening/confirm")
        service.open_bids(case.make.call(), order, case.holders[1:])
        officer.go(f"/orders/{order}/opening", picture="strict-opening")
        judge_the_bids(case, officer, judge)

        notice = award(case)
        loser.go(f"/orders/{order}", picture="strict-order-awarded")
        loser.page.locator(f"main a[href='/notices/{notice}']").click()
        loser.go(f"/awards/{notice}/objections/new", picture="strict-objection")
        loser.fill(ground="scoring", text="评委对我方能耗预测模型的评分与公开的评分标准不一致，请复核。")
        loser.press("/objections")
        complaint = loser.number(r"/objections/(\d+)")
        officer.page.goto(f"/objections/{complaint}")
        officer.press(f"/objections/{complaint}/accept")
        loser.go(f"/notices/{notice}", picture="strict-notice-frozen")
        assert loser.reads("异议")
        for person in people.values():
            person.at_ease()
        db.session.remove()
