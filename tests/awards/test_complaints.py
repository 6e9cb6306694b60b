"""Objections and appeals: who, when, in which words, decided by whom, with what consequence, and who learns what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import Person
from marketplace.accounts.queries import actor_of
from marketplace.approvals import service as approvals
from marketplace.audit.models import AuditRecord
from marketplace.awards import policy, queries, reading, service
from marketplace.awards.days import CITY
from marketplace.awards.models import Complaint
from marketplace.awards.terms import ComplaintTerms
from marketplace.awards.workflow import COMPLAINT, AwardState, ComplaintState, Finding, Ground, Remedy, Standing
from marketplace.bids.workflow import BidState
from marketplace.conflicts import service as conflicts
from marketplace.conflicts.terms import End, OverrideTerms, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind, Subject
from marketplace.db.base import db
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from tests.awards.conftest import TEXT, Awarded


def fresh(row: Complaint) -> Complaint:
    return db.session.get_one(Complaint, row.id, populate_existing=True)


def test_a_losing_bidder_and_a_member_object_each_in_its_own_name(awarded: Awarded) -> None:
    award = awarded.announced()
    bidder = awarded.complaint(award)
    member = awarded.account("member")
    organisation = next(iter(actor_of(member).organisations))
    other = service.file_complaint(
        awarded.call("member"), award.id, awarded_terms(organisation_id=organisation, ground=Ground.PROCEDURE)
    )
    assert (bidder.standing, bidder.organisation_id) == (Standing.BIDDER, awarded.losers[0].team.organisation_id)
    assert (other.standing, other.bid_id) == (Standing.MEMBER, None)
    assert bidder.answer_due_at.astimezone(CITY).isoformat() == "2027-01-16T00:00:00+08:00"


def awarded_terms(**values: Any) -> Any:
    return ComplaintTerms(**{"ground": Ground.SCORING, "text": TEXT, **values})


@pytest.mark.parametrize("who", ["owner", "lead", "officer", "auditor", "fund_manager", "secretary"])
def test_parties_and_staff_do_not_object(awarded: Awarded, who: str) -> None:
    award = awarded.announced()
    organisations = sorted(awarded.call(who).actor.organisations) or [awarded.order.organisation_id]
    for values in (
        {"bid_id": awarded.winner.id},
        {"bid_id": awarded.losers[0].id},
        {"organisation_id": organisations[0]},
    ):
        with pytest.raises(Forbidden):
            service.file_complaint(awarded.call(who), award.id, awarded_terms(**values))


def test_nobody_objects_in_anothers_name(awarded: Awarded) -> None:
    award = awarded.announced()
    for who, values in (
        ("loser", {"bid_id": awarded.losers[1].id}),
        ("loser", {"organisation_id": awarded.order.organisation_id}),
        ("member", {"bid_id": awarded.losers[0].id}),
        ("member", {}),
    ):
        with pytest.raises(Forbidden):
            service.file_complaint(awarded.call(who), award.id, awarded_terms(**values))
    assert db.session.scalars(select(Complaint)).all() == []


def test_objections_come_within_the_standstill_once_and_with_words(awarded: Awarded) -> None:
    award = awarded.announced()
    with pytest.raises(Invalid, match="text_short"):
        awarded.complaint(award, text="不公")
    awarded.clock.now = award.standstill_ends_at - timedelta(seconds=1)
    awarded.complaint(award)
    with pytest.raises(Conflict, match="one_open"):
        awarded.complaint(award)
    awarded.after_standstill(award)
    with pytest.raises(Conflict, match="too_late"):
        service.file_complaint(
            awarded.make.call(awarded.make.lead(awarded.losers[1].team)),
            award.id,
            awarded_terms(bid_id=awarded.losers[1].id),
        )


def test_in_the_strict_procedure_the_answer_is_due_in_calendar_days(awarded: Awarded) -> None:
    awarded.order.procedure = Procedure.STRICT
    awarded.make.save(awarded.order)
    awarded.clock.now += timedelta(days=1)  # Wednesday: three calendar days end on Saturday, so on Monday
    row = awarded.complaint(awarded.announced())
    assert row.answer_due_at.astimezone(CITY).isoformat() == "2027-01-19T00:00:00+08:00"


def test_a_dismissed_objection_is_answered_to_whoever_objected_and_summed_up_for_the_parties(awarded: Awarded) -> None:
    for who in ("owner", "lead", "loser"):
        awarded.account(who)
    row = awarded.decided(awarded.complaint(awarded.announced()))
    assert row.state is ComplaintState.DISMISSED
    own, enterprise, auditor = (
        reading.of(awarded.call(who).actor, fresh(row)) for who in ("loser", "owner", "auditor")
    )
    assert (own.text, own.told[0].answer, own.told[0].by) == (TEXT, "经核实，材料属实。", "")
    assert (enterprise.full, enterprise.text, enterprise.objector) == (False, "", "")
    assert (enterprise.told[0].answer, enterprise.told[0].summary) == ("", "异议经核实不成立。")
    assert auditor.objector.startswith(awarded.losers[0].team.organisation.name)
    mails = {(m.recipient, m.template) for m in db.session.scalars(select(Message))}
    assert (awarded.account("loser").email, "complaint_decided") in mails
    assert (awarded.account("owner").email, "award_goes_on") in mails


def test_the_waiting_answer_is_read_by_the_centre_alone(awarded: Awarded) -> None:
    row = awarded.answered(awarded.complaint(awarded.announced()))
    for who, sees in (("loser", False), ("owner", False), ("lead", False), ("officer", True), ("auditor", True)):
        told = reading.of(awarded.call(who).actor, row)
        assert (told.waiting is not None, told.told) == (sees, [])


@pytest.mark.parametrize(
    ("remedy", "winner"),
    [
        (Remedy.REEVALUATE, BidState.OPENED),
        (Remedy.EXCLUDE_WINNER, BidState.DISQUALIFIED),
        (Remedy.STANDS, BidState.WON),
    ],
)
def test_an_upheld_objection_has_its_consequence_at_once(awarded: Awarded, remedy: Remedy, winner: BidState) -> None:
    award = awarded.announced()
    row = awarded.decided(awarded.complaint(award), finding=Finding.UPHELD, remedy=remedy)
    assert row.state is ComplaintState.UPHELD
    db.session.refresh(awarded.winner)
    stands = remedy is Remedy.STANDS
    assert awarded.winner.state is winner
    assert awarded.fresh(award).state is (AwardState.STANDSTILL if stands else AwardState.UNDONE)
    order = db.session.get_one(Order, awarded.order.id, populate_existing=True)
    assert order.state is (OrderState.STANDSTILL if stands else OrderState.EVALUATING)


def test_other_open_objections_end_with_the_award(awarded: Awarded) -> None:
    award = awarded.announced()
    first = awarded.complaint(award)
    lead = awarded.make.lead(awarded.losers[1].team)
    other = service.file_complaint(awarded.make.call(lead), award.id, awarded_terms(bid_id=awarded.losers[1].id))
    awarded.decided(first, finding=Finding.UPHELD, remedy=Remedy.REEVALUATE)
    assert fresh(other).state is ComplaintState.WITHDRAWN
    assert reading.of(awarded.call("auditor").actor, fresh(other)).reason != "moot"


@pytest.mark.parametrize(
    "values",
    [
        {"answer": " "},
        {"summary": ""},
        {"finding": Finding.UPHELD},
        {"finding": Finding.DISMISSED, "remedy": Remedy.REEVALUATE},
    ],
)
def test_an_answer_is_whole_or_refused(awarded: Awarded, values: dict[str, Any]) -> None:
    row = awarded.complaint(awarded.announced())
    service.accept_complaint(awarded.call("officer"), row.id)
    with pytest.raises(Invalid):
        service.answer_complaint(awarded.call("officer"), row.id, awarded.finding(**values))


def test_two_natural_persons_decide_and_exactly_what_was_read(awarded: Awarded) -> None:
    row = awarded.answered(awarded.complaint(awarded.announced()))
    finding = row.findings[-1]
    person = db.session.get_one(Person, awarded.account("officer").person_id)
    twin = awarded.make.call(awarded.make.account(Role.CENTRE_OFFICER, person=person))
    for call in (awarded.call("officer"), twin):
        with pytest.raises(Forbidden, match="same_person"):
            service.approve_finding(call, row.id, finding.content_hash)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_finding(awarded.call("second"), row.id, "0" * 64)
    finding.answer = "另一个答复"
    awarded.make.save(finding)
    with pytest.raises(Conflict, match=r"approvals\.changed"):
        service.approve_finding(awarded.call("second"), row.id, finding.content_hash)


def test_the_twin_without_the_check_of_persons_one_decides_alone(
    awarded: Awarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = awarded.answered(awarded.complaint(awarded.announced()))
    monkeypatch.setattr(approvals, "approve", lambda *_a: None)
    service.approve_finding(awarded.call("officer"), row.id, row.findings[-1].content_hash)
    assert fresh(row).state is ComplaintState.DISMISSED


def test_a_second_person_who_disagrees_returns_the_answer(awarded: Awarded) -> None:
    row = awarded.answered(awarded.complaint(awarded.announced()))
    service.return_finding(awarded.call("second"), row.id, "证据不足")
    row = fresh(row)
    assert row.state is ComplaintState.ACCEPTED
    assert reading.of(awarded.call("loser").actor, row).told == []
    service.answer_complaint(awarded.call("second"), row.id, awarded.finding())
    service.approve_finding(awarded.call("officer"), row.id, fresh(row).findings[-1].content_hash)
    assert fresh(row).state is ComplaintState.DISMISSED


def test_an_interest_in_a_party_or_in_the_objector_keeps_an_officer_out(awarded: Awarded) -> None:
    row = awarded.complaint(awarded.announced())
    person = db.session.get_one(Person, awarded.account("officer").person_id)
    organisation = awarded.losers[0].team.organisation
    awarded.make.account(Role.UNIVERSITY_MEMBER, organisation=organisation, person=person)
    with pytest.raises(Forbidden, match="own_interest"):
        service.accept_complaint(awarded.call("officer"), row.id)
    service.accept_complaint(awarded.call("second"), row.id)


def appealed(awarded: Awarded) -> Complaint:
    row = awarded.decided(awarded.complaint(awarded.announced()))
    return service.appeal(awarded.call("loser"), row.id, "答复没有回应业绩材料的问题，请复核。")


def test_an_appeal_is_decided_by_two_who_had_no_part_in_it(awarded: Awarded) -> None:
    row = appealed(awarded)
    for who in ("officer", "second"):
        with pytest.raises(Forbidden, match="took_part"):
            service.review_appeal(awarded.call(who), row.id, awarded.finding())
    for who in ("auditor", "administrator"):
        with pytest.raises((Forbidden, NotFound)):
            service.review_appeal(awarded.call(who), row.id, awarded.finding())
    service.review_appeal(awarded.call("panel1"), row.id, awarded.finding(Finding.UPHELD, remedy=Remedy.REEVALUATE))
    seen = fresh(row).findings[-1].content_hash
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_finding(awarded.call("panel1"), row.id, seen)
    with pytest.raises(Forbidden, match="took_part"):
        service.approve_finding(awarded.call("second"), row.id, seen)
    service.approve_finding(awarded.call("panel2"), row.id, seen)
    assert fresh(row).state is ComplaintState.DECIDED
    assert awarded.fresh(row.award).state is AwardState.UNDONE


def test_a_dismissed_appeal_lets_the_award_go_on_at_once(awarded: Awarded) -> None:
    row = appealed(awarded)
    award = awarded.fresh(row.award)
    awarded.both_confirm(award)
    service.review_appeal(awarded.call("panel1"), row.id, awarded.finding())
    service.approve_finding(awarded.call("panel2"), row.id, fresh(row).findings[-1].content_hash)
    awarded.after_standstill(award)
    assert service.start_contract(awarded.call("officer"), award.id).state is AwardState.CONTRACTING


def test_an_inadmissible_objection_may_be_appealed_and_a_late_appeal_is_refused(awarded: Awarded) -> None:
    row = awarded.complaint(awarded.announced())
    service.reject_complaint(awarded.call("officer"), row.id, "不属于异议范围")
    row = fresh(row)
    assert row.appeal_until is not None
    awarded.clock.now = row.appeal_until
    with pytest.raises(Conflict, match="appeal_late"):
        service.appeal(awarded.call("loser"), row.id, TEXT)
    awarded.clock.now = row.appeal_until - timedelta(seconds=1)
    assert service.appeal(awarded.call("loser"), row.id, TEXT).state is ComplaintState.APPEALED


def test_an_objection_taken_back_frees_the_award(awarded: Awarded) -> None:
    award = awarded.announced()
    awarded.both_confirm(award)
    row = awarded.answered(awarded.complaint(award))
    with pytest.raises((Forbidden, NotFound)):
        service.withdraw_complaint(awarded.call("member"), row.id)
    service.withdraw_complaint(awarded.call("loser"), row.id)
    awarded.after_standstill(award)
    assert service.start_contract(awarded.call("officer"), award.id).state is AwardState.CONTRACTING


WHO = ["loser", "owner", "lead", "officer", "second", "panel1", "auditor", "administrator", "member", "secretary"]


@pytest.mark.parametrize("who", WHO)
def test_policy_and_query_of_an_objection_say_the_same(awarded: Awarded, who: str) -> None:
    row = awarded.complaint(awarded.announced())
    actor = awarded.call(who).actor
    objector, sides = queries.objector_of(row), queries.sides_of(row.award)
    listed = {each.id for each in queries.complaints_of(actor, row.award)}
    assert (row.id in listed) is bool(policy.knows_of_complaint(actor, objector, sides))
    full = {each.id for each in db.session.scalars(queries.list_complaints(actor)).unique()}
    assert (row.id in full) is bool(policy.reads_complaint(actor, objector, sides))
    assert reading.of(actor, row).full is bool(policy.reads_complaint(actor, objector, sides))


def test_a_winner_of_the_same_institution_does_not_learn_who_objected(awarded: Awarded) -> None:
    """Two teams of one university: the loser objects, the winner's side reads neither name nor words."""
    award = awarded.announced()
    awarded.losers[0].team.organisation_id = awarded.winner.team.organisation_id
    awarded.make.save(awarded.losers[0].team)
    row = awarded.complaint(award)
    owner = awarded.make.owner(awarded.winner.team.organisation)
    told = reading.of(actor_of(owner), fresh(row))
    assert (told.full, told.text, told.objector) == (False, "", "")
    assert reading.of(awarded.call("loser").actor, fresh(row)).full


