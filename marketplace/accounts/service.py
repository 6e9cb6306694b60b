"""Accounts: opening, confirming, signing in and out, passwords. Roles of staff are in ``granting.py``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select, update

from marketplace.accounts import attempts, policy, queries, tokens
from marketplace.accounts.models import Account, AccountGrant, LoginSession, Person
from marketplace.accounts.passwords import (
    MIN_LENGTH,
    hash_password,
    identity_digest,
    is_common,
    matches,
    new_token,
    token_digest,
)
from marketplace.accounts.tokens import Purpose
from marketplace.accounts.workflow import ACCOUNT, AccountState, GrantState
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Call, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.outbox import service as outbox

SESSION_LIFE = timedelta(days=14)
MAX_PASSWORD = 200
"""Characters; longer ones would only cost time to hash."""


def open_account(
    call: Call, *, name: str, identity_number: str, email: str, password: str, locale: str = "zh_Hans_CN"
) -> Account:
    """Add an unconfirmed account and queue the mail that confirms it; for use inside another room's use case.

    One natural person, known by the identity document's number, may have several accounts. Raises Invalid
    ``accounts.identity_name`` when the number belongs to somebody of another name, Conflict ``accounts.email_taken``.
    """
    check_password(password)
    address = email.strip().casefold()
    if queries.find_account(address) is not None:
        raise Conflict("accounts.email_taken", field="email")
    person = known_person(name, identity_number)
    if person is None:
        person = Person(name=name.strip(), identity=identity_digest(identity_number), created_at=call.now)
    account = Account(
        person=person,
        email=address,
        password_hash=hash_password(password),
        locale=locale,
        state=AccountState.UNCONFIRMED,
        created_at=call.now,
    )
    db.session.add(account)
    db.session.flush()
    _mail_link(call, account, Purpose.CONFIRM)
    return account


def add_grant(
    call: Call,
    account: Account,
    role: Role,
    organisation_id: int | None = None,
    team_id: int | None = None,
    alliance_id: int | None = None,
) -> AccountGrant:
    """Give ``account`` a role at once; for use inside another room's use case. The same role twice stays one row."""
    wanted = (role, organisation_id, team_id, alliance_id)
    for held in queries.active_grants(account.id):
        if (held.role, held.organisation_id, held.team_id, held.alliance_id) == wanted:
            return held
    grant = AccountGrant(
        account_id=account.id,
        role=role,
        organisation_id=organisation_id,
        team_id=team_id,
        alliance_id=alliance_id,
        state=GrantState.ACTIVE,
        created_at=call.now,
    )
    db.session.add(grant)
    db.session.flush()
    return grant


def check_password(password: str, *, field: str = "password") -> None:
    """Raise Invalid for a password that is too short, absurdly long or the first that others would try."""
    if not MIN_LENGTH <= len(password) <= MAX_PASSWORD:
        raise Invalid("accounts.password_length", {"least": MIN_LENGTH, "most": MAX_PASSWORD}, field=field)
    if is_common(password):
        raise Invalid("accounts.password_common", field=field)


def sign_in(call: Call, email: str, password: str, address: str, browser: str = "") -> tuple[str, LoginSession]:
    """Return the token and row of a new session.

    Attempts are counted before anything else, also refused ones. Raises Conflict ``too_often``; Invalid
    ``accounts.wrong_sign_in`` alike for an unknown e-mail and a wrong password, in the same time; Forbidden to those who
    know the password of an account that is not confirmed or suspended.
    """
    attempts.count("sign_in.address", address, attempts.PER_ADDRESS, call.now)
    attempts.count("sign_in.email", email.strip().casefold(), attempts.PER_EMAIL, call.now)
    account = queries.find_account(email)
    # The slow hash is computed here, before the use case holds the database's write lock.
    seen = account.password_hash if account else ""
    if not matches(seen, password[:MAX_PASSWORD]) or account is None:
        raise Invalid("accounts.wrong_sign_in")
    return _begin_session(call, account.id, seen, browser)


@use_case
def _begin_session(call: Call, account_id: int, seen_hash: str, browser: str) -> tuple[str, LoginSession]:
    account = _account(account_id)
    if account.password_hash != seen_hash:
        raise Invalid("accounts.wrong_sign_in")
    if account.state is AccountState.UNCONFIRMED:
        raise Forbidden("accounts.unconfirmed")
    if account.state is AccountState.SUSPENDED:
        raise Forbidden("accounts.suspended")
    token = new_token()
    row = LoginSession(
        account=account,
        token_digest=token_digest(token),
        created_at=call.now,
        expires_at=call.now + SESSION_LIFE,
        browser=browser.replace("\x00", "")[:200],
    )
    db.session.add(row)
    db.session.flush()
    audit.record(_as(call, account), "accounts.sign_in", "account", account.id)
    return token, row


@use_case
def sign_out(call: Call, token: str) -> None:
    """End the session of ``token``; whoever has none is signed out already, which is recorded as well."""
    row = queries.find_session(token_digest(token), call.now)
    if row is not None:
        row.ended_at = call.now
    audit.record(call, "accounts.sign_out", "account", call.actor.account)


