"""The pages of this room, as each reader meets them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.db.base import db
from marketplace.organisations.workflow import OrganisationState
from marketplace.talent import capacity, queries
from marketplace.talent.drawings import price_span
from marketplace.talent.models import Capability, Team
from marketplace.talent.workflow import CapabilityState
from tests.factories import Make

OFFER = {
    "title": "水性防腐涂层",
    "summary": "以硅烷预处理与水性涂层结合，盐雾试验超过一千小时。",
    "field": "new_materials",
    "trl_from": "3",
    "trl_to": "7",
    "price_from": "10万",
    "price_to": "60万",
    "visibility": "public",
}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everybody_reads_the_directory_a_capability_and_its_team(make: Make, client: FlaskClient, locale: str) -> None:
    row = make.capability(make.team(name="表面工程团队", name_en="Surface Team"))
    with client.session_transaction() as session:
        session["locale"] = locale
    title = row.title if locale == "zh" else row.title_en
    for address in ("/capabilities", f"/capabilities/{row.id}", f"/teams/{row.team_id}"):
        page = client.get(address)
        assert page.status_code == 200
        assert title in page.text


@pytest.mark.parametrize(
    "query",
    [
        "q=%00&field=alchemy&trl=0&kind=enterprise&alliance=x&page=-1",
        "q=%25&trl=%D9%A3&alliance=99999999999999999999999&page=99999999999",
        "trl=10&page=1e9&kind=&field=",
    ],
)
def test_senseless_filters_are_ignored(client: FlaskClient, query: str) -> None:
    assert client.get(f"/capabilities?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/capabilities/{}", "/teams/{}"])
def test_missing_and_invisible_look_the_same(make: Make, client: FlaskClient, address: str) -> None:
    hidden = make.team(make.university(state=OrganisationState.REGISTERED))
    draft = make.capability(make.team(), state=CapabilityState.DRAFT, published_at=None)
    there = hidden.id if "teams" in address else draft.id
    for number in (0, 10**30):
        assert client.get(address.format(number)).status_code == 404
    pages = {number: client.get(address.format(number)) for number in (there, 999_999)}
    assert {page.status_code for page in pages.values()} == {404}
    assert len({page.text.replace(address.format(number), "") for number, page in pages.items()}) == 1


def test_the_directory_takes_few_statements_however_long_it_is(
    make: Make, client: FlaskClient, count_statements: list[str]
) -> None:
    taken = []
    for _ in range(2):
        for _ in range(12):
            make.capability(make.team())
        before = len(count_statements)
        assert client.get("/capabilities").status_code == 200
        taken.append(len(count_statements) - before)
    assert taken[0] == taken[1] <= 12


def test_how_busy_a_team_is_is_for_people_signed_in(make: Make, client: FlaskClient, sign_in: Any) -> None:
    team = make.team(capacity_days=200)
    capacity.reserve(make.call(), {(team.id, "2027Q2"): 137})
    db.session.commit()
    reader = make.owner(make.enterprise())
    assert "137" in sign_in(reader).get(f"/teams/{team.id}").text
    assert "137" not in client.get(f"/teams/{team.id}").text


def test_only_those_who_may_see_buttons(make: Make, client: FlaskClient, sign_in: Any) -> None:
    row = make.capability(make.team())
    address = f"/capabilities/{row.id}"
    lead, stranger = sign_in(make.lead(row.team)), sign_in(make.owner(make.university()))
    assert f"{address}/withdraw" in lead.get(address).text
    for reader in (client, stranger):
        assert f"{address}/withdraw" not in reader.get(address).text
        assert f"{address}/edit" not in reader.get(address).text


def test_a_team_is_founded_described_evidenced_and_published(make: Make, sign_in: Any) -> None:
    university = make.university()
    owner = sign_in(make.owner(university))
    assert owner.get(f"/organisations/{university.id}/teams/new").status_code == 200
    founded = owner.post(f"/organisations/{university.id}/teams", data={"name": "新团队", "capacity_days": "100"})
    assert founded.status_code == 303
    team = db.session.query(Team).one()
    drafted = owner.post(f"/teams/{team.id}/capabilities", data=OFFER)
    assert drafted.status_code == 303
    row = db.session.query(Capability).one()
    page = owner.get(f"/capabilities/{row.id}")
    assert "disabled" in page.text, "publishing without evidence is offered with its reason only"
    owner.post(f"/capabilities/{row.id}/evidence", data={"kind": "paper", "title": "耐蚀性", "year": "2025"})
    assert owner.post(f"/capabilities/{row.id}/publish").status_code == 303
    assert "新团队" in owner.get("/teams").text
    db.session.expire_all()
    assert row.state is CapabilityState.PUBLISHED


def test_a_refused_form_keeps_what_was_typed_and_names_the_rule(make: Make, sign_in: Any) -> None:
    team = make.team()
    lead = sign_in(make.lead(team), "en")
    page = lead.post(f"/teams/{team.id}/capabilities", data={**OFFER, "trl_from": "8", "trl_to": "2"})
    assert page.status_code == 422
    assert "水性防腐涂层" in page.text
    assert "the second is not below the first" in page.text
    row = make.capability(team)
    page = lead.post(
        f"/capabilities/{row.id}/evidence",
        data={"kind": "patent", "title": "一种涂料", "reference": "ZL201710601862.4"},
    )
    assert page.status_code == 422
    assert "with these digits it would be 3" in page.text


def test_two_tabs_do_not_overwrite_each_other(make: Make, sign_in: Any) -> None:
    row = make.capability(make.team())
    lead = sign_in(make.lead(row.team), "en")
    seen = str(row.version)
    first = lead.post(f"/capabilities/{row.id}", data={**OFFER, "title": "第一个标签页", "version": seen})
    assert first.status_code == 303
    second = lead.post(f"/capabilities/{row.id}", data={**OFFER, "title": "第二个标签页", "version": seen})
    assert second.status_code == 409
    assert "Somebody else changed this" in second.text
    assert "第二个标签页" in second.text
    assert "第一个标签页" in second.text.partition("What stands saved now")[2].partition("</dl>")[0]
    assert f'value="{int(seen) + 1}"' in second.text


def test_a_button_pressed_twice_is_no_colleague_who_saved(make: Make, sign_in: Any) -> None:
    row = make.capability(make.team())
    lead, data = sign_in(make.lead(row.team), "en"), {**OFFER, "version": str(row.version)}
    assert [lead.post(f"/capabilities/{row.id}", data=data).status_code for _press in range(2)] == [303, 303]
    assert lead.post(f"/capabilities/{row.id}", data={**data, "title": "别的"}).status_code == 409, "the twin"


def test_a_team_saved_twice_keeps_what_a_colleague_changed_in_between(make: Make, sign_in: Any) -> None:
    university = make.university()
    team, head = make.team(university), make.owner(university)
    lead = make.lead(team)
    owner, seen = sign_in(head, "en"), str(team.version)
    data = {"name": "水处理团队", "introduction": "", "capacity_days": "１２０", "lead": str(lead.id), "version": seen}
    assert [owner.post(f"/teams/{team.id}", data=data).status_code for _press in range(2)] == [303, 303]
    assert owner.post(f"/teams/{team.id}", data={**data, "lead": str(head.id)}).status_code == 409
    assert owner.post(f"/teams/{team.id}", data={**data, "capacity_days": "90"}).status_code == 409
    db.session.expire_all()
    kept = queries.lead_of(team.id)
    assert kept is not None
    assert (kept.account_id, db.session.get_one(Team, team.id).capacity_days) == (lead.id, 120)


@pytest.mark.parametrize(
    ("low", "high", "start", "width"),
    [
        (0, 0, 0, 15),
        (1_000_000, 10_000_000_000, 0, 1000),
        (10_000_000, 100_000_000, 250, 250),
        (10**15, 10**15, 985, 15),
    ],
)
def test_prices_stand_on_a_logarithmic_scale(low: int, high: int, start: int, width: int) -> None:
    span = price_span(Capability(price_from=low, price_to=high))
    assert (span.start, span.width) == (start, width)
