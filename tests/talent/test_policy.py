"""Who may see and write what, object by object, and the same answer from the queries."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent import policy, queries
from marketplace.talent.models import Capability, Team
from marketplace.talent.workflow import CapabilityState
from tests.factories import Make


@pytest.fixture
def city(make: Make) -> dict[str, Any]:
    """Two alliances, a verified university with capabilities of every state and visibility, an unverified one."""
    inside, outside = make.alliance(), make.alliance()
    university = make.university(alliance=inside)
    unverified = make.university(state=OrganisationState.REGISTERED, alliance=inside)
    team, other = make.team(university), make.team(university)
    hidden_team = make.team(unverified)
    for state in CapabilityState:
        for visibility in Visibility:
            make.capability(team, state=state, visibility=visibility, alliance_id=inside.id)
            make.capability(hidden_team, state=state, visibility=visibility, alliance_id=inside.id)
    make.capability(team, visibility=Visibility.CENTRE)
    members = {
        "owner": make.owner(university),
        "lead": make.lead(team),
        "other lead": make.lead(other),
        "member": make.account(Role.UNIVERSITY_MEMBER, organisation=university),
        "unverified owner": make.owner(unverified),
        "enterprise inside": make.owner(make.enterprise(alliance=inside)),
        "enterprise outside": make.owner(make.enterprise(alliance=outside)),
        "enterprise alone": make.owner(make.enterprise()),
        "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=inside),
        "officer": make.officer(),
        "fund manager": make.account(Role.FUND_MANAGER),
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    actors = {name: actor_of(account) for name, account in members.items()}
    actors |= {"visitor": Actor.visitor(), "system": Actor.system()}
    return {"actors": actors, "team": team, "hidden": hidden_team, "university": university}


def test_the_policy_and_the_query_show_every_actor_the_same_capabilities(city: dict[str, Any]) -> None:
    rows = db.session.scalars(select(Capability)).all()
    assert len(rows) == 19
    for name, actor in city["actors"].items():
        by_query = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        by_policy = {row.id for row in rows if policy.may_see(actor, row)}
        assert by_query == by_policy, name


def test_the_policy_and_the_query_show_every_actor_the_same_teams(city: dict[str, Any]) -> None:
    rows = db.session.scalars(select(Team)).all()
    for name, actor in city["actors"].items():
        by_query = {row.id for row in db.session.scalars(queries.teams_visible_to(actor))}
        assert by_query == {row.id for row in rows if policy.may_see_team(actor, row)}, name


def test_each_actor_sees_as_many_capabilities_as_the_rule_book_says(city: dict[str, Any]) -> None:
    expected = {
        "visitor": 1,
        "enterprise alone": 1,
        "enterprise outside": 3,
        "enterprise inside": 4,
        "owner": 10,
        "lead": 10,
        "unverified owner": 13,
        "officer": 19,
        "auditor": 19,
        "system": 19,
    }
    seen = {name: len(db.session.scalars(queries.visible_to(city["actors"][name])).all()) for name in expected}
    assert seen == expected


@pytest.mark.parametrize(
    ("action", "who"),
    [
        (policy.may_change_team, {"owner", "system"}),
        (policy.may_write, {"owner", "lead", "system"}),
    ],
)
def test_only_the_team_and_its_owner_write(city: dict[str, Any], action: Any, who: set[str]) -> None:
    assert {name for name, actor in city["actors"].items() if action(actor, city["team"])} == who


def test_only_owners_of_universities_make_teams(city: dict[str, Any], make: Make) -> None:
    actors = city["actors"]
    assert {n for n, a in actors.items() if policy.may_found_team(a, city["university"])} == {"owner", "system"}
    enterprise = make.enterprise()
    owner = actor_of(make.owner(enterprise))
    assert policy.may_found_team(owner, enterprise).reason == "talent.enterprises_have_no_teams"
    institute = make.organisation(OrganisationKind.INSTITUTE)
    assert policy.may_found_team(actor_of(make.owner(institute)), institute)


def test_visitors_do_not_see_how_busy_a_team_is(city: dict[str, Any]) -> None:
    assert {name for name, actor in city["actors"].items() if not policy.may_see_capacity(actor)} == {"visitor"}
