"""The pages of this room, as each reader meets them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.alliances import joining
from marketplace.alliances.workflow import MembershipState
from marketplace.kernel.call import Role
from marketplace.organisations.workflow import OrganisationState
from tests.factories import Make


@pytest.mark.parametrize(("locale", "name"), [("zh", "新材料联盟"), ("en", "Materials Alliance")])
def test_everybody_reads_the_alliances_and_their_verified_members(
    make: Make, client: FlaskClient, locale: str, name: str
) -> None:
    alliance = make.alliance(name="新材料联盟", name_en="Materials Alliance", about="新材料", about_en="Materials")
    make.enterprise(name="青枫五金", alliance=alliance)
    make.enterprise(name="停用五金", alliance=alliance, state=OrganisationState.SUSPENDED)
    make.membership(alliance, make.enterprise(name="申请五金"), MembershipState.REQUESTED)
    with client.session_transaction() as session:
        session["locale"] = locale
    index, show = client.get("/alliances"), client.get(f"/alliances/{alliance.id}")
    assert name in index.text
    assert name in show.text
    assert "青枫五金" in show.text
    assert "停用五金" not in show.text
    assert "申请五金" not in show.text


def test_an_empty_house_says_so(client: FlaskClient, make: Make) -> None:
    assert client.get("/alliances").status_code == 200
    assert client.get(f"/alliances/{make.alliance().id}").status_code == 200


@pytest.mark.parametrize("number", [0, 4040, 10**30])
def test_a_missing_alliance_is_not_found(client: FlaskClient, number: int) -> None:
    assert client.get(f"/alliances/{number}").status_code == 404


def test_an_owner_asks_and_the_secretary_decides(make: Make, sign_in: Any) -> None:
    alliance, row = make.alliance(), make.enterprise(name="青枫五金")
    owner = sign_in(make.owner(row))
    secretary = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=alliance))
    page, requests = f"/alliances/{alliance.id}", f"/alliances/{alliance.id}/requests"
    assert requests in owner.get(page).text
    for wrong in ("", "x", "0", str(make.enterprise().id)):
        assert owner.post(requests, data={"organisation_id": wrong}).status_code == 422
    assert owner.post(requests, data={"organisation_id": str(row.id)}).status_code == 303
    assert owner.post(requests, data={"organisation_id": str(row.id)}).status_code == 422
    membership = joining.find_membership(alliance.id, row.id)
    assert membership is not None
    here = f"/memberships/{membership.id}"
    assert f"{here}/admit" in secretary.get(page).text
    assert f"{here}/admit" not in owner.get(page).text
    assert secretary.post(f"{here}/admit").status_code == 303
    assert secretary.get(f"{here}/end").status_code == 200
    assert secretary.post(f"{here}/end", data={"reason": ""}).status_code == 422
    assert secretary.post(f"{here}/end", data={"reason": "自愿退出"}).status_code == 303
    assert "自愿退出" in owner.get(page).text
    assert owner.post(requests, data={"organisation_id": str(row.id)}).status_code == 303
    assert secretary.get(f"{here}/refuse").status_code == 200
    assert secretary.post(f"{here}/refuse", data={"reason": "行业不符"}).status_code == 303
    assert secretary.post(f"{here}/admit").status_code == 409


def test_the_doors_are_closed_to_others(make: Make, sign_in: Any) -> None:
    alliance = make.alliance()
    membership = make.membership(alliance, make.enterprise(), MembershipState.REQUESTED)
    stranger = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance()))
    owner = sign_in(make.owner(make.enterprise()))
    for event in ("admit", "refuse", "end"):
        assert stranger.post(f"/memberships/{membership.id}/{event}", data={"reason": "x"}).status_code == 404
        assert owner.post(f"/memberships/{membership.id}/{event}", data={"reason": "x"}).status_code == 403


def test_the_pages_take_few_statements(make: Make, client: FlaskClient, count_statements: list[str]) -> None:
    alliance = make.alliance()
    for _ in range(8):
        make.enterprise(alliance=alliance)
        make.alliance()
    for address in ("/alliances", f"/alliances/{alliance.id}"):
        count_statements.clear()
        assert client.get(address).status_code == 200
        assert len(count_statements) <= 12
