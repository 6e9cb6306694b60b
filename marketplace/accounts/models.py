"""Natural persons, their accounts, what those may do, and where they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.workflow import AccountState, GrantState
from marketplace.db.base import Base, Numbered, Versioned
from marketplace.db.types import UTCDateTime, choice
from marketplace.kernel.call import Role


class Person(Numbered, Base):
    """A human being. ``identity`` is a keyed digest of the identity document's number: one person, however many accounts."""

    __tablename__ = "persons"

    name: Mapped[str] = mapped_column(String(100))
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Account(Numbered, Versioned, Base):
    """A way to sign in."""

    __tablename__ = "accounts"

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(16), default="zh_Hans_CN")
    state: Mapped[AccountState] = mapped_column(choice(AccountState, "state"), default=AccountState.UNCONFIRMED)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class AccountGrant(Numbered, Base):
    """A role of an account, limited to an organisation, a team or an alliance."""

    __tablename__ = "account_grants"
    __table_args__ = (Index("ix_account_grants_open", "account_id", "state"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("alliances.id"))
    state: Mapped[GrantState] = mapped_column(choice(GrantState, "state"), default=GrantState.ACTIVE)
    reason: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()


class LoginSession(Numbered, Base):
    """One signed-in browser; ending the row signs it out at its next request. ``proved_at``: the password was typed again."""

    __tablename__ = "login_sessions"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    browser: Mapped[str] = mapped_column(String(200), default="")
    proved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    account: Mapped[Account] = relationship()


class Attempt(Base):
    """How often a limited thing was tried in one window of time, shared by all workers."""

    __tablename__ = "attempts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
