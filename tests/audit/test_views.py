"""Who reads the journal, and what it keeps to itself."""

from __future__ import annotations

import re
from typing import Any

import pytest

from marketplace.audit import queries, service
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.orders.workflow import OrderState
from tests.factories import Make

READERS = (Role.AUDITOR, Role.CENTRE_OFFICER, Role.ADMINISTRATOR)


@use_case
def note(call: Call, command: str, kind: str, number: int | None, **detail: Any) -> None:
    service.record(call, command, kind, number, detail)


@pytest.fixture
def auditor(make: Make, sign_in: Any) -> Any:
    return sign_in(make.account(Role.AUDITOR), "en")


@pytest.mark.parametrize("role", list(Role))
def test_only_auditors_officers_and_administrators_read_it(make: Make, sign_in: Any, role: Role) -> None:
    status = sign_in(make.account(role)).get("/audit").status_code
    assert status == (200 if role in READERS else 403)


def test_a_visitor_is_asked_to_sign_in(client: Any) -> None:
    answer = client.get("/audit?room=orders")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/audit?room%3Dorders"


@pytest.mark.parametrize(
    ("locale", "sentence"), [("en", "Published the order"), ("zh", "发布研发订单")], ids=["en", "zh"]
)
def test_a_record_is_read_in_ones_language(make: Make, sign_in: Any, locale: str, sentence: str) -> None:
    note(make.call(make.account(Role.CENTRE_OFFICER)), "orders.publish", "order", 7, state="published")
    page = sign_in(make.account(Role.AUDITOR), locale).get("/audit").text
    assert sentence in page
    assert ("Order no. 7" if locale == "en" else "订单 7 号") in page


def test_a_command_without_words_is_shown_as_stored(make: Make, auditor: Any) -> None:
    note(make.call(), "future.act", "thing", None)
    assert "future.act" in auditor.get("/audit").text


def test_an_empty_journal_says_what_will_be_here(auditor: Any) -> None:
    assert "No records yet" in auditor.get("/audit").text


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("room=orders", ["orders.publish"]),
        ("room=nothing", ["orders.publish", "funds.open"]),
        ("subject=fund&number=3", ["funds.open"]),
        ("subject=fund&number=4", []),
        ("number=%D9%A3", ["orders.publish", "funds.open"]),
        ("number=99999999999999999999", ["orders.publish", "funds.open"]),
        ("who=syst", ["orders.publish", "funds.open"]),
        ("who=%25", []),
        ("who=%00", ["orders.publish", "funds.open"]),
        ("since=2027-01-12&until=2027-01-12", ["orders.publish", "funds.open"]),
        ("until=2027-01-11", []),
        ("since=2027-01-13", []),
        ("since=0001-01-01&until=9999-12-31", ["orders.publish", "funds.open"]),
        ("since=yesterday", ["orders.publish", "funds.open"]),
        ("page=9", ["orders.publish", "funds.open"]),
    ],
)
def test_filters_narrow_the_list_and_nonsense_is_ignored(
    make: Make, auditor: Any, asked: str, found: list[str]
) -> None:
    note(make.call(), "orders.publish", "order", 7)
    note(make.call(), "funds.open", "fund", 3)
    answer = auditor.get(f"/audit?{asked}")
    assert answer.status_code == 200
    assert [c for c in ("orders.publish", "funds.open") if f">{c}<" in answer.text] == found


def without_tokens(page: str) -> str:
    """The page without the tokens of its forms, which tell the second in which they were made."""
    return re.sub(r"[\w-]+\.[\w-]{6}\.[\w-]{27}", "", page)


def test_sealed_bids_leave_no_trace_until_their_order_is_opened(make: Make, auditor: Any) -> None:
    order, team = make.order(state=OrderState.BIDDING), make.team()
    bid = make.opened_bid(order, team)
    before = without_tokens(auditor.get("/audit?room=bids").text)
    note(make.call(), "bids.submit", "bid", bid.id, commitment="c" * 64)
    note(make.call(), "bids.request_opening", "order", order.id)
    note(make.call(), "bids.unknown", "other", 1)
    assert without_tokens(auditor.get("/audit?room=bids").text) == before
    order.state, order.opened_at = OrderState.OPENED, make.clock()
    db.session.commit()
    after = auditor.get("/audit?room=bids").text
    assert [c for c in ("submit", "request_opening", "unknown") if f">bids.{c}<" in after] == [
        "submit",
        "request_opening",
    ]


def test_the_search_for_sealed_bids_hits_when_the_rule_is_off(make: Make, auditor: Any, monkeypatch: Any) -> None:
    bid = make.opened_bid(make.order(), make.team())
    note(make.call(), "bids.submit", "bid", bid.id)
    monkeypatch.setattr(queries, "shown_clause", lambda: queries.AuditRecord.id > 0)
    assert ">bids.submit<" in auditor.get("/audit").text


def test_a_later_record_does_not_tell_that_sealed_bids_came_before_it(make: Make, auditor: Any) -> None:
    """Sequence numbers are on no page: a gap between two of them would tell."""
    bid = make.opened_bid(make.order(), make.team())
    with db.session.begin_nested() as without_bid:
        head = service.AuditHead(id=1, sequence=6, digest=service.START, seal="")
        db.session.add(head)
        without_bid.commit()
    db.session.commit()
    note(make.call(), "bids.submit", "bid", bid.id)
    note(make.call(), "funds.open", "fund", 3)
    row = re.search(r"<tbody.*</tbody>", auditor.get("/audit").text, re.DOTALL)
    assert row is not None
    assert not re.search(r"\b8\b", re.sub(r"<[^>]+>", " ", row[0]))


def test_a_long_journal_is_read_in_few_statements(make: Make, auditor: Any, count_statements: list[str]) -> None:
    for number in range(60):
        note(make.call(), "orders.edit", "order", number)
    count_statements.clear()
    page = auditor.get("/audit").text
    assert page.count(">orders.edit<") == 50
    assert len(count_statements) <= 12
    assert 'rel="next"' in page


def test_signing_in_does_not_drown_the_decisions(make: Make, auditor: Any) -> None:
    note(make.call(), "accounts.sign_in", "account", 1)
    note(make.call(), "rounds.finish_study", "study", 1)
    assert "rounds.finish_study" not in auditor.get("/audit").text
    assert "rounds.finish_study" in auditor.get("/audit?show=all").text
    note(make.call(), "orders.publish", "order", 7)
    assert "accounts.sign_in" not in auditor.get("/audit").text
    for asked in ("show=all", "room=accounts"):
        assert "accounts.sign_in" in auditor.get(f"/audit?{asked}").text
