"""What happens to patents: registered once, shared exactly, reminded in time, and lapsed loudly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.models import Account
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from marketplace.organisations.models import Organisation
from marketplace.outbox.models import Message
from marketplace.patents import holders, jobs, queries, service
from marketplace.patents.models import Patent
from marketplace.patents.terms import EventTerms, ShareTerms, StepTerms, TransferTerms
from marketplace.patents.workflow import EventKind, LegalState, PatentKind, Route, RuleCode, SharePart
from tests.conftest import Clock
from tests.factories import Make
from tests.patents.scene import number, patent, secret, terms


@pytest.fixture
def ours(make: Make) -> Organisation:
    return make.university(name="榕湾大学")


@pytest.fixture
def owner(make: Make, ours: Organisation) -> Account:
    return make.owner(ours)


def commands() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.command).order_by(AuditRecord.id)))


def test_a_registered_patent_knows_its_term_and_its_next_annuity(
    make: Make, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours)
    assert (row.state, row.expires_on) == (LegalState.GRANTED, date(2040, 3, 14))
    assert (row.next_rule, row.next_number, row.next_due_on) == (RuleCode.ANNUITY, 8, date(2027, 3, 15))
    assert row.full_number == f"ZL{number(1)}"
    assert [e.kind for e in queries.events_of(row.id)] == [EventKind.FILE, EventKind.PUBLISH, EventKind.GRANT]
    assert [(s.part, s.organisation_id, s.share) for s in row.shares] == [(SharePart.OWNER, ours.id, 10_000)]
    assert commands() == ["patents.register"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"number": "202010000001.9"}, "patent.check_digit", "reference"),
        ({"kind": PatentKind.UTILITY, "number": number(1)}, "patents.kind", "kind"),
        ({"number": "PCT/CN2024/123456", "kind": PatentKind.UTILITY}, "patents.foreign_kind", "kind"),
        ({"granted_on": date(2019, 1, 1)}, "patents.order_of_days", "granted_on"),
        ({"granted_on": date(2030, 1, 1)}, "patents.future", "granted_on"),
        ({"priority_on": date(2020, 3, 16)}, "patents.priority", "priority_on"),
        ({"ipc": "Z99Z 1/2"}, "patent.ipc", "ipc"),
        ({"ipc": "；".join(f"A01B{n}/00" for n in range(10, 50))}, "patent.ipc_long", "ipc"),
        ({"inventors": (ShareTerms("甲", 5000), ShareTerms("乙", 4999))}, "patents.shares", "inventors"),
        ({"inventors": (ShareTerms("甲", 10_000), ShareTerms("乙", 0))}, "patents.share", "inventors"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    make: Make, owner: Account, ours: Organisation, change: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        patent(make, owner, ours, 1, **change)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert db.session.scalars(select(Patent)).all() == []


def test_a_number_is_registered_once(make: Make, owner: Account, ours: Organisation) -> None:
    patent(make, owner, ours)
    rival = make.enterprise()
    with pytest.raises(Invalid, match=r"patents\.taken"):
        patent(make, make.owner(rival), rival)


def test_only_an_organisation_s_owner_writes_its_patents(make: Make, owner: Account, ours: Organisation) -> None:
    row = patent(make, owner, ours)
    hidden = patent(make, owner, ours, 2, **secret())
    rival = make.owner(make.enterprise())
    with pytest.raises(Forbidden):
        service.register_patent(make.call(rival), ours.id, terms(3))
    with pytest.raises(Forbidden):
        service.change_patent(make.call(rival), row.id, terms(1), row.version)
    for unseen in (hidden.id, 999_999, 10**30):
        with pytest.raises(NotFound):
            service.change_patent(make.call(rival), unseen, terms(2), 1)


def test_an_edit_of_an_older_version_is_stale(make: Make, owner: Account, ours: Organisation) -> None:
    row = patent(make, owner, ours)
    seen = row.version
    service.change_patent(make.call(owner), row.id, terms(1, title="新名称"), seen)
    with pytest.raises(Stale):
        service.change_patent(make.call(owner), row.id, terms(1, title="旧名称"), seen)


def test_a_chinese_number_of_kind_8_came_through_the_treaty(make: Make, owner: Account, ours: Organisation) -> None:
    from marketplace.kernel.patents import check_digit

    digits = "202080012345"
    row = patent(make, owner, ours, 1, number=digits + check_digit(digits), priority_on=date(2019, 4, 1))
    assert (row.route, row.kind) == (Route.PCT, PatentKind.INVENTION)


def test_shares_are_exact_and_those_before_stay_true_for_the_time_before(
    make: Make, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours, 1, inventors=(ShareTerms("李明", 6000), ShareTerms("王芳", 4000)))
    new = (ShareTerms("李明", 3334), ShareTerms("王芳", 3333), ShareTerms("陈静", 3333))
    service.set_shares(make.call(owner), row.id, SharePart.INVENTOR, new, date(2025, 6, 1))
    before = queries.shares_on(row, SharePart.INVENTOR, date(2025, 5, 31))
    after = queries.shares_on(row, SharePart.INVENTOR, date(2025, 6, 1))
    assert [s.share for s in before] == [6000, 4000]
    assert [s.share for s in after] == [3334, 3333, 3333]
    with pytest.raises(Conflict, match="shares_day"):
        service.set_shares(make.call(owner), row.id, SharePart.INVENTOR, new, date(2025, 5, 1))
    with pytest.raises(Invalid, match="future"):
        service.set_shares(make.call(owner), row.id, SharePart.INVENTOR, new, date(2099, 5, 1))


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        ("李明 60%\n王芳 40%", [6000, 4000]),
        ("李明，33.34％\n王芳：33.33%\n陈静 33.33", [3334, 3333, 3333]),
        ("李明\n王芳\n陈静", [3334, 3333, 3333]),
        ("Mary Ann Smith 100% 0000-0002-1825-0097", [10_000]),
    ],
)
def test_shares_are_read_as_people_type_them(typed: str, shares: list[int]) -> None:
    assert [one.share for one in holders.parse(typed, "shares")] == shares


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("李明 60%\n王芳", "patents.share_line"),
        ("李明 100% 0000-0002-1825-0098", "patents.orcid"),
        ("% 60%", "patents.share_line"),
    ],
)
def test_a_wrong_line_of_shares_is_named(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        holders.parse(typed, "shares")
    assert refused.value.code == code


def test_a_met_deadline_makes_room_for_the_next_and_is_noted_once(
    make: Make, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours)
    paid = StepTerms(RuleCode.ANNUITY, 8, date(2027, 1, 10), 200_000)
    service.record_step(make.call(owner), row.id, paid)
    assert (row.next_number, row.next_due_on) == (9, date(2028, 3, 15))
    with pytest.raises(Conflict, match="no_due"):
        service.record_step(make.call(owner), row.id, paid)
    with pytest.raises(Conflict, match="no_due"):
        service.record_step(make.call(owner), row.id, StepTerms(RuleCode.ANNUITY, 21, date(2027, 1, 10)))


def test_inventors_get_at_least_the_statute_s_reward(make: Make, owner: Account, ours: Organisation) -> None:
    row = patent(make, owner, ours, 1, granted_on=date(2026, 12, 1))
    with pytest.raises(Invalid, match="reward_low"):
        service.record_step(make.call(owner), row.id, StepTerms(RuleCode.REWARD, 0, date(2027, 1, 5), 399_999))
    service.record_step(make.call(owner), row.id, StepTerms(RuleCode.REWARD, 0, date(2027, 1, 5), 400_000))


def test_a_publication_discloses_an_application(make: Make, owner: Account, ours: Organisation) -> None:
    row = patent(make, owner, ours, 1, **secret())
    assert not row.is_public
    service.record_event(make.call(owner), row.id, EventTerms(EventKind.PUBLISH, date(2027, 1, 4)))
    assert (row.is_public, row.state) == (True, LegalState.PUBLISHED)


def test_refusals_need_words_and_states_their_order(make: Make, owner: Account, ours: Organisation) -> None:
    row = patent(make, owner, ours)
    with pytest.raises(Invalid, match="reason"):
        service.record_event(make.call(owner), row.id, EventTerms(EventKind.LAPSE, date(2027, 1, 4), " "))
    with pytest.raises(Conflict, match="not_now"):
        service.record_event(make.call(owner), row.id, EventTerms(EventKind.REFUSE, date(2027, 1, 4), "缺乏创造性"))


def test_reminders_come_ninety_thirty_and_seven_days_before_on_the_day_and_after(
    make: Make, owner: Account, ours: Organisation, clock: Clock
) -> None:
    row = patent(make, owner, ours)  # annuity 8 is due on 2027-03-15, with surcharge until 2027-09-15
    days = []
    while clock.now < datetime(2027, 9, 20, tzinfo=UTC):
        before = len(db.session.scalars(select(Message)).all())
        jobs.follow_patents(make.call())
        if len(db.session.scalars(select(Message)).all()) > before:
            days.append(queries.today(make.call()).isoformat())
        clock.advance(days=1)
    assert days == ["2027-02-13", "2027-03-08", "2027-03-15", "2027-03-16", "2027-08-16", "2027-09-16"]
    mails = db.session.scalars(select(Message)).all()
    assert {m.recipient for m in mails} == {owner.email}
    assert all(row.title not in str(m.values) for m in mails)
    assert mails[-1].template == "patent_lapsed"
    assert (row.state, queries.events_of(row.id)[-1].kind) == (LegalState.LAPSED, EventKind.LAPSE)
    assert row.next_rule is RuleCode.RESTORATION


def test_a_paid_annuity_neither_reminds_nor_lapses(
    make: Make, owner: Account, ours: Organisation, clock: Clock
) -> None:
    row = patent(make, owner, ours)
    service.record_step(make.call(owner), row.id, StepTerms(RuleCode.ANNUITY, 8, date(2027, 1, 10), 200_000))
    clock.advance(days=300)
    jobs.follow_patents(make.call())
    assert (row.state, db.session.scalars(select(Message)).all()) == (LegalState.GRANTED, [])


def test_an_edit_after_the_grace_does_not_hide_the_lapse(
    make: Make, owner: Account, ours: Organisation, clock: Clock
) -> None:
    """The worker was down for weeks; meanwhile the owner edits the title. The right is lost all the same, and is said to be."""
    row = patent(make, owner, ours)
    clock.advance(days=300)
    service.change_patent(make.call(owner), row.id, terms(1, title="新名称"), row.version)
    jobs.follow_patents(make.call())
    assert row.state is LegalState.LAPSED


def test_a_lapsed_right_that_was_restored_goes_on(make: Make, owner: Account, ours: Organisation, clock: Clock) -> None:
    row = patent(make, owner, ours)
    clock.advance(days=300)
    jobs.follow_patents(make.call())
    service.record_event(
        make.call(owner), row.id, EventTerms(EventKind.RESTORE, queries.today(make.call()), "恢复通知书")
    )
    assert (row.state, row.next_number) == (LegalState.GRANTED, 9)
    clock.advance(days=1)
    jobs.follow_patents(make.call())
    assert row.state is LegalState.GRANTED


def test_a_term_ends_without_holidays(make: Make, owner: Account, ours: Organisation, clock: Clock) -> None:
    design = {
        "kind": PatentKind.DESIGN,
        "filed_on": date(2017, 1, 13),
        "published_on": None,
        "granted_on": date(2017, 8, 1),
    }
    row = patent(make, owner, ours, 1, number=number(1, PatentKind.DESIGN, 2017), **design)
    assert row.expires_on == date(2027, 1, 12)  # today
    jobs.follow_patents(make.call())
    assert row.state is LegalState.GRANTED
    clock.advance(days=1)
    jobs.follow_patents(make.call())
    assert row.state is LegalState.EXPIRED


def test_a_subscription_is_its_maker_s_to_revoke(make: Make, owner: Account, ours: Organisation) -> None:
    token = service.open_feed(make.call(owner), ours.id)
    feed = queries.feeds_of(owner.id)[0]
    assert token not in {feed.token_digest, ""}
    colleague = make.owner(ours)
    with pytest.raises(NotFound):
        service.revoke_feed(make.call(colleague), feed.id)
    service.revoke_feed(make.call(owner), feed.id)
    assert queries.feeds_of(owner.id) == []
    with pytest.raises(Refused):
        service.open_feed(make.call(make.owner(make.enterprise())), ours.id)


@pytest.mark.parametrize("statement", ["UPDATE patent_events SET note = 'x'", "DELETE FROM patent_steps"])
def test_the_history_cannot_be_changed_in_sql(make: Make, owner: Account, ours: Organisation, statement: str) -> None:
    row = patent(make, owner, ours)
    service.record_step(make.call(owner), row.id, StepTerms(RuleCode.ANNUITY, 8, date(2027, 1, 10), 200_000))
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(statement))
    db.session.rollback()


def test_the_calendar_of_many_patents_takes_three_statements(
    make: Make, owner: Account, ours: Organisation, count_statements: list[str]
) -> None:
    for serial in range(1, 12):
        patent(make, owner, ours, serial)
    key = ours.id
    db.session.expunge_all()
    today = queries.today(make.call())
    before = len(count_statements)
    entries = queries.calendar([key], today, today + timedelta(days=365))
    assert len(entries) == 11
    assert len(count_statements) - before == 3


@pytest.mark.parametrize(
    "typed",
    ["悦州涂料有限公司", "悦州 涂料有限公司", "Yuezhou Coatings", "ｙｕｅｚｈｏｕ coatings"],
)
def test_a_member_is_found_by_either_name_however_it_is_written(make: Make, typed: str) -> None:
    member = make.enterprise(name="悦州涂料有限公司", name_en="Yuezhou Coatings")
    make.enterprise(name="无英文名公司", name_en="")
    found = queries.find_organisation(typed)
    assert found is not None
    assert found.id == member.id
    assert queries.find_organisation("  ") is None


@pytest.mark.parametrize("typed", ["榕湾大学", "rongwan UNIVERSITY"])
def test_a_seller_does_not_sell_to_itself_as_a_stranger(
    make: Make, owner: Account, ours: Organisation, typed: str
) -> None:
    ours.name_en = "Rongwan University"
    db.session.commit()
    row = patent(make, owner, ours)
    for key in (None, ours.id):
        with pytest.raises(Invalid, match="own_buyer"):
            service.transfer_patent(make.call(owner), row.id, TransferTerms(typed, key, date(2026, 11, 2), False))
    assert row.sold_on is None


@pytest.mark.parametrize("again", ["keeper", "other member"])
def test_shares_that_the_centre_corrects_give_a_sold_patent_to_a_member_again(
    make: Make, owner: Account, ours: Organisation, again: str
) -> None:
    row, day = patent(make, owner, ours), date(2026, 11, 2)
    service.transfer_patent(make.call(owner), row.id, TransferTerms("某公司", None, day, False))
    assert (row.sold_on, row.next_due_on) == (day, None)
    keeper = ours if again == "keeper" else make.enterprise()
    back = (ShareTerms(keeper.name, 6_000, keeper.id), ShareTerms("某公司", 4_000))
    with pytest.raises(Forbidden, match="sold"):
        service.set_shares(make.call(owner), row.id, SharePart.OWNER, back, day)
    service.set_shares(make.call(make.officer()), row.id, SharePart.OWNER, back, day)
    assert (row.sold_on, row.owner_id) == (None, keeper.id)
    assert row.next_due_on is not None
