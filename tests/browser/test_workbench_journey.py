"""A whole round at the workbench: an infeasible rule and its repair, a lock, a comparison, an objection and a recall."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.bids.models import Bid
from marketplace.db.base import db
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.workflow import RunState
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.factories import Make

PARTS = {"bench-officer": ("zh-CN", 1280), "bench-second": ("en-US", 390), "bench-loser": ("zh-CN", 390)}
TITLES = (
    ("铝合金压铸件气孔在线检测", "Inline detection of pores in aluminium castings"),
    ("热处理炉温场均匀性改造", "Even temperature in a heat-treatment furnace"),
    ("大型风电轴承试验台", "Test bench for large wind-turbine bearings"),
)


class Case:
    """Three orders of an alliance, two bids each, and money for two of them: the third costs more than anybody gives."""

    def __init__(self, site: Site) -> None:
        make = self.make = Make(site.clock, first=40_000)
        self.alliance = make.alliance(code="WB", name="铸造产业联盟", name_en="Foundry Alliance")
        self.fund = make.fund(40_000_000, share_max=4_000, name="铸造升级补助", name_en="Foundry Upgrade Grant")
        school = make.university(name="东江理工学院", name_en="Dongjiang Institute of Technology")
        self.orders: list[Order] = []
        self.bids: list[list[Bid]] = []
        for number, (title, english) in enumerate(TITLES):
            enterprise = make.enterprise(alliance=self.alliance, name=f"东江铸业{number + 1}号有限公司")
            own = 0 if number == 2 else 30_000_000
            order = make.order(
                enterprise,
                OrderState.OPENED,
                alliance_id=self.alliance.id,
                title=title,
                title_en=english,
                own_funds=own,
            )
            teams = [make.team(school, name=f"{title[:4]}团队{letter}") for letter in "甲乙"]
            prices = (36_000_000, 45_000_000)
            self.orders.append(order)
            self.bids.append([make.opened_bid(order, t, price=p) for t, p in zip(teams, prices, strict=True)])
        loser = make.lead(self.bids[0][0].team)
        people = (make.officer(), make.officer(), loser)
        self.officer = people[0]
        site.emails |= {part: account.email for part, account in zip(PARTS, people, strict=True)}


def set_up(case: Case, officer: Visitor) -> int:
    """A round of the three orders that demands three matches, which nobody can pay."""
    officer.page.goto("/rounds/new")
    officer.fill(title="铸造轮次", alliance_id=case.alliance.id, time_limit=20)
    officer.fill(**{"floors-0-group": "first_timer", "floors-0-matched": 3})
    officer.press_here()
    number = officer.number(r"/rounds/(\d+)")
    officer.page.goto(f"/rounds/{number}/orders")
    for order in case.orders:
        officer.page.locator(f"main [name='orders'][value='{order.id}']").check()
    officer.press_here()
    officer.page.goto(f"/rounds/{number}/funds")
    officer.page.locator("main .choice", has_text=case.fund.name).locator("input").check()
    officer.press_here()
    return number


def solve(officer: Visitor, number: int) -> int:
    officer.page.goto(f"/rounds/{number}")
    officer.press(f"/rounds/{number}/runs")
    return officer.number(r"/runs/(\d+)")


def repair(case: Case, officer: Visitor, number: int) -> None:
    """The contradiction names who must agree; a repair is looked at, then the rule that nobody can meet is lowered."""
    run = solve(officer, number)
    officer.go(f"/runs/{run}", picture="workbench-infeasible")
    assert officer.reads(f"由{case.orders[2].organisation.name}修改其订单")
    officer.press("/repairs")
    assert officer.number(r"/runs/(\d+)") != run
    officer.look("workbench-repair")
    officer.page.goto(f"/rounds/{number}/edit")
    officer.fill(**{"floors-0-matched": 2})
    officer.press_here()


def why_not_me(case: Case, officer: Visitor, run: int, loser: Bid) -> None:
    """From my work to the reason why a bid lost, in three clicks."""
    officer.page.goto("/home")
    for address in ("/rounds", f"/runs/{run}", f"/runs/{run}/orders/{loser.order_id}/why"):
        with officer.page.expect_navigation():
            officer.page.locator(f"main a[href='{address}']").first.click()
    officer.look("workbench-why")
    told = officer.page.locator(f"#b{loser.id}")
    assert loser.team.name in told.inner_text()
    assert "报价再低" in told.inner_text()


def lock_and_keep(officer: Visitor, run: int, loser: Bid) -> int:
    """What if the losing bid were required: its price is shown, it is set beside the four aims, and it is kept with a reason."""
    with officer.page.expect_navigation():
        officer.page.locator(f"#b{loser.id} a[href*='what-if']").click()
    officer.press(f"/runs/{run}/what-if")
    scenario = officer.number(r"/runs/(\d+)")
    officer.look("workbench-delta")
    officer.page.goto(f"/runs/{run}/compare")
    officer.press(f"/runs/{run}/aims")
    officer.go(f"/runs/{run}/compare?run={scenario}", picture="workbench-compare")
    assert officer.page.locator(f"main a[href='/runs/{scenario}']").count() == 1
    officer.page.goto(f"/runs/{scenario}")
    officer.fill(reason="该团队已有同类产线验证，联盟建议优先采用")
    officer.press(f"/runs/{scenario}/keep")
    return scenario


def decide(scenario: int, officer: Visitor, second: Visitor) -> list[int]:
    db.session.rollback()  # what the site has committed meanwhile
    query = select(Proposal.id).where(Proposal.run_id == scenario, Proposal.bid_id.is_not(None))
    proposals = list(db.session.scalars(query.order_by(Proposal.id)))
    for proposal in proposals:
        officer.page.goto(f"/proposals/{proposal}")
        officer.press(f"/proposals/{proposal}/propose")
        second.page.goto(f"/proposals/{proposal}")
        second.press(f"/proposals/{proposal}/approve")
    return proposals


def object_to(loser: Visitor, officer: Visitor, order: int) -> None:
    loser.page.goto(f"/orders/{order}")
    with loser.page.expect_navigation():
        loser.page.locator("main a[href^='/notices/']").first.click()
    notice = loser.number(r"/notices/(\d+)")
    loser.go(f"/awards/{notice}/objections/new")
    loser.fill(ground="scoring", text="我方报价更低且指标相同，请说明为何指定另一方案。")
    loser.press("/objections")
    complaint = loser.number(r"/objections/(\d+)")
    officer.go(f"/awards/{notice}", picture="workbench-frozen")
    assert officer.reads("异议")
    officer.page.goto(f"/objections/{complaint}")
    officer.press(f"/objections/{complaint}/accept")


def recall(scenario: int, officer: Visitor, second: Visitor) -> None:
    officer.page.goto(f"/awards/recall/{scenario}")
    officer.fill(reason="异议涉及评分依据，需要重新评审", public_reason="本轮结果召回，将重新评审")
    officer.press(f"/awards/recall/{scenario}")
    reversal = officer.number(r"/reversals/(\d+)")
    second.page.goto(f"/reversals/{reversal}")
    second.press(f"/reversals/{reversal}/approve")
    second.look("workbench-recalled-en")


def test_a_round_is_repaired_steered_compared_objected_to_and_recalled(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        case = Case(site)
        people = {part: visit(part, locale=locale, width=width) for part, (locale, width) in PARTS.items()}
        officer, second, complainant = people.values()
        number = set_up(case, officer)
        repair(case, officer, number)

        run = solve(officer, number)
        rounds.plan_studies(case.make.call(), run)
        chosen = {match["offer"] for match in (db.session.get_one(Run, run).solution or {})["matches"]}
        winner, loser = case.bids[0]
        assert f"b{winner.id}" in chosen
        why_not_me(case, officer, run, loser)
        scenario = lock_and_keep(officer, run, loser)

        assert len(decide(scenario, officer, second)) == 2
        officer.page.goto("/awards/to-announce")
        officer.press(f"/awards/release/{scenario}")
        object_to(complainant, officer, case.orders[0].id)
        recall(scenario, officer, second)

        db.session.rollback()
        assert db.session.get_one(Run, scenario).state is RunState.RECALLED
        assert db.session.get_one(Order, case.orders[0].id).state is OrderState.EVALUATING
        assert db.session.get_one(Order, case.orders[2].id).state is OrderState.EVALUATING
        for person in people.values():
            person.at_ease()
        db.session.remove()
