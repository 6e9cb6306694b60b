"""Money that comes back twice, from the bank and from the institution: the source gets each fen back once."""

from __future__ import annotations

import pytest

from marketplace.contracts import service
from marketplace.contracts.models import Payment
from marketplace.contracts.queries import payments as queries
from marketplace.contracts.service import paying
from marketplace.contracts.terms import ChangeTerms
from marketplace.contracts.workflow import ChangeKind, ContractState, PaymentState
from marketplace.db.base import db
from marketplace.funds import ledger
from marketplace.funds import queries as fund_queries
from marketplace.funds.workflow import Movement
from marketplace.kernel.errors import Conflict
from marketplace.web.words import sentence
from tests.contracts.scene import Scene
from tests.contracts.test_delivery import key
from tests.contracts.test_payments import accepted, answer, of_funds, pay_all, payments, through


def paid_elsewhere(scene: Scene, sent: Payment) -> None:
    """The fund paid as much for something else, so that its purse holds it."""
    assert sent.source.fund_id is not None
    for movement in (Movement.CONTRIBUTE, Movement.RESERVE, Movement.COMMIT, Movement.PAY):
        ledger.move(
            scene.make.call(), sent.source.fund_id, movement, sent.amount,
            key=f"elsewhere:{movement}", subject_kind="order", subject_id=1,
        )  # fmt: skip
    db.session.commit()


def returned_after_the_end(scene: Scene) -> Payment:
    """The claw-back of a fund whose payment the bank returned after the contract had ended; the fund also paid elsewhere."""
    accepted(scene)
    pay_all(scene)
    terms = ChangeTerms(ChangeKind.END_AGREED, "终止", earned=0)
    change = service.propose_change(scene.call("enterprise"), scene.contract_id, terms)
    service.accept_change(scene.call("institution"), change.id)
    sent = next(row for row in of_funds(payments()) if row.state is PaymentState.PAID)
    service.import_receipts(scene.call("officer"), [answer(sent, "returned", note="退汇")])
    paid_elsewhere(scene, sent)
    back = next(row for row in of_funds(payments()) if row.kind == "clawback" and row.source_id == sent.source_id)
    service.check_payment(scene.call("officer"), back.id, key())
    return back


def test_money_that_the_bank_returned_is_not_paid_back_as_well(scene: Scene) -> None:
    back = returned_after_the_end(scene)
    before = scene.balances()
    with pytest.raises(Conflict, match=r"contracts\.not_held"):
        service.approve_payment(scene.call("manager"), back.id, key())
    assert scene.balances() == before
    sent = next(row for row in payments() if row.state is PaymentState.RETURNED)
    service.retry_payment(scene.call("officer"), sent.id)
    through(scene, sent)
    service.order_payments(scene.call("officer"), key())
    service.import_receipts(scene.call("officer"), [answer(sent)])
    service.approve_payment(scene.call("manager"), back.id, key())
    assert fund_queries.drifts() == []


def test_without_that_look_the_fund_would_get_other_contracts_money(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the fund's purse holds what it paid elsewhere, so the ledger alone notices nothing."""
    back = returned_after_the_end(scene)
    monkeypatch.setattr(paying, "_require_held", lambda payment: None)
    service.approve_payment(scene.call("manager"), back.id, key())
    assert back.amount > back.source.paid


def paid_back_in_part(scene: Scene) -> list[Payment]:
    """The funds' payments of a contract that ended when half was earned; the first fund has its claw-back already."""
    accepted(scene)
    pay_all(scene)
    earned = sum(row.amount for row in payments()) // 2
    change = service.propose_change(
        scene.call("enterprise"), scene.contract_id, ChangeTerms(ChangeKind.END_AGREED, "终止", earned=earned)
    )
    service.accept_change(scene.call("institution"), change.id)
    sent = [row for row in of_funds(payments()) if row.state is PaymentState.PAID]
    paid_elsewhere(scene, sent[0])
    through(scene, next(row for row in payments() if row.kind == "clawback" and row.source_id == sent[0].source_id))
    return sent


def test_a_return_of_money_that_was_paid_back_is_refused_with_a_way_out(scene: Scene) -> None:
    first, second = paid_back_in_part(scene)
    lines = [answer(first, "returned", number="B-first", note="退汇"), answer(second, "returned", note="退汇")]
    before = scene.balances()
    with pytest.raises(Conflict) as refused:
        service.import_receipts(scene.call("officer"), lines)
    assert refused.value.code == "contracts.returned_and_paid_back"
    assert refused.value.values["number"] == "B-first"
    told = sentence(refused.value.code, refused.value.values)
    assert "B-first" in told
    assert refused.value.values["asked"] in told
    assert scene.balances() == before
    counts = service.import_receipts(scene.call("officer"), lines[1:])
    assert (counts["new"], [row.state for row in (first, second)]) == (1, [PaymentState.PAID, PaymentState.RETURNED])
    assert fund_queries.drifts() == []


def test_without_that_look_the_return_would_take_other_contracts_money(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: the books would say that the institution has paid back what it never had."""
    first, _second = paid_back_in_part(scene)
    monkeypatch.setattr(paying, "_require_returnable", lambda payment, number: None)
    service.import_receipts(scene.call("officer"), [answer(first, "returned", note="退汇")])
    assert first.source.paid < queries.paid_back(first.source_id)


def test_a_line_that_names_a_claim_to_pay_back_is_refused(scene: Scene) -> None:
    """A claim comes in on the fund's account; no payment order of ours ever carried it, whatever the bank says of it."""
    first, _second = paid_back_in_part(scene)
    claim = next(row for row in payments() if row.kind == "clawback" and row.source_id == first.source_id)
    before = scene.balances()
    for outcome in ("paid", "failed", "returned"):
        with pytest.raises(Conflict) as refused:
            service.import_receipts(scene.call("officer"), [answer(claim, outcome, note="退汇")])
        assert refused.value.code == "contracts.receipt_claim"
        assert claim.reference in sentence(refused.value.code, refused.value.values)
    assert (scene.balances(), claim.state) == (before, PaymentState.PAID)
    assert fund_queries.drifts() == []


def test_without_that_look_a_claim_would_go_out_of_the_fund_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    first, _second = paid_back_in_part(scene)
    claim = next(row for row in payments() if row.kind == "clawback" and row.source_id == first.source_id)
    monkeypatch.setattr(paying, "_require_sent", lambda payment, line: None)
    monkeypatch.setattr(paying, "_require_returnable", lambda payment, number: None)
    before = scene.balances()
    service.import_receipts(scene.call("officer"), [answer(claim, "returned", note="退汇")])
    assert scene.balances() != before


@pytest.mark.parametrize(
    ("twice", "code"), [("paid", "receipt_state"), ("failed", "receipt_state"), ("returned", "receipt_ended")]
)
def test_a_line_that_comes_too_late_is_named_with_what_is_known_of_it(scene: Scene, twice: str, code: str) -> None:
    accepted(scene)
    pay_all(scene)
    sent = of_funds(payments())[0]
    if twice == "returned":
        sent.contract.state, sent.contract.ended_at = ContractState.COMPLETED, scene.make.clock()
        db.session.commit()
    with pytest.raises(Conflict) as refused:
        service.import_receipts(scene.call("officer"), [answer(sent, twice, number="B-late", note="退汇")])
    assert refused.value.code == f"contracts.{code}"
    assert "B-late" in sentence(refused.value.code, refused.value.values)
