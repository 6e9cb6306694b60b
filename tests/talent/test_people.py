"""Researchers, the record they take along, training places and the skills gap."""

from __future__ import annotations

import json
import runpy
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from nacl.exceptions import BadSignatureError

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.kernel.call import Actor, Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.kernel.fields import Field
from marketplace.orders.workflow import OrderState
from marketplace.talent import gap, policy, queries, service, work_record
from marketplace.talent.models import Place, Programme, Researcher
from marketplace.talent.orcid import orcid
from marketplace.talent.terms import AffiliationTerms, ProgrammeTerms, ResearcherTerms, WorkTerms
from marketplace.talent.workflow import PLACE, PROGRAMME, PlaceState, ProgrammeKind, ProgrammeState, WorkKind
from tests.factories import Make

TOOL = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "verify_record.py"))

PAGE = ResearcherTerms("Lin Ruoxi", "0000-0002-1825-0097", "表面工程", True, (Field.CHEMISTRY,))
COURSE = ProgrammeTerms(
    ProgrammeKind.COURSE, Field.CHEMISTRY, "涂层配方", "两周", date(2027, 3, 1), date(2027, 3, 12), 1
)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0000-0002-1825-0097", "0000-0002-1825-0097"),
        ("https://orcid.example/0000-0001-5109-3700", "0000-0001-5109-3700"),
        (" 0000000218250097 ", "0000-0002-1825-0097"),
        ("0000-0002-9079-593x", "0000-0002-9079-593X"),
    ],
)
def test_an_orcid_id_is_checked_by_its_digit(text: str, right: str) -> None:
    assert orcid(text) == right


def test_every_slip_of_one_digit_and_every_swap_of_neighbours_is_noticed() -> None:
    digits = "0000000218250097"
    slips = {digits[:i] + d + digits[i + 1 :] for i, d in product(range(16), "0123456789X")} - {digits}
    swaps = {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(15)} - {digits}
    for wrong in slips | swaps:
        with pytest.raises(Invalid, match="orcid"):
            orcid(wrong)


def person(make: Make, **values: Any) -> tuple[Account, Researcher]:
    account = make.owner(make.university())
    terms = ResearcherTerms(**{"listed": True, **values})
    return account, service.write_profile(make.call(account), terms)


def test_a_page_is_the_persons_own_and_an_orcid_id_belongs_to_one(make: Make) -> None:
    account, row = person(make, orcid="0000-0002-1825-0097")
    with pytest.raises(Invalid, match="orcid_taken"):
        person(make, orcid="0000 0002 1825 0097")
    again = service.write_profile(make.call(account), PAGE)
    assert (again.id, again.orcid, again.expert_fields) == (row.id, "0000-0002-1825-0097", ["chemistry"])
    other = make.owner(make.university())
    with pytest.raises(NotFound):
        service.add_work(make.call(other), WorkTerms(WorkKind.PAPER, "x", 2020))
    call = make.call(account)
    with pytest.raises(Invalid, match="check_digit"):
        service.add_work(call, WorkTerms(WorkKind.PATENT, "x", 2020, "201710601862.4"))
    with pytest.raises(Invalid, match="days"):
        service.add_affiliation(call, AffiliationTerms("东江大学", "教授", date(2020, 1, 2), date(2020, 1, 1)))


def test_who_sees_a_page_is_the_same_in_policy_and_query(make: Make) -> None:
    own, row = person(make, listed=False)
    _, listed = person(make)
    actors = {"own": actor_of(own), "other": actor_of(make.owner(make.enterprise()))}
    actors |= {"officer": actor_of(make.officer()), "visitor": Actor.visitor()}
    for name, actor in actors.items():
        seen = {r.id for r in db.session.scalars(queries.researchers_visible_to(actor))}
        assert seen == {r.id for r in (row, listed) if policy.may_see_researcher(actor, r)}, name
    assert queries.list_researchers(actors["officer"], Field.FOOD) == []


def test_a_work_record_is_checked_without_the_site_and_every_change_is_noticed(make: Make, tmp_path: Path) -> None:
    account, row = person(make, orcid="0000-0002-1825-0097")
    call = make.call(account)
    service.add_work(call, WorkTerms(WorkKind.PAPER, "水性涂料", 2024, "10.1234/x"))
    service.add_affiliation(call, AffiliationTerms("东江大学", "教授", date(2020, 1, 2)))
    document, key = work_record.work_record(call, row), work_record.verify_key()
    path = tmp_path / "record.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert TOOL["main"]([str(path), "--key", key]) == 0
    text = json.dumps(document["record"], ensure_ascii=False)
    for old, new in (("水性涂料", "油性涂料"), ("2024", "2025"), ("0097", "0096"), ("教授", "院士")):
        assert old in text
        with pytest.raises(BadSignatureError):
            TOOL["check"]({**document, "record": json.loads(text.replace(old, new))}, key)
    assert TOOL["main"]([str(path), "--key", "00" * 32]) == 1
    path.write_text("{", encoding="utf-8")
    assert TOOL["main"]([str(path), "--key", key]) == 2


def hosted(make: Make, **values: Any) -> tuple[Account, Programme]:
    host = make.university()
    owner = make.owner(host)
    terms = ProgrammeTerms(**{**{s: getattr(COURSE, s) for s in COURSE.__slots__}, **values})
    return owner, service.offer_programme(make.call(owner), host.id, terms)


