"""Delivery with evidence, decisions with reasons, the expert, deemed acceptance, and the ladder of a dispute."""

from __future__ import annotations

import io
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from marketplace.contracts import reading, service
from marketplace.contracts.jobs import deem_due, remind_due
from marketplace.contracts.models import Dispute, Milestone, Payment, Verdict
from marketplace.contracts.queries import delivery as queries
from marketplace.contracts.terms import DeliveryTerms, EvidenceTerms, VerdictTerms
from marketplace.contracts.workflow import DisputeState, MilestoneState, VerdictBy
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.outbox.models import Message
from tests.contracts.scene import Scene, awarded
from tests.factories import Make

KEYS = count()


def key() -> str:
    return f"test-key-{next(KEYS):012d}"


def milestones(scene: Scene) -> list[Milestone]:
    query = select(Milestone).where(Milestone.contract_id == scene.contract_id).order_by(Milestone.position)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def deliver(scene: Scene, row: Milestone, who: str = "lead") -> None:
    target = scene.order.targets[0].id
    terms = DeliveryTerms("阶段报告", (EvidenceTerms(target, "1200", "GB/T 10125"),))
    file = FileStorage(io.BytesIO(b"%PDF-1.7 report"), "报告.pdf")
    service.deliver(scene.call(who), row.id, terms, [file])


def decide(scene: Scene, row: Milestone, amount: int | None = None, reasons: str = "") -> None:
    service.decide(scene.call("enterprise"), row.id, VerdictTerms(amount, reasons), key())


def called(scene: Scene) -> list[int]:
    """What each source was asked for so far."""
    return [source.called for source in scene.contract.sources]


def test_signing_makes_the_milestones_of_the_plan(scene: Scene) -> None:
    contract = scene.in_force()
    assert sum(row.amount for row in milestones(scene)) == contract.price
    assert [row.state for row in milestones(scene)] == [MilestoneState.OPEN] * 3


def test_acceptance_calls_each_source_for_its_part_less_the_retention(scene: Scene) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    decide(scene, first)
    assert milestones(scene)[0].state is MilestoneState.ACCEPTED
    net = first.amount - first.amount * 500 // 10_000
    assert sum(called(scene)) == net
    payments = db.session.scalars(select(Payment)).all()
    assert sorted(row.amount for row in payments) == sorted(called(scene))


def test_a_rejected_delivery_calls_nothing_and_is_done_again(scene: Scene) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    with pytest.raises(Invalid, match="reasons_needed"):
        decide(scene, first, 0)
    decide(scene, first, 0, "盐雾试验只有 800 小时")
    assert (milestones(scene)[0].state, called(scene)) == (MilestoneState.REJECTED, [0, 0, 0])
    deliver(scene, first)
    decide(scene, first)
    assert milestones(scene)[0].state is MilestoneState.ACCEPTED


def test_a_part_is_called_and_the_rest_follows_later(scene: Scene) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    decide(scene, first, 1_000_000, "缺测试数据")
    deliver(scene, first)
    decide(scene, first)
    row = milestones(scene)[0]
    assert (row.state, row.accepted) == (MilestoneState.ACCEPTED, row.amount)


@pytest.mark.parametrize("amount", [-1, 10**12])
def test_more_than_is_open_or_less_than_nothing_is_refused(scene: Scene, amount: int) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    with pytest.raises(Invalid, match="accept_amount"):
        decide(scene, first, amount, "x")


def test_each_side_does_only_its_own_part(scene: Scene) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    with pytest.raises(Forbidden):
        deliver(scene, first, "enterprise")
    deliver(scene, first)
    for who in ("lead", "institution", "member", "officer"):
        with pytest.raises(Forbidden):
            service.decide(scene.call(who), first.id, VerdictTerms(), key())
    with pytest.raises(NotFound):
        queries.get_milestone(scene.call("stranger"), first.id)


def test_a_file_is_found_only_through_its_own_milestone(scene: Scene) -> None:
    scene.in_force()
    first, second, _ = milestones(scene)
    deliver(scene, first)
    file = queries.get_milestone(scene.call("enterprise"), first.id).deliveries[0].files[0]
    assert queries.get_file(scene.call("enterprise"), first.id, file.file_id).name == "报告.pdf"
    for who, row in (("enterprise", second), ("stranger", first)):
        with pytest.raises(NotFound):
            queries.get_file(scene.call(who), row.id, file.file_id)


def large(make: Make) -> Scene:
    return awarded(make, amounts=(300_000_000, 0, 50_000_000), own_funds=400_000_000, price_ceiling=400_000_000)


def expert(scene: Scene) -> None:
    scene.accounts["expert"] = scene.make.account()


def test_a_large_milestone_waits_for_an_independent_expert(make: Make) -> None:
    scene = large(make)
    scene.in_force()
    first = milestones(scene)[0]
    expert(scene)
    deliver(scene, first)
    with pytest.raises(Conflict, match="expert_needed"):
        decide(scene, first)
    with pytest.raises(Invalid, match="not_independent"):
        service.appoint_expert(scene.call("officer"), first.id, scene.accounts["member"].email)
    with pytest.raises(NotFound):
        queries.get_milestone(scene.call("expert"), first.id)
    service.appoint_expert(scene.call("officer"), first.id, scene.accounts["expert"].email)
    service.give_opinion(scene.call("expert"), first.id, True, "数据完整")
    decide(scene, first)
    assert milestones(scene)[0].state is MilestoneState.ACCEPTED


