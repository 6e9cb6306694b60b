"""Accounts, sessions and passwords as services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import attempts, policy, queries, service, tokens
from marketplace.accounts.models import Account, LoginSession, Person
from marketplace.accounts.passwords import token_digest
from marketplace.accounts.tokens import Purpose
from marketplace.accounts.workflow import AccountState
from marketplace.audit import service as audit
from marketplace.audit.models import AuditRecord
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Actor, Call, Role
from marketplace.kernel.errors import Forbidden, Invalid, Refused
from marketplace.outbox.models import Message
from tests.conftest import Clock
from tests.factories import PASSWORD, Make

NEW = "another long password"


@use_case
def open_one(
    call: Call, name: str = "王小明", number: str = "11010519491231002X", email: str = "Wang@Example.test"
) -> Account:
    """What the organisations' registration does."""
    account = service.open_account(call, name=name, identity_number=number, email=email, password=PASSWORD)
    audit.record(call, "organisations.register", "account", account.id)
    return account


def visitor(make: Make) -> Call:
    return Call(Actor.visitor(), make.clock(), "test")


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        action()
    return caught.value.code


def signing_in(make: Make, email: str, password: str = PASSWORD, address: str = "10.0.0.1") -> Callable[[], object]:
    return lambda: service.sign_in(visitor(make), email, password, address)


def test_an_opened_account_waits_for_its_mail(make: Make) -> None:
    account = open_one(visitor(make))
    assert account.state is AccountState.UNCONFIRMED
    assert account.email == "wang@example.test"
    message = db.session.scalars(select(Message)).one()
    assert (message.recipient, message.template) == (account.email, "account_confirm")
    link = tokens.for_mail("confirm", account.id, message.values["expires"])
    assert link not in str(message.values)
    service.confirm(visitor(make), link)
    service.confirm(visitor(make), link)
    assert db.session.get_one(Account, account.id).state is AccountState.ACTIVE


def test_one_person_may_have_two_accounts_and_stays_one_person(make: Make) -> None:
    first = open_one(visitor(make))
    second = open_one(visitor(make), number=" 11010519491231002x ", email="other@example.test")
    assert first.person_id == second.person_id
    assert len(db.session.scalars(select(Person)).all()) == 1


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"email": "WANG@example.test", "number": "X2"}, "accounts.email_taken"),
        ({"email": "b@example.test", "name": "李四"}, "accounts.identity_name"),
    ],
)
def test_a_taken_address_and_a_foreign_identity_are_refused(make: Make, values: dict[str, str], code: str) -> None:
    open_one(visitor(make))
    assert code_of(lambda: open_one(visitor(make), **values)) == code


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_a_password_has_a_sensible_length(context: object, password: str) -> None:
    with pytest.raises(Invalid, match=r"accounts\.password_length"):
        service.check_password(password)


@pytest.mark.parametrize("password", ["1234567890", "PASSWORD123", "woaini1314", "1212121212"])
def test_a_password_that_everybody_tries_first_is_refused(context: object, password: str) -> None:
    assert code_of(lambda: service.check_password(password)) == "accounts.password_common"


def test_the_same_role_twice_is_one_grant(make: Make) -> None:
    account, organisation = make.account(), make.enterprise()

    @use_case
    def grant(call: Call) -> int:
        audit.record(call, "test.grant", "account", account.id)
        return service.add_grant(call, account, Role.ENTERPRISE_OWNER, organisation.id).id

    assert grant(make.call()) == grant(make.call())
    assert queries.actor_of(account).has_for(organisation.id, Role.ENTERPRISE_OWNER)


def test_signing_in_makes_a_session_and_a_record_of_the_person(make: Make) -> None:
    account = make.account(email="me@example.test")
    token, row = service.sign_in(visitor(make), " ME@example.test", PASSWORD, "10.0.0.1", "Firefox")
    found = queries.find_session(token_digest(token), make.clock())
    assert found is not None
    assert (found.id, found.browser) == (row.id, "Firefox")
    record = db.session.scalars(select(AuditRecord)).one()
    assert (record.command, record.account_id) == ("accounts.sign_in", account.id)
    assert queries.find_session(token_digest(token), make.clock() + service.SESSION_LIFE) is None


def test_unknown_addresses_and_wrong_passwords_sound_alike(make: Make) -> None:
    make.account(email="me@example.test")
    assert code_of(signing_in(make, "me@example.test", "wrong")) == "accounts.wrong_sign_in"
    assert code_of(signing_in(make, "nobody@example.test")) == "accounts.wrong_sign_in"
    assert db.session.scalars(select(LoginSession)).all() == []


@pytest.mark.parametrize(
    ("state", "code"),
    [(AccountState.UNCONFIRMED, "accounts.unconfirmed"), (AccountState.SUSPENDED, "accounts.suspended")],
)
def test_only_who_knows_the_password_learns_the_state(make: Make, state: AccountState, code: str) -> None:
    account = make.account(email="me@example.test")
    account.state = state
    make.save(account)
    assert code_of(signing_in(make, "me@example.test")) == code
    assert code_of(signing_in(make, "me@example.test", "wrong")) == "accounts.wrong_sign_in"