@use_case
def end_other_sessions(call: Call, token: str) -> int:
    """Sign the caller out everywhere but here; return how many sessions ended."""
    account_id = _own_account(call).id
    ended = _end_sessions(call, account_id, but=token)
    audit.record(call, "accounts.end_other_sessions", "account", account_id, {"ended": ended})
    return ended


@use_case
def change_password(call: Call, current: str, new: str, token: str) -> None:
    """Replace the caller's password and sign out every other browser. Raises Invalid on ``current`` or ``password``."""
    account = _own_account(call)
    if not matches(account.password_hash, current[:MAX_PASSWORD]):
        raise Invalid("accounts.wrong_password", field="current")
    check_password(new)
    account.password_hash = hash_password(new)
    _end_sessions(call, account.id, but=token)
    audit.record(call, "accounts.change_password", "account", account.id)


def request_reset(call: Call, email: str, address: str) -> None:
    """Mail a link to the account of ``email`` if there is one; the caller learns nothing either way."""
    attempts.count("reset.address", address, attempts.PER_ADDRESS, call.now)
    attempts.count("reset.email", email.strip().casefold(), attempts.PER_EMAIL, call.now)
    account = queries.find_account(email)
    if account is not None and account.state is not AccountState.SUSPENDED:
        _send_reset(call, account.id)


@use_case
def _send_reset(call: Call, account_id: int) -> None:
    _mail_link(call, _account(account_id), Purpose.RESET)
    audit.record(call, "accounts.request_reset", "account", account_id)


@use_case
def reset_password(call: Call, token: str, password: str) -> None:
    """Set a new password by a mailed link, once; every session ends. Reading the mail confirms the address as well."""
    account = tokens.read(Purpose.RESET, token, call.now)
    check_password(password)
    if account.state is AccountState.SUSPENDED:
        raise Forbidden("accounts.suspended")
    account.password_hash = hash_password(password)
    if account.state is AccountState.UNCONFIRMED:
        account.state = ACCOUNT.require(account.state, "confirm")
    _end_sessions(call, account.id)
    audit.record(_as(call, account), "accounts.reset_password", "account", account.id)


@use_case
def confirm(call: Call, token: str) -> Account:
    """Confirm an account's e-mail address by the mailed link; a second click changes nothing."""
    account = tokens.read(Purpose.CONFIRM, token, call.now)
    if account.state is not AccountState.ACTIVE:
        account.state = ACCOUNT.require(account.state, "confirm")
    audit.record(_as(call, account), "accounts.confirm", "account", account.id)
    return account


@use_case
def suspend(call: Call, account_id: int, reason: str) -> None:
    """Lock an account; its sessions end at once. Two administrators always remain."""
    account = _account(account_id)
    policy.may_suspend(call.actor, account).require()
    account.state = ACCOUNT.require(account.state, "suspend")
    _end_sessions(call, account.id)
    db.session.flush()
    administers = any(grant.role is Role.ADMINISTRATOR for grant in queries.active_grants(account.id))
    if administers and len(queries.administrators(AccountState.ACTIVE)) < queries.FEWEST_ADMINISTRATORS:
        raise Conflict("accounts.last_administrator")
    audit.record(call, "accounts.suspend", "account", account.id, {"reason": reason})


@use_case
def restore(call: Call, account_id: int) -> None:
    """Unlock a suspended account."""
    account = _account(account_id)
    policy.may_suspend(call.actor, account).require()
    account.state = ACCOUNT.require(account.state, "restore")
    audit.record(call, "accounts.restore", "account", account.id)


def known_person(name: str, identity_number: str) -> Person | None:
    """Return the person of an identity document, None when new; raise Invalid ``accounts.identity_name`` for another's name."""
    person = db.session.scalar(select(Person).where(Person.identity == identity_digest(identity_number)))
    if person is not None and person.name != name.strip():
        raise Invalid("accounts.identity_name", field="person_name")
    return person


def _mail_link(call: Call, account: Account, purpose: Purpose) -> None:
    """Queue the mail with a link. The token is made when the mail is written, so that the outbox holds no secret."""
    values = {"name": account.person.name, "account_id": account.id, "expires": tokens.expiry(purpose, call.now)}
    outbox.enqueue(call, account.email, f"account_{purpose}", values, account.locale)


def _end_sessions(call: Call, account_id: int, *, but: str | None = None) -> int:
    ended = db.session.scalars(
        update(LoginSession)
        .where(LoginSession.account_id == account_id, LoginSession.ended_at.is_(None))
        .where(LoginSession.token_digest != (token_digest(but) if but else ""))
        .values(ended_at=call.now)
        .returning(LoginSession.id)
    ).all()
    return len(ended)


def _account(account_id: int) -> Account:
    account = db.session.get(Account, account_id) if account_id <= queries.MAX_ID else None
    if account is None:
        raise NotFound("account")
    return account


def _own_account(call: Call) -> Account:
    if call.actor.account is None:
        raise Forbidden("role_needed")
    return _account(call.actor.account)


def _as(call: Call, account: Account) -> Call:
    """Return the call as made by ``account``: who proves to be somebody is recorded as that somebody."""
    return replace(call, actor=queries.actor_of(account))
