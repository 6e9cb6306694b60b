"""Who sees and manages which fund: the same answer object by object and as a query."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.funds import policy, queries
from marketplace.funds.models import Fund
from marketplace.funds.workflow import FundState
from marketplace.kernel.call import Actor, Role
from tests.factories import Make


@pytest.fixture
def actors(make: Make) -> dict[str, Actor]:
    """Every kind of actor, and a fund of each state for the centre and for two alliances."""
    inside, outside = make.alliance(), make.alliance()
    for alliance in (None, inside, outside):
        for state in FundState:
            make.fund(alliance_id=alliance.id if alliance else None, state=state)
    accounts = {
        "enterprise inside": make.owner(make.enterprise(alliance=inside)),
        "enterprise alone": make.owner(make.enterprise()),
        "university inside": make.owner(make.university(alliance=inside)),
        "secretary": make.account(Role.ALLIANCE_SECRETARY, alliance=inside),
        "officer": make.officer(),
        "fund manager": make.account(Role.FUND_MANAGER),
        "auditor": make.account(Role.AUDITOR),
        "administrator": make.account(Role.ADMINISTRATOR),
    }
    made = {name: actor_of(account) for name, account in accounts.items()}
    return made | {"visitor": Actor.visitor(), "system": Actor.system()}


def test_the_policy_and_the_query_show_every_actor_the_same_funds(actors: dict[str, Actor]) -> None:
    funds = db.session.scalars(select(Fund)).all()
    for name, actor in actors.items():
        by_query = {fund.id for fund in db.session.scalars(queries.visible_to(actor))}
        assert by_query == {fund.id for fund in funds if policy.may_see(actor, fund)}, name


def test_each_actor_sees_as_many_funds_as_the_rule_book_says(actors: dict[str, Actor]) -> None:
    """Nine funds: three states for the centre, the actor's alliance and another one; drafts are for those who manage."""
    seen = {name: len(db.session.scalars(queries.visible_to(actor)).all()) for name, actor in actors.items()}
    assert seen == {
        "visitor": 0,
        "enterprise alone": 2,
        "administrator": 2,
        "enterprise inside": 4,
        "university inside": 4,
        "secretary": 4,
        "officer": 9,
        "fund manager": 9,
        "auditor": 9,
        "system": 9,
    }


@pytest.mark.parametrize(
    ("decision", "who"),
    [
        (policy.may_manage, {"fund manager", "system"}),
        (policy.may_contribute, {"fund manager", "officer"}),
        (policy.may_see_parties, {"fund manager", "officer", "auditor", "system"}),
    ],
)
def test_only_the_named_roles_act(actors: dict[str, Actor], decision: Any, who: set[str]) -> None:
    assert {name for name, actor in actors.items() if decision(actor)} == who
