"""What a check finds between two sides: declared relations and what the site sees in its own accounts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.accounts.models import AccountGrant, Person
from marketplace.accounts.workflow import GrantState
from marketplace.conflicts import found as found_module
from marketplace.conflicts import queries, service
from marketplace.conflicts.found import Found, Side, counts, ends_in, years_later
from marketplace.conflicts.terms import End
from marketplace.conflicts.workflow import ALWAYS, EndKind, LinkKind, RelationKind
from marketplace.db.base import db
from marketplace.kernel.call import Role
from tests.conflicts.conftest import Scene
from tests.factories import Make

TODAY = date(2027, 1, 12)


def kinds(scene: Scene) -> list[LinkKind]:
    return [link.kind for link in scene.found()]


def test_strangers_have_nothing_between_them(scene: Scene) -> None:
    assert scene.found() == []


def test_a_declared_relation_is_found_with_its_evidence_whichever_side_asks(scene: Scene) -> None:
    row = scene.declared()
    (link,) = scene.found()
    assert (link.kind, link.relation_id, link.evidence) == (LinkKind.FAMILY, row.id, "户口登记载明为兄弟")
    assert (link.left_name, link.right_name) == (scene.owner.person.name, scene.lead.person.name)
    left, right = scene.sides
    (turned,) = queries.found_between(right, left, TODAY)
    assert turned.key == link.key
    assert turned.content == link.content


def test_it_counts_before_an_officer_looked_at_it_and_no_more_once_refused(scene: Scene) -> None:
    row = scene.declared()
    assert scene.found()[0].confirmed is False
    service.confirm(scene.officer, row.id)
    assert scene.found()[0].confirmed is True
    service.refuse(scene.second, row.id, "系同名误认")
    assert scene.found() == []


@pytest.mark.parametrize(
    ("kind", "until", "still"),
    [
        (RelationKind.CO_AUTHORS, TODAY - timedelta(days=3 * 365), True),
        (RelationKind.CO_AUTHORS, date(2024, 1, 12), True),
        (RelationKind.CO_AUTHORS, date(2024, 1, 11), False),
        (RelationKind.FAMILY, date(1999, 1, 1), True),
        (RelationKind.CO_AUTHORS, None, True),
    ],
)
def test_an_ended_relation_counts_for_three_years_and_family_for_ever(
    scene: Scene, kind: RelationKind, until: date | None, still: bool
) -> None:
    scene.declared(kind=kind, until=until)
    assert (kinds(scene) == [LinkKind(kind.value)]) is still


def test_the_same_natural_person_is_seen_through_two_accounts(scene: Scene, make: Make) -> None:
    person = db.session.get_one(Person, scene.lead.person_id)
    make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise, person=person)
    assert LinkKind.SAME_PERSON in kinds(scene)
    assert LinkKind.AFFILIATION in kinds(scene)


def test_whoever_acted_for_the_other_side_not_long_ago_is_found(scene: Scene, make: Make) -> None:
    grant = AccountGrant(
        account_id=scene.lead.id,
        role=Role.ENTERPRISE_MEMBER,
        organisation_id=scene.enterprise.id,
        state=GrantState.ENDED,
        created_at=make.clock() - timedelta(days=2000),
        ended_at=make.clock() - timedelta(days=3 * 365 - 30),
    )
    make.save(grant)
    (link,) = scene.found()
    assert (link.kind, link.until) == (LinkKind.AFFILIATION, (make.clock() - timedelta(days=3 * 365 - 30)).date())
    grant.ended_at = make.clock() - timedelta(days=3 * 366 + 2)
    make.save(grant)
    assert scene.found() == []


@pytest.mark.parametrize("state", [GrantState.PROPOSED, GrantState.REJECTED])
def test_a_role_that_was_never_in_force_ties_nobody(scene: Scene, make: Make, state: GrantState) -> None:
    make.save(
        AccountGrant(
            account_id=scene.lead.id,
            role=Role.ENTERPRISE_MEMBER,
            organisation_id=scene.enterprise.id,
            state=state,
            created_at=make.clock(),
        )
    )
    assert scene.found() == []


def test_colleagues_in_a_third_organisation_are_found(scene: Scene, make: Make) -> None:
    third = make.enterprise()
    for account in (scene.owner, scene.lead):
        person = db.session.get_one(Person, account.person_id)
        make.account(Role.ENTERPRISE_MEMBER, organisation=third, person=person)
    (link,) = scene.found()
    assert (link.kind, link.through_name) == (LinkKind.COLLEAGUES, third.name)


def test_an_evaluator_from_the_bidders_institution_is_found(scene: Scene, make: Make) -> None:
    other = make.team(scene.team.organisation)
    expert = make.call(make.lead(other))
    found = queries.found_between(queries.side_of_actor(expert.actor), queries.side_of_teams([scene.team.id]), TODAY)
    assert [link.kind for link in found] == [LinkKind.AFFILIATION]


def test_sister_teams_do_not_make_each_other_suspect(scene: Scene, make: Make) -> None:
    """A relative of another team's lead at the same university is no link of this team."""
    sister = make.lead(make.team(scene.team.organisation))
    service.declare(make.call(sister), scene.terms(End(EndKind.PERSON, sister.person_id)))
    assert scene.found() == []


