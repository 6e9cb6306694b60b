"""How licences end: owners that speak for themselves alone, wishes taken back, last days, and whom the end is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.queries import actor_of
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Refused
from marketplace.licences import jobs, policy, queries, service, tasks, wishes
from marketplace.licences.models import Licence
from marketplace.licences.terms import RequestTerms
from marketplace.licences.workflow import FeeMode, LicenceState, Side, StatementState
from marketplace.outbox.models import Message
from marketplace.patents import service as patents
from marketplace.patents.terms import TransferTerms
from tests.conftest import Clock
from tests.licences.ends import end_together
from tests.licences.test_promised import DAY, TERMS, place, running, sell, shared, sign_both
from tests.pools.scene import Scene

__all__ = ["place", "shared"]

Shared = tuple[Licence, Account]
ROYALTY = replace(TERMS, fee_mode=FeeMode.RUNNING, lump=0, rate=300)


def of_two(place: Scene, number: int, buyer: Any, terms: Any = TERMS) -> Licence:
    """A running licence of two patents, one of which ``buyer`` bought."""
    sold, kept = place.patent(2 * number), place.patent(2 * number + 1)
    asked = RequestTerms(place.rival_organisation.id, (sold.id, kept.id), "量产")
    row = service.request_licence(place.make.call(place.rival), asked)
    service.offer_terms(place.make.call(place.owner), row.id, terms)
    sign_both(place, row)
    sell(place, sold, TransferTerms(buyer.name, buyer.id, DAY, asserts=False))
    return row


def house_of(account: Account) -> int:
    return next(iter(actor_of(account).organisations))


def grant(place: Scene, account: Account, role: Role, organisation_id: int) -> None:
    row = AccountGrant(account_id=account.id, role=role, organisation_id=organisation_id, created_at=place.make.clock())
    place.make.save(row)
    db.session.expire_all()


def follow(place: Scene, clock: Clock, *day: int) -> None:
    clock.now = datetime(*day, 2, tzinfo=UTC)  # type: ignore[arg-type, misc]
    jobs.follow_licences(place.make.call())


def periods(row: Licence) -> set[str]:
    return {one.period for one in queries.statements_of(row.id)}


def mails(template: str) -> set[str]:
    return {mail.recipient for mail in db.session.scalars(select(Message)) if mail.template == template}


@pytest.mark.parametrize(("role", "said"), [(Role.ENTERPRISE_MEMBER, False), (Role.ENTERPRISE_OWNER, True)])
def test_a_plain_member_of_one_owner_does_not_speak_for_it(
    place: Scene, shared: Shared, role: Role, said: bool
) -> None:
    row, buyer = shared
    grant(place, buyer, role, row.licensor_id or 0)
    service.end(place.make.call(buyer), row.id, "欠费")
    assert wishes.said(wishes.ends_asked(row)[Side.LICENSOR]) is said


def test_a_plain_member_of_the_licensee_does_not_give_the_licence_up_for_it(place: Scene, shared: Shared) -> None:
    row, buyer = shared
    grant(place, buyer, Role.ENTERPRISE_MEMBER, row.licensee_id)
    assert service.end(place.make.call(buyer), row.id, "欠费").state is LicenceState.RUNNING


def test_who_asked_for_one_owner_asks_for_a_second_one_later(place: Scene, shared: Shared) -> None:
    row, buyer = shared
    service.end(place.make.call(place.owner), row.id, "欠费")
    assert not wishes.said(wishes.ends_asked(row)[Side.LICENSOR])
    grant(place, place.owner, Role.ENTERPRISE_OWNER, house_of(buyer))
    service.end(place.make.call(place.owner), row.id, "欠费")
    assert wishes.said(wishes.ends_asked(row)[Side.LICENSOR])


def test_asking_twice_says_nothing_twice(place: Scene, shared: Shared) -> None:
    row, _buyer = shared
    for _ in range(2):
        service.end(place.make.call(place.owner), row.id, "欠费")
    sent = [mail for mail in db.session.scalars(select(Message)) if mail.template == "licence_end_asked"]
    assert len(sent) == 1


def test_a_change_of_owners_voids_the_wishes_and_leaves_no_dead_end(place: Scene) -> None:
    """The third owner, who had not asked, hands its part to the first: the two left ask anew, and the licence ends."""
    a, b, c = (place.patent(number) for number in (1, 2, 3))
    asked = RequestTerms(place.rival_organisation.id, (a.id, b.id, c.id), "量产")
    row = service.request_licence(place.make.call(place.rival), asked)
    service.offer_terms(place.make.call(place.owner), row.id, TERMS)
    sign_both(place, row)
    buyers = [place.make.enterprise(name=name) for name in ("买方甲", "买方乙")]
    owners = [place.make.owner(one) for one in buyers]
    for patent, house in zip((a, b), buyers, strict=True):
        sell(place, patent, TransferTerms(house.name, house.id, DAY, asserts=False))
    for owner in owners:
        assert service.end(place.make.call(owner), row.id, "欠费").state is LicenceState.RUNNING
    sell(place, c, TransferTerms(buyers[0].name, buyers[0].id, DAY, asserts=False))
    assert wishes.ends_asked(row)[Side.LICENSOR] == {house.id: None for house in buyers}
    assert end_together(place.make, row, owners[1], owners[0], place.rival).state is LicenceState.ENDED


def test_an_owner_lets_the_licence_run_after_all(place: Scene, shared: Shared, sign_in: Any) -> None:
    row, buyer = shared
    seller, page = sign_in(place.owner), f"/licences/{row.id}"
    assert f"{page}/let-run" not in seller.get(page).text
    service.end(place.make.call(place.owner), row.id, "欠费")
    assert f"{page}/let-run" in seller.get(page).text
    with pytest.raises(Conflict, match="not_asked"):
        service.let_run(place.make.call(buyer), row.id)
    assert seller.post(f"{page}/let-run", follow_redirects=True).status_code == 200
    assert not any(word for words in wishes.ends_asked(row).values() for word in words.values())
    assert end_together(place.make, row, buyer, place.rival).state is LicenceState.RUNNING
    assert end_together(place.make, row, place.owner).state is LicenceState.ENDED
    record = db.session.scalars(select(AuditRecord).where(AuditRecord.command == "licences.let_run")).one()
    assert record.detail == {"owners": [row.licensor_id]}


CANARY = "独有理由甲"


def readers(place: Scene, shared: Shared, sign_in: Any) -> dict[str, bool]:
    row, buyer = shared
    service.end(place.make.call(place.owner), row.id, CANARY)
    auditor = place.make.account(Role.AUDITOR)
    accounts = {"owner": buyer, "licensee": place.rival, "auditor": auditor}
    pages = {name: sign_in(account).get(f"/licences/{row.id}").text for name, account in accounts.items()}
    assert all("买方公司" in page for page in pages.values())
    told = {name: CANARY in page for name, page in pages.items()}
    assert told == {name: "已请求终止" in page for name, page in pages.items()}
    return told


def test_who_asked_for_the_end_and_why_is_read_by_the_owners_not_by_the_licensee(
    place: Scene, shared: Shared, sign_in: Any
) -> None:
    assert readers(place, shared, sign_in) == {"owner": True, "licensee": False, "auditor": True}


def test_without_the_wall_the_licensee_would_read_it(
    place: Scene, shared: Shared, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(policy, "may_read_wishes", lambda _actor, _licence: True)
    assert readers(place, shared, sign_in)["licensee"]


@pytest.mark.parametrize(
    ("change", "run_on", "asked"),
    [
        ({"ends_on": date(2027, 3, 31)}, [(2027, 4, 1), (2027, 7, 2)], {"2026Q4", "2027Q1"}),
        ({"ends_on": date(2027, 2, 20)}, [(2028, 5, 2)], set()),
        ({"ends_on": date(2027, 4, 1)}, [(2027, 4, 2), (2027, 7, 2)], {"2027Q1", "2027Q2"}),
    ],
    ids=["last day of a quarter", "noticed a year late", "first day of a quarter"],
)
def test_a_statement_is_asked_for_quarters_in_which_the_licence_ran(
    place: Scene, clock: Clock, change: dict[str, Any], run_on: list[tuple[int, ...]], asked: set[str]
) -> None:
    row = running(place, place.patent(1), replace(ROYALTY, **change))
    for day in run_on:
        follow(place, clock, *day)
    assert row.state is LicenceState.ENDED
    assert periods(row) - {"2026Q4"} == asked - {"2026Q4"}


@pytest.mark.parametrize(
    "change",
    [
        {"starts_on": date(2027, 3, 1)},
        {"fee_mode": FeeMode.PAY_LATER, "pay_from": date(2027, 3, 1)},
    ],
)
def test_a_licence_given_up_before_its_first_day_or_before_royalties_owes_no_statement(
    place: Scene, clock: Clock, change: dict[str, Any]
) -> None:
    row = running(place, place.patent(1), replace(ROYALTY, **change))
    clock.now = datetime(2027, 2, 1, 2, tzinfo=UTC)
    end_together(place.make, row, place.rival, place.owner)
    assert row.state is LicenceState.ENDED
    follow(place, clock, 2027, 4, 2)
    assert periods(row) == set()


def sub_licence(place: Scene, last: date) -> tuple[Licence, Licence, Account]:
    head = running(place, place.patent(1), replace(TERMS, may_sublicense=True, ends_on=last))
    third = place.make.enterprise(name="第三公司")
    taker = place.make.owner(third)
    below = service.sublicense(place.make.call(place.rival), head.id, third.name, "x")
    service.offer_terms(place.make.call(place.rival), below.id, replace(TERMS, ends_on=last))
    service.sign(place.make.call(place.rival), below.id, Side.LICENSOR)
    service.sign(place.make.call(taker), below.id, Side.LICENSEE)
    return head, below, taker


def test_a_sub_licence_that_ended_with_its_head_stops_no_job_and_everybody_is_told(place: Scene, clock: Clock) -> None:
    head, below, taker = sub_licence(place, date(2027, 2, 20))
    other = running(place, place.patent(2), replace(TERMS, ends_on=date(2027, 2, 20)))
    follow(place, clock, 2027, 2, 21)
    assert {row.state for row in (head, below, other)} == {LicenceState.ENDED}
    assert mails("licence_ended") == {place.owner.email, place.rival.email, taker.email}


def test_the_end_of_a_term_is_told_once_a_month_ahead(place: Scene, clock: Clock) -> None:
    running(place, place.patent(1), replace(TERMS, ends_on=date(2027, 2, 20)))
    follow(place, clock, 2027, 1, 20)
    assert mails("licence_ends") == set()
    for day in (21, 22):
        follow(place, clock, 2027, 1, day)
    sent = [mail.recipient for mail in db.session.scalars(select(Message)) if mail.template == "licence_ends"]
    assert sorted(sent) == sorted([place.owner.email, place.rival.email])


def test_who_had_the_patent_at_the_end_settles_the_last_quarter_and_a_later_buyer_reads_nothing(
    place: Scene, clock: Clock
) -> None:
    patent = place.patent(1)
    row = running(place, patent, replace(ROYALTY, ends_on=date(2027, 2, 20)))
    buyer, later = (place.make.enterprise(name=name) for name in ("买方公司", "后来公司"))
    owner, next_owner = place.make.owner(buyer), place.make.owner(later)
    sell(place, patent, TransferTerms(buyer.name, buyer.id, DAY, asserts=False))
    follow(place, clock, 2027, 2, 21)
    follow(place, clock, 2027, 4, 2)
    [statement] = [one for one in queries.statements_of(row.id) if one.period == "2027Q1"]
    service.file_statement(place.make.call(place.rival), statement.id, 100)
    with pytest.raises(Refused):
        service.accept_statement(place.make.call(place.owner), statement.id)
    assert service.accept_statement(place.make.call(owner), statement.id).state is StatementState.ACCEPTED
    terms = TransferTerms(later.name, later.id, date(2027, 4, 2), asserts=False)
    patents.transfer_patent(place.make.call(owner), patent.id, terms)
    db.session.expire_all()
    assert not policy.may_see(actor_of(next_owner), row)
    assert row.id not in {one.id for one in db.session.scalars(queries.visible_to(actor_of(next_owner)))}


def test_several_owners_accept_a_statement_together_and_one_alone_questions_it(place: Scene, clock: Clock) -> None:
    buyer = place.make.enterprise(name="买方公司")
    owner = place.make.owner(buyer)
    row = of_two(place, 1, buyer, ROYALTY)
    follow(place, clock, 2027, 4, 2)
    [statement] = [one for one in queries.statements_of(row.id) if one.period == "2027Q1"]
    service.file_statement(place.make.call(place.rival), statement.id, 100)
    for _ in range(2):
        assert service.accept_statement(place.make.call(owner), statement.id).state is StatementState.FILED
    service.question_statement(place.make.call(place.owner), statement.id, "请附账册")
    clock.now = datetime(2027, 4, 3, 2, tzinfo=UTC)
    service.file_statement(place.make.call(place.rival), statement.id, 100)
    assert service.accept_statement(place.make.call(place.owner), statement.id).state is StatementState.FILED
    assert service.accept_statement(place.make.call(owner), statement.id).state is StatementState.ACCEPTED


def said(page: str) -> list[str]:
    """Who is told to have accepted a statement or not, in the order of the page."""
    part = page.split('id="statements"')[1].split("</article>")[0]
    lines = re.findall(r"<li>(.*?)</li>", part, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in lines if "accept" in line]


def test_the_owners_read_who_accepted_a_statement_and_who_has_not_yet(place: Scene, clock: Clock, sign_in: Any) -> None:
    buyer = place.make.enterprise(name="买方公司")
    owner = place.make.owner(buyer)
    row = of_two(place, 1, buyer, ROYALTY)
    follow(place, clock, 2027, 4, 2)
    [statement] = [one for one in queries.statements_of(row.id) if one.period == "2027Q1"]
    service.file_statement(place.make.call(place.rival), statement.id, 100)

    def read(who: Account) -> list[str]:
        return said(sign_in(who, "en").get(f"/licences/{row.id}").text)

    assert read(owner) == [], "nobody has said anything yet: the button says what to do"
    service.accept_statement(place.make.call(owner), statement.id)
    assert row.licensor is not None
    seller = row.licensor.name
    when = "accepted Fri 2 Apr 2027, 10:00"
    assert read(owner) == read(place.owner) == [f"{seller} has not accepted yet", f"买方公司 {when}"]
    assert read(place.rival) == [], "it is between the owners"
    service.accept_statement(place.make.call(place.owner), statement.id)
    assert read(place.owner) == [f"{seller} {when}", f"买方公司 {when}"]
    assert read(place.rival) == []


def test_one_owner_alone_reads_when_it_accepted(place: Scene, clock: Clock, sign_in: Any) -> None:
    row = running(place, place.patent(1), ROYALTY)
    follow(place, clock, 2027, 4, 2)
    [statement] = [one for one in queries.statements_of(row.id) if one.period == "2027Q1"]
    service.file_statement(place.make.call(place.rival), statement.id, 100)
    assert service.accept_statement(place.make.call(place.owner), statement.id).state is StatementState.ACCEPTED
    page = sign_in(place.owner, "en").get(f"/licences/{row.id}").text
    assert row.licensor is not None
    assert said(page) == [f"{row.licensor.name} accepted Fri 2 Apr 2027, 10:00"]


def test_the_wish_of_another_owner_is_found_in_as_many_statements_for_many_licences(
    place: Scene, count_statements: list[str]
) -> None:
    buyer = place.make.enterprise(name="买方公司")
    owner, counts = place.make.owner(buyer), []
    for number in range(1, 4):
        row = of_two(place, number, buyer)
        service.end(place.make.call(place.owner), row.id, "欠费")
        db.session.expire_all()
        call, before = place.make.call(owner), len(count_statements)
        tasks.waiting_for(call)
        counts.append(len(count_statements) - before)
    assert len(set(counts)) == 1


def test_an_answered_wish_hides_no_open_one(place: Scene) -> None:
    buyer = place.make.enterprise(name="买方公司")
    owner = place.make.owner(buyer)
    rows = [of_two(place, number, buyer) for number in range(1, 23)]
    for row in rows:
        service.end(place.make.call(owner if row is not rows[-1] else place.owner), row.id, "欠费")
    assert {task.subject for task in tasks.waiting_for(place.make.call(owner))} == {rows[-1].reference}


def test_the_row_is_held_before_the_wishes_are_read(place: Scene, shared: Shared, count_statements: list[str]) -> None:
    """Of two owners that ask at once the second waits, and so sees the first one's wish. SQLite has one writer anyway."""
    if db.engine.dialect.name != "postgresql":
        pytest.skip("rows are held on PostgreSQL alone")
    call, key = place.make.call(place.owner), shared[0].id
    before = len(count_statements)
    service.end(call, key, "欠费")
    run = count_statements[before:]
    held = next(n for n, sql in enumerate(run) if "FROM licences" in sql and "FOR UPDATE" in sql)
    assert held < next(n for n, sql in enumerate(run) if "FROM licences" in sql and "FOR UPDATE" not in sql)
    assert held < next(n for n, sql in enumerate(run) if "FROM endorsements" in sql)