def test_the_last_place_is_given_once_and_comes_back_when_left(make: Make) -> None:
    owner, row = hosted(make)
    people = [make.owner(make.enterprise()) for _ in range(2)]
    first, second = (service.ask_place(make.call(who), row.id) for who in people)
    with pytest.raises(Conflict, match="asked"):
        service.ask_place(make.call(people[0]), row.id)
    service.decide_place(make.call(owner), first.id, "give")
    with pytest.raises(Conflict, match="no_place_left"):
        service.decide_place(make.call(owner), second.id, "give")
    service.leave_place(make.call(people[0]), first.id)
    service.decide_place(make.call(owner), second.id, "give")
    service.decide_place(make.call(owner), second.id, "complete")
    assert [p.programme.title for p in queries.completed_places(people[1].id)] == ["涂层配方"]
    with pytest.raises(NotFound):
        service.decide_place(make.call(people[0]), second.id, "refuse")
    with pytest.raises((Forbidden, NotFound)):
        service.leave_place(make.call(owner), second.id)


LEADS = {
    (PlaceState.ASKED, "give"): PlaceState.GIVEN,
    (PlaceState.ASKED, "refuse"): PlaceState.REFUSED,
    (PlaceState.ASKED, "leave"): PlaceState.LEFT,
    (PlaceState.GIVEN, "leave"): PlaceState.LEFT,
    (PlaceState.GIVEN, "complete"): PlaceState.COMPLETED,
}


def test_each_event_of_a_place_and_programme_leads_where_the_table_says_or_nowhere() -> None:
    for state, event in product(PlaceState, ("give", "refuse", "leave", "complete")):
        assert PLACE.allows(state, event) == ((state, event) in LEADS)
        if (state, event) in LEADS:
            assert PLACE.require(state, event) is LEADS[state, event]
    assert [PROGRAMME.events(state) for state in ProgrammeState] == [("close",), ()]


def test_who_asked_for_a_place_is_known_to_the_host_and_that_person_only(make: Make, sign_in: Any) -> None:
    owner, row = hosted(make)
    who = make.account(Role.ENTERPRISE_OWNER, organisation=make.enterprise(), person=make.person("申请金丝雀"))
    service.ask_place(make.call(who), row.id)
    other = make.owner(make.enterprise())
    assert "申请金丝雀" in sign_in(owner).get(f"/programmes/{row.id}").text
    assert "申请金丝雀" not in sign_in(other).get(f"/programmes/{row.id}").text
    with pytest.raises(NotFound):
        queries.get_place(make.call(other), db.session.query(Place).one().id)


def test_the_gap_counts_unmatched_orders_against_teams_and_names_what_closes_it(make: Make) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    for state in (OrderState.BIDDING, OrderState.UNSUCCESSFUL, OrderState.COMPLETED):
        make.order(enterprise, state, alliance_id=alliance.id, field=Field.FOOD, price_ceiling=30_000_000)
    team = make.team(make.university(), capacity_days=100)
    make.capability(team, field=Field.FOOD)
    _, row = hosted(make, field=Field.FOOD)
    found = gap.gaps(alliance.id, date(2027, 1, 12))
    assert [(g.field, g.orders, g.value, g.teams, g.free, g.missing) for g in found] == [
        (Field.FOOD, 2, 60_000_000, 1, 400, 1)
    ]
    assert [p.id for p in found[0].programmes] == [row.id]


def test_every_page_of_people_and_training(make: Make, sign_in: Any) -> None:
    alliance = make.alliance()
    university = make.university(alliance=alliance)
    owner = make.owner(university)
    team = make.team(university)
    browser = sign_in(owner)
    assert browser.get("/researchers/me/record").status_code == 404
    assert browser.post("/researchers/me", data={"orcid": "0000-0002-1825-0098"}).status_code == 422
    page = browser.post("/researchers/me", data={"orcid": PAGE.orcid, "listed": "y", "expert_fields": "food"})
    assert browser.get(page.headers["Location"]).status_code == 200
    work = {"kind": "paper", "title": "水性涂料", "year": "2024"}
    assert browser.post("/researchers/me/works", data=work).status_code == 303
    assert browser.post("/researchers/me/works", data={**work, "year": "3000"}).status_code == 422
    post = {"organisation": "东江大学", "post": "教授", "from_on": "2020-01-01"}
    assert browser.post("/researchers/me/affiliations", data=post).status_code == 303
    assert json.loads(browser.get("/researchers/me/record").text)["record"]["person"]["orcid"] == PAGE.orcid
    assert "水性涂料" in browser.get(page.headers["Location"]).text
    assert browser.get("/researchers?expert=food").status_code == 200
    tool = {"name": "盐雾箱", "purpose": "腐蚀试验", "days": "30"}
    assert browser.post(f"/teams/{team.id}/equipment", data=tool).status_code == 303
    assert browser.post(f"/teams/{team.id}/equipment", data={**tool, "days": "93"}).status_code == 422
    assert "盐雾箱" in browser.get(f"/teams/{team.id}").text
    offer = {"organisation_id": str(university.id), "kind": "course", "field": "food", "title": "课程", "text": "两周",
             "starts_on": "2027-03-01", "ends_on": "2027-03-12", "places": "5"}  # fmt: skip
    assert browser.post("/programmes", data={**offer, "places": "0"}).status_code == 422
    made = browser.post("/programmes", data=offer).headers["Location"]
    guest = sign_in(make.owner(make.enterprise()))
    assert guest.post(f"{made}/places").status_code == 303
    place = db.session.query(Place).one()
    assert browser.post(f"/places/{place.id}/give").status_code == 303
    assert (
        guest.get(made).status_code == browser.get("/skills").status_code == guest.get("/programmes").status_code == 200
    )
    assert browser.post(f"{made}/close", data={"reason": "满员"}).status_code == 303