def test_the_journal_holds_no_word_of_an_objection(awarded: Awarded) -> None:
    appealed(awarded)
    details = str([r.detail for r in db.session.scalars(select(AuditRecord))])
    for secret in (TEXT, "经核实", "答复没有回应"):
        assert secret not in details
    values = str([m.values for m in db.session.scalars(select(Message))])
    assert TEXT not in values
    assert awarded.losers[0].team.organisation.name not in values


ACTS: dict[str, Callable[[Awarded, Call, Complaint], Any]] = {
    "accept": lambda _a, call, row: service.accept_complaint(call, row.id),
    "reject": lambda _a, call, row: service.reject_complaint(call, row.id, "理由"),
    "answer": lambda a, call, row: service.answer_complaint(call, row.id, a.finding()),
    "review": lambda a, call, row: service.review_appeal(call, row.id, a.finding()),
    "appeal": lambda _a, call, row: service.appeal(call, row.id, TEXT),
    "withdraw": lambda _a, call, row: service.withdraw_complaint(call, row.id),
}
BY = {
    "accept": {"officer", "second"},
    "reject": {"officer", "second"},
    "answer": {"officer", "second"},
    "review": {"panel1"},
    "appeal": {"loser"},
    "withdraw": {"loser"},
}


@pytest.mark.parametrize("who", WHO)
def test_every_state_event_and_role_of_an_objection(awarded: Awarded, who: str) -> None:
    row = awarded.complaint(awarded.announced())
    call, soon = awarded.call(who), awarded.clock.now + timedelta(days=1)
    for state in ComplaintState:
        for event, act in ACTS.items():
            row = fresh(row)
            row.state, row.decided_at, row.appealed_at, row.appeal_until = state, awarded.clock.now, soon, soon
            awarded.make.save(row)
            allowed = who in BY[event] and COMPLAINT.allows(state, event)
            try:
                act(awarded, call, row)
            except (Conflict, Forbidden, NotFound):
                assert not allowed, (state, event)
                assert fresh(row).state is state
            else:
                assert allowed, (state, event)
                assert fresh(row).state is COMPLAINT.require(state, event)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'gone'",
        "state = 'upheld'",
        "state = 'dismissed', decided_at = filed_at",
        "state = 'appealed'",
        "standing = 'member'",
        "bid_id = NULL",
        "text = ''",
        "ground = 'spite'",
        "answer_due_at = filed_at",
    ],
)
def test_the_database_itself_refuses_a_crooked_objection(awarded: Awarded, change: str) -> None:
    awarded.complaint(awarded.announced())
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE complaints SET {change}"))


def test_whoever_is_close_to_the_objector_decides_only_when_two_people_passed_over_it(awarded: Awarded) -> None:
    row = awarded.complaint(awarded.announced())
    loser, officer = awarded.account("loser"), awarded.account("officer")
    place = awarded.make.enterprise()
    person = db.session.get_one(Person, officer.person_id)
    awarded.make.account(Role.ENTERPRISE_MEMBER, organisation=place, person=person)
    terms = RelationTerms(
        RelationKind.FAMILY, End(EndKind.PERSON, loser.person_id), EndKind.PERSON, person.name, "户口登记", place.name
    )
    conflicts.declare(awarded.call("loser"), terms)
    with pytest.raises(Forbidden, match="decider_conflict"):
        service.accept_complaint(awarded.call("officer"), row.id)
    (link,) = queries.links_of_decider(awarded.call("officer"), fresh(row))
    third, fourth = (awarded.make.call(awarded.make.officer()) for _ in range(2))
    given = conflicts.propose_override(third, OverrideTerms(Subject.COMPLAINT, row.id, link.key, "仅办理受理手续"))
    conflicts.approve_override(fourth, given.id, given.content_hash)
    assert service.accept_complaint(awarded.call("officer"), row.id).state is ComplaintState.ACCEPTED
