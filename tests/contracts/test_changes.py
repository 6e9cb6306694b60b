"""A contract in force changes only by both; its end is settled to the fen, and what remains is written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace.contracts import service
from marketplace.contracts.queries import remaining
from marketplace.contracts.terms import ChangeTerms, RatingTerms, ResultTerms, StepChange, TrainingTerms
from marketplace.contracts.workflow import (
    ChangeKind,
    ContractState,
    MilestoneState,
    PaymentKind,
    PaymentState,
    ResultKind,
    TrainingLevel,
    TrainingState,
)
from marketplace.db.base import db
from marketplace.funds import queries as fund_queries
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.talent.records import Record, records_of
from marketplace.web.filters import money, money_words
from tests.contracts.scene import GRANT, LOAN, Scene
from tests.contracts.test_delivery import decide, deliver, key, milestones
from tests.contracts.test_payments import accepted, of_funds, pay_all, payments, through

X = ChangeKind


def steps(scene: Scene) -> list[StepChange]:
    rows = [row for row in milestones(scene) if row.state is MilestoneState.OPEN]
    return [StepChange(row.id, row.title, row.deliverables, row.due_on, row.amount) for row in rows]


def ask(scene: Scene, kind: ChangeKind, wanted: list[StepChange], who: str = "institution") -> int:
    return service.propose_change(scene.call(who), scene.contract_id, ChangeTerms(kind, "理由", tuple(wanted))).id


def end(scene: Scene, earned: int, kind: ChangeKind = X.END_AGREED) -> None:
    terms = ChangeTerms(kind, "协商一致", earned=earned)
    change = service.propose_change(scene.call("enterprise"), scene.contract_id, terms)
    service.accept_change(scene.call("institution"), change.id)


def test_more_time_needs_both_sides(scene: Scene) -> None:
    scene.in_force()
    wanted = steps(scene)
    later = wanted[2].due_on + timedelta(days=60)
    wanted[2] = replace(wanted[2], due_on=later)
    number = ask(scene, X.EXTENSION, wanted)
    for who, refusal in (
        ("institution", Conflict),
        ("member", Forbidden),
        ("officer", Forbidden),
        ("stranger", NotFound),
    ):
        with pytest.raises(refusal):
            service.accept_change(scene.call(who), number)
    service.accept_change(scene.call("enterprise"), number)
    assert milestones(scene)[2].due_on == later == scene.contract.ends_on


def test_a_lower_price_frees_the_funds_money_at_once(scene: Scene) -> None:
    scene.in_force()
    wanted = steps(scene)
    wanted[1] = replace(wanted[1], amount=wanted[1].amount - 4_200_000)
    service.accept_change(scene.call("enterprise"), ask(scene, X.PRICE_CUT, wanted))
    contract = scene.contract
    assert contract.price == 37_800_000 == sum(source.amount for source in contract.sources)
    assert scene.balances()[0] == (100_000_000 - GRANT + 1_500_000, 0, GRANT - 1_500_000, 0)
    assert scene.balances()[1] == (100_000_000 - LOAN + 700_000, 0, LOAN - 700_000, 0)
    assert fund_queries.drifts() == []


@pytest.mark.parametrize(
    ("kind", "change", "refusal"),
    [
        (X.EXTENSION, {"amount": 1}, "change_kind"),
        (X.PRICE_CUT, {"title": "别的"}, "change_kind"),
        (X.QUALITY, {"amount": 1}, "change_kind"),
        (X.SCOPE_CUT, {"amount": 10**9}, "change_amount"),
        (X.SCOPE_CUT, {"amount": 0}, "change_amount"),
        (X.SCOPE_CUT, {"id": 999_999}, "change_stale"),
        (X.SCOPE_CUT, {}, "no_change"),
    ],
)
def test_each_kind_of_change_allows_what_it_says(
    scene: Scene, kind: ChangeKind, change: dict[str, int], refusal: str
) -> None:
    scene.in_force()
    wanted = steps(scene)
    wanted[0] = replace(wanted[0], **change)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=refusal):
        ask(scene, kind, wanted)


def test_what_was_delivered_meanwhile_makes_a_change_stale(scene: Scene) -> None:
    scene.in_force()
    wanted = steps(scene)
    wanted[0] = replace(wanted[0], amount=1_000_000)
    number = ask(scene, X.SCOPE_CUT, wanted)
    deliver(scene, milestones(scene)[0])
    with pytest.raises(Conflict, match="change_stale"):
        service.accept_change(scene.call("enterprise"), number)


def test_a_change_is_rejected_with_words_or_taken_back(scene: Scene) -> None:
    scene.in_force()
    wanted = steps(scene)
    wanted[0] = replace(wanted[0], title="新标题")
    number = ask(scene, X.TECHNICAL, wanted)
    with pytest.raises(Conflict, match="change_open"):
        ask(scene, X.TECHNICAL, wanted, "enterprise")
    with pytest.raises(Invalid):
        service.reject_change(scene.call("enterprise"), number, " ")
    service.reject_change(scene.call("enterprise"), number, "不同意")
    again = ask(scene, X.TECHNICAL, wanted)
    with pytest.raises(Conflict, match="not_own_change"):
        service.withdraw_change(scene.call("enterprise"), again)
    service.withdraw_change(scene.call("institution"), again)
    with pytest.raises(Conflict):
        service.accept_change(scene.call("enterprise"), again)


def test_an_end_without_anything_earned_frees_everything(scene: Scene) -> None:
    scene.in_force()
    end(scene, 0)
    assert scene.balances() == [(100_000_000, 0, 0, 0)] * 2
    assert scene.contract.state is ContractState.TERMINATED
    assert {row.state for row in milestones(scene)} == {MilestoneState.CANCELLED}
    assert db.session.get_one(Order, scene.order.id, populate_existing=True).state is OrderState.TERMINATED


def test_an_end_pays_what_was_earned_and_frees_the_rest(scene: Scene) -> None:
    accepted(scene)
    pay_all(scene)
    paid = sum(source.paid for source in scene.contract.sources)
    end(scene, paid + 3_000_000)
    extra = [row for row in payments() if row.kind is PaymentKind.SETTLEMENT]
    assert sum(row.amount for row in extra) == 3_000_000
    pay_all(scene)
    assert sum(source.paid for source in scene.contract.sources) == paid + 3_000_000
    assert [(reserved, committed) for _, reserved, committed, _ in scene.balances()] == [(0, 0)] * 2
    assert fund_queries.drifts() == []


def test_the_page_of_an_ended_contract_tells_what_was_agreed_from_what_was_settled(scene: Scene, sign_in: Any) -> None:
    accepted(scene)
    pay_all(scene)
    paid = sum(source.paid for source in scene.contract.sources)
    page = sign_in(scene.accounts["officer"])
    told = f"原定价款 {money(scene.contract.price)}"
    assert told not in page.get(f"/contracts/{scene.contract_id}").text
    end(scene, paid)
    after = page.get(f"/contracts/{scene.contract_id}").text
    assert told in after
    assert money_words(paid) in after
    assert money_words(scene.contract.price) not in after


def test_an_end_claws_back_what_was_paid_beyond_the_earned(scene: Scene) -> None:
    accepted(scene)
    pay_all(scene)
    before = scene.balances()
    paid = sum(source.paid for source in scene.contract.sources)
    end(scene, paid // 2, X.END_BREACH)
    back = [row for row in payments() if row.kind is PaymentKind.CLAWBACK]
    assert sum(row.amount for row in back) == paid - paid // 2
    for row in of_funds(back):
        through(scene, row)
    own = next(row for row in back if row.source.fund_id is None)
    service.declare_paid(scene.call("institution"), own.id, "T9", key())
    service.confirm_arrival(scene.call("enterprise"), own.id, key())
    assert {row.state for row in payments() if row.kind is PaymentKind.CLAWBACK} == {PaymentState.PAID}
    for row, old, new in zip(of_funds(back), before, scene.balances(), strict=True):
        assert old[3] - new[3] == row.amount
        assert new[0] + new[3] == 100_000_000
    pairs = [(fund.id, scene.contract.enterprise_id) for fund in scene.funds]
    drawn = fund_queries.enterprise_drawn(pairs, scene.make.clock().date())
    assert [each.ever for each in drawn.values()] == [balance[3] for balance in scene.balances()]


def test_money_on_its_way_keeps_the_contract_from_ending(scene: Scene) -> None:
    row = of_funds(accepted(scene))[0]
    through(scene, row)
    service.order_payments(scene.call("officer"), key())
    with pytest.raises(Conflict, match="money_under_way"):
        end(scene, 0)


def test_students_are_kept_from_the_start_to_what_they_do_now(scene: Scene) -> None:
    scene.draft()
    student = TrainingTerms("李同学", TrainingLevel.MASTER, "王工", "陈教授", scene.contract.starts_on, "涂层")
    with pytest.raises(Conflict):
        service.start_training(scene.call("lead"), scene.contract_id, student)
    scene.sign("enterprise")
    scene.sign("institution")
    row = service.start_training(scene.call("lead"), scene.contract_id, student)
    with pytest.raises(NotFound):
        service.end_training(scene.call("stranger"), row.id, True, row.starts_on, "")
    with pytest.raises(Invalid, match="training_days"):
        service.end_training(scene.call("member"), row.id, True, row.starts_on - timedelta(days=1), "")
    row = service.end_training(
        scene.call("member"), row.id, True, row.starts_on + timedelta(days=200), "入职甲方研发部"
    )
    assert (row.state, row.now) == (TrainingState.FINISHED, "入职甲方研发部")
    figures = remaining.figures()
    assert (figures.students, figures.finished, figures.signed) == (1, 1, 1)


def test_results_are_declared_for_good(scene: Scene) -> None:
    contract = scene.in_force()
    terms = ResultTerms(ResultKind.PATENT, "一种无铬涂层", scene.make.clock().date(), "202710601862.7", "岭南理工大学")
    row = service.declare_result(scene.call("lead"), contract.id, terms)
    assert remaining.results_of(contract) == [row]
    row.title = "改名"
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_each_side_rates_once_after_the_end_and_the_teams_record_counts_it(scene: Scene) -> None:
    good = RatingTerms(5, 4, 5, "按期高质量完成")
    first = milestones_done(scene)
    with pytest.raises(Conflict, match="not_over"):
        service.rate(scene.call("enterprise"), scene.contract_id, good)
    end(scene, first)
    with pytest.raises(Forbidden):
        service.rate(scene.call("member"), scene.contract_id, good)
    with pytest.raises(Invalid):
        service.rate(scene.call("enterprise"), scene.contract_id, replace(good, quality=6))
    service.rate(scene.call("enterprise"), scene.contract_id, good)
    with pytest.raises(Conflict, match="rated_already"):
        service.rate(scene.call("enterprise"), scene.contract_id, good)
    service.rate(scene.call("institution"), scene.contract_id, RatingTerms(1, 1, 1, "付款慢"))
    records = records_of([scene.team.id, 999_999])
    assert records[scene.team.id] == Record(accepted=1, on_time=1, ratings=1, score=4)
    assert records[999_999].standing == 800
    assert records[scene.team.id].standing > 800


def milestones_done(scene: Scene) -> int:
    """One milestone accepted and paid; return what was paid."""
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    decide(scene, first)
    pay_all(scene)
    return sum(source.paid for source in scene.contract.sources)