@pytest.mark.parametrize(
    ("near_is_org", "other_is_org", "kind"),
    [(False, True, RelationKind.SHARES), (True, True, RelationKind.SHARES), (False, True, RelationKind.EMPLOYMENT)],
)
def test_relations_with_organisations_are_found_by_code_or_name(
    scene: Scene, make: Make, near_is_org: bool, other_is_org: bool, kind: RelationKind
) -> None:
    declarer = make.owner(scene.team.organisation) if near_is_org else scene.lead
    near = (
        End(EndKind.ORGANISATION, scene.team.organisation_id)
        if near_is_org
        else End(EndKind.PERSON, scene.lead.person_id)
    )
    named = scene.enterprise.uscc.lower() if kind is RelationKind.SHARES else scene.enterprise.name
    terms = scene.terms(near, kind=kind, other_kind=EndKind.ORGANISATION, other_name=named, other_at="")
    service.declare(make.call(declarer), terms)
    assert kinds(scene) == [LinkKind(kind.value)]
    assert other_is_org


def test_the_twin_with_the_look_back_switched_off_old_employers_are_forgotten(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.declared(kind=RelationKind.CO_AUTHORS, until=TODAY - timedelta(days=30))
    assert kinds(scene) == [LinkKind.CO_AUTHORS]
    monkeypatch.setattr(found_module, "LOOK_BACK_YEARS", 0)
    assert scene.found() == []


def test_a_check_takes_the_same_statements_however_many_stand_on_each_side(
    scene: Scene, make: Make, count_statements: list[str]
) -> None:
    def statements() -> int:
        sides = scene.sides
        before = len(count_statements)
        queries.found_between(*sides, TODAY)
        return len(count_statements) - before

    scene.declared()
    few = statements()
    for _ in range(4):
        owner = make.owner(scene.enterprise)
        terms = scene.terms(End(EndKind.PERSON, owner.person_id), other_name=scene.lead.person.name)
        service.declare(make.call(owner), terms)
    assert statements() == few <= 10


@given(day=st.dates(date(1950, 1, 1), date(2090, 12, 31)), years=st.integers(0, 9))
def test_years_later_is_a_day_of_that_year_and_at_most_a_day_off(day: date, years: int) -> None:
    later = years_later(day, years)
    assert later.year == day.year + years
    assert abs((later - day).days - 365.25 * years) < 2


@given(kind=st.sampled_from(LinkKind), until=st.none() | st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_what_counts_later_counted_earlier_too(kind: LinkKind, until: date | None) -> None:
    days = [date(2027, 1, 1) + timedelta(days=400 * n) for n in range(5)]
    answers = [counts(kind, until, day) for day in days]
    assert answers == sorted(answers, reverse=True)
    assert all(answers) or kind not in ALWAYS


ENDS = st.builds(End, st.sampled_from(EndKind), st.integers(1, 10**9))


@given(left=ENDS, right=ENDS)
def test_a_key_names_its_ends_in_either_direction(left: End, right: End) -> None:
    one = Found(LinkKind.AFFILIATION, left, right, "甲", "乙")
    other = Found(LinkKind.AFFILIATION, right, left, "乙", "甲")
    assert one.key == other.key
    assert set(ends_in(one.key)) == {left, right}


@pytest.mark.parametrize(
    "key", ["", "-", "affiliation", "affiliation-", "affiliation-x1-p2", "affiliation-p-o", "relation-", "relation-x",
            "relation-99999999999999999999", "relation-1", "affiliation-p1-o99999999999999999999", "a-p²-o1"],
)  # fmt: skip
def test_a_key_of_nothing_finds_nothing(scene: Scene, key: str) -> None:
    assert queries.find_link(key, TODAY) is None


def test_every_kind_of_link_is_found_again_by_its_key(scene: Scene, make: Make) -> None:
    scene.declared()
    third = make.enterprise()
    for account in (scene.owner, scene.lead):
        person = db.session.get_one(Person, account.person_id)
        make.account(Role.ENTERPRISE_MEMBER, organisation=third, person=person)
    person = db.session.get_one(Person, scene.lead.person_id)
    make.account(Role.ENTERPRISE_MEMBER, organisation=scene.enterprise, person=person)
    links: list[Any] = scene.found()
    assert {link.kind for link in links} >= {
        LinkKind.FAMILY,
        LinkKind.SAME_PERSON,
        LinkKind.AFFILIATION,
        LinkKind.COLLEAGUES,
    }
    for link in links:
        again = queries.find_link(link.key, TODAY)
        assert again is not None
        assert again.content == link.content


def test_a_side_holds_its_ends_and_two_sides_join() -> None:
    one, other = Side.of(End(EndKind.PERSON, 1)), Side.of(End(EndKind.ORGANISATION, 2))
    both = one | other
    assert both.holds(End(EndKind.PERSON, 1))
    assert both.holds(End(EndKind.ORGANISATION, 2))
    assert not both.holds(End(EndKind.PERSON, 2))
