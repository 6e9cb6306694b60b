"""Who may do what to rounds and matches; the query and the policy say the same."""

from __future__ import annotations

import pytest

from marketplace.db.base import db
from marketplace.kernel.call import Actor, Grant, Role
from marketplace.kernel.errors import Forbidden
from marketplace.rounds import policy, queries, service
from marketplace.rounds.models import Round
from tests.factories import Make
from tests.rounds.conftest import Scene, terms

OFFICER = Actor("person", 1, 1, grants=frozenset({Grant(Role.CENTRE_OFFICER)}))
SECRETARY = Actor("person", 2, 2, grants=frozenset({Grant(Role.ALLIANCE_SECRETARY, alliance=7)}))
AUDITOR = Actor("person", 3, 3, grants=frozenset({Grant(Role.AUDITOR)}))
ENTERPRISE = Actor("person", 4, 4, grants=frozenset({Grant(Role.ENTERPRISE_OWNER, organisation=9)}))
LEAD = Actor("person", 5, 5, grants=frozenset({Grant(Role.TEAM_LEAD, organisation=8, team=3)}))
FUNDS = Actor("person", 6, 6, grants=frozenset({Grant(Role.FUND_MANAGER)}))
EVERYBODY = [OFFICER, SECRETARY, AUDITOR, ENTERPRISE, LEAD, FUNDS, Actor.visitor()]


@pytest.mark.parametrize(
    ("alliance", "see", "run"),
    [
        (None, {OFFICER, AUDITOR}, {OFFICER}),
        (7, {OFFICER, AUDITOR, SECRETARY}, {OFFICER, SECRETARY}),
        (8, {OFFICER, AUDITOR}, {OFFICER}),
    ],
)
def test_rounds_are_for_officers_auditors_and_the_alliances_secretary(
    alliance: int | None, see: set[Actor], run: set[Actor]
) -> None:
    assert {a for a in EVERYBODY if policy.may_see(a, alliance)} == see
    assert {a for a in EVERYBODY if policy.may_run(a, alliance)} == run
    assert {a for a in EVERYBODY if policy.may_propose(a, alliance, (), (1, 2))} == run
    assert {a for a in EVERYBODY if policy.may_reject(a, alliance)} == run


def test_only_officers_approve() -> None:
    assert [a for a in EVERYBODY if policy.may_approve(a, (), (1, 2))] == [OFFICER]


def test_nobody_decides_on_a_match_of_an_organisation_he_acts_for() -> None:
    assert policy.may_propose(OFFICER, None, {2}, {1, 2}).reason == "rounds.own_interest"
    assert policy.may_approve(OFFICER, {2}, {1, 2}).reason == "rounds.own_interest"
    assert policy.may_approve(OFFICER, {3}, {1, 2})


def test_outcomes_are_for_the_party_and_the_staff() -> None:
    assert {a for a in EVERYBODY if policy.may_see_order_outcome(a, 9, 7)} == {OFFICER, SECRETARY, AUDITOR, ENTERPRISE}
    assert {a for a in EVERYBODY if policy.may_see_bid_outcome(a, 3, 8, 7)} == {OFFICER, SECRETARY, AUDITOR, LEAD}
    assert not policy.may_see_bid_outcome(ENTERPRISE, 3, 8, 7)


def test_the_query_lists_exactly_what_the_policy_allows(make: Make, scene: Scene) -> None:
    other = make.alliance()
    rounds = [
        Round(reference=f"MR-{n}", title="轮", alliance_id=key, weights={}, rules={}, created_at=make.clock())
        for n, key in enumerate([None, scene.alliance.id, other.id])
    ]
    make.save(*rounds)
    people = [
        scene.first,
        make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance),
        make.account(Role.ALLIANCE_SECRETARY, alliance=other),
        make.account(Role.AUDITOR),
        make.account(Role.FUND_MANAGER),
        make.owner(make.enterprise(alliance=scene.alliance)),
    ]
    for account in people:
        actor = make.call(account).actor
        listed = {row.id for row in db.session.scalars(queries.visible_to(actor))}
        assert listed == {row.id for row in rounds if policy.may_see(actor, row.alliance_id)}


def test_a_secretary_opens_rounds_for_the_own_alliance_only(make: Make, scene: Scene) -> None:
    secretary = make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance))
    assert service.create_round(secretary, terms(alliance_id=scene.alliance.id)).reference == "MR-2027-001"
    for alliance_id in (None, make.alliance().id):
        with pytest.raises(Forbidden):
            service.create_round(secretary, terms(alliance_id=alliance_id))
