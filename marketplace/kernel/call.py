"""Who acts and when: the first argument of every use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may be; staff roles belong to the centre, the others to an organisation, team or alliance."""

    ENTERPRISE_MEMBER = "enterprise_member"
    ENTERPRISE_OWNER = "enterprise_owner"
    UNIVERSITY_MEMBER = "university_member"
    UNIVERSITY_OWNER = "university_owner"
    TEAM_LEAD = "team_lead"
    ALLIANCE_SECRETARY = "alliance_secretary"
    CENTRE_OFFICER = "centre_officer"
    FUND_MANAGER = "fund_manager"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


OWNERS = frozenset({Role.ENTERPRISE_OWNER, Role.UNIVERSITY_OWNER})
ENTERPRISE = frozenset({Role.ENTERPRISE_MEMBER, Role.ENTERPRISE_OWNER})
UNIVERSITY = frozenset({Role.UNIVERSITY_MEMBER, Role.UNIVERSITY_OWNER, Role.TEAM_LEAD})
STAFF = frozenset({Role.ALLIANCE_SECRETARY, Role.CENTRE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR})
CENTRE = STAFF - {Role.ALLIANCE_SECRETARY}


@dataclass(frozen=True, slots=True)
class Grant:
    """One role of one account; ``organisation``, ``team`` and ``alliance`` are row ids that limit it, None = no limit."""

    role: Role
    organisation: int | None = None
    team: int | None = None
    alliance: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever makes a call. Visitors have no account; the system (jobs, commands) has no person and may do what it is asked.

    ``alliances`` are those the actor's organisations belong to, and those a secretary serves. ``proved_at`` is when the person
    last typed the password in the session that calls; None = not known, which counts as long ago.
    """

    kind: str
    account: int | None = None
    person: int | None = None
    name: str = ""
    grants: frozenset[Grant] = frozenset()
    alliances: frozenset[int] = frozenset()
    proved_at: datetime | None = None

    @classmethod
    def visitor(cls) -> Actor:
        return cls("visitor")

    @classmethod
    def system(cls, name: str = "system") -> Actor:
        return cls("system", name=name)

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def is_visitor(self) -> bool:
        return self.kind == "visitor"

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def organisations(self) -> frozenset[int]:
        """Ids of the organisations the actor acts for."""
        return frozenset(g.organisation for g in self.grants if g.organisation is not None)

    @property
    def teams(self) -> frozenset[int]:
        """Ids of the teams the actor leads."""
        return frozenset(g.team for g in self.grants if g.team is not None)

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    def has_for(self, organisation: int, *roles: Role) -> bool:
        """True if the actor holds one of ``roles`` in that organisation."""
        return any(g.organisation == organisation and g.role in roles for g in self.grants)

    def serves(self, alliance: int | None) -> bool:
        """True if the actor is a secretary of that alliance, or a centre officer, who serves them all."""
        if self.has(Role.CENTRE_OFFICER):
            return True
        return any(g.role is Role.ALLIANCE_SECRETARY and g.alliance == alliance for g in self.grants if alliance)

    @property
    def reads_everything(self) -> bool:
        """Centre officers and auditors read across alliances (sealed bids excepted: nobody reads those)."""
        return self.is_system or self.has(Role.CENTRE_OFFICER, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Call:
    """One use case's caller, instant (aware, UTC; read once) and request id (joins logs, audit and mail).

    A call that ``reads_only`` comes from a page that was open too long: every use case refuses it.
    """

    actor: Actor
    now: datetime
    request_id: str = field(default="-")
    reads_only: bool = False
