"""The pages of this room, as each reader meets them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts import granting, tokens, words
from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.tokens import Purpose
from marketplace.accounts.views.blueprint import local_path
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import db
from marketplace.kernel.call import Role
from tests.factories import PASSWORD, Make

NEW = "another long password"


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


@pytest.fixture
def demonstration(app: Flask, tmp_path: Path) -> Any:
    config = app.extensions["config"]
    app.extensions["config"] = replace(config, demo=True, instance=tmp_path)
    yield tmp_path
    app.extensions["config"] = config


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("address", ["/sign-in", "/reset", "/reset/sent", "/reset/x", "/confirm/x"])
def test_visitors_read_the_pages_in_both_languages(client: FlaskClient, address: str, locale: str) -> None:
    with client.session_transaction() as session:
        session["locale"] = locale
    page = client.get(address)
    assert page.status_code == 200
    assert ("登录" in page.text) is (locale == "zh")


def test_signing_in_leads_on_and_signing_out_ends_it(make: Make, client: FlaskClient) -> None:
    account = make.account(email="me@example.test")
    answer = enter(client, account.email, next="/me?a=1")
    assert (answer.status_code, answer.location) == (303, "/me?a=1")
    page = client.get("/me")
    assert account.email in page.text
    assert 'action="/sign-out"' in page.text
    assert client.get("/sign-in").status_code == 303
    assert client.post("/sign-out").status_code == 303
    assert client.get("/me").status_code == 303


@pytest.mark.parametrize(
    "address",
    [
        "",
        None,
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil",
        "/\t/evil.example",
        "me",
        "/a\r\nb",
    ],
)
def test_nobody_is_led_to_another_site(address: str | None) -> None:
    assert local_path(address) is None


def test_a_foreign_next_is_ignored(make: Make, client: FlaskClient) -> None:
    account = make.account()
    assert enter(client, account.email, next="//evil.example/").location == "/home"


def test_what_was_typed_stays_but_never_the_password(make: Make, client: FlaskClient) -> None:
    answer = enter(client, "me@example.test", "wrong-secret")
    assert answer.status_code == 422
    assert "me@example.test" in answer.text
    assert "wrong-secret" not in answer.text


@pytest.mark.parametrize(
    "data", [{}, {"email": "\x00", "password": "\x00"}, {"email": "a@b\x00.c", "password": "x" * 5000}]
)
def test_senseless_input_is_refused(client: FlaskClient, data: dict[str, str]) -> None:
    assert client.post("/sign-in", data=data).status_code == 422


def test_a_browser_session_begins_afresh_at_signing_in(make: Make, client: FlaskClient) -> None:
    account = make.account()
    with client.session_transaction() as session:
        session["planted"], session["locale"] = "x", "en"
    enter(client, account.email)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["locale"] == "en"


def test_known_and_unknown_addresses_get_the_same_answer(make: Make, client: FlaskClient) -> None:
    account = make.account()
    answers = [client.post("/reset", data={"email": email}) for email in (account.email, "nobody@example.test")]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/reset/sent")}


def test_the_mailed_link_sets_a_password(app: Flask, make: Make, client: FlaskClient, demonstration: Path) -> None:
    account = make.account(email="me@example.test")
    client.post("/reset", data={"email": account.email})
    page = client.get("/mailbox")
    [link] = re.findall(r'href="http://[^/"]+(/reset/[^"]+)"', page.text)
    assert account.email in client.get(link).text
    assert client.post(link, data={"password": NEW, "again": "different"}).status_code == 422
    assert client.post(link, data={"password": NEW, "again": NEW}).status_code == 303
    assert client.post(link, data={"password": NEW, "again": NEW}).status_code == 422
    assert enter(client, account.email, NEW).status_code == 303


def test_opening_the_link_alone_confirms_nothing(make: Make, client: FlaskClient) -> None:
    account = make.account()
    account.state = AccountState.UNCONFIRMED
    make.save(account)
    token = tokens.make(Purpose.CONFIRM, account, tokens.expiry(Purpose.CONFIRM, make.clock()))
    assert client.get(f"/confirm/{token}").status_code == 200
    db.session.expire_all()
    assert db.session.get_one(Account, account.id).state is AccountState.UNCONFIRMED
    assert client.post(f"/confirm/{token}").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Account, account.id).state is AccountState.ACTIVE


def test_the_own_page_changes_the_password_and_ends_sessions(make: Make, sign_in: Any) -> None:
    account = make.account(Role.ENTERPRISE_OWNER, organisation=make.enterprise(name="东莞示例公司"))
    here, elsewhere = sign_in(account), sign_in(account)
    assert "东莞示例公司" in here.get("/me").text
    wrong = here.post("/me/password", data={"current": "no", "password": NEW, "again": NEW})
    assert wrong.status_code == 422
    assert here.post("/me/password", data={"current": PASSWORD, "password": NEW, "again": NEW}).status_code == 303
    assert (here.get("/me").status_code, elsewhere.get("/me").status_code) == (200, 303)
    third = sign_in(account)
    assert here.post("/me/end-other-sessions").status_code == 303
    assert third.get("/me").status_code == 303


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_administrators_give_a_role_in_two_steps(make: Make, sign_in: Any, locale: str) -> None:
    account = make.account(email="new@example.test")
    first, second = (sign_in(make.account(Role.ADMINISTRATOR), locale) for _ in range(2))
    data = {"email": account.email, "role": "auditor", "alliance_id": "", "reason": "接替"}
    assert first.get("/people/roles/new?email=new@example.test").status_code == 200
    page = first.post("/people/roles", data=data).location
    assert "/approve" not in first.get(page).text
    assert f"{page}/approve" in second.get(page).text
    assert first.post(f"{page}/approve").status_code == 403
    assert second.post(f"{page}/approve").status_code == 303
    db.session.expire_all()
    [grant] = db.session.query(AccountGrant).filter_by(account_id=account.id)
    assert grant.state is GrantState.ACTIVE
    assert second.post(f"{page}/end").status_code == 303


@pytest.mark.parametrize(
    "changes",
    [
        {"role": "enterprise_owner"},
        {"role": "king"},
        {"alliance_id": "99999999999999999999"},
        {"reason": " "},
        {"email": "x"},
    ],
)
def test_a_senseless_role_is_refused(make: Make, sign_in: Any, changes: dict[str, str]) -> None:
    client = sign_in(make.account(Role.ADMINISTRATOR))
    data = {"email": make.account().email, "role": "auditor", "alliance_id": "", "reason": "x", **changes}
    assert client.post("/people/roles", data=data).status_code == 422


def test_a_role_is_refused_and_an_account_suspended_with_a_reason(make: Make, sign_in: Any) -> None:
    account, first = make.account(), make.account(Role.ADMINISTRATOR)
    grant = granting.propose_grant(make.call(first), account.email, Role.AUDITOR, "x")
    client, theirs = sign_in(make.account(Role.ADMINISTRATOR)), sign_in(account)
    for address in (f"/people/roles/{grant.id}/reject", f"/people/{account.id}/suspend"):
        assert client.post(address, data={"reason": ""}).status_code == 422
        assert client.post(address, data={"reason": "离职"}).status_code == 303
    assert theirs.get("/me").status_code == 303
    assert f"/people/{account.id}/restore" in client.get(f"/people/{account.id}").text
    assert client.post(f"/people/{account.id}/restore").status_code == 303


def test_a_proposed_role_does_not_look_like_one_in_force(make: Make, sign_in: Any) -> None:
    first = make.account(Role.ADMINISTRATOR)
    client = sign_in(make.account(Role.ADMINISTRATOR), "en")
    assert "Waiting for a second administrator" not in client.get("/people").text
    granting.propose_grant(make.call(first), make.account().email, Role.AUDITOR, "x")
    assert "Waiting for a second administrator" in client.get("/people").text


@pytest.mark.parametrize("address", ["/people/{}", "/people/roles/{}"])
def test_a_missing_number_is_not_found(make: Make, sign_in: Any, address: str) -> None:
    client = sign_in(make.account(Role.ADMINISTRATOR))
    for number in (0, 999_999, 10**30):
        assert client.get(address.format(number)).status_code == 404


def test_people_are_found_in_few_statements(make: Make, sign_in: Any, count_statements: list[str]) -> None:
    organisation = make.enterprise()
    client = sign_in(make.account(Role.ADMINISTRATOR, email="boss@example.test"))
    taken = []
    for _ in range(2):
        for _ in range(5):
            make.owner(organisation)
        before = len(count_statements)
        assert client.get("/people").status_code == 200
        taken.append(len(count_statements) - before)
    assert taken[0] == taken[1] <= 12
    assert "boss@example.test" in client.get("/people?q=BOSS").text
    assert "user" not in re.findall(r"<tbody.*?</tbody>", client.get("/people?q=BOSS").text, re.DOTALL)[0]
    assert client.get("/people?q=%25%00&page=-1").status_code == 200


def test_the_demonstration_lists_its_accounts_and_mails(client: FlaskClient, demonstration: Path) -> None:
    assert "demo-officer" not in client.get("/sign-in").text
    (demonstration / "demo-accounts.txt").write_text("demo-officer@example.test", encoding="utf-8")
    assert "demo-officer" in client.get("/sign-in").text
    assert client.get("/mailbox").status_code == 200


def test_a_real_installation_shows_neither(app: Flask, client: FlaskClient) -> None:
    path = app.extensions["config"].instance / "demo-accounts.txt"
    path.write_text("demo-officer@example.test", encoding="utf-8")
    assert "demo-officer" not in client.get("/sign-in").text
    assert client.get("/mailbox").status_code == 404
    path.unlink()


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge · Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36", "Chrome · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile MicroMessenger/8.0.50", "微信 · Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_its_owner_would(app: Flask, agent: str, told: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert words.device(agent) == told
