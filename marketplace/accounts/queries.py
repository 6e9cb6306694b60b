"""Reads of accounts, and the actor they make."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import Account, AccountGrant, LoginSession
from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import Base, db
from marketplace.kernel.call import Actor, Grant


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
