"""One side ends the contract for a reason of the law; without agreement two officers settle it, after the notice."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.contracts import service
from marketplace.contracts.models import Change
from marketplace.contracts.tasks import waiting_for
from marketplace.contracts.terms import ChangeTerms
from marketplace.contracts.workflow import ChangeKind, ChangeState, ContractState
from marketplace.db.base import db
from marketplace.funds import queries as fund_queries
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.contracts.scene import Scene
from tests.contracts.test_payments import accepted, pay_all

X = ChangeKind


def asked(scene: Scene, kind: ChangeKind = X.END_BREACH, days: int = 30) -> int:
    """The enterprise asks for the end; ``days`` later the other side has still said nothing."""
    terms = ChangeTerms(kind, "逾期两个月未交付，催告无果", earned=0)
    number = service.propose_change(scene.call("enterprise"), scene.contract_id, terms).id
    scene.make.clock.advance(days=days)  # type: ignore[attr-defined]  # the tests' own clock
    return number


def second(scene: Scene) -> str:
    scene.accounts["second"] = scene.make.officer()
    return "second"


def change(number: int) -> Change:
    return db.session.get_one(Change, number, populate_existing=True)


@pytest.mark.parametrize("answered", [False, True])
def test_two_officers_settle_what_the_sides_do_not_agree_on(scene: Scene, answered: bool) -> None:
    accepted(scene)
    pay_all(scene)
    paid = sum(source.paid for source in scene.contract.sources)
    number = asked(scene)
    if answered:
        service.reject_change(scene.call("institution"), number, "样品已经寄出")
    ruling = service.propose_end_ruling(scene.call("officer"), number, paid + 1_000_000, "第二个里程碑完成了一部分")
    assert (ruling.ruled, change(number).state) == (True, ChangeState.REJECTED)
    with pytest.raises(Forbidden):
        service.confirm_end_ruling(scene.call("officer"), ruling.id)
    service.confirm_end_ruling(scene.call(second(scene)), ruling.id)
    assert scene.contract.state is ContractState.TERMINATED
    pay_all(scene)
    assert sum(source.paid for source in scene.contract.sources) == paid + 1_000_000
    assert all((reserved, committed) == (0, 0) for _, reserved, committed, _ in scene.balances())
    assert fund_queries.drifts() == []


@pytest.mark.parametrize(
    ("kind", "days", "refusal"),
    [
        (X.END_BREACH, 29, "notice_runs"),
        (X.END_PUBLISHED, 30, None),
        (X.END_FAILED, 30, None),
        (X.END_AGREED, 60, "nothing"),
    ],
)
def test_the_notice_must_be_over_and_the_reason_the_laws(
    scene: Scene, kind: ChangeKind, days: int, refusal: str | None
) -> None:
    scene.in_force()
    number = asked(scene, kind, days)
    if refusal is None:
        assert service.propose_end_ruling(scene.call("officer"), number, 0, "理由").earned == 0
        return
    with pytest.raises(Conflict, match=refusal):
        service.propose_end_ruling(scene.call("officer"), number, 0, "理由")
    assert change(number).state is ChangeState.PROPOSED


def test_nobody_else_settles_and_the_sides_do_not_decide_on_a_settlement(scene: Scene) -> None:
    scene.in_force()
    number = asked(scene)
    for who, refusal in (("manager", Forbidden), ("enterprise", Forbidden), ("stranger", NotFound)):
        with pytest.raises(refusal):
            service.propose_end_ruling(scene.call(who), number, 0, "理由")
    for earned, text in ((-1, "理由"), (10**12, "理由"), (0, " ")):
        with pytest.raises(Invalid):
            service.propose_end_ruling(scene.call("officer"), number, earned, text)
    ruling = service.propose_end_ruling(scene.call("officer"), number, 0, "理由").id
    for who in ("enterprise", "institution"):
        with pytest.raises(Conflict, match="centre_decides"):
            service.accept_change(scene.call(who), ruling)
    with pytest.raises(Conflict, match="centre_decides"):
        service.withdraw_change(scene.call("enterprise"), ruling)
    with pytest.raises(NotFound):
        service.confirm_end_ruling(scene.call(second(scene)), number)
    assert scene.contract.state is ContractState.IN_FORCE


def test_a_settlement_is_rejected_with_words_and_written_anew(scene: Scene) -> None:
    scene.in_force()
    number = asked(scene)
    ruling = service.propose_end_ruling(scene.call("officer"), number, 0, "理由").id
    with pytest.raises(Invalid):
        service.drop_end_ruling(scene.call(second(scene)), ruling, " ")
    service.drop_end_ruling(scene.call("second"), ruling, "请先听取乙方意见")
    again = service.propose_end_ruling(scene.call("second"), number, 2_000_000, "听取双方意见后").id
    service.confirm_end_ruling(scene.call("officer"), again)
    assert scene.contract.state is ContractState.TERMINATED


def test_officers_are_led_to_it_and_do_it_on_the_pages(scene: Scene, sign_in: Any) -> None:
    scene.in_force()
    number = asked(scene)
    assert [task.endpoint for task in waiting_for(scene.call("officer"))] == ["contracts.changes"]
    officer, other = sign_in(scene.accounts["officer"]), sign_in(scene.accounts[second(scene)], "en")
    page = f"/contracts/{scene.contract_id}/changes"
    assert f"/changes/{number}/settle" in officer.get(page).text
    assert officer.get(f"/changes/{number}/settle").status_code == 200
    assert officer.post(f"/changes/{number}/settle", data={"earned": "x", "text": ""}).status_code == 422
    assert officer.post(f"/changes/{number}/settle", data={"earned": "1万", "text": "理由"}).status_code == 303
    assert f"/changes/{number + 1}/settle/confirm" not in officer.get(page).text
    assert f"/changes/{number + 1}/settle/confirm" in other.get(page).text
    assert other.get(f"/changes/{number + 1}/settle/drop").status_code == 200
    assert other.post(f"/changes/{number + 1}/settle/confirm").status_code == 303
    assert scene.contract.state is ContractState.TERMINATED
