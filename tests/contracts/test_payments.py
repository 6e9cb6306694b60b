"""Two people, one payment, one arrival: checked, approved, ordered, settled by the bank, once whatever is repeated."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from sqlalchemy import func, select

from marketplace.audit import verify
from marketplace.contracts import exports, once, progress, receipts, service
from marketplace.contracts.jobs import release_due
from marketplace.contracts.models import Payment, PaymentOrder, Reply
from marketplace.contracts.service import paying
from marketplace.contracts.service.paying import payment_content
from marketplace.contracts.terms import ReceiptLine
from marketplace.contracts.workflow import ContractState, PaymentState
from marketplace.db.base import db
from marketplace.funds import queries as fund_queries
from marketplace.funds.models import LedgerTransaction
from marketplace.funds.workflow import Movement
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from tests.contracts.scene import Scene, awarded
from tests.contracts.test_delivery import decide, deliver, key, milestones
from tests.factories import Make


def accepted(scene: Scene) -> list[Payment]:
    """The payments of an accepted first milestone: own money, then the funds."""
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    decide(scene, first)
    return payments()


def payments() -> list[Payment]:
    return list(db.session.scalars(select(Payment).order_by(Payment.id).execution_options(populate_existing=True)))


def of_funds(rows: list[Payment]) -> list[Payment]:
    return [row for row in rows if row.source.fund_id is not None]


def through(scene: Scene, row: Payment) -> None:
    service.check_payment(scene.call("officer"), row.id, key())
    service.approve_payment(scene.call("manager"), row.id, key())


def answer(row: Payment, outcome: str = "paid", number: str = "", note: str = "") -> ReceiptLine:
    return ReceiptLine(number or f"B{row.id}-{row.attempt}-{outcome}", row.reference, outcome, row.amount, note)


def pay_all(scene: Scene) -> None:
    """Bring every due payment to its end."""
    for row in payments():
        if row.state is not PaymentState.DUE:
            continue
        if row.source.fund_id is None:
            service.declare_paid(scene.call("enterprise"), row.id, "T1", key())
            service.confirm_arrival(scene.call("institution"), row.id, key())
        else:
            through(scene, row)
    if any(row.state is PaymentState.APPROVED for row in payments()):
        service.order_payments(scene.call("officer"), key())
        service.import_receipts(
            scene.call("officer"), [answer(r) for r in payments() if r.state is PaymentState.ORDERED]
        )


def test_a_payment_goes_through_two_people_the_bank_and_the_ledger(scene: Scene) -> None:
    rows = of_funds(accepted(scene))
    for row in rows:
        through(scene, row)
    order = service.order_payments(scene.call("officer"), key())
    assert order.total == sum(row.amount for row in rows)
    before = scene.balances()
    service.import_receipts(scene.call("manager"), [answer(row) for row in rows])
    after = scene.balances()
    for row, (_, _, committed, paid), (_, _, now_committed, now_paid) in zip(rows, before, after, strict=True):
        assert (committed - now_committed, now_paid - paid) == (row.amount, row.amount)
    assert {row.state for row in of_funds(payments())} == {PaymentState.PAID}
    assert fund_queries.drifts() == []


def test_the_second_level_is_another_natural_person_with_another_role(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    with pytest.raises(Forbidden, match="officers_only"):
        service.check_payment(scene.call("manager"), row.id, key())
    both = scene.make.account(Role.CENTRE_OFFICER, Role.FUND_MANAGER)
    scene.accounts["both"] = both
    service.check_payment(scene.call("both"), row.id, key())
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_payment(scene.call("both"), row.id, key())
    with pytest.raises(Forbidden, match="managers_only"):
        service.approve_payment(scene.call("officer"), row.id, key())


def test_whoever_acts_for_a_party_touches_none_of_its_money(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    person = scene.accounts["institution"].person
    scene.accounts["biased"] = scene.make.account(Role.CENTRE_OFFICER, person=person)
    with pytest.raises(Forbidden, match="own_interest"):
        service.check_payment(scene.call("biased"), row.id, key())


def test_a_payment_that_was_sent_back_is_checked_anew(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    through(scene, row)
    service.send_back(scene.call("manager"), row.id, "账号有误")
    with pytest.raises(Conflict):
        service.approve_payment(scene.call("manager"), row.id, key())
    through(scene, row)


def test_own_money_goes_from_party_to_party(scene: Scene) -> None:
    own = next(row for row in accepted(scene) if row.source.fund_id is None)
    with pytest.raises(Conflict, match="own_money"):
        service.check_payment(scene.call("officer"), own.id, key())
    with pytest.raises(Conflict, match="other_side_pays"):
        service.declare_paid(scene.call("institution"), own.id, "T1", key())
    service.declare_paid(scene.call("enterprise"), own.id, "T1", key())
    with pytest.raises(Conflict, match="other_side_pays"):
        service.confirm_arrival(scene.call("enterprise"), own.id, key())
    service.confirm_arrival(scene.call("institution"), own.id, key())
    assert scene.contract.sources[0].paid == own.amount


def test_a_failed_payment_is_tried_again_and_a_returned_one_is_committed_again(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    through(scene, row)
    service.order_payments(scene.call("officer"), key())
    service.import_receipts(scene.call("officer"), [answer(row, "failed", note="账号不符")])
    committed = scene.balances()[0][2]
    service.retry_payment(scene.call("officer"), row.id)
    through(scene, row)
    service.order_payments(scene.call("officer"), key())
    row = of_funds(payments())[0]
    service.import_receipts(scene.call("officer"), [answer(row)])
    service.import_receipts(scene.call("officer"), [answer(row, "returned", note="退汇")])
    assert (of_funds(payments())[0].state, scene.balances()[0][2]) == (PaymentState.RETURNED, committed)
    service.retry_payment(scene.call("officer"), row.id)
    through(scene, row)
    service.order_payments(scene.call("officer"), key())
    row = of_funds(payments())[0]
    service.import_receipts(scene.call("officer"), [answer(row)])
    assert (row.attempt, scene.balances()[0][2]) == (3, committed - row.amount)


def test_the_same_file_of_the_bank_settles_once(scene: Scene) -> None:
    rows = of_funds(accepted(scene))
    for row in rows:
        through(scene, row)
    service.order_payments(scene.call("officer"), key())
    lines = [answer(row) for row in rows]
    assert service.import_receipts(scene.call("officer"), lines) == {"new": 2, "known": 0}
    balances = scene.balances()
    assert service.import_receipts(scene.call("officer"), lines) == {"new": 0, "known": 2}
    assert scene.balances() == balances


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": 1}, "receipt_amount"),
        ({"reference": "HT-2027-0001-999999-1"}, "receipt_unknown"),
        ({"reference": "'=1+1"}, "receipt_unknown"),
    ],
)
def test_one_wrong_line_keeps_the_whole_file_out(scene: Scene, change: dict[str, object], code: str) -> None:
    rows = of_funds(accepted(scene))
    for row in rows:
        through(scene, row)
    service.order_payments(scene.call("officer"), key())
    good = [answer(row) for row in rows]
    bad = ReceiptLine(**{**{n: getattr(good[1], n) for n in good[1].__dataclass_fields__}, **change})  # type: ignore[arg-type]
    with pytest.raises(Conflict, match=code):
        service.import_receipts(scene.call("officer"), [good[0], bad])
    assert {row.state for row in of_funds(payments())} == {PaymentState.ORDERED}


def test_a_double_click_approves_once_and_answers_twice(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    service.check_payment(scene.call("officer"), row.id, key())
    again = key()
    content = payment_content("contracts.approve_payment", row.id)
    call = scene.call("manager")
    answers = [
        once.perform(call, again, content, lambda: service.approve_payment(call, row.id, again)) for _ in range(3)
    ]
    assert answers[0] == answers[1] == answers[2] == {"payment": row.id, "state": "approved"}
    assert db.session.scalar(select(func.count()).select_from(Reply).where(Reply.key == again)) == 1


def test_a_key_for_something_else_or_somebody_else_is_refused(scene: Scene) -> None:
    first, second = of_funds(accepted(scene))
    used = key()
    call = scene.call("officer")
    content = payment_content("contracts.check_payment", first.id)
    once.perform(call, used, content, lambda: service.check_payment(call, first.id, used))
    other = payment_content("contracts.check_payment", second.id)
    with pytest.raises(Conflict, match="key_reused"):
        once.perform(call, used, other, lambda: service.check_payment(call, second.id, used))
    scene.accounts["officer2"] = scene.make.officer()
    with pytest.raises(Conflict, match="key_reused"):
        once.perform(scene.call("officer2"), used, content, lambda: None)


def test_settling_twice_is_refused_by_the_state_and_without_it_by_the_ledger(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with the state machine out of the way the ledger's key still moves the money once."""
    row = of_funds(accepted(scene))[0]
    through(scene, row)
    service.order_payments(scene.call("officer"), key())
    service.import_receipts(scene.call("officer"), [answer(row)])
    with pytest.raises(Conflict):
        service.import_receipts(scene.call("officer"), [answer(row, number="another")])
    monkeypatch.setattr(paying, "_step", lambda *_: None)
    monkeypatch.setattr(paying, "complete_if_done", lambda *_: False)
    paid = scene.balances()[0][3]
    with pytest.raises(Conflict):  # the source's CHECK: paid would pass what was called
        service.import_receipts(scene.call("officer"), [answer(row, number="third")])
    assert scene.balances()[0][3] == paid
    moves = select(func.count()).select_from(LedgerTransaction).where(LedgerTransaction.movement == Movement.PAY)
    assert db.session.scalar(moves) == 1


