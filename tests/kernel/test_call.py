"""Who a caller is, and for whom the caller may speak."""

from __future__ import annotations

import pytest

from marketplace.kernel.call import CENTRE, ENTERPRISE, OWNERS, STAFF, UNIVERSITY, Actor, Grant, Role
from marketplace.kernel.errors import Forbidden, NotFound, Stale
from marketplace.kernel.policy import YES, allow_if, no


def actor(*grants: Grant) -> Actor:
    return Actor("account", account=1, person=1, grants=frozenset(grants))


def test_visitors_and_the_system_are_nobody_in_particular() -> None:
    visitor, system = Actor.visitor(), Actor.system("opener")
    assert (visitor.is_visitor, visitor.is_system, visitor.person, visitor.roles) == (True, False, None, frozenset())
    assert (system.is_visitor, system.is_system, system.person, system.name) == (False, True, None, "opener")


def test_every_role_belongs_to_one_side() -> None:
    assert set(Role) == ENTERPRISE | UNIVERSITY | STAFF
    assert len(Role) == len(ENTERPRISE) + len(UNIVERSITY) + len(STAFF)
    assert OWNERS <= ENTERPRISE | UNIVERSITY
    assert Role.ALLIANCE_SECRETARY not in CENTRE


@pytest.mark.parametrize("role", Role)
def test_only_officers_auditors_and_the_system_read_across_alliances(role: Role) -> None:
    assert actor(Grant(role)).reads_everything == (role in {Role.CENTRE_OFFICER, Role.AUDITOR})
    assert Actor.system().reads_everything
    assert not Actor.visitor().reads_everything


def test_a_role_counts_only_for_its_own_organisation() -> None:
    person = actor(Grant(Role.ENTERPRISE_OWNER, organisation=3), Grant(Role.TEAM_LEAD, organisation=4, team=9))
    assert person.has_for(3, Role.ENTERPRISE_OWNER)
    assert not person.has_for(4, Role.ENTERPRISE_OWNER)
    assert (person.organisations, person.teams) == ({3, 4}, {9})


@pytest.mark.parametrize(
    ("grant", "alliance", "serves"),
    [
        (Grant(Role.ALLIANCE_SECRETARY, alliance=2), 2, True),
        (Grant(Role.ALLIANCE_SECRETARY, alliance=2), 3, False),
        (Grant(Role.ALLIANCE_SECRETARY, alliance=2), None, False),
        (Grant(Role.ALLIANCE_SECRETARY), None, False),
        (Grant(Role.CENTRE_OFFICER), 3, True),
        (Grant(Role.CENTRE_OFFICER), None, True),
        (Grant(Role.AUDITOR), 3, False),
    ],
)
def test_a_secretary_serves_one_alliance_and_officers_serve_all(
    grant: Grant, alliance: int | None, serves: bool
) -> None:
    assert actor(grant).serves(alliance) is serves


def test_a_decision_is_its_answer_and_its_reason() -> None:
    YES.require()
    assert allow_if(True, "late") == YES
    assert allow_if(False, "late") == no("late")
    with pytest.raises(Forbidden) as refused:
        no("late").require()
    assert (refused.value.code, refused.value.status) == ("late", 403)


def test_a_missing_thing_and_a_lost_race_have_codes_of_their_own() -> None:
    assert (NotFound("bid").code, NotFound("bid").status) == ("not_found", 404)
    assert (Stale().code, Stale().status) == ("stale", 409)
