"""An evaluation from its criteria to the locked scores: who may what, when, and what it opens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace.audit.models import AuditRecord
from marketplace.bids import openings
from marketplace.bids import service as bidding
from marketplace.bids.workflow import BidState
from marketplace.conflicts import service as conflicts
from marketplace.conflicts.terms import End, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind
from marketplace.db.base import db
from marketplace.evaluation import queries, service
from marketplace.evaluation.models import Member, Result
from marketplace.evaluation.service import setting_up
from marketplace.evaluation.terms import STANDARD, CriterionTerms
from marketplace.evaluation.workflow import EvaluationState, MemberState
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from marketplace.rounds.gather import scores
from tests.bids.scene import fresh
from tests.evaluation.court import Court

OWN = [CriterionTerms("路线", "Route", 7_000), CriterionTerms("团队", "Team", 3_000)]


# Criteria


def test_criteria_are_fixed_before_bids_can_come_in(court: Court) -> None:
    order = court.make.order(court.scene.enterprise, OrderState.PUBLISHED, alliance_id=court.scene.alliance.id)
    row = service.fix_criteria(court.call(court.scene.owner), order.id, OWN)
    assert [c.weight for c in row.criteria] == [7_000, 3_000]
    service.fix_criteria(court.officer, order.id, OWN[::-1])
    assert [c.name for c in queries.of_order(order).criteria] == ["团队", "路线"]  # type: ignore[union-attr]
    with pytest.raises(Conflict, match=r"evaluation\.fixed"):
        service.fix_criteria(court.officer, court.order_id, OWN)
    court.opened()
    with pytest.raises(Conflict, match=r"evaluation\.fixed"):
        service.fix_criteria(court.officer, court.order_id, OWN)


@pytest.mark.parametrize(
    "criteria",
    [
        [],
        [OWN[0]],
        [*OWN, OWN[0]],
        [CriterionTerms(" ", "", 10_000)],
        [CriterionTerms("a", "", 0), CriterionTerms("b", "", 10_000)],
    ],
)
def test_weights_are_the_whole_and_every_criterion_has_a_name(court: Court, criteria: list[CriterionTerms]) -> None:
    order = court.make.order(court.scene.enterprise, OrderState.DRAFT, alliance_id=court.scene.alliance.id)
    with pytest.raises(Invalid):
        service.fix_criteria(court.call(court.scene.owner), order.id, criteria)


def test_strangers_fix_no_criteria(court: Court) -> None:
    order = court.make.order(court.scene.enterprise, OrderState.PUBLISHED, alliance_id=court.scene.alliance.id)
    for account in (court.scene.lead, court.make.account(Role.AUDITOR)):
        with pytest.raises(Forbidden):
            service.fix_criteria(court.call(account), order.id, OWN)


# The committee


def test_before_the_opening_no_committee_is_formed_because_a_refusal_would_tell_who_bid(court: Court) -> None:
    with pytest.raises(Conflict, match=r"evaluation\.not_open"):
        service.appoint(court.officer, court.order_id, court.scene.lead.email, expert=True)


def test_the_standard_criteria_hold_where_nobody_fixed_others(court: Court) -> None:
    court.opened().appoint(court.judges[0])
    assert [c.weight for c in court.evaluation().criteria] == [c.weight for c in STANDARD]
    assert court.evaluation().fixed_at is None


def test_parties_and_people_near_them_do_not_judge(court: Court) -> None:
    scene = court.opened().scene
    colleague = court.make.account(Role.UNIVERSITY_MEMBER, organisation=scene.university)
    other_account_of_the_lead = court.make.account(person=scene.lead.person)
    for account in (scene.owner, scene.lead, colleague, other_account_of_the_lead):
        with pytest.raises(Conflict, match=r"evaluation\.conflict"):
            service.appoint(court.officer, court.order_id, account.email, expert=True)


def test_without_the_check_the_bidder_would_judge_the_own_bid(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_up, "_require_disinterested", lambda *_: None)
    court.opened().appoint(court.scene.lead)


def test_a_relation_declared_after_the_appointment_stops_the_scores(court: Court) -> None:
    court.begun()
    judge = court.judges[0]
    court.score(judge, 90, 10)
    declared = RelationTerms(
        kind=RelationKind.FAMILY,
        near=End(EndKind.PERSON, judge.person_id),
        other_kind=EndKind.PERSON,
        other_name=court.scene.lead.person.name,
        evidence="本人申报：兄弟关系",
        since=date(2020, 1, 1),
        until=None,
        upload=None,
    )
    relation = conflicts.declare(court.call(judge), declared)
    if relation.other_person_id is None:
        relation.other_person_id = court.scene.lead.person_id
        db.session.commit()
    with pytest.raises(Conflict, match=r"evaluation\.conflict"):
        service.submit_scores(court.call(judge), court.evaluation().id)


def test_a_person_sits_once_whatever_account(court: Court) -> None:
    court.opened().appoint(court.judges[0])
    again = court.make.account(person=court.judges[0].person)
    with pytest.raises(Conflict, match=r"evaluation\.seated"):
        service.appoint(court.officer, court.order_id, again.email, expert=True)
    with pytest.raises(Invalid, match=r"evaluation\.unknown_account"):
        service.appoint(court.officer, court.order_id, "nobody@example.test", expert=True)


def test_scoring_begins_with_a_whole_committee_that_has_accepted(court: Court) -> None:
    court.opened()
    with pytest.raises(Conflict, match=r"evaluation\.too_small"):
        service.begin_scoring(court.officer, court.order_id)
    court.appoint(*court.judges[:2])
    with pytest.raises(Conflict, match=r"evaluation\.too_small"):
        service.begin_scoring(court.officer, court.order_id)
    court.appoint(court.judges[2], expert=False)
    with pytest.raises(Conflict, match=r"evaluation\.not_accepted"):
        service.begin_scoring(court.officer, court.order_id)
    for judge in court.judges:
        service.accept_seat(court.call(judge), court.evaluation().id)
    assert service.begin_scoring(court.officer, court.order_id).state is EvaluationState.SCORING
    with pytest.raises(Conflict, match=r"evaluation\.begun"):
        court.appoint(court.make.account())


def test_a_member_steps_down_or_is_replaced_with_a_reason_before_handing_in(court: Court) -> None:
    court.seated()
    with pytest.raises(Invalid, match="reason_needed"):
        service.decline_seat(court.call(court.judges[0]), court.evaluation().id, " ")
    service.decline_seat(court.call(court.judges[0]), court.evaluation().id, "与投标人合作过")
    other = court.evaluation().members[1]
    service.replace_member(court.officer, court.order_id, other.id, "出差")
    assert [m.state for m in court.evaluation().members][:2] == [MemberState.REPLACED] * 2
    with pytest.raises(NotFound):
        service.accept_seat(court.call(court.judges[0]), court.evaluation().id)


def test_who_handed_in_is_not_replaced(court: Court) -> None:
    court.handed_in()
    with pytest.raises(Conflict, match="not_now"):
        service.replace_member(court.officer, court.order_id, court.evaluation().members[0].id, "分数不合意")


# Scores


def test_points_are_whole_from_0_to_100_for_known_criteria_and_judged_bids(court: Court) -> None:
    court.begun()
    call, row = court.call(court.judges[0]), court.evaluation()
    criterion, bid = row.criteria[0].id, court.bids[0].id
    for points in ({criterion: 101}, {criterion: -1}, {999_999: 5}):
        with pytest.raises(Invalid):
            service.save_scores(call, row.id, bid, points)
    with pytest.raises(NotFound):
        service.save_scores(call, row.id, 999_999, {criterion: 5})
    with pytest.raises(Conflict, match=r"evaluation\.incomplete"):
        service.submit_scores(call, row.id)


def test_only_members_score_and_only_while_scoring_lasts(court: Court) -> None:
    court.seated()
    row, criterion = court.evaluation(), court.evaluation().criteria[0].id
    with pytest.raises(Forbidden, match=r"evaluation\.not_scoring"):
        service.save_scores(court.call(court.judges[0]), row.id, court.bids[0].id, {criterion: 5})
    service.begin_scoring(court.officer, court.order_id)
    for account in (court.scene.officers[0], court.scene.owner, court.scene.lead, court.make.account()):
        with pytest.raises(NotFound):
            service.save_scores(court.call(account), row.id, court.bids[0].id, {criterion: 5})


def test_what_was_handed_in_stays(court: Court) -> None:
    court.handed_in()
    call, row = court.call(court.judges[0]), court.evaluation()
    with pytest.raises(Forbidden, match=r"evaluation\.handed_in"):
        service.save_scores(call, row.id, court.bids[0].id, {row.criteria[0].id: 5})
    with pytest.raises(Forbidden, match=r"evaluation\.handed_in"):
        service.submit_scores(call, row.id)


def test_scores_are_locked_once_all_have_handed_in_and_the_results_never_change(court: Court) -> None:
    court.begun()
    court.score(court.judges[0], 80, 60)
    with pytest.raises(Conflict, match=r"evaluation\.not_all"):
        service.lock_scores(court.officer, court.order_id)
    for judge in court.judges:
        court.score(judge, 80, 60)
        service.submit_scores(court.call(judge), court.evaluation().id)
    service.lock_scores(court.officer, court.order_id)
    assert [(r.bid_id, r.quality, r.rank) for r in queries.results_of(court.evaluation())] == [
        (court.bids[0].id, 800, 1),
        (court.bids[1].id, 600, 2),
    ]
    with pytest.raises(Conflict, match="not_now"):
        service.lock_scores(court.officer, court.order_id)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("UPDATE evaluation_results SET quality = 1000"))
    db.session.rollback()


def test_only_the_lock_releases_the_prices(court: Court) -> None:
    court.handed_in()
    assert not openings.prices_wait(court.scene.fresh_order())
    with pytest.raises(Conflict, match="prices_too_early"):
        bidding.request_price_opening(court.officer, court.order_id)
    service.lock_scores(court.officer, court.order_id)
    assert openings.prices_wait(court.scene.fresh_order())
    bidding.request_price_opening(court.officer, court.order_id)
    bidding.confirm_price_opening(court.call(court.scene.officers[1]), court.order_id)
    assert {fresh(bid).state for bid in court.bids} == {BidState.OPENED}


def test_others_lock_nothing(court: Court) -> None:
    court.handed_in()
    for account in (court.judges[0], court.scene.owner, court.scene.lead, court.make.account(Role.AUDITOR)):
        with pytest.raises(Forbidden):
            service.lock_scores(court.call(account), court.order_id)


def test_the_locked_quality_is_the_quality_part_of_the_round(court: Court) -> None:
    court.locked()
    assert queries.qualities([bid.id for bid in court.bids]) == {court.bids[0].id: 800, court.bids[1].id: 600}
    assert scores.judged(800, 99, 9, 9) == 800
    assert scores.judged(None, 5, 1, 2) == scores.quality(5, 1, 2)


# Exclusion


def test_two_people_exclude_a_bid_with_a_reason_that_the_bidder_reads(court: Court) -> None:
    court.opened()
    bid = court.bids[0]
    with pytest.raises(Invalid, match="reason_needed"):
        service.propose_exclusion(court.officer, bid.id, "")
    service.propose_exclusion(court.officer, bid.id, "没有按要求提供检测报告")
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        service.confirm_exclusion(court.officer, bid.id)
    with pytest.raises(Forbidden, match=r"approvals\.same_person"):
        service.reject_exclusion(court.officer, bid.id)
    assert fresh(bid).state is BidState.TECHNICAL
    service.confirm_exclusion(court.call(court.scene.officers[1]), bid.id)
    assert (fresh(bid).state, fresh(bid).reason) == (BidState.DISQUALIFIED, "没有按要求提供检测报告")


def test_a_rejected_exclusion_leaves_the_bid_and_can_be_proposed_anew(court: Court) -> None:
    court.opened()
    bid, second = court.bids[0], court.call(court.scene.officers[1])
    service.propose_exclusion(court.officer, bid.id, "理由一")
    service.reject_exclusion(second, bid.id)
    assert fresh(bid).state is BidState.TECHNICAL
    court.clock.advance(minutes=1)
    service.propose_exclusion(court.officer, bid.id, "理由二")
    service.confirm_exclusion(second, bid.id)
    assert fresh(bid).state is BidState.DISQUALIFIED


def test_parties_exclude_nothing_and_sealed_bids_cannot_be_excluded(court: Court) -> None:
    with pytest.raises(NotFound):
        service.propose_exclusion(court.officer, court.bids[0].id, "理由")
    court.opened()
    for account in (court.scene.owner, court.scene.lead):
        with pytest.raises(Forbidden):
            service.propose_exclusion(court.call(account), court.bids[0].id, "理由")


def test_no_points_and_no_names_are_in_the_journal_before_the_lock(court: Court) -> None:
    court.handed_in((91, 13), (92, 14), (93, 15))
    told = repr(
        [r.detail for r in db.session.scalars(select(AuditRecord).where(AuditRecord.command.like("evaluation.%")))]
    )
    for secret in ("91", "13", court.judges[0].email, court.judges[0].person.name):
        assert secret not in told


# Every state with every event, by the services and by SQL


def state_of(court: Court) -> EvaluationState:
    return court.evaluation().state


@pytest.mark.parametrize("reach", ["opened", "seated", "begun", "handed_in", "locked"])
def test_every_event_in_every_state(court: Court, reach: str) -> None:
    """What may follow each stage; everything else is refused and changes nothing."""
    getattr(court, reach)()
    allowed = {
        "opened": {"appoint"},
        "seated": {"begin"},
        "begun": {"save"},
        "handed_in": {"lock"},
        "locked": set(),
    }[reach]
    judge, evaluation = court.judges[0], queries.of_order(court.scene.order)
    key = evaluation.id if evaluation else 0
    criterion = evaluation.criteria[0].id if evaluation else 0
    acts: dict[str, Any] = {
        "appoint": lambda: court.appoint(court.make.account()),
        "accept": lambda: service.accept_seat(court.call(judge), key),
        "begin": lambda: service.begin_scoring(court.officer, court.order_id),
        "save": lambda: service.save_scores(court.call(judge), key, court.bids[0].id, {criterion: 5}),
        "submit": lambda: service.submit_scores(court.call(judge), key),
        "lock": lambda: service.lock_scores(court.officer, court.order_id),
    }
    if reach == "seated":
        del acts["appoint"]  # possible, and would keep the scoring from beginning
    for name in sorted(set(acts) - allowed):
        before = [(m.id, m.state) for m in db.session.scalars(select(Member).order_by(Member.id))]
        with pytest.raises((Conflict, Forbidden, NotFound)):
            acts[name]()
        assert before == [(m.id, m.state) for m in db.session.scalars(select(Member).order_by(Member.id))], name
    for name in sorted(allowed):
        acts[name]()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluations SET state = 'open'",
        "UPDATE evaluations SET state = 'locked', locked_at = NULL",
        "UPDATE evaluation_members SET state = 'done', submitted_at = NULL",
        "UPDATE evaluation_members SET state = 'ready', accepted_at = NULL",
        "UPDATE evaluation_scores SET points = 101",
        "UPDATE evaluation_criteria SET weight = 0",
        "DELETE FROM evaluation_results",
        "UPDATE evaluation_results SET rank = 1",
        "UPDATE bids SET state = 'technical', opened_at = NULL",
        "UPDATE bid_consents SET state = 'given', decided_at = NULL",
        "UPDATE opening_records SET document = ''",
        "DELETE FROM opening_records",
    ],
)
def test_the_database_itself_refuses_states_that_contradict_themselves(court: Court, statement: str) -> None:
    court.locked()
    if "consents" in statement:
        bid, team = court.bids[0], court.make.team()
        db.session.execute(
            text(
                "INSERT INTO bid_consents (bid_id, team_id, state, digest, reason, asked_at, version) "
                "VALUES (:b, :t, 'asked', '', '', '2026-11-01 00:00:00+00:00', 1)"
            ),
            {"b": bid.id, "t": team.id},
        )
    with pytest.raises(DBAPIError):
        db.session.execute(text(statement))
    db.session.rollback()


def test_results_are_read_only_rows(court: Court) -> None:
    court.locked()
    row = db.session.scalar(select(Result))
    assert row is not None
    row.quality = 1
    with pytest.raises(RuntimeError, match="append-only"):
        db.session.flush()
    db.session.rollback()


def test_too_few_experts_keep_the_scoring_from_beginning(make: Any, clock: Any) -> None:
    court = Court(make, clock, Procedure.OPEN)
    court.opened()
    court.appoint(*court.judges[:1])
    court.appoint(*court.judges[1:], expert=False)
    for judge in court.judges:
        service.accept_seat(court.call(judge), court.evaluation().id)
    with pytest.raises(Conflict, match=r"evaluation\.few_experts"):
        service.begin_scoring(court.officer, court.order_id)