def test_an_expert_who_says_no_stops_acceptance_also_by_silence(make: Make) -> None:
    scene = large(make)
    scene.in_force()
    first = milestones(scene)[0]
    expert(scene)
    service.appoint_expert(scene.call("officer"), first.id, scene.accounts["expert"].email)
    deliver(scene, first)
    service.give_opinion(scene.call("expert"), first.id, False, "样本量不足")
    with pytest.raises(Conflict, match="expert_needed"):
        decide(scene, first)
    make.clock.advance(days=15)  # type: ignore[attr-defined]
    service.remind(scene.call("lead"), first.id)
    make.clock.advance(days=8)  # type: ignore[attr-defined]
    deem_due(make.call())
    assert milestones(scene)[0].state is MilestoneState.DELIVERED


def test_silence_after_the_reminder_counts_as_acceptance(scene: Scene) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    clock = scene.make.clock
    with pytest.raises(Conflict, match="too_early"):
        service.remind(scene.call("lead"), first.id)
    clock.advance(days=14)  # type: ignore[attr-defined]
    service.remind(scene.call("lead"), first.id)
    clock.advance(days=6)  # type: ignore[attr-defined]
    deem_due(scene.make.call())
    assert milestones(scene)[0].state is MilestoneState.DELIVERED
    clock.advance(days=1)  # type: ignore[attr-defined]
    deem_due(scene.make.call())
    assert milestones(scene)[0].state is MilestoneState.ACCEPTED
    assert db.session.scalars(select(Verdict.said_by)).all() == [VerdictBy.CLOCK]


def test_overdue_milestones_are_reminded_of_once_a_week(scene: Scene) -> None:
    scene.in_force()
    due = milestones(scene)[0].due_on
    scene.make.clock.now += timedelta(days=(due - scene.make.clock.now.date()).days + 2)  # type: ignore[attr-defined]

    def overdue_mails() -> int:
        return len([m for m in db.session.scalars(select(Message)) if m.template == "contract_overdue"])

    remind_due(scene.make.call())
    first = overdue_mails()
    remind_due(scene.make.call())
    assert first == overdue_mails() > 0
    scene.make.clock.advance(days=7)  # type: ignore[attr-defined]
    remind_due(scene.make.call())
    assert overdue_mails() == 2 * first


def disputed(scene: Scene) -> Milestone:
    scene.in_force()
    first = milestones(scene)[0]
    deliver(scene, first)
    decide(scene, first, 0, "不合格")
    service.raise_dispute(scene.call("institution"), first.id, "指标已达到")
    return first


def dispute(scene: Scene) -> Dispute:
    return db.session.scalars(select(Dispute).execution_options(populate_existing=True)).one()


def test_a_dispute_ends_by_talking(scene: Scene) -> None:
    first = disputed(scene)
    service.offer(scene.call("institution"), first.id, 5_000_000)
    with pytest.raises(Conflict, match="no_offer"):
        service.agree(scene.call("institution"), first.id, 5_000_000)
    with pytest.raises(Conflict, match="changed"):
        service.agree(scene.call("enterprise"), first.id, 4_000_000)
    service.agree(scene.call("enterprise"), first.id, 5_000_000)
    row = milestones(scene)[0]
    assert (row.state, row.accepted, dispute(scene).state) == (MilestoneState.PART, 5_000_000, DisputeState.SETTLED)


def test_a_dispute_climbs_to_the_expert_and_the_committee_of_two_officers(scene: Scene) -> None:
    first = disputed(scene)
    expert(scene)
    scene.accounts["officer2"] = scene.make.officer()
    with pytest.raises(Conflict):
        service.ask_committee(scene.call("enterprise"), first.id)
    service.ask_expert(scene.call("officer"), first.id, scene.accounts["expert"].email)
    service.advise(scene.call("expert"), first.id, first.amount, "数据支持达标")
    service.ask_committee(scene.call("enterprise"), first.id)
    service.propose_ruling(scene.call("officer"), first.id, first.amount, "采纳专家意见")
    with pytest.raises(Forbidden, match="same_person"):
        service.confirm_ruling(scene.call("officer"), first.id)
    service.confirm_ruling(scene.call("officer2"), first.id)
    assert milestones(scene)[0].state is MilestoneState.ACCEPTED
    assert sum(called(scene)) > 0


def test_a_ruling_that_was_rewritten_needs_its_confirmation_anew(scene: Scene) -> None:
    first = disputed(scene)
    expert(scene)
    scene.accounts["officer2"] = scene.make.officer()
    service.ask_expert(scene.call("officer"), first.id, scene.accounts["expert"].email)
    service.advise(scene.call("expert"), first.id, 0, "不支持")
    service.ask_committee(scene.call("institution"), first.id)
    service.propose_ruling(scene.call("officer"), first.id, 0, "驳回")
    service.propose_ruling(scene.call("officer2"), first.id, first.amount, "支持")
    with pytest.raises(Forbidden, match="same_person"):
        service.confirm_ruling(scene.call("officer2"), first.id)


def test_the_contract_says_who_must_act_next(scene: Scene, app: Flask) -> None:
    scene.in_force()
    first = milestones(scene)[0]
    team, enterprise, title = "岭南理工大学", "晨光新材料有限公司", first.title

    def told() -> str:
        with app.test_request_context(headers={"Accept-Language": "en"}):
            return reading.overview(scene.call("officer").actor, scene.contract).next

    assert told().startswith(f"{team} must deliver “{title}” by")
    deliver(scene, first)
    assert told() == f"{enterprise} must decide on “{title}”"
    decide(scene, first, 0, "重做")
    assert told().startswith(f"{team} must deliver “{title}” by")
    service.raise_dispute(scene.call("institution"), first.id, "不同意")
    assert told() == f"There is a dispute about “{title}”"
