"""Rows for tests to start from. Every maker commits, takes only what the test cares about and returns the row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from stdnum.cn import uscc

from marketplace.accounts.models import Account, AccountGrant, LoginSession, Person
from marketplace.accounts.passwords import hash_password, identity_digest, token_digest
from marketplace.accounts.queries import actor_of
from marketplace.accounts.workflow import AccountState
from marketplace.alliances.models import Alliance, AllianceMembership
from marketplace.alliances.workflow import MembershipState
from marketplace.db.base import Base, db
from marketplace.kernel.call import Call, Role
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState, Size

PASSWORD = "correct horse battery"


def uscc_number(serial: int) -> str:
    """Return a valid unified social credit code for a fictional organisation."""
    body = f"91441900MA{serial:07d}"
    return body + str(uscc.calc_check_digit(body))


class Make:
    """Makers, one method per kind of row; rooms add theirs in alphabetical order of room."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._serial = count(1)

    def save(self, *rows: Base) -> None:
        db.session.add_all(rows)
        db.session.commit()

    def call(self, account: Account | None = None) -> Call:
        """Return a call by ``account`` (the system when None) at the clock's time."""
        from marketplace.kernel.call import Actor

        return Call(Actor.system() if account is None else actor_of(account), self.clock(), "test")

    def person(self, name: str = "") -> Person:
        n = next(self._serial)
        row = Person(name=name or f"Person {n}", identity=identity_digest(f"TEST{n}"), created_at=self.clock())
        self.save(row)
        return row

    def account(
        self,
        *roles: Role,
        organisation: Organisation | None = None,
        alliance: Alliance | None = None,
        team_id: int | None = None,
        person: Person | None = None,
        email: str = "",
    ) -> Account:
        """An active account with PASSWORD; organisation and team roles take ``organisation``/``team_id``."""
        n = next(self._serial)
        row = Account(
            person_id=(person or self.person()).id,
            email=email or f"user{n}@example.test",
            password_hash=hash_password(PASSWORD),
            state=AccountState.ACTIVE,
            created_at=self.clock(),
        )
        self.save(row)
        for role in roles:
            self.save(
                AccountGrant(
                    account_id=row.id,
                    role=role,
                    organisation_id=organisation.id if organisation else None,
                    alliance_id=alliance.id if alliance else None,
                    team_id=team_id,
                    created_at=self.clock(),
                )
            )
        return row

    def login_session(self, account: Account) -> str:
        """Return the token of a fresh session of ``account``."""
        token = f"token-{next(self._serial)}"
        now = self.clock()
        self.save(
            LoginSession(
                account_id=account.id,
                token_digest=token_digest(token),
                created_at=now,
                expires_at=now + timedelta(days=400),
            )
        )
        return token

    def organisation(
        self,
        kind: OrganisationKind = OrganisationKind.ENTERPRISE,
        *,
        state: OrganisationState = OrganisationState.VERIFIED,
        alliance: Alliance | None = None,
        **values: Any,
    ) -> Organisation:
        """A verified organisation, a member of ``alliance`` when given."""
        n = next(self._serial)
        fields: dict[str, Any] = {
            "kind": kind,
            "name": f"Organisation {n}",
            "uscc": uscc_number(n),
            "size": Size.SMALL if kind is OrganisationKind.ENTERPRISE else None,
            "state": state,
            "region": "441900",
            "registered_at": self.clock(),
            "verified_at": self.clock() if state is OrganisationState.VERIFIED else None,
        }
        row = Organisation(**{**fields, **values})
        self.save(row)
        if alliance is not None:
            self.membership(alliance, row)
        return row

    def enterprise(self, **values: Any) -> Organisation:
        return self.organisation(OrganisationKind.ENTERPRISE, **values)

    def university(self, **values: Any) -> Organisation:
        return self.organisation(OrganisationKind.UNIVERSITY, **values)

    def alliance(self, **values: Any) -> Alliance:
        n = next(self._serial)
        fields = {"code": f"A{n}", "name": f"联盟 {n}", "name_en": f"Alliance {n}", "founded_at": self.clock()}
        row = Alliance(**{**fields, **values})
        self.save(row)
        return row

    def membership(
        self, alliance: Alliance, organisation: Organisation, state: MembershipState = MembershipState.ACTIVE
    ) -> AllianceMembership:
        row = AllianceMembership(
            alliance_id=alliance.id,
            organisation_id=organisation.id,
            state=state,
            requested_at=self.clock(),
            decided_at=self.clock(),
        )
        self.save(row)
        return row

    def owner(self, organisation: Organisation) -> Account:
        """An owner's account of ``organisation``."""
        role = Role.ENTERPRISE_OWNER if organisation.is_enterprise else Role.UNIVERSITY_OWNER
        return self.account(role, organisation=organisation)

    def officer(self) -> Account:
        return self.account(Role.CENTRE_OFFICER)
