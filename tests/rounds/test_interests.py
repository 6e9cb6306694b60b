"""A conflict of interest keeps a bid out of a run, and names nobody could identify are listed beside its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from marketplace.accounts.models import Person
from marketplace.conflicts import queries as links
from marketplace.conflicts import service as conflicts
from marketplace.conflicts.terms import End, OverrideTerms, RelationTerms
from marketplace.conflicts.workflow import EndKind, RelationKind, Subject
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.rounds import gather, workbench
from marketplace.rounds.gather import offers
from marketplace.rounds.models import Run
from marketplace.rounds.service import interests
from marketplace.rounds.workbench import open_workbench
from tests.factories import Make
from tests.rounds.conftest import Scene


@pytest.fixture
def brothers(scene: Scene, make: Make) -> tuple[int, int]:
    """The owner of the first order's enterprise and the lead of its bid's team, declared to be close."""
    owner, lead = make.owner(scene.orders[0].organisation), make.lead(scene.bids[0].team)
    declare(make, owner.person_id, lead.person_id)
    return owner.person_id, lead.person_id


def declare(make: Make, near: int, other: int) -> None:
    person = db.session.get_one(Person, other)
    place = make.enterprise()
    make.account(Role.ENTERPRISE_MEMBER, organisation=place, person=person)
    terms = RelationTerms(
        RelationKind.FAMILY, End(EndKind.PERSON, near), EndKind.PERSON, person.name, "户口登记", place.name
    )
    conflicts.declare(make.call(make.officer()), terms)


def entered(run: Run) -> set[str]:
    return {offer["id"] for offer in (run.problem or {})["offers"]}


def test_a_bid_with_a_link_between_its_sides_does_not_enter_until_two_people_pass_over_it(
    scene: Scene, brothers: tuple[int, int]
) -> None:
    order, bid = scene.orders[0], scene.bids[0]
    run = scene.run()
    assert entered(run) == {f"b{scene.bids[1].id}"}
    (row,) = open_workbench(run).dropped
    assert (row.order_id, bool(row.link)) == (order.id, True)
    assert all(db.session.get_one(Person, key).name in row.reason for key in brothers)
    (link,) = links.uncovered(
        links.found_between(
            links.side_of_organisations([order.organisation_id]),
            links.side_of_teams([bid.team_id]),
            scene.make.clock().date(),
        ),
        Subject.ORDER,
        order.id,
    )
    assert link.key == row.link
    override = conflicts.propose_override(scene.call, OverrideTerms(Subject.ORDER, order.id, row.link, "无实际影响"))
    assert entered(scene.run()) == {f"b{scene.bids[1].id}"}
    conflicts.approve_override(scene.other, override.id, override.content_hash)
    again = scene.run()
    assert entered(again) == {f"b{each.id}" for each in scene.bids}
    assert interests.between_parties(scene.call, scene.proposal(again, order)) == []


def test_the_twin_without_the_check_such_a_bid_is_proposed(
    scene: Scene, brothers: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather, "barred", lambda *_args: {})
    run = scene.run()
    assert entered(run) == {f"b{each.id}" for each in scene.bids}
    assert interests.between_parties(scene.call, scene.proposal(run, scene.orders[0]))


def test_a_link_to_another_enterprise_of_the_round_keeps_nobody_out(scene: Scene, make: Make) -> None:
    owner, lead = make.owner(scene.orders[1].organisation), make.lead(scene.bids[0].team)
    declare(make, owner.person_id, lead.person_id)
    assert entered(scene.run()) == {f"b{each.id}" for each in scene.bids}


def test_the_rules_of_entering_come_first(scene: Scene, brothers: tuple[int, int]) -> None:
    scene.orders[0].price_ceiling = 1_000_000
    scene.make.save(scene.orders[0])
    assert [each["why"] for each in (scene.run().scores or {})["dropped"]] == [offers.Dropped.ABOVE_CEILING]


def test_names_that_nobody_identified_are_listed_beside_the_answer(
    scene: Scene, make: Make, sign_in: Callable[..., Any]
) -> None:
    owner = make.owner(scene.orders[0].organisation)
    named = RelationTerms(
        RelationKind.FAMILY, End(EndKind.PERSON, owner.person_id), EndKind.PERSON, "无人认识", "户口登记", "某研究所"
    )
    relation = conflicts.declare(make.call(make.officer()), named)
    run = scene.run()
    assert [row.id for row in workbench.unidentified(open_workbench(run))] == [relation.id]
    assert f"/conflicts/{relation.id}" in sign_in(scene.first).get(f"/runs/{run.id}").text
    secretary = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=scene.alliance))
    assert "无人认识" not in secretary.get(f"/runs/{run.id}").text
