"""Adding an order, trying a repair, the approved state, replaying from the command line, planning ahead with a limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.errors import Invalid
from marketplace.orders.models import Order
from marketplace.orders.workflow import OrderState
from marketplace.rounds import jobs, record, repairs, service, standing
from marketplace.rounds.forms.scenarios import ChangeForm
from marketplace.rounds.models import RoundOrder, Run, Study
from marketplace.rounds.names import Names
from marketplace.rounds.scenarios import targets_of
from marketplace.rounds.terms import ScenarioTerms
from marketplace.rounds.workflow import ChangeKind, RunState, StudyKind
from tests.factories import Make
from tests.rounds.conftest import Scene


def tried(scene: Scene, base: Run, *changes: dict[str, Any]) -> Run:
    run = service.start_scenario(scene.call, base.id, ScenarioTerms("如果", list(changes)))
    return db.session.get_one(Run, run.id, populate_existing=True)


def matched(run: Run) -> set[str]:
    return {match["order"] for match in (run.solution or {})["matches"]}


def contradiction(scene: Scene) -> tuple[Run, Order]:
    """A run that must match an order which nobody can pay."""
    order = scene.order(own_funds=0, title="无法支付的订单")
    scene.bid(order, price=40_000_000)
    row = scene.open()
    service.require_match(scene.call, row.id, order.id, True)
    return scene.run(), order


def test_an_order_the_run_did_not_have_is_added_with_its_bids_and_funds(scene: Scene) -> None:
    base = scene.run()
    order = scene.order(own_funds=30_000_000)
    bid = scene.bid(order, price=36_000_000)
    assert any(line.startswith(f"o{order.id} ") for line in targets_of(base))
    run = tried(scene, base, {"kind": "add_order", "of": f"o{order.id}"}, {"kind": "must", "of": f"o{order.id}"})
    assert matched(run) == matched(base) | {f"o{order.id}"}
    record.checked(run.problem or {}, run.solution or {})
    match = next(m for m in (run.solution or {})["matches"] if m["order"] == f"o{order.id}")
    assert (match["offer"], sum(match["pay"].values())) == (f"b{bid.id}", 36_000_000)
    assert any(source.startswith("f") for source in match["pay"])
    assert (run.scores or {})["bids"][f"b{bid.id}"]["words"] is not None
    assert order.state is OrderState.OPENED
    assert db.session.scalars(select(RoundOrder.order_id).where(RoundOrder.order_id == order.id)).all() == []


@pytest.mark.parametrize("state", [None, OrderState.BIDDING, OrderState.DRAFT])
def test_an_order_that_takes_part_already_or_is_not_open_is_not_added(scene: Scene, state: OrderState | None) -> None:
    base = scene.run()
    order = scene.orders[0] if state is None else scene.order(state=state)
    with pytest.raises(Invalid, match="not_addable"):
        tried(scene, base, {"kind": "add_order", "of": f"o{order.id}"})


def test_the_form_offers_every_kind_a_person_may_ask_for(app: Flask) -> None:
    with app.test_request_context():
        offered = {value for value, _label in ChangeForm().kind.choices or ()}
    by_other_ways = {"price", "public_share", "weights", "drop_rule", "public_part", "aim", "hand", "repair"}
    assert offered == {"", *(kind.value for kind in ChangeKind)} - by_other_ways


@pytest.mark.parametrize(
    ("typed", "days"), [("15", 15), ("-1,500", -1500), ("1,5", None), ("1,50,000", None), ("1 5", None), ("x", None)]
)
def test_a_number_of_days_that_could_be_misread_is_none(app: Flask, typed: str, days: int | None) -> None:
    with app.test_request_context(method="POST", data={"kind": "capacity", "amount": typed}):
        assert ChangeForm(request.form).by == days


def test_a_repair_is_tried_by_its_button_and_matches_what_was_demanded(
    scene: Scene, sign_in: Callable[..., Any]
) -> None:
    base, order = contradiction(scene)
    assert base.state is RunState.INFEASIBLE
    client = sign_in(scene.first)
    page = client.get(f"/runs/{base.id}").text
    assert f"由{order.organisation.name}修改其订单" in page
    for number, repair in enumerate((base.solution or {})["repairs"]):
        answer = client.post(f"/runs/{base.id}/repairs", data={"repair": str(number)})
        run = db.session.get_one(Run, int(answer.location.rsplit("/", 1)[1]), populate_existing=True)
        assert (run.state, run.objective) == (RunState.SOLVED, repair["objective"])
        assert f"o{order.id}" in matched(run) or repair["changes"][0]["kind"] == "must_match"
    strange = client.post(f"/runs/{base.id}/repairs", data={"repair": "99"}, follow_redirects=True)
    assert "该修复不属于本次求解" in strange.text


@pytest.mark.parametrize(
    ("kind", "of", "said"),
    [
        ("own_funds", "o1", "由"),
        ("capacity", "t1@2027Q1", "负责人"),
        ("budget", "f1", "出资方"),
        ("share_max", "f1", "资金管理员"),
        ("orders", "f1@e2", "资金管理员"),
        ("locked", "b1", "指定"),
        ("forbidden", "b1", "排除"),
        ("must_match", "o1", "组织者"),
        ("at_least", "sme", "组织者"),
        ("at_least", "first_timer", "组织者"),
        ("public_share_max", "", "组织者"),
    ],
)
def test_every_repair_says_who_must_agree(app: Flask, kind: str, of: str, said: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert said in repairs.who_agrees(kind, [of] if of else [], Names(), repairs._Whose({}))


def test_an_answer_is_set_beside_what_was_approved(scene: Scene) -> None:
    proposal = scene.proposed()
    run = db.session.get_one(Run, proposal.run_id)
    assert standing.against_approved(run) is None
    service.approve(scene.other, proposal.id, proposal.content_hash)
    told = standing.against_approved(run)
    assert told is not None
    assert told.delta is not None
    assert (told.count, told.elsewhere) == (1, 0)
    assert [len(part) for part in (told.delta.wins, told.delta.losses, told.delta.changes)] == [1, 0, 0]
    later = scene.run()
    assert standing.against_approved(later) == standing.Approved(0, 1, None)


def test_stored_runs_are_replayed_from_the_command_line(scene: Scene, app: Flask) -> None:
    base = scene.run()
    run = tried(scene, base, {"kind": "forbid", "of": f"b{scene.bids[0].id}"})
    key, run_id = base.id, run.id
    answer = app.test_cli_runner().invoke(args=["rounds", "replay"])
    assert (answer.exit_code, answer.output.count("the same")) == (0, 2), answer.output
    changed = db.session.get_one(Run, run_id)
    changed.solution_hash = "0" * 64
    scene.make.save(changed)
    assert app.test_cli_runner().invoke(args=["rounds", "replay"]).exit_code == 1
    assert app.test_cli_runner().invoke(args=["rounds", "replay", str(key)]).exit_code == 0
    assert app.test_cli_runner().invoke(args=["rounds", "replay", "999999"]).exit_code == 1


def studies() -> int:
    return db.session.scalar(select(func.count()).select_from(Study)) or 0


def test_only_the_last_answer_of_a_round_is_studied_ahead(scene: Scene) -> None:
    scene.run()
    last = scene.run()
    jobs.plan_ahead(scene.make.call())
    assert set(db.session.scalars(select(Study.run_id))) == {last.id}


def test_nothing_is_studied_ahead_while_much_still_waits(scene: Scene, make: Make, app: Flask) -> None:
    earlier, _last = scene.run(), scene.run()
    app.extensions["wake"], wake = (lambda _job: None), app.extensions["wake"]
    for number in range(jobs.MOST_WAITING):
        make.save(Study(run_id=earlier.id, kind=StudyKind.WHY, subject=f"o{number}", created_at=make.clock()))
    jobs.plan_ahead(scene.make.call())
    assert studies() == jobs.MOST_WAITING
    app.extensions["wake"] = wake


def test_choosing_among_equals_costs_nothing_and_the_record_says_that_it_was_a_choice(scene: Scene) -> None:
    scene.bid(scene.orders[0], price=30_000_000)  # the same as the order's first bid in all that counts
    base = scene.run()
    taken = {match["offer"] for match in (base.solution or {})["matches"]}
    (other,) = {f"b{bid.id}" for bid in scene.bids if bid.order_id == scene.orders[0].id} - taken
    run = tried(scene, base, {"kind": "choose", "of": other})
    assert run.objective == base.objective
    service.keep_scenario(scene.call, run.id, "两份方案相同，抽签决定")
    kept = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "rounds.keep_scenario")).one()
    assert (kept.detail["changes"], kept.detail["reason"]) == (
        [{"kind": "choose", "of": other}],
        "两份方案相同，抽签决定",
    )
