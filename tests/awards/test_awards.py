"""From the notice to the contract: standstill, both parties' word, the freeze, and what happens when somebody keeps silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.audit.models import AuditRecord
from marketplace.audit.verify import findings
from marketplace.awards import freezing, jobs, queries, service
from marketplace.awards.models import Award
from marketplace.awards.service import confirming
from marketplace.awards.terms import LevelTerms, ReversalTerms
from marketplace.awards.workflow import AwardState, Party
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.orders.models import Order
from marketplace.orders.procedures import Procedure
from marketplace.orders.workflow import OrderState
from marketplace.outbox.models import Message
from marketplace.rounds import service as rounds
from marketplace.rounds.models import Proposal, Run
from marketplace.rounds.workflow import ProposalState, RunState
from tests.awards.conftest import Awarded


def order_of(awarded: Awarded) -> Order:
    return db.session.get_one(Order, awarded.order.id, populate_existing=True)


def minute(awarded: Awarded) -> None:
    jobs.move_due(Call(Actor.system("worker"), awarded.clock.now, "minute"))
    db.session.expire_all()


def test_the_notice_begins_a_standstill_of_working_days(awarded: Awarded) -> None:
    award = awarded.announced()
    assert order_of(awarded).state is OrderState.STANDSTILL
    assert (award.bids_opened, award.price, award.price_public) == (3, awarded.proposal.price, True)
    assert award.standstill_ends_at.isoformat() == "2027-01-16T00:00:00+08:00"  # Tuesday and three working days
    assert award.confirm_by > award.standstill_ends_at


def test_everybody_with_a_bid_hears_of_the_notice_and_no_mail_says_more(awarded: Awarded) -> None:
    for who in ("owner", "lead", "loser"):
        awarded.account(who)
    awarded.announced()
    mails = db.session.scalars(select(Message).where(Message.template == "award_announced")).all()
    assert {m.recipient for m in mails} == {awarded.account(w).email for w in ("owner", "lead", "loser")}
    assert {key for m in mails for key in m.values} == {"reference", "endpoint", "key"}


@pytest.mark.parametrize("who", [r.value for r in Role if r not in (Role.CENTRE_OFFICER, Role.TEAM_LEAD)])
def test_only_staff_of_the_round_publish(awarded: Awarded, who: str) -> None:
    with pytest.raises((Forbidden, NotFound)):
        service.announce(awarded.call(who), awarded.proposal.id)


def test_a_match_is_published_once_and_only_when_approved(awarded: Awarded) -> None:
    awarded.announced()
    with pytest.raises(Conflict):
        awarded.announced()


def test_a_price_without_public_money_is_not_for_the_public_unless_the_procedure_is_strict(awarded: Awarded) -> None:
    awarded.scene.fund.public = False
    awarded.make.save(awarded.scene.fund)
    assert awarded.announced().price_public is False


def test_in_the_strict_procedure_the_price_is_public(awarded: Awarded) -> None:
    awarded.scene.fund.public, awarded.order.procedure = False, Procedure.STRICT
    awarded.make.save(awarded.scene.fund, awarded.order)
    assert awarded.announced().price_public is True


def test_after_a_quiet_standstill_with_both_words_the_clock_starts_the_contract(awarded: Awarded) -> None:
    award = awarded.announced()
    awarded.both_confirm(award)
    awarded.clock.now = award.standstill_ends_at - timedelta(seconds=1)
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.STANDSTILL
    awarded.after_standstill(award)
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.CONTRACTING
    assert order_of(awarded).state is OrderState.CONTRACTING
    assert findings_but_openings() == []


def findings_but_openings() -> list[str]:
    """The factory opens bids and brings money in without the two people that the books want."""
    made = ("were opened", "is in force", "nobody approved that this money")
    return [str(f) for f in findings() if not any(words in str(f) for words in made)]


@pytest.mark.parametrize(
    ("given", "over", "code"),
    [
        ((), True, "awards.unconfirmed"),
        ((Party.TEAM,), True, "awards.unconfirmed"),
        ((Party.ENTERPRISE,), True, "awards.unconfirmed"),
        ((Party.ENTERPRISE, Party.TEAM), False, "awards.standstill"),
    ],
)
def test_no_contract_begins_too_early(awarded: Awarded, given: tuple[Party, ...], over: bool, code: str) -> None:
    award = awarded.announced()
    for party in given:
        who = "owner" if party is Party.ENTERPRISE else "lead"
        service.confirm(awarded.call(who), award.id, party)
    if over:
        awarded.after_standstill(award)
    with pytest.raises(Conflict, match=code):
        service.start_contract(awarded.call("officer"), award.id)


def test_an_objection_freezes_the_award_until_it_is_decided_and_cannot_be_appealed_any_more(awarded: Awarded) -> None:
    award = awarded.announced()
    awarded.both_confirm(award)
    complaint = awarded.complaint(award)
    awarded.after_standstill(award)
    for _ in range(2):
        with pytest.raises(Conflict, match=r"awards\.frozen"):
            service.start_contract(awarded.call("officer"), award.id)
        minute(awarded)
        assert awarded.fresh(award).state is AwardState.STANDSTILL
        if complaint.decided_at is None:
            complaint = awarded.decided(complaint)
    assert complaint.appeal_until is not None
    awarded.clock.now = complaint.appeal_until
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.CONTRACTING


def test_the_twin_without_the_freeze_a_contract_begins_over_an_open_objection(
    awarded: Awarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    award = awarded.announced()
    awarded.both_confirm(award)
    awarded.complaint(award)
    awarded.after_standstill(award)
    monkeypatch.setattr(confirming, "is_frozen", lambda *_a: False)
    assert service.start_contract(awarded.call("officer"), award.id).state is AwardState.CONTRACTING


def test_who_does_not_confirm_in_time_gives_the_award_up(awarded: Awarded) -> None:
    award = awarded.announced()
    service.confirm(awarded.call("owner"), award.id, Party.ENTERPRISE)
    awarded.clock.now = award.confirm_by - timedelta(seconds=1)
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.STANDSTILL
    awarded.clock.now = award.confirm_by
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.LAPSED
    assert awarded.winner.state is BidState.DISQUALIFIED
    assert {bid.state for bid in awarded.losers} == {BidState.OPENED}
    assert order_of(awarded).state is OrderState.EVALUATING
    moved = db.session.scalars(select(AuditRecord.subject_id).where(AuditRecord.command == "awards.move_up")).one()
    assert db.session.get_one(Proposal, moved).bid_id in {bid.id for bid in awarded.losers}


def test_a_silent_enterprise_costs_the_team_nothing(awarded: Awarded) -> None:
    award = awarded.announced()
    service.confirm(awarded.call("lead"), award.id, Party.TEAM)
    awarded.clock.now = award.confirm_by
    minute(awarded)
    db.session.refresh(awarded.winner)
    assert (awarded.fresh(award).state, awarded.winner.state) == (AwardState.LAPSED, BidState.OPENED)


def test_an_objection_costs_the_parties_no_days(awarded: Awarded) -> None:
    award = awarded.announced()
    complaint = awarded.complaint(award)
    awarded.clock.now = award.confirm_by + timedelta(days=3)
    minute(awarded)
    assert awarded.fresh(award).state is AwardState.STANDSTILL
    row = awarded.decided(complaint)
    assert row.appeal_until is not None
    assert awarded.fresh(award).confirm_by > row.appeal_until
    awarded.both_confirm(award)


def test_the_next_alternative_moves_up_and_two_people_approve_it_anew(awarded: Awarded) -> None:
    award = awarded.announced()
    service.decline(awarded.call("lead"), award.id, Party.TEAM, "人员变动")
    assert awarded.fresh(award).public_reason != "人员变动"
    moved = db.session.scalars(select(AuditRecord.subject_id).where(AuditRecord.command == "awards.move_up")).one()
    proposal = service.move_up(awarded.call("officer"), award.id)
    assert proposal.id == moved
    assert proposal.bid_id in {bid.id for bid in awarded.losers}
    assert sum(part.amount for part in proposal.options[0].parts) == proposal.price
    assert service.move_up(awarded.call("officer"), award.id).id == proposal.id
    proposed = rounds.propose(awarded.call("officer"), proposal.id, proposal.options[0].id)
    with pytest.raises(Forbidden, match="same_person"):
        rounds.approve(awarded.call("officer"), proposal.id, proposed.content_hash)
    rounds.approve(awarded.call("second"), proposal.id, proposed.content_hash)
    again = service.announce(awarded.call("officer"), proposal.id)
    assert again.bid_id == proposal.bid_id
    with pytest.raises(Conflict, match="nobody_moves_up"):
        service.move_up(awarded.call("officer"), award.id)


def test_an_alternative_that_nothing_pays_for_is_passed_over(awarded: Awarded) -> None:
    """The dearest bid costs more than the enterprise's own money and the fund's share make together."""
    award = awarded.announced()
    for dearest in (False, True):
        service.decline(awarded.call("owner"), award.id, Party.ENTERPRISE, "需求变化")
        if dearest:
            with pytest.raises(Conflict, match="no_alternative"):
                service.move_up(awarded.call("officer"), award.id)
            return
        proposal = service.move_up(awarded.call("officer"), award.id)
        assert proposal.price == 40_000_000
        proposed = rounds.propose(awarded.call("officer"), proposal.id, proposal.options[0].id)
        rounds.approve(awarded.call("second"), proposal.id, proposed.content_hash)
        award = service.announce(awarded.call("officer"), proposal.id)


def test_only_the_right_side_gives_its_word_and_only_once(awarded: Awarded) -> None:
    award = awarded.announced()
    member = awarded.make.account(Role.ENTERPRISE_MEMBER, organisation=awarded.order.organisation)
    for call, party, code in (
        (awarded.call("lead"), Party.ENTERPRISE, "owner_confirms"),
        (awarded.call("owner"), Party.TEAM, "owner_confirms"),
        (awarded.make.call(member), Party.ENTERPRISE, "owner_confirms"),
        (awarded.call("officer"), Party.ENTERPRISE, "owner_confirms"),
    ):
        with pytest.raises(Forbidden, match=code):
            service.confirm(call, award.id, party)
    with pytest.raises(NotFound):
        service.confirm(awarded.call("loser"), award.id, Party.TEAM)
    service.confirm(awarded.call("lead"), award.id, Party.TEAM)
    with pytest.raises(Conflict, match="confirmed_already"):
        service.confirm(awarded.call("lead"), award.id, Party.TEAM)
    awarded.clock.now = award.confirm_by
    with pytest.raises(Conflict, match="confirm_over"):
        service.confirm(awarded.call("owner"), award.id, Party.ENTERPRISE)
    with pytest.raises(Invalid):
        service.decline(awarded.call("owner"), award.id, Party.ENTERPRISE, " ")


def test_a_run_is_released_as_a_whole_and_recalled_by_two_people(awarded: Awarded) -> None:
    run_id = awarded.proposal.run_id
    (award,) = service.release_run(awarded.call("officer"), run_id)
    assert db.session.get_one(Run, run_id).state is RunState.RELEASED
    with pytest.raises(Conflict):
        service.release_run(awarded.call("officer"), run_id)
    terms = ReversalTerms("评分参数有误", "评分参数有误，将重新评审")
    row = service.propose_recall(awarded.call("officer"), run_id, terms)
    with pytest.raises(Conflict, match="reversal_waits"):
        service.propose_recall(awarded.call("second"), run_id, terms)
    with pytest.raises(Forbidden, match="same_person"):
        service.approve_reversal(awarded.call("officer"), row.id, row.content_hash)
    service.approve_reversal(awarded.call("second"), row.id, row.content_hash)
    assert db.session.get_one(Run, run_id, populate_existing=True).state is RunState.RECALLED
    assert awarded.fresh(award).state is AwardState.UNDONE
    assert order_of(awarded).state is OrderState.EVALUATING
    with pytest.raises(Conflict, match="nothing_to_announce"):
        service.release_run(awarded.call("officer"), run_id)


def test_a_contract_that_was_signed_is_beyond_recall(awarded: Awarded) -> None:
    (award,) = service.release_run(awarded.call("officer"), awarded.proposal.run_id)
    row = service.propose_undo(awarded.call("officer"), award.id, ReversalTerms("理由", "理由"))
    order = order_of(awarded)
    order.state = OrderState.IN_DELIVERY
    awarded.make.save(order)
    with pytest.raises(Conflict):
        service.approve_reversal(awarded.call("second"), row.id, row.content_hash)
    recall = service.propose_recall(awarded.call("officer"), awarded.proposal.run_id, ReversalTerms("理由", "理由"))
    service.approve_reversal(awarded.call("second"), recall.id, recall.content_hash)
    assert awarded.fresh(award).state is AwardState.STANDSTILL
    proposal = db.session.get_one(Proposal, awarded.proposal.id, populate_existing=True)
    assert proposal.state is ProposalState.APPROVED


CONFIRMED = "enterprise_confirmed_at = announced_at, team_confirmed_at = announced_at"


@pytest.mark.parametrize(
    "change",
    [
        "state = 'gone'",
        "state = 'contracting'",
        "state = 'contracting', started_at = standstill_ends_at",
        f"state = 'contracting', {CONFIRMED}, started_at = '2026-01-01'",
        "state = 'undone'",
        "state = 'lapsed'",
        "standstill_ends_at = announced_at",
        "confirm_by = announced_at",
        "price = 0",
        "bids_opened = 0",
    ],
)
def test_the_database_itself_refuses_a_crooked_award(awarded: Awarded, change: str) -> None:
    awarded.announced()
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"UPDATE awards SET {change}"))


def test_an_order_has_at_most_one_live_award_in_the_database_itself(awarded: Awarded) -> None:
    award = awarded.announced()
    columns = [c.name for c in Award.__table__.columns if c.name not in {"id"}]
    listed = ", ".join(columns)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(text(f"INSERT INTO awards ({listed}) SELECT {listed} FROM awards WHERE id = {award.id}"))


def test_every_step_leaves_one_record(awarded: Awarded) -> None:
    award = awarded.announced()
    awarded.both_confirm(award)
    awarded.after_standstill(award)
    service.start_contract(awarded.call("officer"), award.id)
    commands = list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.sequence)))
    assert commands[-4:] == ["awards.announce", "awards.confirm", "awards.confirm", "awards.start_contract"]


def test_the_clause_and_the_single_question_of_the_freeze_agree(awarded: Awarded) -> None:
    award = awarded.announced()

    def clause() -> bool:
        return (
            db.session.scalar(select(Award.id).where(Award.id == award.id, freezing.frozen_clause(awarded.clock.now)))
            is not None
        )

    assert (clause(), freezing.is_frozen(award.id, awarded.clock.now)) == (False, False)
    complaint = awarded.complaint(award)
    assert (clause(), freezing.is_frozen(award.id, awarded.clock.now)) == (True, True)
    row = awarded.decided(complaint)
    assert (clause(), freezing.is_frozen(award.id, awarded.clock.now)) == (True, True)
    assert row.appeal_until is not None
    awarded.clock.now = row.appeal_until
    assert (clause(), freezing.is_frozen(award.id, awarded.clock.now)) == (False, False)


def test_the_dashboard_leads_each_to_what_waits(awarded: Awarded) -> None:
    def endpoints(who: str) -> list[str]:
        return [task.endpoint for task in queries.waiting_for(awarded.call(who))]

    assert endpoints("officer") == ["awards.to_announce"]
    award = awarded.announced()
    assert (endpoints("officer"), endpoints("owner"), endpoints("lead")) == ([], ["awards.show"], ["awards.show"])
    awarded.both_confirm(award)
    assert endpoints("owner") == []
    complaint = awarded.complaint(award)
    assert endpoints("officer") == endpoints("second") == ["awards.complaint"]
    awarded.answered(complaint)
    assert (endpoints("officer"), endpoints("second")) == ([], ["awards.complaint"])
    assert (endpoints("panel1"), endpoints("loser")) == ([], [])


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        ("UPDATE complaints SET decided_at = NULL, state = 'filed'", "over an open objection"),
        ("UPDATE approval_levels SET state = 'active', active_from = '2020-01-01', ended_at = NULL", "asks for"),
    ],
)
def test_verification_finds_what_went_round_the_services(awarded: Awarded, broken: str, found: str) -> None:
    """The twin of the quiet story above: rows changed behind the services' back are named."""
    service.propose_level(awarded.call("officer"), LevelTerms(1, Role.FUND_MANAGER, True, "理由"))
    award = awarded.announced()
    awarded.both_confirm(award)
    complaint = awarded.decided(awarded.complaint(award))
    assert complaint.appeal_until is not None
    awarded.clock.now = complaint.appeal_until
    service.start_contract(awarded.call("officer"), award.id)
    assert findings_but_openings() == []
    db.session.execute(text(broken))
    assert [f for f in findings_but_openings() if found in f] != []
