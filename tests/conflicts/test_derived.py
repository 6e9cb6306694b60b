"""What a check finds in pages and registers that nobody declared: shared places of work, works and patents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from marketplace.accounts.models import Account
from marketplace.conflicts import queries, service, works
from marketplace.conflicts.found import Found, Side
from marketplace.conflicts.terms import OverrideTerms
from marketplace.conflicts.workflow import LinkKind, Subject
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.organisations.naming import folded
from marketplace.patents.models import Patent, PatentShare
from marketplace.patents.workflow import LegalState, PatentKind, SharePart
from marketplace.talent.models import Affiliation, Researcher, Work
from marketplace.talent.workflow import WorkKind
from tests.conflicts.conftest import Scene
from tests.factories import Make

TODAY = date(2027, 1, 12)
ORCIDS = ("0000-0002-1825-0097", "0000-0001-5109-3700")


@dataclass
class Pages:
    """A judge from elsewhere and the lead of a bidding team, each with a page of their own."""

    scene: Scene
    judge: Account
    one: Researcher
    other: Researcher

    def found(self) -> list[Found]:
        sides = Side(frozenset({self.judge.person_id})), queries.side_of_teams([self.scene.team.id])
        return queries.found_between(*sides, TODAY)

    def worked(self, page: Researcher, organisation: str, until: date | None = None, since: int = 2015) -> None:
        page.affiliations.append(
            Affiliation(organisation=organisation, post="副研究员", from_on=date(since, 9, 1), until_on=until)
        )
        db.session.commit()

    def wrote(self, title: str, *references: str, years: tuple[int, int] = (2025, 2025)) -> None:
        for page, reference, year in zip((self.one, self.other), references, years, strict=True):
            page.works.append(Work(kind=WorkKind.PAPER, title=title, year=year, reference=reference))
        db.session.commit()

    def invented(self, *inventors: dict[str, str], **values: Any) -> Patent:
        fields: dict[str, Any] = {
            "owner_id": self.scene.team.organisation_id,
            "office": "CN",
            "number": "202510000001.1",
            "kind": PatentKind.INVENTION,
            "title": "一种无铬转化膜",
            "field": "new_materials",
            "filed_on": date(2025, 3, 3),
            "expires_on": date(2045, 3, 3),
            "disclosed_on": date(2026, 9, 3),
            "published_on": date(2026, 9, 3),
            "state": LegalState.PUBLISHED,
            "created_at": self.scene.make.clock(),
        }
        patent = Patent(**{**fields, **values})
        patent.shares = [
            PatentShare(part=SharePart.INVENTOR, share=5_000, valid_from=date(2025, 3, 3), **each) for each in inventors
        ]
        self.scene.make.save(patent)
        return patent


@pytest.fixture
def pages(scene: Scene, make: Make) -> Pages:
    judge = make.account(Role.UNIVERSITY_MEMBER, organisation=make.university())
    rows = [Researcher(account_id=who.id, created_at=make.clock()) for who in (judge, scene.lead)]
    make.save(*rows)
    return Pages(scene, judge, *rows)


def test_two_pages_without_anything_in_common_give_no_link(pages: Pages) -> None:
    pages.worked(pages.one, "滨海材料研究所")
    pages.worked(pages.other, "滨海海洋研究所")
    pages.wrote("一种方法的研究进展", "10.1000/one", "10.1000/two", years=(2025, 2024))
    assert pages.found() == []


def test_a_page_that_names_the_bidders_institution_is_an_affiliation_with_post_and_days(pages: Pages) -> None:
    organisation = pages.scene.team.organisation
    pages.worked(pages.one, f" {organisation.name} ", until=date(2025, 6, 30))
    (link,) = pages.found()
    assert (link.kind, link.evidence) == (LinkKind.AFFILIATION, "副研究员")
    assert (link.since, link.until) == (date(2015, 9, 1), date(2025, 6, 30))
    assert link.right_name == organisation.name


def test_a_place_left_more_than_three_years_ago_or_not_yet_begun_counts_no_more(pages: Pages) -> None:
    pages.worked(pages.one, pages.scene.team.organisation.name, until=date(2024, 1, 11))
    pages.worked(pages.one, pages.scene.team.organisation.name, since=2028)
    assert pages.found() == []


def test_the_same_place_on_two_pages_is_found_also_where_the_site_does_not_know_it(pages: Pages) -> None:
    pages.worked(pages.one, "滨海 材料研究所")
    pages.worked(pages.other, "滨海材料研究所", until=date(2026, 1, 1))
    (link,) = pages.found()
    assert link.kind is LinkKind.SHARED_WORKPLACE
    assert "滨海材料研究所" in link.evidence
    again = queries.find_link(link.key, TODAY)
    assert again is not None
    assert again.content == link.content


def test_a_third_organisation_of_the_site_links_two_pages_through_itself(pages: Pages, make: Make) -> None:
    third = make.university(name_en="Harbour Institute")
    pages.worked(pages.one, "harbour institute")
    pages.worked(pages.other, third.name)
    (link,) = pages.found()
    assert (link.kind, link.through_name) == (LinkKind.COLLEAGUES, third.name)


@pytest.mark.parametrize(
    ("references", "years", "linked"),
    [
        (("https://doi.org/10.1000/ABC.7", "doi:10.1000/abc.7."), (2025, 2026), True),
        (("", ""), (2025, 2025), True),
        (("", ""), (2025, 2026), False),
        (("GB/T 1234.5-2025", "gbt 12345 2025"), (2025, 2025), True),
        (("10.1000/abc.7", "10.1000/abc.7"), (2023, 2023), False),
    ],
)
def test_the_same_work_on_two_pages_is_co_authorship_for_three_years(
    pages: Pages, references: tuple[str, str], years: tuple[int, int], linked: bool
) -> None:
    pages.wrote("无铬前处理的成膜机理", *references, years=years)
    found = pages.found()
    assert [link.kind for link in found] == [LinkKind.CO_AUTHORS] * linked
    assert all("无铬前处理的成膜机理" in link.evidence for link in found)


def test_inventors_of_one_patent_are_known_by_orcid(pages: Pages) -> None:
    pages.one.orcid, pages.other.orcid = ORCIDS
    pages.invented({"name": "甲", "orcid": ORCIDS[0]}, {"name": "乙", "orcid": ORCIDS[1]})
    (link,) = pages.found()
    assert (link.kind, link.since) == (LinkKind.JOINT_INVENTORS, date(2025, 3, 3))
    assert link.evidence == "CN 202510000001.1 一种无铬转化膜"


def test_a_name_alone_is_no_inventor_but_a_name_at_the_owners_place_is(pages: Pages) -> None:
    names = [{"name": account.person.name} for account in (pages.judge, pages.scene.lead)]
    pages.invented(*names)
    assert pages.found() == []
    pages.worked(pages.one, pages.scene.team.organisation.name, until=date(2026, 1, 1))
    assert [link.kind for link in pages.found()] == [LinkKind.AFFILIATION, LinkKind.JOINT_INVENTORS]


def test_an_unpublished_application_is_no_evidence(pages: Pages) -> None:
    pages.one.orcid, pages.other.orcid = ORCIDS
    inventors = [{"name": "甲", "orcid": orcid} for orcid in ORCIDS]
    pages.invented(*inventors, state=LegalState.FILED, disclosed_on=None, published_on=None)
    assert pages.found() == []


def test_an_override_of_what_was_found_in_pages_ends_when_the_evidence_changes(pages: Pages) -> None:
    pages.wrote("无铬前处理的成膜机理", "", "")
    (link,) = pages.found()
    scene = pages.scene
    row = service.propose_override(scene.officer, OverrideTerms(Subject.EVALUATION, 7, link.key, "仅一篇会议论文"))
    service.approve_override(scene.second, row.id, row.content_hash)
    assert queries.uncovered(pages.found(), Subject.EVALUATION, 7) == []
    pages.wrote("另一项共同完成的研究工作", "", "")
    assert queries.uncovered(pages.found(), Subject.EVALUATION, 7) == pages.found() != []


def test_names_are_compared_without_width_case_and_spaces() -> None:
    assert folded(" Ｈarbour  Institute ") == folded("HARBOUR INSTITUTE")
    assert list(works.marks("短", 2025, "")) == []


SPELLINGS = [
    ("东江理工大学", "", "东江理工 大学"),
    ("东江　理工大学（滨海校区）", "", " 东江理工大学(滨海校区) "),
    ("东江理工大学", "École d'Été", "ÉCOLE  D'ÉTÉ"),
    ("ＤＪ理工大学", "", "dj理工大学"),
]


@pytest.mark.parametrize(("name", "name_en", "written"), SPELLINGS)
def test_an_organisation_is_found_however_its_name_is_written(
    pages: Pages, name: str, name_en: str, written: str
) -> None:
    organisation = pages.scene.team.organisation
    organisation.name, organisation.name_en = name, name_en
    pages.worked(pages.one, written)
    assert [link.kind for link in pages.found()] == [LinkKind.AFFILIATION]


def test_a_namesake_that_registered_first_hides_no_tie(pages: Pages, make: Make) -> None:
    earlier, later = make.university(name="北湾 理工学院"), make.university(name="北湾理工学院")
    pages.worked(pages.one, "北湾理工学院")
    for organisation in (earlier, later):
        found = queries.found_between(
            Side(frozenset({pages.judge.person_id})), Side(frozenset(), frozenset({organisation.id})), TODAY
        )
        assert [link.kind for link in found] == [LinkKind.AFFILIATION]


@pytest.mark.parametrize(("name", "name_en", "written"), SPELLINGS)
def test_comparing_names_letter_by_letter_the_tie_would_be_missed(
    pages: Pages, name: str, name_en: str, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("organisations.models", "conflicts.places"):
        monkeypatch.setattr(f"marketplace.{module}.folded", str)
    organisation = pages.scene.team.organisation
    organisation.name, organisation.name_en = name, name_en
    pages.worked(pages.one, written)
    assert pages.found() == []


def overridden(pages: Pages) -> bool:
    """Have two people override what is found now; return a question whether that still covers everything."""
    (link,) = pages.found()
    row = service.propose_override(
        pages.scene.officer, OverrideTerms(Subject.EVALUATION, 7, link.key, "均为大型合作组")
    )
    service.approve_override(pages.scene.second, row.id, row.content_hash)
    return queries.uncovered(pages.found(), Subject.EVALUATION, 7) == []


TITLES = [f"共同完成的研究工作之{number}" for number in range(1, 7)]


def test_an_override_covers_every_joint_work_also_those_that_are_not_shown(pages: Pages) -> None:
    for title in TITLES:
        pages.wrote(title, "", "")
    assert pages.found()[0].evidence.endswith("… +1")
    assert overridden(pages)
    pages.other.works[-1].title = pages.one.works[-1].title = "共同完成的研究工作之七"
    db.session.commit()
    assert queries.uncovered(pages.found(), Subject.EVALUATION, 7) == pages.found() != []


def test_hashing_only_what_is_shown_the_override_would_cover_another_work(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(works, "content_hash", lambda _made: "")
    for title in TITLES:
        pages.wrote(title, "", "")
    assert overridden(pages)
    pages.other.works[-1].title = pages.one.works[-1].title = "共同完成的研究工作之七"
    db.session.commit()
    assert queries.uncovered(pages.found(), Subject.EVALUATION, 7) == []


def test_two_shared_places_off_the_site_are_both_evidence_and_a_second_one_ends_the_override(pages: Pages) -> None:
    def shared(place: str) -> None:
        pages.worked(pages.one, place)
        pages.worked(pages.other, place)

    shared("滨海材料研究所")
    assert overridden(pages)
    shared("北湾海洋研究所")
    (link,) = pages.found()
    assert all(place in link.evidence for place in ("滨海材料研究所", "北湾海洋研究所"))
    assert queries.uncovered([link], Subject.EVALUATION, 7) == [link]