def test_all_is_paid_to_the_fen_and_the_order_is_completed(scene: Scene) -> None:
    contract = scene.in_force()
    for row in milestones(scene):
        deliver(scene, row)
        decide(scene, row)
        pay_all(scene)
    assert scene.contract.state is ContractState.IN_FORCE
    release_due(scene.make.call())
    assert len([r for r in payments() if r.milestone_id is None]) == 0
    scene.make.clock.advance(days=91)  # type: ignore[attr-defined]
    release_due(scene.make.call())
    release_due(scene.make.call())
    pay_all(scene)
    assert sum(row.amount for row in payments()) == contract.price
    assert [(s.amount, s.paid) for s in scene.contract.sources] == [
        (s.amount, s.amount) for s in scene.contract.sources
    ]
    assert scene.contract.state is ContractState.COMPLETED
    assert db.session.get_one(Order, scene.order.id, populate_existing=True).state is OrderState.COMPLETED
    assert fund_queries.drifts() == []
    assert list(verify.ledger()) == []


def test_own_money_goes_first_where_a_fund_matches_it(make: Make) -> None:
    scene = awarded(make, funds=({"match_max": 10_000}, {}))
    rows = accepted(scene)
    assert [row.source.fund_id for row in rows] == [None]
    assert scene.contract.sources[1].called == 0


