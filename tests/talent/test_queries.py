"""The directory, the documents for the ranker, and what waits for a team."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Actor
from marketplace.kernel.fields import Field
from marketplace.organisations.workflow import OrganisationKind
from marketplace.talent import queries
from marketplace.talent.models import Evidence
from marketplace.talent.terms import Search
from marketplace.talent.workflow import CapabilityState, EvidenceKind
from tests.factories import Make

VISITOR = Actor.visitor()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), ["foot", "coat"]),
        (Search(text="涂层"), ["coat"]),
        (Search(text="CHROMIUM"), ["coat"]),
        (Search(text="盐雾"), ["coat"]),
        (Search(text="表面工程"), ["coat"]),
        (Search(text="理工大学"), ["coat"]),
        (Search(text="100%"), ["foot"]),
        (Search(text="_"), []),
        (Search(text="\\"), []),
        (Search(field=Field.FOOTWEAR), ["foot"]),
        (Search(trl=2), ["foot"]),
        (Search(trl=5), ["foot", "coat"]),
        (Search(trl=9), []),
        (Search(kind="institute"), ["foot"]),
        (Search(text="涂层", kind="institute"), []),
    ],
    ids=repr,
)
def test_the_directory_finds_what_the_filters_ask_for(make: Make, search: Search, found: list[str]) -> None:
    university = make.university(name="示范理工大学")
    institute = make.organisation(OrganisationKind.INSTITUTE, name="示范鞋业研究所")
    make.capability(
        make.team(university, name="表面工程团队"), title="无铬涂层", title_en="Chromium-free coat", trl_from=4
    )
    make.capability(
        make.team(institute),
        title="鞋底缺陷检测",
        title_en="foot",
        summary="漏检率为零，检出率达 100% 的在线检测方法。",
        field=Field.FOOTWEAR,
        trl_from=2,
        published_at=make.clock() + timedelta(hours=1),
    )
    rows = db.session.scalars(queries.directory(VISITOR, search)).all()
    assert [row.title_en.split()[-1] for row in rows] == found


def test_the_alliance_filter_shows_only_what_the_reader_may_see_anyway(make: Make) -> None:
    alliance = make.alliance()
    team = make.team(make.university(alliance=alliance))
    shown = make.capability(team, alliance_id=alliance.id)
    make.capability(team, alliance_id=alliance.id, visibility=Visibility.ALLIANCE)
    make.capability(team)
    rows = db.session.scalars(queries.directory(VISITOR, Search(alliance_id=alliance.id))).all()
    assert [row.id for row in rows] == [shown.id]


def test_the_directory_lists_only_published_ones_even_to_their_own_team(make: Make) -> None:
    team = make.team()
    make.capability(team, state=CapabilityState.WITHDRAWN)
    lead = make.call(make.lead(team)).actor
    assert db.session.scalars(queries.directory(lead, Search())).all() == []


def test_the_rankers_documents_are_capabilities_and_their_evidence(make: Make) -> None:
    team = make.team()
    row = make.capability(
        team,
        title="涂层",
        title_en="Coating",
        summary="正文",
        evidence=[Evidence(kind=EvidenceKind.PATENT, title="专利", body="权利要求", year=2017)],
    )
    make.capability(team, state=CapabilityState.DRAFT, published_at=None)
    make.capability(team, visibility=Visibility.CENTRE)
    documents = queries.capability_documents(VISITOR)
    assert [(d.capability_id, d.team_id, d.text, d.kind, d.year) for d in documents] == [
        (row.id, team.id, "涂层 Coating\n正文", "capability", 2027),
        (row.id, team.id, "专利\n权利要求", "patent", 2017),
    ]


def test_reading_many_documents_takes_two_statements(make: Make, count_statements: list[str]) -> None:
    team = make.team()
    for _ in range(5):
        make.capability(team)
    db.session.expire_all()
    before = len(count_statements)
    assert len(queries.capability_documents(VISITOR)) == 10
    assert len(count_statements) - before <= 2


def test_an_unfinished_capability_waits_for_its_own_team_only(make: Make) -> None:
    team = make.team()
    row = make.capability(team, state=CapabilityState.DRAFT, published_at=None)
    make.capability(team)
    waiting: dict[str, Any] = {
        "lead": queries.waiting_for(make.call(make.lead(team))),
        "other": queries.waiting_for(make.call(make.lead(make.team()))),
        "officer": queries.waiting_for(make.call(make.officer())),
    }
    assert [task.values for task in waiting["lead"]] == [{"capability_id": row.id}]
    assert waiting["other"] == waiting["officer"] == []
