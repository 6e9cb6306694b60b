"""Bids up to the deadline: drafting, submitting, replacing, withdrawing, and what a changed or cancelled order does to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select

from marketplace.audit.models import AuditRecord
from marketplace.bids import queries, service
from marketplace.bids.keys import public_path
from marketplace.bids.models import Bid
from marketplace.bids.terms import Answer, BidTerms, Load
from marketplace.bids.workflow import BidState, Meets
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders import service as order_service
from marketplace.orders.models import OrderAmendment
from marketplace.orders.terms import AmendTerms
from marketplace.orders.workflow import OrderState
from marketplace.organisations.workflow import OrganisationState
from marketplace.outbox.models import Message
from tests.bids.scene import Scene, fresh


def commands() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.sequence)))


def mails() -> list[tuple[str, str]]:
    return [(m.template, m.recipient) for m in db.session.scalars(select(Message).order_by(Message.id))]


def test_a_draft_is_encrypted_from_the_first_save_and_may_lack_anything(scene: Scene) -> None:
    bid = scene.drafted()
    assert queries.own_content(queries.get_own(scene.call(), bid.id)).terms == BidTerms()
    service.save_draft(scene.call(), bid.id, BidTerms(plan="CANARY-DRAFT"))
    kept = queries.get_own(scene.call(), bid.id)
    assert queries.own_content(kept).terms.plan == "CANARY-DRAFT"
    assert b"CANARY-DRAFT" not in (kept.owner_copy or b"")
    assert (kept.envelope, kept.commitment, kept.state) == (None, "", BidState.DRAFT)


def test_each_team_has_one_bid_on_an_order(scene: Scene) -> None:
    scene.drafted()
    with pytest.raises(Conflict, match=r"bids\.already"):
        scene.drafted()


def test_only_people_of_the_team_start_its_bid(scene: Scene) -> None:
    outsider = scene.make.lead(scene.make.team())
    sister = scene.make.lead(scene.make.team(scene.university))
    for account in (outsider, sister, scene.owner, scene.officers[0]):
        with pytest.raises(NotFound):
            scene.drafted(account=account)
    with pytest.raises(NotFound):
        service.start_bid(scene.call(), scene.order.id, 999_999)
    with pytest.raises(NotFound):
        service.start_bid(scene.call(), 999_999, scene.team.id)


@pytest.mark.parametrize("state", [s for s in OrderState if s not in {OrderState.PUBLISHED, OrderState.BIDDING}])
def test_bids_start_only_while_an_order_takes_them(scene: Scene, state: OrderState) -> None:
    order = scene.make.order(scene.enterprise, state, alliance_id=scene.alliance.id)
    with pytest.raises((Conflict, NotFound)):
        service.start_bid(scene.call(), order.id, scene.team.id)


def test_a_submission_is_sealed_and_committed_to(scene: Scene) -> None:
    bid = scene.submitted(plan="以硅烷预处理与水性涂层结合，分三阶段试验并交付样件和报告 CANARY")
    kept = fresh(bid)
    assert kept.state is BidState.SUBMITTED
    assert kept.submitted_at == scene.clock()
    assert len(kept.commitment) == 64
    assert b"CANARY" not in (kept.envelope or b"")
    assert commands() == ["bids.start", "bids.submit"]
    assert mails() == []


def test_before_bidding_starts_a_team_drafts_and_does_not_submit(scene: Scene) -> None:
    order = scene.make.order(scene.enterprise, OrderState.PUBLISHED, alliance_id=scene.alliance.id)
    bid = service.start_bid(scene.call(), order.id, scene.team.id)
    terms = scene.terms(answers=(Answer(order.targets[0].id, Meets.MEETS, "1000"),))
    service.save_draft(scene.call(), bid.id, terms)
    with pytest.raises(Conflict, match=r"bids\.not_open"):
        service.submit_bid(scene.call(), bid.id)


def test_what_would_be_rejected_is_not_submitted(scene: Scene) -> None:
    bid = scene.drafted()
    with pytest.raises(Invalid, match=r"bids\.not_admissible"):
        service.submit_bid(scene.call(), bid.id)
    with pytest.raises(Invalid, match=r"bids\.not_admissible"):
        service.submit_bid(scene.call(), bid.id, scene.terms(price=50_000_001))
    assert fresh(bid).state is BidState.DRAFT


def test_an_unverified_university_and_one_that_may_not_see_the_order_do_not_submit(scene: Scene) -> None:
    bid = scene.drafted()
    scene.university.state = OrganisationState.REGISTERED
    scene.make.save(scene.university)
    with pytest.raises(Forbidden, match=r"bids\.not_verified"):
        service.submit_bid(scene.call(), bid.id, scene.terms())
    order = scene.fresh_order()
    order.visibility = "alliance"  # type: ignore[assignment]
    scene.make.save(order)
    with pytest.raises(NotFound):
        service.submit_bid(scene.call(), bid.id, scene.terms())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"answers": (Answer(999_999, Meets.MEETS, "1"),)}, "unknown_target"),
        ({"loads": (Load(999_999, 5),)}, "unknown_team"),
        ({"loads": (Load(1, 5), Load(1, 6))}, "unknown_team"),
    ],
)
def test_rows_that_the_order_does_not_know_are_refused(scene: Scene, change: dict[str, object], code: str) -> None:
    bid = scene.drafted()
    for act in (service.save_draft, service.submit_bid):
        with pytest.raises(Invalid, match=code):
            act(scene.call(), bid.id, scene.terms(**change))


def test_a_partner_team_is_one_of_a_verified_university(scene: Scene) -> None:
    bid = scene.drafted()
    partner, unverified = scene.make.team(), scene.make.team(scene.make.university(state=OrganisationState.REGISTERED))
    own = Load(scene.team.id, 90)
    both = scene.terms(loads=(replace(own, money=40_000_000), Load(partner.id, 10, 2_000_000)))
    service.save_draft(scene.call(), bid.id, both)
    scene.authorised(bid, partner)
    assert service.submit_bid(scene.call(), bid.id, both)
    with pytest.raises(Invalid, match="unknown_team"):
        service.submit_bid(scene.call(), bid.id, scene.terms(loads=(own, Load(unverified.id, 10))))
    with pytest.raises(Invalid, match="days_out_of_range"):
        service.submit_bid(scene.call(), bid.id, scene.terms(loads=(Load(scene.team.id, 100_001),)))


def test_a_replacement_counts_at_once_with_a_new_commitment(scene: Scene) -> None:
    bid = scene.submitted()
    first = fresh(bid).commitment
    with pytest.raises(Conflict, match=r"bids\.counts_already"):
        service.save_draft(scene.call(), bid.id, scene.terms(price=1_000_000))
    service.submit_bid(scene.call(), bid.id, scene.terms(price=1_000_000))
    assert fresh(bid).commitment != first
    assert queries.own_content(queries.get_own(scene.call(), bid.id)).terms.price == 1_000_000


def test_a_withdrawn_bid_has_no_envelope_and_can_come_back(scene: Scene) -> None:
    bid = scene.submitted()
    service.withdraw_bid(scene.call(), bid.id)
    gone = fresh(bid)
    assert (gone.state, gone.envelope, gone.commitment) == (BidState.WITHDRAWN, None, "")
    service.submit_bid(scene.call(), bid.id)
    assert fresh(bid).state is BidState.SUBMITTED


@pytest.mark.parametrize("late_by", [timedelta(0), timedelta(microseconds=1), timedelta(days=3)])
def test_from_the_deadline_on_everything_is_late_and_recorded(scene: Scene, late_by: timedelta) -> None:
    bid = scene.submitted()
    before = fresh(bid).commitment
    scene.clock.now = scene.order.bid_deadline + late_by  # type: ignore[operator]
    for act in (
        lambda: service.submit_bid(scene.call(), bid.id, scene.terms(price=1_000_000)),
        lambda: service.withdraw_bid(scene.call(), bid.id),
    ):
        with pytest.raises(Conflict, match=r"bid\.late"):
            act()
    with pytest.raises(Conflict, match=r"bid\.late"):
        service.start_bid(scene.call(), scene.order.id, scene.team.id)
    assert commands()[-2:] == ["bids.refuse_late", "bids.refuse_late"]
    assert (fresh(bid).state, fresh(bid).commitment) == (BidState.SUBMITTED, before)


def test_the_last_moment_before_the_deadline_counts(scene: Scene) -> None:
    bid = scene.drafted()
    scene.clock.now = scene.order.bid_deadline - timedelta(microseconds=1)  # type: ignore[operator]
    assert service.submit_bid(scene.call(), bid.id, scene.terms()).state is BidState.SUBMITTED


def test_without_the_opener_s_key_drafts_are_kept_and_nothing_is_submitted(scene: Scene) -> None:
    bid = scene.drafted()
    public_path(current_app.extensions["config"]).unlink()
    service.save_draft(scene.call(), bid.id, scene.terms())
    with pytest.raises(Conflict, match=r"bids\.no_key"):
        service.submit_bid(scene.call(), bid.id)
    assert fresh(bid).state is BidState.DRAFT


def test_a_damaged_or_swapped_copy_is_refused_not_shown(scene: Scene) -> None:
    one, other = scene.submitted(), scene.rival()
    rows = {b.id: b for b in db.session.scalars(select(Bid))}
    rows[one.id].owner_copy, rows[other.id].owner_copy = fresh(other).owner_copy, fresh(one).owner_copy
    db.session.commit()
    with pytest.raises(Conflict, match=r"bids\.copy_damaged"):
        queries.own_content(queries.get_own(scene.call(), one.id))


# The order changes or ends


def amended(scene: Scene) -> AmendTerms:
    order = scene.order
    return AmendTerms(order.title, order.problem + "也可浸涂。", order.background, "也可浸涂")


def test_a_changed_text_asks_every_bidder_to_confirm(scene: Scene) -> None:
    bid = scene.submitted()
    order = service.amend_order(scene.call(scene.owner), scene.order.id, amended(scene))
    assert fresh(bid).state is BidState.NEEDS_RECONFIRM
    assert order.problem.endswith("也可浸涂。")
    assert mails() == [("bid_order_changed", scene.lead.email)]
    (kept,) = db.session.scalars(select(OrderAmendment))
    assert kept.deadline_before == kept.deadline_after
    service.submit_bid(scene.call(), bid.id)
    assert fresh(bid).state is BidState.SUBMITTED


def test_a_change_close_to_the_deadline_moves_it(scene: Scene) -> None:
    before = scene.order.bid_deadline
    scene.clock.advance(days=19)
    order = service.amend_order(scene.call(scene.owner), scene.order.id, amended(scene))
    assert order.bid_deadline == scene.clock() + timedelta(days=2)  # what the quick call leaves
    (kept,) = db.session.scalars(select(OrderAmendment))
    assert (kept.deadline_before, kept.deadline_after) == (before, order.bid_deadline)


def test_the_text_stays_after_the_deadline_and_for_others(scene: Scene) -> None:
    with pytest.raises(Forbidden):
        service.amend_order(scene.call(scene.officers[0]), scene.order.id, amended(scene))
    unchanged = AmendTerms(scene.order.title, scene.order.problem, scene.order.background, "nichts")
    with pytest.raises(Invalid, match=r"orders\.unchanged"):
        service.amend_order(scene.call(scene.owner), scene.order.id, unchanged)
    scene.past_deadline()
    with pytest.raises(Conflict, match=r"orders\.over"):
        service.amend_order(scene.call(scene.owner), scene.order.id, amended(scene))


def test_the_record_of_a_change_is_the_same_with_and_without_bids(scene: Scene) -> None:
    service.amend_order(scene.call(scene.owner), scene.order.id, amended(scene))
    without = db.session.scalar(select(AuditRecord.detail).order_by(AuditRecord.sequence.desc()))
    other = Scene(scene.make, scene.clock)
    other.submitted()
    service.amend_order(other.call(other.owner), other.order.id, amended(other))
    assert db.session.scalar(select(AuditRecord.detail).order_by(AuditRecord.sequence.desc())) == without


def test_the_bids_of_a_cancelled_order_lapse_unread(scene: Scene) -> None:
    bid, draft_team = scene.submitted(), scene.make.team()
    draft = scene.drafted(draft_team, scene.make.lead(draft_team))
    order_service.cancel_order(scene.call(scene.owner), scene.order.id, "预算取消")
    for row in (fresh(bid), fresh(draft)):
        assert (row.state, row.envelope, row.reason) == (BidState.LAPSED, None, "bids.order_cancelled")
    assert [template for template, _ in mails()] == ["bid_order_ended", "bid_order_ended"]
    assert commands()[-2:] == ["orders.cancel", "bids.lapse"]


def test_only_the_system_lets_bids_lapse_and_only_of_ended_orders(scene: Scene) -> None:
    scene.submitted()
    with pytest.raises(Forbidden):
        service.lapse_bids(scene.call(scene.owner), scene.order.id)
    with pytest.raises(Conflict, match=r"bids\.order_goes_on"):
        service.lapse_bids(scene.make.call(), scene.order.id)


@pytest.mark.parametrize(("locale", "name"), [("zh", "防护涂层"), ("en", "Coating")])
def test_tasks_name_the_order_in_the_language_of_their_reader(
    scene: Scene, sign_in: Any, locale: str, name: str
) -> None:
    scene.drafted()
    assert name in sign_in(scene.lead, locale).get("/home").text


def test_bidders_are_reminded_of_what_needs_work(scene: Scene) -> None:
    bid = scene.drafted()
    (task,) = queries.waiting_for(scene.call())
    assert (task.endpoint, task.values, task.due) == ("bids.show", {"bid_id": bid.id}, scene.order.bid_deadline)
    service.submit_bid(scene.call(), bid.id, scene.terms())
    assert queries.waiting_for(scene.call()) == []
    service.amend_order(scene.call(scene.owner), scene.order.id, amended(scene))
    assert len(queries.waiting_for(scene.call())) == 1
    scene.past_deadline()
    assert queries.waiting_for(scene.call()) == []
