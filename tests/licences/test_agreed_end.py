"""A paid licence binds both sides: it ends by agreement, or by one side after its notice of a breach."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid
from marketplace.licences import ending, jobs, policy, queries, service, tasks
from marketplace.licences.models import Licence
from marketplace.licences.workflow import Breach, FeeMode, LicenceState
from marketplace.outbox.models import Message
from tests.conftest import Clock
from tests.licences.ends import end_together
from tests.licences.test_promised import TERMS, place, running
from tests.pools.scene import Scene

__all__ = ["place"]

ROYALTY = replace(TERMS, fee_mode=FeeMode.RUNNING, lump=0, rate=300, starts_on=date(2026, 7, 1))
FREE = replace(TERMS, fee_mode=FeeMode.FREE, lump=0)


@pytest.fixture
def row(place: Scene) -> Licence:
    return running(place, place.patent(1), ROYALTY)


def sides(place: Scene, first: str) -> tuple[Account, Account]:
    both = (place.owner, place.rival)
    return both if first == "licensor" else (place.rival, place.owner)


def mails(template: str) -> list[str]:
    return [mail.recipient for mail in db.session.scalars(select(Message)) if mail.template == template]


def last_record(command: str) -> AuditRecord:
    return db.session.scalars(select(AuditRecord).where(AuditRecord.command == command)).one()


@pytest.mark.parametrize("first", ["licensor", "licensee"])
def test_one_side_alone_does_not_end_a_paid_licence(place: Scene, row: Licence, first: str) -> None:
    one, other = sides(place, first)
    for _ in range(2):
        assert service.end(place.make.call(one), row.id, "不再需要").state is LicenceState.RUNNING
    assert mails("licence_end_proposed") == [other.email]
    waiting = [{task.subject for task in tasks.waiting_for(place.make.call(who))} for who in (one, other)]
    assert waiting == [set(), {row.reference}]
    assert service.end(place.make.call(other), row.id, "同意").state is LicenceState.ENDED
    assert mails("licence_ended") == [one.email]


def test_without_the_rule_the_licensee_would_end_it_alone(
    place: Scene, row: Licence, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(policy, "ends_alone", lambda _actor, _licence: True)
    assert service.end(place.make.call(place.rival), row.id, "不再需要").state is LicenceState.ENDED


def test_a_free_licence_is_given_up_by_its_licensee_but_not_taken_away_by_its_licensor(place: Scene) -> None:
    row = running(place, place.patent(1), FREE)
    assert service.end(place.make.call(place.owner), row.id, "不再许可").state is LicenceState.RUNNING
    assert service.end(place.make.call(place.rival), row.id, "停产").state is LicenceState.ENDED


def test_the_centre_agrees_for_a_pool_and_is_told_by_its_tasks(place: Scene, row: Licence) -> None:
    row.licensor_id, row.alliance_id = None, place.alliance.id
    db.session.commit()
    service.end(place.make.call(place.rival), row.id, "停产")
    assert row.reference in {task.subject for task in tasks.waiting_for(place.make.call(place.secretary))}
    assert service.end(place.make.call(place.secretary), row.id, "同意").state is LicenceState.ENDED


def test_one_person_does_not_agree_with_itself(place: Scene, row: Licence) -> None:
    service.end(place.make.call(place.owner), row.id, "不再许可")
    both = place.make.account(Role.ENTERPRISE_OWNER, organisation=place.rival_organisation, person=place.owner.person)
    with pytest.raises(Forbidden, match="same_person"):
        service.end(place.make.call(both), row.id, "同意")


@pytest.mark.parametrize("first", ["licensor", "licensee"])
def test_the_other_side_turns_the_end_down_and_the_licence_runs_on(
    place: Scene, row: Licence, first: str, sign_in: Any
) -> None:
    one, other = sides(place, first)
    service.end(place.make.call(one), row.id, "不再需要")
    page = sign_in(other).get(f"/licences/{row.id}").text
    assert "不再需要" in page
    assert "不同意终止" in page
    assert sign_in(other).post(f"/licences/{row.id}/let-run").status_code == 303
    assert mails("licence_end_declined") == [one.email]
    assert last_record("licences.turn_end_down").detail == {"owners": []}
    assert service.end(place.make.call(other), row.id, "改变主意").state is LicenceState.RUNNING
    with pytest.raises(Conflict, match="not_asked"):
        service.let_run(place.make.call(one), running(place, place.patent(2)).id)


def test_what_is_owed_until_the_agreed_end_is_still_asked_for_and_paid(
    place: Scene, row: Licence, clock: Clock
) -> None:
    clock.now = datetime(2027, 2, 1, 2, tzinfo=UTC)
    end_together(place.make, row, place.rival, place.owner)
    clock.now = datetime(2027, 4, 2, 2, tzinfo=UTC)
    jobs.follow_licences(place.make.call())
    [statement] = [one for one in queries.statements_of(row.id) if one.period == "2027Q1"]
    service.file_statement(place.make.call(place.rival), statement.id, 1_000_000)
    service.accept_statement(place.make.call(place.owner), statement.id)
    receipt = service.propose_receipt(place.make.call(place.officer), row.id, 30_000, "回单")
    service.approve_receipt(place.make.call(place.make.officer()), receipt.id)
    assert (row.state, statement.royalty, row.received) == (LicenceState.ENDED, 30_000, 30_000)


def noticed(place: Scene, row: Licence, clock: Clock, days: int) -> LicenceState:
    """The state after the licensor, who gave notice, asks for the end ``days`` later."""
    service.give_notice(place.make.call(place.owner), row.id, Breach.UNPAID, "2026 年提成未付")
    clock.now += timedelta(days=days)
    return service.end(place.make.call(place.owner), row.id, "逾期未付").state


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, "running"), (29, "running"), (30, "ended"), (365, "ended"), (366, "running")],
)
def test_a_side_ends_a_licence_alone_after_its_notice_of_a_breach_only(
    place: Scene, row: Licence, clock: Clock, days: int, state: str
) -> None:
    assert noticed(place, row, clock, days).value == state
    assert mails("licence_breach") == [place.rival.email]
    assert last_record("licences.give_notice").detail == {"side": "licensor", "breach": "unpaid"}


def test_who_asked_for_the_end_with_its_notice_ends_it_when_the_time_is_over(
    place: Scene, row: Licence, clock: Clock
) -> None:
    assert noticed(place, row, clock, 0) is LicenceState.RUNNING
    clock.now += timedelta(days=30)
    assert service.end(place.make.call(place.owner), row.id, "逾期未付").state is LicenceState.ENDED


def test_a_notice_that_was_taken_back_ends_nothing(place: Scene, row: Licence, clock: Clock) -> None:
    service.give_notice(place.make.call(place.owner), row.id, Breach.UNPAID, "未付")
    service.let_run(place.make.call(place.owner), row.id)
    clock.now += timedelta(days=40)
    assert service.end(place.make.call(place.owner), row.id, "未付").state is LicenceState.RUNNING


def test_the_other_side_does_not_strike_out_a_notice(place: Scene, row: Licence) -> None:
    service.give_notice(place.make.call(place.owner), row.id, Breach.UNPAID, "未付")
    with pytest.raises(Conflict, match="not_asked"):
        service.let_run(place.make.call(place.rival), row.id)


@pytest.mark.parametrize(
    ("who", "breach"),
    [
        ("owner", Breach.UNSTATED),  # no statement is late
        ("owner", Breach.LAPSED),  # the licensee's to say
        ("rival", Breach.UNPAID),  # the licensor's to say
        ("rival", Breach.LAPSED),  # the patent is in force
        ("rival", Breach.INTRUDED),  # nothing was promised alone
    ],
)
def test_a_notice_names_a_breach_that_the_conditions_and_records_allow(
    place: Scene, row: Licence, who: str, breach: Breach
) -> None:
    with pytest.raises(Invalid, match="no_breach"):
        service.give_notice(place.make.call(getattr(place, who)), row.id, breach, "x")


def test_a_late_statement_can_be_named_and_only_one_notice_stands(place: Scene, row: Licence) -> None:
    service.call_for_statement(place.make.call(), row.id, "2026Q3", date(2026, 10, 31))
    service.give_notice(place.make.call(place.owner), row.id, Breach.UNSTATED, "第三季度")
    with pytest.raises(Conflict, match="noticed"):
        service.give_notice(place.make.call(place.owner), row.id, Breach.UNPAID, "未付")


def late_statement(place: Scene, row: Licence, clock: Clock, *, files: bool, late_again: bool = False) -> LicenceState:
    """The state after the licensor gave notice of a late statement, thirty days passed, and it asks for the end."""
    call = place.make.call
    late = service.call_for_statement(call(), row.id, "2026Q3", date(2026, 10, 31)).id
    service.give_notice(call(place.owner), row.id, Breach.UNSTATED, "第三季度")
    if files:
        service.file_statement(call(place.rival), late, 100)
    clock.now += timedelta(days=30)
    if late_again:
        service.call_for_statement(call(), row.id, "2026Q4", clock.now.date() - timedelta(days=1))
    return service.end(call(place.owner), row.id, "逾期未报").state


@pytest.mark.parametrize(
    ("files", "late_again", "state"),
    [(False, False, "ended"), (True, False, "running"), (True, True, "running")],
)
def test_a_statement_filed_after_the_notice_puts_the_breach_right(
    place: Scene, row: Licence, clock: Clock, files: bool, late_again: bool, state: str
) -> None:
    assert late_statement(place, row, clock, files=files, late_again=late_again).value == state


def test_without_a_look_at_the_records_a_breach_put_right_would_end_the_licence(
    place: Scene, row: Licence, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(ending, "breaches", lambda _licence, _side, _day: list(Breach))
    assert late_statement(place, row, clock, files=True) is LicenceState.ENDED


def test_the_pages_lead_through_a_notice(place: Scene, row: Licence, clock: Clock, sign_in: Any) -> None:
    owner, page = sign_in(place.owner, "en"), f"/licences/{row.id}"
    db.session.commit()
    assert "Propose the end" in owner.get(page).text
    form = owner.get(f"{page}/notice").text
    assert "What is owed was not paid" in form
    assert "A statement is late" not in form
    refused = owner.post(f"{page}/notice", data={"breach": "lapsed", "reason": "年费"})
    assert refused.status_code == 422
    assert "年费" in refused.text
    given = owner.post(f"{page}/notice", data={"breach": "unpaid", "reason": "提成未付"}, follow_redirects=True).text
    assert "提成未付" in given
    assert f'href="{page}/notice"' not in given
    assert "提成未付" in sign_in(place.rival).get(page).text
    clock.now += timedelta(days=30)
    owner = sign_in(place.owner, "en")
    assert "End the licence" in owner.get(page).text
    assert "The licence ends at once" in owner.get(f"{page}/end").text
    assert sign_in(place.make.account(Role.FUND_MANAGER)).get(f"{page}/notice").status_code == 403


def test_the_button_and_the_badge_of_a_statement_use_one_word(place: Scene, row: Licence, sign_in: Any) -> None:
    key = service.call_for_statement(place.make.call(), row.id, "2026Q3", date(2026, 10, 31)).id
    service.file_statement(place.make.call(place.rival), key, 100)
    owner = sign_in(place.owner)
    page = owner.get(f"/licences/{row.id}").text
    assert "认可报表" in page
    assert "已报送，待认可" in page
    service.accept_statement(place.make.call(place.owner), key)
    page = owner.get(f"/licences/{row.id}").text
    assert "已认可" in page
    assert "已接受" not in page


def test_a_licence_signed_for_later_is_shown_as_not_begun_and_lets_nobody_use_it_yet(
    place: Scene, clock: Clock, sign_in: Any
) -> None:
    row = running(place, place.patent(1), replace(ROYALTY, starts_on=date(2027, 3, 1)))
    key, patent = place.rival_organisation.id, row.parts[0].patent_id
    rival = sign_in(place.rival)
    for url in ("/licences", f"/licences/{row.id}"):
        assert "已签署，尚未开始" in rival.get(url).text
    assert queries.held_by(key, date(2027, 2, 28)) == set()
    assert queries.held_by(key, date(2027, 3, 1)) == {patent}
    clock.now = datetime(2027, 3, 1, 2, tzinfo=UTC)
    for url in ("/licences", f"/licences/{row.id}"):
        assert "已签署，尚未开始" not in sign_in(place.rival).get(url).text