def test_the_payment_order_is_text_that_no_spreadsheet_runs(scene: Scene, client: object) -> None:
    order = PaymentOrder(
        reference="PO-1",
        total=5,
        lines=[{"reference": "R", "payee": "=cmd()", "payee_uscc": "X", "fund": "+1", "amount": 5, "purpose": "@x"}],
    )
    with scene_request(client):
        text = exports.csv_of(order).decode("utf-8-sig")
        book = exports.xlsx_of(order)
    assert "'=cmd()" in text
    assert "'+1" in text
    assert "0.05" in text
    assert book[:2] == b"PK"


def scene_request(client: object) -> object:
    return client.application.test_request_context()  # type: ignore[attr-defined]


GOOD = '流水号,付款编号,结果,金额,备注\nB1,HT-2027-0001-1-1,成功,"1,234.56",\n'


def test_the_banks_csv_is_read_in_both_encodings() -> None:
    for data in (GOOD.encode(), GOOD.encode("gb18030"), GOOD.encode("utf-8-sig")):
        assert receipts.read(data) == [ReceiptLine("B1", "HT-2027-0001-1-1", "paid", 123_456)]


def test_the_banks_workbook_says_the_same() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["流水号", "付款编号", "结果", "金额"])
        sheet.write_row(1, 0, ["B1", "HT-2027-0001-1-1", "成功", 1234.56])
        sheet.write_row(2, 0, [20270112, "HT-2027-0001-2-1", "退回", 800])
    assert receipts.read(file.getvalue()) == [
        ReceiptLine("B1", "HT-2027-0001-1-1", "paid", 123_456),
        ReceiptLine("20270112", "HT-2027-0001-2-1", "returned", 80_000),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01",
        b"PK\x03\x04",
        "结果,金额\n成功,1".encode(),
        "流水号,付款编号,结果,金额\nB1,X,成功,abc".encode(),
        "流水号,付款编号,结果,金额\nB1,X,也许,1".encode(),
        "流水号,付款编号,结果,金额\nB1,X,成功,1\nB1,Y,成功,1".encode(),
        "流水号,付款编号,结果,金额\n".encode(),
        b"\xff\xfe\xfa" * 9,
        b"a" * (receipts.MOST_BYTES + 1),
        ("number,reference,outcome,amount\n" + "x," * 10 + '"unclosed').encode(),
    ],
)
def test_a_broken_file_is_a_clear_error(data: bytes) -> None:
    with pytest.raises(Invalid):
        receipts.read(data)


@pytest.mark.parametrize("state", [ContractState.COMPLETED, ContractState.TERMINATED, ContractState.ABANDONED])
def test_nothing_more_is_to_come_of_a_contract_that_has_ended(scene: Scene, state: ContractState) -> None:
    contract = scene.in_force()
    rows = milestones(scene)
    assert progress.plan_of(contract, rows, "质保金")
    with db.session.no_autoflush:
        contract.state = state
        assert progress.plan_of(contract, rows, "质保金") == []


def test_a_text_sent_in_the_place_of_the_banks_file_is_no_file(scene: Scene, sign_in: Any) -> None:
    answer = sign_in(scene.accounts["manager"]).post("/payments/receipts", data={"upload": "1" * 40})
    assert answer.status_code == 422
