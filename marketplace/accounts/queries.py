"""Reads of accounts, and the actor they make."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from marketplace.accounts.models import Account, AccountGrant, LoginSession, Person
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.approvals.models import Endorsement
from marketplace.db.base import Base, db
from marketplace.kernel.call import Actor, Call, Grant, Role
from marketplace.kernel.errors import NotFound
from marketplace.web.tasks import Task

MAX_ID = 2**63 - 1
"""Larger numbers in an address are no row's."""

FEWEST_ADMINISTRATORS = 2
"""With one alone nobody could approve a role any more."""


def find_account(email: str) -> Account | None:
    """Return the account of an e-mail address in any letter case."""
    return db.session.scalar(select(Account).where(Account.email == email.strip().casefold()))


def find_session(token_digest: str, now: datetime) -> LoginSession | None:
    """Return the live session of a token; suspended accounts have none."""
    return db.session.scalar(
        select(LoginSession)
        .join(LoginSession.account)
        .where(
            LoginSession.token_digest == token_digest,
            LoginSession.ended_at.is_(None),
            LoginSession.expires_at > now,
            Account.state == AccountState.ACTIVE,
        )
    )


def actor_of(account: Account) -> Actor:
    """Return the actor an account is now: two statements, read afresh at each request so that rights end at once."""
    rows = db.session.scalars(
        select(AccountGrant).where(AccountGrant.account_id == account.id, AccountGrant.state == GrantState.ACTIVE)
    ).all()
    grants = frozenset(Grant(r.role, r.organisation_id, r.team_id, r.alliance_id) for r in rows)
    organisations = {g.organisation for g in grants if g.organisation is not None}
    alliances = {g.alliance for g in grants if g.alliance is not None}
    if organisations:
        memberships = Base.metadata.tables["alliance_memberships"].c
        alliances.update(
            db.session.scalars(
                select(memberships.alliance_id).where(
                    memberships.organisation_id.in_(organisations), memberships.state == "active"
                )
            )
        )
    return Actor(
        kind="person",
        account=account.id,
        person=account.person_id,
        name=account.person.name,
        grants=grants,
        alliances=frozenset(alliances),
    )


def active_grants(account_id: int) -> list[AccountGrant]:
    """Return the roles an account holds now, in the order they were given."""
    return list(
        db.session.scalars(
            select(AccountGrant)
            .where(AccountGrant.account_id == account_id, AccountGrant.state == GrantState.ACTIVE)
            .order_by(AccountGrant.id)
        )
    )


def live_sessions(account_id: int, now: datetime) -> list[LoginSession]:
    """Return where an account is signed in, the newest first."""
    return list(
        db.session.scalars(
            select(LoginSession)
            .where(
                LoginSession.account_id == account_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
            )
            .order_by(LoginSession.id.desc())
        )
    )


def people(words: str = "") -> Select[Account]:
    """Return the accounts whose name or e-mail address contains ``words``, by name."""
    query = (
        select(Account).join(Account.person).options(contains_eager(Account.person)).order_by(Person.name, Account.id)
    )
    if not words:
        return query
    return query.where(
        or_(Person.name.icontains(words, autoescape=True), Account.email.icontains(words, autoescape=True))
    )


def grants_of(account_ids: Collection[int]) -> dict[int, list[AccountGrant]]:
    """Return the active and proposed roles of several accounts in one statement."""
    found: dict[int, list[AccountGrant]] = {number: [] for number in account_ids}
    rows = db.session.scalars(
        select(AccountGrant)
        .where(AccountGrant.account_id.in_(found), AccountGrant.state.in_([GrantState.PROPOSED, GrantState.ACTIVE]))
        .order_by(AccountGrant.id)
    )
    for row in rows:
        found[row.account_id].append(row)
    return found


def proposed_grants() -> list[AccountGrant]:
    """Return the roles that wait for a second administrator, the oldest first."""
    return list(
        db.session.scalars(
            select(AccountGrant)
            .where(AccountGrant.state == GrantState.PROPOSED)
            .options(joinedload(AccountGrant.account))
            .order_by(AccountGrant.id)
        )
    )


def alliance_names() -> list[tuple[int, str]]:
    """Return (id, name) of every alliance; that room lies above this one, so its table is read by name."""
    alliances = Base.metadata.tables["alliances"].c
    return [
        (row.id, row.name) for row in db.session.execute(select(alliances.id, alliances.name).order_by(alliances.name))
    ]


def organisation_names(numbers: Collection[int]) -> dict[int, str]:
    """Return the names of organisations by id; that room lies above this one, so its table is read by name."""
    organisations = Base.metadata.tables["organisations"].c
    rows = db.session.execute(
        select(organisations.id, organisations.name).where(organisations.id.in_(numbers)).order_by(organisations.id)
    )
    return {row.id: row.name for row in rows}


def waiting_for(call: Call) -> list[Task]:
    """Return the roles that a second administrator must decide on."""
    if not call.actor.has(Role.ADMINISTRATOR):
        return []
    waiting = [g for g in proposed_grants() if g.account.person_id != call.actor.person]
    mine = proposed_by(call.actor.person, [grant.id for grant in waiting])
    return [
        Task(_l("Decide on this role"), grant.account.person.name, "accounts.grant", {"grant_id": grant.id})
        for grant in waiting
        if grant.id not in mine
    ]


def proposed_by(person_id: int | None, grant_ids: Collection[int]) -> set[int]:
    """Return those of ``grant_ids`` that this natural person proposed."""
    return set(
        db.session.scalars(
            select(Endorsement.subject_id).where(
                Endorsement.subject_kind == "grant",
                Endorsement.subject_id.in_(grant_ids),
                Endorsement.person_id == person_id,
            )
        )
    )


def get_account(call: Call, account_id: int) -> Account:
    """Return an account to an administrator or to its owner; raise NotFound for missing and invisible alike."""
    row = db.session.get(Account, account_id) if account_id <= MAX_ID else None
    if row is None or not (call.actor.is_system or call.actor.has(Role.ADMINISTRATOR) or call.actor.account == row.id):
        raise NotFound("account")
    return row


def get_grant(call: Call, grant_id: int) -> AccountGrant:
    """Return a role to an administrator; raise NotFound for missing and invisible alike."""
    row = db.session.get(AccountGrant, grant_id) if grant_id <= MAX_ID else None
    if row is None or not (call.actor.is_system or call.actor.has(Role.ADMINISTRATOR)):
        raise NotFound("grant")
    return row


def endorsers(grant_id: int) -> list[tuple[str, datetime]]:
    """Return who stood for a role and when, the oldest first."""
    rows = db.session.execute(
        select(Person.name, Endorsement.at)
        .join(Person, Person.id == Endorsement.person_id)
        .where(Endorsement.subject_kind == "grant", Endorsement.subject_id == grant_id)
        .order_by(Endorsement.id)
    )
    return [(row.name, row.at) for row in rows]


def administrators(*states: AccountState) -> set[int]:
    """Return the natural persons who administer with an account in one of ``states`` (any when none is named)."""
    query = (
        select(Account.person_id)
        .join(AccountGrant, AccountGrant.account_id == Account.id)
        .where(AccountGrant.role == Role.ADMINISTRATOR, AccountGrant.state == GrantState.ACTIVE)
    )
    return set(db.session.scalars(query.where(Account.state.in_(states)) if states else query))
