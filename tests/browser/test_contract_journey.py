"""From an approved match to the last payment, by four people in four browsers: negotiated, signed, rejected, changed, paid."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from marketplace.bids.terms import FORMAT, BidTerms, Milestone
from marketplace.contracts.jobs import draft_due, release_due
from marketplace.contracts.models import Contract, Payment
from marketplace.contracts.workflow import PaymentState
from marketplace.db.base import db
from marketplace.orders.workflow import ContractType
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.visitor import Visitor
from tests.contracts.scene import awarded
from tests.factories import Make

PEOPLE = {
    "enterprise": ("zh-CN", 1280),
    "institution": ("en-US", 390),
    "officer": ("zh-CN", 390),
    "manager": ("en-US", 1280),
}
EXTRAS = ("least_price", "most_price", "milestones", "staff", "background", "students", "attachments")
PLAN = BidTerms(
    milestones=(Milestone("样品与测试", 3, "样品、测试报告", 5000), Milestone("中试验收", 6, "总结报告", 5000)),
    students=1,
)


def approved_match(site: Site) -> tuple[int, dict[str, str]]:
    """An approved match with its money and days reserved, whose contract the clock draws up: its number, who has which name."""
    with site.app.app_context():
        make = Make(site.clock, first=5_000)
        extras = {key: value for key, value in PLAN.as_json().items() if key in EXTRAS}
        scene = awarded(
            make,
            amounts=(20_000_000, 12_000_000),
            funds=({},),
            bid_values={"version": FORMAT, "extras": extras},
            contract_type=ContractType.ENTRUSTED,
            title="低噪声缝纫吸风机",
            title_en="Low-noise blower for sewing workshops",
        )
        draft_due(make.call())
        for who in PEOPLE:
            site.emails[who] = scene.accounts[who].email
        names = {who: scene.accounts[who].person.name for who in PEOPLE}
        number = db.session.scalars(select(Contract.id).where(Contract.order_id == scene.order.id)).one()
        db.session.remove()
    return number, names


def sign(person: Visitor, contract: int, name: str) -> None:
    person.go(f"/contracts/{contract}/sign")
    person.fill(typed_name=name)
    person.press("/sign")


def hand_over(team: Visitor, contract: int, place: int, picture: str = "") -> None:
    open_milestone(team, contract, place)
    team.fill(note="阶段成果与测试报告，见附件。")
    team.page.locator("main input[name^='value-']").first.fill("1200")
    report = {"name": "report.txt", "mimeType": "text/plain", "buffer": "盐雾 1200 h".encode()}
    team.page.locator("main input[type='file']").set_input_files(report)  # type: ignore[arg-type]
    team.press("/deliver")
    if picture:
        team.look(picture)


def judge(enterprise: Visitor, contract: int, place: int, outcome: str, reasons: str = "", picture: str = "") -> None:
    open_milestone(enterprise, contract, place)
    if picture:
        enterprise.look(picture)
    enterprise.fill(outcome=outcome, reasons=reasons)
    enterprise.press("/decide")


def open_milestone(person: Visitor, contract: int, place: int) -> None:
    person.page.goto(f"/contracts/{contract}/delivery")
    with person.page.expect_navigation():
        person.page.locator("main a[href^='/milestones/']").nth(place).click()


def pay(site: Site, people: dict[str, Visitor], contract: int, picture: str = "") -> None:
    """Own money between the parties; the fund's through officer, manager, order and the bank's answer."""
    money = f"/contracts/{contract}/money"
    enterprise, institution, officer, manager = (people[who] for who in PEOPLE)
    enterprise.page.goto(money)
    while (link := enterprise.page.locator("a[href$='/declare']")).count():
        with enterprise.page.expect_navigation():
            link.first.click()
        enterprise.fill(bank_reference="CMB0001")
        enterprise.press("/declare")
    for person, step in ((institution, "/confirm"), (officer, "/check"), (manager, "/approve")):
        person.page.goto(money)
        while person.page.locator(f"form[action$='{step}']").count():
            person.press(step)
    officer.go("/payments", picture=picture)
    officer.press("/payment-orders")
    officer.page.goto("/payments/receipts")
    answer = {"name": "回单.csv", "mimeType": "text/csv", "buffer": answer_of_the_bank(site, contract)}
    officer.page.locator("main input[type='file']").set_input_files(answer)  # type: ignore[arg-type]
    officer.press("/payments/receipts")


def answer_of_the_bank(site: Site, contract: int) -> bytes:
    with site.app.app_context():
        rows = db.session.scalars(
            select(Payment).where(Payment.contract_id == contract, Payment.state == PaymentState.ORDERED)
        ).all()
        lines = [f"B{row.id},{row.reference},成功,{row.amount / 100:.2f}," for row in rows if row.source.fund_id]
        db.session.remove()
    return "\n".join(["流水号,付款编号,结果,金额,备注", *lines]).encode()


def test_an_approved_match_is_signed_delivered_changed_and_paid(site: Site, visit: Visit) -> None:
    contract, names = approved_match(site)
    base = f"/contracts/{contract}"
    people = {who: visit(who, locale=locale, width=width) for who, (locale, width) in PEOPLE.items()}
    enterprise, institution, officer, _manager = people.values()

    # One side asks for another text, the other accepts; both sign exactly that.
    institution.go(f"{base}/clauses/disputes", picture="contract-clause-en-390")
    institution.fill(text="争议提交甲方所在地仲裁委员会仲裁。", note="更快，且不公开")
    institution.press("/clauses/disputes")
    enterprise.go(f"{base}/clauses/disputes", picture="contract-clause-zh-1280")
    assert enterprise.page.locator("main del, main ins").count() >= 1
    enterprise.press("/accept")
    sign(enterprise, contract, names["enterprise"])
    sign(institution, contract, names["institution"])
    institution.go(base, picture="contract-en-390")

    # The first milestone is rejected with reasons, reworked, accepted and paid.
    hand_over(institution, contract, 0)
    judge(enterprise, contract, 0, "reject", "盐雾试验只有 800 小时，请补足。", picture="contract-decide-zh-1280")
    assert enterprise.reads("盐雾试验只有 800 小时")
    hand_over(institution, contract, 0, picture="contract-milestone-en-390")
    judge(enterprise, contract, 0, "accept")
    pay(site, people, contract, picture="contract-payments-zh-390")

    # A change order: the last milestone later and cheaper.
    institution.go(f"{base}/changes/new", picture="contract-change-en-390")
    due = institution.page.locator("main input[name='steps-0-due_on']").input_value()
    institution.fill(kind="scope_cut", reason="取消一项中试，工期顺延")
    later = (date.fromisoformat(due) + timedelta(days=30)).isoformat()
    institution.fill(**{"steps-0-amount": "150000", "steps-0-due_on": later})
    institution.press("/changes")
    enterprise.go(f"{base}/changes", picture="contract-changes-zh-1280")
    enterprise.press("/accept")
    enterprise.go(base, picture="contract-zh-1280")
    assert enterprise.reads("310,000")

    # The rest is accepted and paid; after ninety days the retention too, and the contract is completed.
    hand_over(institution, contract, 1)
    judge(enterprise, contract, 1, "accept")
    pay(site, people, contract)
    site.clock.advance(days=91)
    with site.app.app_context():
        release_due(Make(site.clock).call())
        db.session.remove()
    for who, person in people.items():
        person.sign_in(who)
    pay(site, people, contract)
    officer.go(base, picture="contract-completed-zh-390")
    assert officer.page.get_by_text("已履行完毕").count() >= 1
    assert paid(site, contract) == 31_000_000
    for person in people.values():
        person.at_ease()


def paid(site: Site, contract: int) -> int:
    with site.app.app_context():
        rows = db.session.scalars(
            select(Payment.amount).where(Payment.contract_id == contract, Payment.state == PaymentState.PAID)
        )
        return sum(rows)
