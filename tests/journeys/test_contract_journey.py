"""From an approved match to the last payment, on the site's own pages: negotiated, signed, rejected once, changed, paid."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.audit import verify
from marketplace.contracts.jobs import draft_due, release_due
from marketplace.contracts.models import Contract, Milestone, Payment
from marketplace.contracts.workflow import ContractState, MilestoneState, PaymentState
from marketplace.db.base import db
from marketplace.funds import queries as fund_queries
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from tests.contracts.scene import Scene, awarded
from tests.factories import Make


def wrong(page: str) -> list[str]:
    """The errors beside the fields of a refused form."""
    return re.findall(r"field-error.*?<span>(.*?)</span>", page)


class Story:
    """The people with their browsers, and what they look at."""

    def __init__(self, scene: Scene, sign_in: Any) -> None:
        self.scene = scene
        self.browsers: dict[str, FlaskClient] = {who: sign_in(account) for who, account in scene.accounts.items()}

    @property
    def contract(self) -> Contract:
        return db.session.scalars(select(Contract).execution_options(populate_existing=True)).one()

    def get(self, who: str, address: str) -> str:
        page = self.browsers[who].get(address)
        assert page.status_code == 200, (who, address, page.status_code)
        return page.text

    def post(self, who: str, address: str, **data: Any) -> None:
        page = self.browsers[who].post(address, data=data, content_type="multipart/form-data")
        assert page.status_code == 303, (who, address, page.status_code, wrong(page.text))

    def hidden(self, who: str, address: str, name: str) -> str:
        return re.findall(rf'name="{name}"[^>]*value="([^"]+)"', self.get(who, address))[0]

    def milestones(self) -> list[Milestone]:
        query = select(Milestone).order_by(Milestone.position).execution_options(populate_existing=True)
        return list(db.session.scalars(query))

    def payments(self, *states: PaymentState) -> list[Payment]:
        query = select(Payment).where(Payment.state.in_(states)).order_by(Payment.id)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    def deliver(self, row: Milestone) -> None:
        target = self.scene.order.targets[0].id
        report = (io.BytesIO(b"%PDF-1.7 report"), "测试报告.pdf")
        fields = {f"value-{target}": "1200", f"method-{target}": "GB/T 10125"}
        self.post("lead", f"/milestones/{row.id}/deliver", note="阶段成果与测试报告", upload=report, **fields)

    def decide(self, row: Milestone, outcome: str, reasons: str = "") -> None:
        address = f"/milestones/{row.id}"
        key = self.hidden("enterprise", address, "key")
        for _ in range(2):  # the second click answers like the first
            self.post("enterprise", f"{address}/decide", key=key, outcome=outcome, reasons=reasons)

    def pay(self) -> None:
        """Everything due, by whoever has to: own money between the parties, funds through both levels and the bank."""
        money = f"/contracts/{self.contract.id}/money"
        for row in self.payments(PaymentState.DUE):
            if row.source.fund_id is None:
                key = self.hidden("enterprise", f"/payments/{row.id}/declare", "key")
                self.post("enterprise", f"/payments/{row.id}/declare", key=key, bank_reference="CMB001")
                self.post("institution", f"/payments/{row.id}/confirm", key=self.hidden("institution", money, "key"))
                continue
            for who, step in (("officer", "check"), ("manager", "approve")):
                keys = re.findall(
                    rf'action="/payments/{row.id}/{step}".*?name="key" value="([^"]+)"', self.get(who, money), re.DOTALL
                )
                self.post(who, f"/payments/{row.id}/{step}", key=keys[0])
                self.post(who, f"/payments/{row.id}/{step}", key=keys[0])
        if self.payments(PaymentState.APPROVED):
            page = self.get("officer", "/payments")
            key = re.findall(r'action="/payment-orders".*?name="key" value="([^"]+)"', page, re.DOTALL)[0]
            self.post("officer", "/payment-orders", key=key)
            lines = [
                f"B{r.id}-{r.attempt},{r.reference},成功,{r.amount / 100:.2f},"
                for r in self.payments(PaymentState.ORDERED)
            ]
            answer = "\n".join(["流水号,付款编号,结果,金额,备注", *lines]).encode("gb18030")
            for _ in range(2):
                self.post("officer", "/payments/receipts", upload=(io.BytesIO(answer), "回单.csv"))


def test_from_the_award_to_the_last_fen(make: Make, sign_in: Any) -> None:
    story = Story(awarded(make), sign_in)
    draft_due(make.call())
    number = story.contract.id
    base = f"/contracts/{number}"

    # The team asks for arbitration, the enterprise accepts; both sign; the money is committed.
    wish = {"text": "争议提交甲方所在地仲裁委员会仲裁。", "note": "更快"}
    story.post(
        "lead", f"{base}/clauses/disputes", seen=story.hidden("lead", f"{base}/clauses/disputes", "seen"), **wish
    )
    seen = story.hidden("enterprise", f"{base}/clauses/disputes", "seen")
    story.post("enterprise", f"{base}/clauses/disputes/accept", seen=seen)
    for who in ("enterprise", "institution"):
        shown = story.hidden(who, f"{base}/sign", "document_hash")
        story.post(who, f"{base}/sign", document_hash=shown, typed_name=story.scene.accounts[who].person.name)
    assert story.contract.state is ContractState.IN_FORCE
    assert "甲方所在地仲裁委员会" in story.browsers["officer"].get(f"{base}/text").text

    # The first milestone is rejected, reworked, accepted and paid.
    first = story.milestones()[0]
    story.deliver(first)
    story.decide(first, "reject", "盐雾试验只有 800 小时")
    assert story.milestones()[0].state is MilestoneState.REJECTED
    story.deliver(first)
    story.decide(first, "accept")
    story.pay()

    # A change order: the last milestone later and cheaper.
    rows = story.milestones()[1:]
    fields: dict[str, Any] = {"kind": "scope_cut", "reason": "取消一项中试，工期顺延"}
    for n, row in enumerate(rows):
        cheaper = row.amount - (2_000_000 if row is rows[-1] else 0)
        later = row.due_on + timedelta(days=30 if row is rows[-1] else 0)
        fields |= {f"steps-{n}-milestone": str(row.id), f"steps-{n}-title": row.title}
        fields |= {f"steps-{n}-deliverables": row.deliverables, f"steps-{n}-due_on": later.isoformat()}
        fields[f"steps-{n}-amount"] = f"{cheaper / 100:.2f}"
    story.post("institution", f"{base}/changes", **fields)
    change = re.findall(r'action="/changes/(\d+)/accept"', story.get("enterprise", f"{base}/changes"))[0]
    story.post("enterprise", f"/changes/{change}/accept")
    assert story.contract.price == 40_000_000

    # The rest is delivered, accepted and paid; then the retention; the order is completed.
    for row in rows:
        story.deliver(row)
        story.decide(row, "accept")
        story.pay()
    make.clock.advance(days=91)  # type: ignore[attr-defined]
    db.session.commit()  # ends what this test has read: a use case of its own begins with a rollback
    release_due(make.call())
    for who in story.browsers:
        story.browsers[who] = sign_in(story.scene.accounts[who])
    story.pay()
    assert story.contract.state is ContractState.COMPLETED
    assert db.session.get_one(Order, story.scene.order.id, populate_existing=True).state is OrderState.COMPLETED
    assert sum(row.amount for row in story.payments(PaymentState.PAID)) == 40_000_000

    # What remains: a student, a patent, both sides' words; and the books agree.
    day = make.clock.now.date().isoformat()  # type: ignore[attr-defined]
    student = {"student": "李同学", "level": "master", "mentor_enterprise": "王工", "mentor_institution": "陈教授"}
    story.post("lead", f"{base}/students", starts_on=day, topic="", **student)
    story.post("lead", f"{base}/results", kind="patent", title="一种无铬涂层", on=day, number="", holder="")
    for who in ("enterprise", "institution"):
        story.post(who, f"{base}/rating", quality="5", timeliness="4", cooperation="5", reasons="顺利")
    assert "一种无铬涂层" in story.get("officer", f"{base}/results")
    assert fund_queries.drifts() == []
    assert [text for check in (verify.ledger, verify.chain) for text in check()] == []
