"""What was typed on a page that was open too long comes back in its form, and nothing happened."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from wtforms import PasswordField

from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundState
from marketplace.kernel.call import Role
from marketplace.web import expired
from marketplace.web.forms import Form
from tests.factories import PASSWORD, Make
from tests.web.test_csrf import writing

HERE = {"Origin": "http://localhost"}
ELSEWHERE = {"Origin": "http://elsewhere.example"}
OPEN_TOO_LONG = "This page was open too long"
REASON = "The budget goes back to the city, <b>as agreed</b>."


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as it is outside tests: every form needs its token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def fund(make: Make) -> Fund:
    return make.fund()


@pytest.fixture
def manager(make: Make, sign_in: Any) -> FlaskClient:
    return sign_in(make.account(Role.FUND_MANAGER), "en")  # type: ignore[no-any-return]


def token_in(page: str) -> str:
    found = re.search(
        r'name="(?:enter-)?csrf_token" (?:type="hidden" )?value="([^"]+)"', page.split('id="messages"')[1]
    )
    assert found, page
    return found[1]


def state_of(fund: Fund) -> FundState:
    db.session.expire_all()
    return db.session.get_one(Fund, fund.id).state


def test_a_stale_form_comes_back_with_what_was_typed(guarded: Flask, manager: FlaskClient, fund: Fund) -> None:
    answer = manager.post(f"/funds/{fund.id}/close", data={"reason": REASON, "csrf_token": "stale"}, headers=HERE)
    assert answer.status_code == 422
    assert answer.text.count(OPEN_TOO_LONG) == 1
    assert "Please correct this first" not in answer.text
    assert html.escape(REASON) in answer.text
    assert state_of(fund) is FundState.OPEN
    again = {"reason": REASON, "csrf_token": token_in(answer.text)}
    assert manager.post(f"/funds/{fund.id}/close", data=again, headers=HERE).status_code == 303
    assert state_of(fund) is FundState.CLOSED


def test_other_slips_of_a_stale_form_are_told_as_well(guarded: Flask, manager: FlaskClient, fund: Fund) -> None:
    page = manager.post(f"/funds/{fund.id}/close", data={"reason": ""}, headers=HERE).text
    assert OPEN_TOO_LONG in page
    assert "Please write the reason." in page


@pytest.mark.parametrize("headers", [ELSEWHERE, {}, {"Origin": "null"}, {**HERE, "Sec-Fetch-Site": "cross-site"}])
def test_another_site_fills_no_form_of_ours(
    guarded: Flask, manager: FlaskClient, fund: Fund, headers: dict[str, str]
) -> None:
    answer = manager.post(f"/funds/{fund.id}/close", data={"reason": REASON}, headers=headers)
    assert answer.status_code == 400
    assert "as agreed" not in answer.text


def test_without_that_rule_another_site_would(
    guarded: Flask, manager: FlaskClient, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(expired, "sent_from_here", lambda: True)
    monkeypatch.setattr(expired, "sent_from_elsewhere", lambda: False)
    answer = manager.post(f"/funds/{fund.id}/close", data={"reason": REASON}, headers=ELSEWHERE)
    assert "as agreed" in answer.text


def count_of_records() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(AuditRecord)) or 0


def test_no_route_carries_out_what_a_stale_page_asks(guarded: Flask, make: Make, sign_in: Any) -> None:
    everybody = sign_in(make.account(*Role, organisation=make.enterprise(), alliance=make.alliance()), "en")
    before = count_of_records()
    failed = [endpoint for endpoint, url in writing(guarded) if everybody.post(url, headers=HERE).status_code >= 500]
    assert failed == []
    assert count_of_records() == before
    assert everybody.get("/me").status_code == 200, "signing out is no exception"


def sign_out(client: FlaskClient) -> Any:
    headers = {**HERE, "Referer": "http://localhost/funds?page=2"}
    return client.post("/sign-out", data={"csrf_token": "stale"}, headers=headers)


def test_a_stale_button_leads_back_to_its_page(guarded: Flask, manager: FlaskClient) -> None:
    answer = sign_out(manager)
    assert (answer.status_code, answer.location) == (303, "/funds?page=2")
    page = manager.get(answer.location)
    assert (page.status_code, page.text.count(OPEN_TOO_LONG)) == (200, 1)


def test_a_stale_button_that_only_carries_a_mark_leads_back_to_what_it_signs_for(
    guarded: Flask, manager: FlaskClient
) -> None:
    """Nothing was typed, and whoever signed in meanwhile may be somebody else: nobody signs unseen for what was read before."""
    asked = {
        "data": {"seen": "of the page", "key": "once"},
        "headers": {**HERE, "Referer": "http://localhost/funds?page=2"},
    }
    answer = manager.post("/fund-rules/7/approve", **asked)
    assert (answer.status_code, answer.location) == (303, "/funds?page=2")


def test_with_a_call_that_writes_the_stale_button_would_work(
    guarded: Flask, manager: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    monkeypatch.setattr(expired, "has_living_token", lambda: True)
    sign_out(manager)
    assert manager.get("/me").status_code == 303


def test_what_no_form_can_show_again_is_kept_to_be_sent(guarded: Flask, make: Make, sign_in: Any) -> None:
    officer = sign_in(make.account(Role.CENTRE_OFFICER), "en")
    typed = {"required": "1", "note": "Two teams of one institute"}
    answer = officer.post("/rounds/7/orders/7/must", data=typed, headers=HERE)
    assert (answer.status_code, answer.text.count(OPEN_TOO_LONG)) == (409, 3)
    assert all(f'name="{name}" value="{value}"' in answer.text for name, value in typed.items())
    assert "data-unkept=" in answer.text, "switching the language would lose what only this page holds"
    again = officer.post("/rounds/7/orders/7/must", data={**typed, "csrf_token": token_in(answer.text)}, headers=HERE)
    assert again.status_code == 404  # it is asked for now, and there is no such round


def test_files_must_be_chosen_again(guarded: Flask, manager: FlaskClient, fund: Fund) -> None:
    data = {"upload": (BytesIO(b"a,b"), "bank.csv"), "reason": REASON}
    assert "Files must be chosen again." in manager.post(f"/funds/{fund.id}/close", data=data, headers=HERE).text


def test_a_stale_sign_in_keeps_the_address_and_not_the_password(guarded: Flask, client: FlaskClient) -> None:
    page = client.post("/sign-in", data={"email": "a@example.com", "password": PASSWORD}, headers=HERE)
    assert 'value="a@example.com"' in page.text
    assert PASSWORD not in page.text


def test_a_form_that_comes_back_asks_with_the_mark_of_what_its_reader_saw(
    guarded: Flask, make: Make, sign_in: Any
) -> None:
    """Or else what a colleague saved meanwhile would be written over unread."""
    team = make.team()
    owner, seen = sign_in(make.owner(team.organisation), "en"), team.version
    mine = {"name": "我的名称", "introduction": "", "capacity_days": "90", "lead": ""}
    team.introduction = "同事写的"
    db.session.commit()
    url = f"/teams/{team.id}"
    back = owner.post(url, data={**mine, "version": seen, "csrf_token": "stale"}, headers=HERE)
    assert (back.status_code, back.text.count(OPEN_TOO_LONG)) == (422, 1)
    assert mark_in(back.text) == seen
    sent = owner.post(url, data={**mine, "version": seen, "csrf_token": token_in(back.text)}, headers=HERE)
    assert sent.status_code == 409
    assert "同事写的" in sent.text
    assert mark_in(sent.text) == seen + 1, "both were shown, and the next time it is saved"


def mark_in(page: str) -> int:
    found = re.search(r'name="version"[^>]* value="(\d+)"', page)
    assert found is not None
    return int(found[1])


class TestEndedSessions:
    """The session ended while somebody was typing."""

    def begin(self, client: FlaskClient, fund: Fund) -> Any:
        client.get("/sign-in", headers={"Accept-Language": "en"})
        typed = {"reason": REASON, "current": PASSWORD, "csrf_token": "stale"}
        headers = {**HERE, "Accept-Language": "en", "Referer": f"http://localhost/funds/{fund.id}/close"}
        return client.post(f"/funds/{fund.id}/close", data=typed, headers=headers)

    def go_on(self, client: FlaskClient, fund: Fund, page: str, email: str, password: str = PASSWORD) -> Any:
        kept = re.findall(r'name="([\w-]+)" (?:type="hidden" )?value="([^"]*)"', page.split('id="messages"')[1])
        data = {name: html.unescape(value) for name, value in kept} | {"enter-email": email, "enter-password": password}
        return client.post(f"/funds/{fund.id}/close", data=data, headers={**HERE, "Accept-Language": "en"})

    def test_signing_in_leads_back_to_the_form_with_its_text(
        self, guarded: Flask, make: Make, client: FlaskClient, fund: Fund
    ) -> None:
        account = make.account(Role.FUND_MANAGER)
        asked = self.begin(client, fund)
        assert (asked.status_code, asked.headers["Cache-Control"]) == (403, "no-store")
        assert "Please sign in again" in asked.text
        assert "data-unkept=" in asked.text
        assert PASSWORD not in asked.text
        wrong = self.go_on(client, fund, asked.text, account.email, "something else")
        assert wrong.status_code == 403
        answer = self.go_on(client, fund, wrong.text, account.email)
        assert answer.status_code == 422
        assert answer.text.count(OPEN_TOO_LONG) == 1
        assert html.escape(REASON) in answer.text
        assert state_of(fund) is FundState.OPEN
        data = {"reason": REASON, "csrf_token": token_in(answer.text)}
        assert client.post(f"/funds/{fund.id}/close", data=data, headers=HERE).status_code == 303
        assert state_of(fund) is FundState.CLOSED

    def test_files_must_be_chosen_again_after_signing_in(self, guarded: Flask, client: FlaskClient, fund: Fund) -> None:
        url, said = f"/funds/{fund.id}/close", "Files must be chosen again."
        headers = {**HERE, "Accept-Language": "en"}
        with_file = {"upload": (BytesIO(b"a,b"), "bank.csv"), "reason": REASON}
        assert said in client.post(url, data=with_file, headers=headers).text
        assert said not in client.post(url, data={"reason": REASON}, headers=headers).text

    def test_who_signs_in_may_no_more_than_before(
        self, guarded: Flask, make: Make, client: FlaskClient, fund: Fund
    ) -> None:
        lead = make.account(Role.TEAM_LEAD)
        answer = self.go_on(client, fund, self.begin(client, fund).text, lead.email)
        assert answer.status_code == 403
        assert "as agreed" not in answer.text

    def test_another_site_asks_nobody_to_sign_in(self, guarded: Flask, client: FlaskClient, fund: Fund) -> None:
        assert client.post(f"/funds/{fund.id}/close", data={"reason": REASON}, headers=ELSEWHERE).status_code == 400


def test_passwords_are_known_by_their_names(app: Flask) -> None:
    def kinds(form: type[Form]) -> Iterator[tuple[str, bool]]:
        for name, field in vars(form).items():
            if hasattr(field, "field_class"):
                yield name, issubclass(field.field_class, PasswordField)
        for inner in form.__subclasses__():
            if inner.__module__.startswith("marketplace."):
                yield from kinds(inner)

    found = set(kinds(Form))
    assert {name for name, secret in found if secret} == expired.SECRET - {"csrf_token"}
    assert [name for name, secret in found if not secret and name in expired.SECRET] == []
    with app.test_request_context("/", method="POST", data={"row-0-password": "x", "again": "y", "why": "w"}):
        assert expired.typed_values() == [("why", "w")]


@pytest.mark.parametrize(
    ("path", "referrer", "there"),
    [
        ("/funds/1/contributions", "http://localhost/funds/1/contributions/new", "/funds/1/contributions/new"),
        ("/funds/1/contributions", "http://elsewhere.example/funds/1", "/home"),
        ("/funds/1/contributions", "", "/home"),
        ("/funds/1/close", "http://localhost/funds/1/close?a=1", "/funds/1/close?a=1"),
        ("/funds/1/close", "", "/funds/1/close"),
    ],
)
def test_an_answered_form_is_opened_again_where_it_can_be(app: Flask, path: str, referrer: str, there: str) -> None:
    with app.test_request_context(path, method="POST", headers={"Referer": referrer}):
        assert expired.page_here() == there


@pytest.mark.parametrize("back", ["http://[", "https://localhost]/me", "//elsewhere.example/me"])
def test_a_page_before_that_is_no_address_of_ours_is_not_led_back_to(
    guarded: Flask, manager: FlaskClient, back: str
) -> None:
    answer = manager.post("/sign-out", data={"enter-next": back}, headers=HERE)
    assert answer.status_code == 409
    assert back not in answer.text