def test_guessing_ends_after_ten_attempts_and_begins_again_later(make: Make, clock: Clock) -> None:
    make.account(email="me@example.test")
    for n in range(attempts.PER_EMAIL):
        assert code_of(signing_in(make, "me@example.test", "wrong", f"10.0.0.{n}")) == "accounts.wrong_sign_in"
    assert code_of(signing_in(make, "ME@example.test ", PASSWORD, "10.0.1.1")) == "too_often"
    clock.advance(minutes=5)
    service.sign_in(visitor(make), "me@example.test", PASSWORD, "10.0.0.1")


def test_one_address_cannot_try_many_accounts(make: Make) -> None:
    for n in range(attempts.PER_ADDRESS):
        attempts.count("sign_in.address", "10.9.9.9", attempts.PER_ADDRESS, make.clock())
        assert n < attempts.PER_ADDRESS
    assert code_of(signing_in(make, "me@example.test", "wrong", "10.9.9.9")) == "too_often"
    assert code_of(signing_in(make, "me@example.test", "wrong", "10.9.9.8")) == "accounts.wrong_sign_in"


def test_a_changed_password_signs_the_other_browsers_out(make: Make) -> None:
    account = make.account(email="me@example.test")
    here, elsewhere = make.login_session(account), make.login_session(account)
    assert code_of(lambda: service.change_password(make.call(account), "wrong", NEW, here)) == "accounts.wrong_password"
    service.change_password(make.call(account), PASSWORD, NEW, here)
    assert queries.find_session(token_digest(here), make.clock()) is not None
    assert queries.find_session(token_digest(elsewhere), make.clock()) is None
    assert code_of(signing_in(make, "me@example.test")) == "accounts.wrong_sign_in"


def test_sessions_end_one_by_one_or_all_but_this(make: Make) -> None:
    account, stranger = make.account(), make.account()
    here, there = make.login_session(account), make.login_session(account)
    other = make.login_session(stranger)
    assert service.end_other_sessions(make.call(account), here) == 1
    service.sign_out(make.call(account), here)
    live = [bool(queries.find_session(token_digest(token), make.clock())) for token in (here, there, other)]
    assert live == [False, False, True]


def reset_token(make: Make, account: Account) -> str:
    service.request_reset(visitor(make), account.email, "10.0.0.1")
    message = db.session.scalars(select(Message).where(Message.template == "account_reset")).one()
    return tokens.for_mail("reset", account.id, message.values["expires"])


def test_a_reset_link_works_once_and_ends_every_session(make: Make) -> None:
    account = make.account(email="me@example.test")
    browser = make.login_session(account)
    token = reset_token(make, account)
    service.reset_password(visitor(make), token, NEW)
    assert queries.find_session(token_digest(browser), make.clock()) is None
    assert code_of(lambda: service.reset_password(visitor(make), token, NEW)) == "accounts.link"
    service.sign_in(visitor(make), account.email, NEW, "10.0.0.1")


def test_a_reset_link_ends_after_an_hour(make: Make, clock: Clock) -> None:
    token = reset_token(make, make.account(email="me@example.test"))
    clock.advance(hours=1)
    assert code_of(lambda: service.reset_password(visitor(make), token, NEW)) == "accounts.link"


def test_nobody_learns_by_a_reset_whether_an_address_is_known(make: Make) -> None:
    service.request_reset(visitor(make), "nobody@example.test", "10.0.0.1")
    assert db.session.scalars(select(Message)).all() == []


@pytest.mark.parametrize("token", ["", "x", "WzEsMl0.x", "[1]", "WzEsMTBd", "\x00", "é" * 9, "W10.a", "eyJhIjoxfQ.a"])
def test_a_made_up_link_is_refused(make: Make, token: str) -> None:
    make.account()
    for purpose in Purpose:
        with pytest.raises(Invalid, match=r"accounts\.link"):
            tokens.read(purpose, token, make.clock())


def test_a_link_is_good_for_its_own_purpose_only(make: Make) -> None:
    account = make.account()
    token = tokens.make(Purpose.CONFIRM, account, tokens.expiry(Purpose.CONFIRM, make.clock()))
    assert tokens.read(Purpose.CONFIRM, token, make.clock()) == account
    with pytest.raises(Invalid):
        tokens.read(Purpose.RESET, token, make.clock())


def test_a_suspended_account_is_out_at_once_and_may_be_restored(make: Make) -> None:
    account, administrator = make.account(), make.account(Role.ADMINISTRATOR)
    browser = make.login_session(account)
    service.suspend(make.call(administrator), account.id, "离职")
    assert queries.find_session(token_digest(browser), make.clock() + timedelta(seconds=1)) is None
    assert code_of(lambda: service.suspend(make.call(administrator), account.id, "x")) == "workflow.not_now"
    service.restore(make.call(administrator), account.id)
    assert db.session.get_one(Account, account.id).state is AccountState.ACTIVE


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_suspend(make: Make, role: Role) -> None:
    account, other = make.account(role), make.account()
    assert not policy.may_suspend(queries.actor_of(account), other)
    with pytest.raises(Forbidden):
        service.suspend(make.call(account), other.id, "x")


def test_an_administrator_cannot_suspend_himself_by_another_account(make: Make) -> None:
    person = make.person()
    administrator, own = make.account(Role.ADMINISTRATOR, person=person), make.account(person=person)
    with pytest.raises(Forbidden, match=r"accounts\.not_yourself"):
        service.suspend(make.call(administrator), own.id, "x")
