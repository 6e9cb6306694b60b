"""The pages of this room, as each reader meets them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.models import Account
from marketplace.db.base import db
from marketplace.funds import ledger, queries, service
from marketplace.funds.models import Fund, FundContribution, FundRules, FundTransfer
from marketplace.funds.service.rules import fingerprint
from marketplace.funds.workflow import FundState, Movement
from marketplace.kernel.call import Role
from tests.factories import Make

FORM = {
    "code": "NEW-1",
    "name": "新资金",
    "kind": "loan",
    "share_max": "30",
    "amount_max": "20万",
    "rate": "3.65",
    "term_months": "24",
}


@pytest.fixture
def manager(make: Make) -> Account:
    return make.account(Role.FUND_MANAGER)


def spend(make: Make, fund: Fund, times: int) -> None:
    enterprise = make.enterprise()
    for number in range(times):
        ledger.move(
            make.call(),
            fund.id,
            Movement.RESERVE,
            100,
            key=f"{fund.id}.{number}",
            subject_kind="proposal",
            subject_id=number,
            enterprise_id=enterprise.id,
            memo="秘密企业",
        )
    db.session.commit()


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_members_read_the_funds_their_rules_and_their_ledger(make: Make, sign_in: Any, locale: str) -> None:
    fund = make.fund(123_456_700, name="创新资金", name_en="Innovation Fund", share_max=3000, match_max=10_000)
    spend(make, fund, 3)
    reader = sign_in(make.owner(make.enterprise()), locale)
    for address in ("/funds", f"/funds/{fund.id}"):
        page = reader.get(address)
        assert page.status_code == 200
        assert ("创新资金" if locale == "zh" else "Innovation Fund") in page.text
        assert "¥1,234,567" in page.text
    assert ("30\N{NO-BREAK SPACE}%" in page.text, "¥100" in page.text) == (True, True)


@pytest.mark.parametrize("address", ["/funds", "/funds/1", "/funds/1/ledger.csv", "/funds/1/ledger.xlsx"])
def test_visitors_are_asked_to_sign_in(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 303


def test_whose_order_it_was_is_for_staff(make: Make, sign_in: Any) -> None:
    fund = make.fund(1000)
    spend(make, fund, 1)
    member, officer = sign_in(make.owner(make.enterprise())), sign_in(make.officer())
    for address in (f"/funds/{fund.id}", f"/funds/{fund.id}/ledger.csv"):
        assert "秘密企业" in officer.get(address).text
        assert "秘密企业" not in member.get(address).text
    assert member.get(f"/funds/{fund.id}/ledger.xlsx").data != officer.get(f"/funds/{fund.id}/ledger.xlsx").data


def test_a_fund_one_may_not_see_is_not_there(make: Make, sign_in: Any) -> None:
    foreign, draft = make.fund(alliance_id=make.alliance().id), make.fund(state=FundState.DRAFT)
    reader = sign_in(make.owner(make.enterprise()))
    for number in (foreign.id, draft.id, 999_999, 0, 10**30):
        for ending in ("", "/ledger.csv", "/ledger.xlsx"):
            assert reader.get(f"/funds/{number}{ending}").status_code == 404


@pytest.mark.parametrize(
    "query", ["movement=steal", "movement=%00", "page=-1", "page=" + "9" * 40, "movement=pay&page=2"]
)
def test_senseless_filters_are_ignored(make: Make, sign_in: Any, query: str) -> None:
    fund = make.fund(1000)
    reader = sign_in(make.officer())
    assert reader.get(f"/funds/{fund.id}?{query}").status_code == 200
    assert reader.get(f"/funds/{fund.id}/ledger.csv?{query}").status_code == 200


def test_long_ledgers_and_many_funds_take_few_statements(make: Make, sign_in: Any, count_statements: list[str]) -> None:
    fund = make.fund(10**6)
    reader = sign_in(make.officer())
    taken = []
    for _ in range(2):
        spend_more = make.fund(10**6)
        spend(make, spend_more, 4)
        for address in ("/funds", f"/funds/{spend_more.id}", f"/funds/{fund.id}/ledger.csv"):
            before = len(count_statements)
            assert reader.get(address).status_code == 200
            taken.append(len(count_statements) - before)
    assert taken[:3] == taken[3:]
    assert max(taken) <= 12


def test_a_manager_sets_up_a_fund_and_two_people_fill_it(make: Make, sign_in: Any, manager: Account) -> None:
    first, second = sign_in(manager), sign_in(make.officer())
    assert first.post("/funds", data=FORM).status_code == 303
    fund = db.session.query(Fund).one()
    money = {"amount": "500万", "source": "通知"}
    assert first.post(f"/funds/{fund.id}/contributions", data=money).status_code == 303
    row = db.session.query(FundContribution).one()
    approve = f"/contributions/{row.id}/approve"
    assert approve not in first.get(f"/funds/{fund.id}").text, "the proposer reads why not instead of a button"
    assert first.post(approve).status_code == 403
    assert approve in second.get(f"/funds/{fund.id}").text
    assert second.post(approve).status_code == 303
    assert first.post(f"/funds/{fund.id}/open").status_code == 409, "nobody else stands for its rules yet"
    version = db.session.query(FundRules).one()
    page = f"/fund-rules/{version.id}"
    for reader in (first, second):
        assert "不会影响任何待定撮合" in reader.get(page).text
    seen = fingerprint(version)
    assert first.post(f"{page}/approve", data={"seen": seen}).status_code == 403
    assert second.post(f"{page}/approve", data={"seen": "x"}).status_code == 409
    assert seen in second.get(page).text
    assert second.post(f"{page}/approve", data={"seen": seen}).status_code == 303
    assert first.post(f"/funds/{fund.id}/open").status_code == 303
    db.session.expire_all()
    assert (fund.available, fund.state) == (500_000_000, FundState.OPEN)
    assert first.post(f"/funds/{fund.id}/close", data={"reason": ""}).status_code == 422
    assert first.post(f"/funds/{fund.id}/close", data={"reason": "年度结束"}).status_code == 303


def test_a_refused_form_keeps_what_was_typed_and_names_the_rule(make: Make, sign_in: Any, manager: Account) -> None:
    make.fund(code="TAKEN")
    reader = sign_in(manager, "en")
    for change, words in (
        ({"code": "TAKEN"}, "Another fund already has the code TAKEN"),
        ({"amount_min": "30万"}, "may not be below the smallest"),
        ({"share_max": "101"}, "The share lies between 0 and 100 %."),
        ({"regions": "4419"}, "is not a six-digit division code"),
    ):
        page = reader.post("/funds", data={**FORM, **change})
        assert page.status_code == 422
        assert "新资金" in page.text
        assert words in page.text
    assert len(db.session.query(Fund).all()) == 1


def test_ticks_come_back_ticked_when_rules_are_edited(make: Make, sign_in: Any, manager: Account) -> None:
    fund = make.fund(fields=["software"], sizes=["micro"], regions=["441900"], share_max=1250)
    page = sign_in(manager).get(f"/funds/{fund.id}/edit").text
    assert page.count(" checked") == 3, "software, micro and public money"
    assert 'value="441900"' in page
    assert 'value="12.5"' in page


def test_two_managers_do_not_overwrite_each_other(make: Make, sign_in: Any, manager: Account) -> None:
    fund = make.fund(code="NEW-1")
    seen = str(fund.version)
    first, second = sign_in(manager), sign_in(make.account(Role.FUND_MANAGER), "en")
    assert first.post(f"/funds/{fund.id}", data={**FORM, "version": seen}).status_code == 303
    answer = second.post(f"/funds/{fund.id}", data={**FORM, "name": "第二个", "version": seen})
    assert answer.status_code == 422
    assert "wait for a second person" in answer.text
    assert "第二个" in answer.text
    stale = second.post(f"/funds/{fund.id}", data={**FORM, "name": "第三个", "version": "0"})
    assert stale.status_code == 409
    stands = stale.text.partition("What stands saved now</h2>")[2].partition("</dl>")[0]
    assert fund.name in stands
    assert "第三个" not in stands
    assert "The new rules hold from" not in stands, "it belongs to the proposal alone"


def test_a_version_shows_what_changes_and_the_author_finds_it_in_the_form(
    make: Make, sign_in: Any, manager: Account
) -> None:
    fund = make.fund(code="NEW-1", share_max=4000, name="旧名")
    author = sign_in(manager, "en")
    data = {
        **FORM,
        "version": str(fund.version),
        "industries": "c39, I65",
        "years": "2027",
        "why": "budget",
        "share_max": "30",
    }
    page = author.post(f"/funds/{fund.id}", data=data, follow_redirects=True).text
    for words in (
        "<del>At most 40",
        "<ins>At most 30",
        "<del>旧名</del>",
        "<ins>新资金</ins>",
        "C39 Computers",
        "budget",
    ):
        assert words in page, words
    form = author.get(f"/funds/{fund.id}/edit").text
    assert re.search(r'name="share_max"[^>]*value="40"|value="40"[^>]*name="share_max"', form), "what is in force"
    assert "budget" not in form
    assert "Waiting: version 1" in form
    assert "<ins>At most 30" in form
    again = author.get(f"/funds/{fund.id}/edit?start=waiting").text
    assert 'value="C39, I65"' in again
    assert re.search(r'name="share_max"[^>]*value="30"|value="30"[^>]*name="share_max"', again)
    assert "budget" in again
    wrong = author.post(f"/funds/{fund.id}", data={**data, "industries": "C99", "years": "1850"})
    assert wrong.status_code == 422
    assert "“C99” is neither a section" in wrong.text
    assert "“1850” is not a year" in wrong.text


def test_two_people_move_money_on_the_pages(make: Make, sign_in: Any, manager: Account) -> None:
    source, target = make.fund(100_000), make.fund(name="接收资金")
    first, second = sign_in(manager), sign_in(make.officer())
    assert "接收资金" in first.get(f"/funds/{source.id}/transfers/new").text
    typed = {"target_id": str(target.id), "amount": "500", "reason": "调剂"}
    assert first.post(f"/funds/{source.id}/transfers", data={**typed, "amount": "5000"}).status_code == 422
    assert first.post(f"/funds/{source.id}/transfers", data=typed).status_code == 303
    row = db.session.query(FundTransfer).one()
    approve = f"/fund-transfers/{row.id}/approve"
    assert approve not in first.get(f"/funds/{source.id}").text
    assert approve in second.get(f"/funds/{target.id}").text
    assert second.get(f"/fund-transfers/{row.id}/reject").status_code == 200
    assert second.post(f"/fund-transfers/{row.id}/reject", data={"reason": ""}).status_code == 422
    assert second.post(approve).status_code == 303
    db.session.expire_all()
    assert (source.budget, target.budget) == (50_000, 50_000)


def test_a_contribution_is_rejected_with_words(make: Make, sign_in: Any, manager: Account) -> None:
    fund = make.fund()
    first, officer = sign_in(manager), sign_in(make.officer())
    first.post(f"/funds/{fund.id}/contributions", data={"amount": "1", "source": "通知"})
    row = db.session.query(FundContribution).one()
    address = f"/contributions/{row.id}/reject"
    assert officer.get(address).status_code == 200
    assert officer.post(address, data={"reason": ""}).status_code == 422
    assert officer.post(address, data={"reason": "缺少文件"}).status_code == 303
    assert "缺少文件" in officer.get(f"/funds/{fund.id}").text


@pytest.mark.parametrize("approved", [False, True])
def test_the_form_says_what_is_in_force_and_what_waits_and_begins_with_the_first(
    make: Make, sign_in: Any, manager: Account, approved: bool
) -> None:
    """A second version waits for a person or for its day: another manager reads both and finds the present share preset."""
    fund = make.fund(code="NEW-1", share_max=3000, name="新资金")
    later = {"share_max": "25", "version": str(fund.version), "effective_on": "2027-06-01"}
    assert sign_in(manager).post(f"/funds/{fund.id}", data={**FORM, **later}).status_code == 303
    row = queries.pending(fund.id)
    assert row is not None
    if approved:
        service.approve_rules(make.call(make.officer()), row.id, fingerprint(row))
    form = sign_in(make.account(Role.FUND_MANAGER), "en").get(f"/funds/{fund.id}/edit?start=waiting").text
    in_force, waiting = form.split('id="in-force"')[1].split('id="waiting-1"')
    assert "At most 30" in in_force
    assert "At most 25" in waiting.split("</section>")[0]
    assert "1 Jun 2027" in waiting.split("</section>")[0]
    assert ("must be decided before you can propose" in waiting) is not approved
    assert re.search(r'name="share_max"[^>]*value="30"|value="30"[^>]*name="share_max"', form)
