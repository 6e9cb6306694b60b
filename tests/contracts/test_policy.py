"""Who sees which contract: the same answer object by object and as a query."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.contracts import policy
from marketplace.contracts.models import Contract
from marketplace.contracts.queries import contracts as queries
from marketplace.contracts.workflow import Side
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from tests.contracts.scene import Scene, awarded
from tests.factories import Make


def test_the_policy_and_the_query_show_every_actor_the_same_contracts(scene: Scene, make: Make) -> None:
    scene.draft()
    other = awarded(make)
    other.draft()
    accounts = {
        **scene.accounts,
        "other enterprise": other.accounts["enterprise"],
        "other lead in the same university": make.lead(make.team(scene.team.organisation)),
        "member of the university": make.account(Role.UNIVERSITY_MEMBER, organisation=scene.team.organisation),
        "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=scene.order.alliance),
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    actors = {name: actor_of(account) for name, account in accounts.items()}
    actors |= {"visitor": Actor.visitor(), "system": Actor.system()}
    contracts = db.session.scalars(select(Contract)).all()
    seen = {}
    for name, actor in actors.items():
        by_query = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        assert by_query == {row.id for row in contracts if policy.may_see(actor, row)}, name
        seen[name] = len(by_query)
    assert seen == {
        "enterprise": 1,
        "member": 1,
        "institution": 1,
        "lead": 1,
        "officer": 2,
        "manager": 2,
        "stranger": 0,
        "other enterprise": 1,
        "other lead in the same university": 0,
        "member of the university": 1,
        "secretary": 1,
        "auditor": 2,
        "administrator": 0,
        "visitor": 0,
        "system": 2,
    }


def test_whoever_acts_for_both_sides_acts_for_neither(scene: Scene, make: Make) -> None:
    contract = scene.draft()
    both = make.account(Role.ENTERPRISE_OWNER, organisation=scene.order.organisation)
    actor = actor_of(both)
    assert policy.side_of(actor, contract) is Side.ENTERPRISE
    torn = Actor(actor.kind, actor.account, actor.person, grants=actor.grants | actor_of(scene.accounts["lead"]).grants)
    assert policy.side_of(torn, contract) is None
    assert policy.may_negotiate(torn, contract).reason == "contracts.both_sides"
