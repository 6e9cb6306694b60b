"""Who may see and decide; the query and the policy say the same."""

from __future__ import annotations

import pytest

from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import NotFound
from marketplace.organisations import directory, policy, queries
from marketplace.organisations.terms import Search
from marketplace.organisations.workflow import OrganisationState
from tests.factories import Make


def test_the_list_shows_exactly_what_the_policy_allows(make: Make) -> None:
    rows = [make.organisation(state=state) for state in OrganisationState]
    owner = make.owner(rows[0])
    actors = [Actor.visitor(), Actor.system(), actor_of(owner)]
    actors += [actor_of(make.account(role)) for role in Role if role not in (Role.ALLIANCE_SECRETARY,)]
    for actor in actors:
        allowed = {row.id for row in rows if policy.may_see(actor, row)}
        assert {row.id for row in db.session.scalars(directory.visible_to(actor))} == allowed
        assert {row.id for row in db.session.scalars(directory.listing(actor, Search()))} == allowed


def test_missing_and_invisible_are_refused_alike(make: Make) -> None:
    hidden = make.organisation(state=OrganisationState.SUSPENDED)
    stranger = make.call(make.owner(make.enterprise()))
    for number in (hidden.id, hidden.id + 1000, 0, 10**30):
        with pytest.raises(NotFound):
            queries.get_organisation(stranger, number)


@pytest.mark.parametrize(
    ("role", "verifies", "suspends"),
    [
        (Role.CENTRE_OFFICER, True, True),
        (Role.ALLIANCE_SECRETARY, True, False),
        (Role.FUND_MANAGER, False, False),
        (Role.AUDITOR, False, False),
        (Role.ADMINISTRATOR, False, False),
        (Role.ENTERPRISE_OWNER, False, False),
        (Role.UNIVERSITY_OWNER, False, False),
    ],
)
def test_only_the_right_staff_decides(make: Make, role: Role, verifies: bool, suspends: bool) -> None:
    row = make.enterprise()
    actor = actor_of(make.account(role))
    assert bool(policy.may_verify(actor, row)) is verifies
    assert bool(policy.may_suspend(actor, row)) is suspends
    assert not policy.may_manage(actor, row)


def test_an_officer_does_not_decide_about_the_own_organisation(make: Make) -> None:
    row = make.enterprise()
    actor = actor_of(make.account(Role.CENTRE_OFFICER, Role.ENTERPRISE_MEMBER, organisation=row))
    assert policy.may_verify(actor, row).reason == "organisations.own"
    assert policy.may_suspend(actor, row).reason == "organisations.own"


def test_people_are_seen_by_their_own_organisation_and_the_staff(make: Make) -> None:
    row = make.enterprise()
    assert policy.may_see_people(actor_of(make.owner(row)), row)
    assert policy.may_see_people(actor_of(make.officer()), row)
    assert not policy.may_see_people(actor_of(make.owner(make.enterprise())), row)
    assert not policy.may_see_people(Actor.visitor(), row)
