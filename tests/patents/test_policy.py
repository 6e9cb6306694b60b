"""Who sees which patent: the same answer object by object and as a query."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.patents import policy, queries
from marketplace.patents.models import Patent
from tests.factories import Make
from tests.patents.scene import patent, secret


@pytest.fixture
def actors(make: Make) -> dict[str, Actor]:
    """Two owners with a disclosed patent and a secret application each."""
    alliance = make.alliance()
    ours, theirs = make.enterprise(alliance=alliance), make.university(alliance=alliance)
    people = {"owner": make.owner(ours), "rival": make.owner(theirs)}
    for serial, (organisation, owner) in enumerate(((ours, people["owner"]), (theirs, people["rival"]))):
        patent(make, owner, organisation, serial * 10 + 1)
        patent(make, owner, organisation, serial * 10 + 2, **secret())
    people |= {
        "member": make.account(Role.ENTERPRISE_MEMBER, organisation=ours),
        "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=alliance),
        "officer": make.officer(),
        "auditor": make.account(Role.AUDITOR),
        "manager": make.account(Role.FUND_MANAGER),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    return {name: actor_of(account) for name, account in people.items()} | {
        "visitor": Actor.visitor(),
        "system": Actor.system(),
    }


def test_the_policy_and_the_query_show_every_actor_the_same_patents(actors: dict[str, Actor]) -> None:
    patents = db.session.scalars(select(Patent)).all()
    assert len(patents) == 4
    for name, actor in actors.items():
        by_query = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        assert by_query == {row.id for row in patents if policy.may_see(actor, row)}, name


def test_secret_applications_are_for_their_owner_and_the_centre(actors: dict[str, Actor]) -> None:
    seen = {name: len(db.session.scalars(queries.visible_to(actor)).all()) for name, actor in actors.items()}
    assert seen == {
        "visitor": 2,
        "secretary": 2,
        "manager": 2,
        "administrator": 2,
        "owner": 3,
        "member": 3,
        "rival": 3,
        "officer": 4,
        "auditor": 4,
        "system": 4,
    }


def test_owners_and_officers_write_and_nobody_else(actors: dict[str, Actor]) -> None:
    first = db.session.scalars(select(Patent).order_by(Patent.id)).first()
    assert first is not None
    writers = {name for name, actor in actors.items() if policy.may_change(actor, first)}
    assert writers == {"owner", "officer", "system"}
    readers = {name for name, actor in actors.items() if policy.may_see_calendar(actor, first.owner_id)}
    assert readers == {"owner", "member", "officer", "auditor", "system"}
