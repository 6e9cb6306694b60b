"""An enterprise with its owner, a university team with its lead, and two officers who are two persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from marketplace.accounts.models import Account
from marketplace.conflicts import queries, service
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.models import Relation
from marketplace.conflicts.terms import End, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind
from marketplace.kernel.call import Call
from marketplace.organisations.models import Organisation
from marketplace.talent.models import Team
from tests.factories import Make


@dataclass
class Scene:
    """Two sides of a match and the people who decide."""

    make: Make
    enterprise: Organisation
    owner: Account
    team: Team
    lead: Account
    officers: tuple[Account, Account]

    def call(self, account: Account) -> Call:
        return self.make.call(account)

    @property
    def officer(self) -> Call:
        return self.make.call(self.officers[0])

    @property
    def second(self) -> Call:
        return self.make.call(self.officers[1])

    @property
    def sides(self) -> tuple[Side, Side]:
        return (
            queries.side_of_organisations([self.enterprise.id]),
            queries.side_of_teams([self.team.id]),
        )

    def found(self) -> list[Found]:
        return queries.found_between(*self.sides, self.make.clock().date())

    def terms(self, near: End | None = None, **values: Any) -> RelationTerms:
        """The lead's family tie with the enterprise's owner, named so that it is recognised."""
        fields: dict[str, Any] = {
            "kind": RelationKind.FAMILY,
            "near": near or End(EndKind.PERSON, self.lead.person_id),
            "other_kind": EndKind.PERSON,
            "other_name": self.owner.person.name,
            "other_at": self.enterprise.name,
            "evidence": "户口登记载明为兄弟",
        }
        return RelationTerms(**{**fields, **values})

    def declared(self, **values: Any) -> Relation:
        return service.declare(self.call(self.lead), self.terms(**values))


@pytest.fixture
def scene(make: Make) -> Scene:
    enterprise, team = make.enterprise(), make.team()
    return Scene(make, enterprise, make.owner(enterprise), team, make.lead(team), (make.officer(), make.officer()))
