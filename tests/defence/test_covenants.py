"""Covenants bind by two people's text and the member's own word; counsel's files and counter-patents stay behind the wall."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.defence import policy, queries, service
from marketplace.defence.models import Covenant, CovenantMember
from marketplace.defence.terms import CovenantTerms, ProductTerms
from marketplace.defence.workflow import CovenantKind, CovenantState
from marketplace.kernel.call import Actor
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.fields import Field
from tests.conftest import Clock
from tests.defence.test_service import joined, opened
from tests.factories import Make
from tests.pools.scene import Scene, scene

TERMS = CovenantTerms(CovenantKind.ON_TRANSFER, "转让即许可", "专利转让给只主张权利者时，其他成员即获许可。")


@pytest.fixture
def place(make: Make) -> Scene:
    return scene(make)


def in_force(place: Scene) -> Covenant:
    row = service.propose_covenant(place.make.call(place.secretary), place.alliance.id, TERMS)
    return service.enact(place.make.call(place.officer), row.id)


def test_members_are_bound_since_their_own_day_and_leave_without_losing_it(place: Scene, clock: Clock) -> None:
    row = in_force(place)
    since = clock()
    service.bind(place.make.call(place.owner), row.id, place.university.id)
    with pytest.raises(Conflict, match="bound"):
        service.bind(place.make.call(place.owner), row.id, place.university.id)
    clock.advance(days=3)
    left = clock()
    service.unbind(place.make.call(place.owner), row.id, place.university.id)
    with pytest.raises(Conflict, match="not_bound"):
        service.unbind(place.make.call(place.owner), row.id, place.university.id)
    member = db.session.scalars(select(CovenantMember)).one()
    assert (member.bound_since, member.left_at) == (since, left)
    clock.advance(days=3)
    service.bind(place.make.call(place.owner), row.id, place.university.id)
    bound = [(one.bound_since, one.left_at) for one in row.members]
    assert bound == [(since, left), (clock(), None)]
    with pytest.raises(Forbidden):
        service.bind(place.make.call(place.rival), row.id, place.university.id)


def test_a_covenant_needs_two_people_and_a_field_where_it_forgoes_asserting(place: Scene) -> None:
    row = service.propose_covenant(place.make.call(place.officer), place.alliance.id, TERMS)
    with pytest.raises(Conflict, match="covenant_not_in_force"):
        service.bind(place.make.call(place.owner), row.id, place.university.id)
    with pytest.raises(Forbidden, match="same_person"):
        service.enact(place.make.call(place.officer), row.id)
    service.stop_covenant(place.make.call(place.secretary), row.id, "措辞不清")
    assert db.session.get(Covenant, row.id).state is CovenantState.REJECTED  # type: ignore[union-attr]
    without = CovenantTerms(CovenantKind.NON_ASSERTION, "互不主张", "x")
    with pytest.raises(Invalid, match="covenant_field"):
        service.propose_covenant(place.make.call(place.officer), place.alliance.id, without)
    with pytest.raises(Forbidden):
        service.propose_covenant(place.make.call(place.owner), place.alliance.id, TERMS)


def test_a_covenant_counts_the_patents_it_covers(place: Scene) -> None:
    place.patent(1)
    row = in_force(place)
    service.bind(place.make.call(place.owner), row.id, place.university.id)
    assert queries.covered_patents(row) == {place.university.id: 1}
    row.field = Field.FOOD
    assert queries.covered_patents(row) == {}


def test_a_patent_that_was_sold_is_no_longer_counted(place: Scene) -> None:
    row, sold = in_force(place), place.patent(1)
    service.bind(place.make.call(place.owner), row.id, place.university.id)
    sold.sold_on = sold.granted_on
    db.session.flush()
    assert queries.covered_patents(row) == {}


def test_who_sees_a_covenant_is_the_same_in_policy_and_query(place: Scene) -> None:
    row = in_force(place)
    outsider = place.make.owner(place.make.enterprise(alliance=place.make.alliance()))
    names = ("owner", "rival", "secretary", "officer", "expert")
    actors = {n: actor_of(getattr(place, n)) for n in names} | {"outsider": actor_of(outsider)}
    for name, actor in {**actors, "visitor": Actor.visitor()}.items():
        seen = bool(db.session.scalars(queries.covenants_visible_to(actor)).all())
        assert seen == bool(policy.may_see_covenant(actor, row)) == (name in names[:4]), name


def behind_the_wall(place: Scene, sign_in: Any) -> dict[str, tuple[int, bool]]:
    """For each reader: the status of counsel's file, and whether the counter-patent's reason shows."""
    case = opened(place)
    upload = FileStorage(io.BytesIO(b"%PDF-1.7 x"), filename="意见.pdf")
    paper = service.add_paper(place.make.call(place.secretary), case.id, "意见书", upload)
    offer = place.pooled(1)
    with pytest.raises(Invalid, match="not_pooled"):
        service.add_counter(place.make.call(place.secretary), case.id, place.patent(2).id, "x")
    service.add_counter(place.make.call(place.secretary), case.id, offer.patent_id, "反制金丝雀")
    joined(place, case, place.rival, place.rival_organisation)
    found = {}
    for who in ("owner", "rival", "secretary", "officer", "expert"):
        browser = sign_in(getattr(place, who))
        page = browser.get(f"/defence/cases/{case.id}").text
        found[who] = (browser.get(f"/defence/papers/{paper.id}").status_code, "反制金丝雀" in page)
    return found


INSIDE = dict.fromkeys(("rival", "secretary", "officer"), (200, True))


def test_counsels_files_and_counter_patents_are_for_those_who_joined(place: Scene, sign_in: Any) -> None:
    assert behind_the_wall(place, sign_in) == {**INSIDE, "owner": (404, False), "expert": (404, False)}


def test_with_the_wall_down_members_who_did_not_join_read_them(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "may_read_counsel", lambda *_: True)
    assert behind_the_wall(place, sign_in)["owner"] == (200, True)


def test_a_product_is_stated_dropped_and_never_another_members(place: Scene) -> None:
    case = opened(place)

    terms = ProductTerms("模组", 1_000_000, ("US9876543B2",))
    mine = service.state_product(place.make.call(place.rival), case.id, place.rival_organisation.id, terms)
    with pytest.raises(NotFound):
        service.drop_product(place.make.call(place.owner), mine.id)
    service.drop_product(place.make.call(place.rival), mine.id)
    assert queries.products_of(case.id, [place.rival_organisation.id]) == []
