"""The pages of this room, as each reader meets them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.queries import find_account
from marketplace.kernel.call import Role
from marketplace.organisations import directory, service
from marketplace.organisations.terms import InvitationTerms
from marketplace.organisations.workflow import OrganisationState
from tests.factories import PASSWORD, Make, uscc_number

FORM = {
    "kind": "enterprise",
    "name": "东莞市青枫精密五金有限公司",
    "uscc": uscc_number(900_001),
    "region": "441900",
    "industry": "C",
    "size": "small",
    "person_name": "陈晓",
    "identity_number": "11010519491231002X",
    "email": "chen@example.test",
    "password": PASSWORD,
}


@pytest.mark.parametrize(
    ("locale", "title", "city"),
    [("zh", "均已通过运营中心认证", "东莞市"), ("en", "The centre has verified each of them", "Dongguan")],
)
def test_everybody_reads_the_list_and_an_organisation(
    make: Make, client: FlaskClient, locale: str, title: str, city: str
) -> None:
    row = make.enterprise(name="青枫五金", name_en="Qingfeng", industry="C", alliance=make.alliance())
    make.owner(row)
    with client.session_transaction() as session:
        session["locale"] = locale
    index, show = client.get("/organisations"), client.get(f"/organisations/{row.id}")
    assert title in index.text
    for page in (index, show):
        assert ("青枫五金" if locale == "zh" else "Qingfeng") in page.text
        assert city in page.text
    assert "@example.test" not in show.text


@pytest.mark.parametrize(
    "query",
    ["q=%00&kind=alchemy&state=x&region=1&page=-1", "q=%25_%5C&page=99999999999", "region=%D9%A3&state=suspended"],
)
def test_senseless_filters_are_ignored(client: FlaskClient, query: str) -> None:
    assert client.get(f"/organisations?{query}").status_code == 200


def test_the_list_takes_few_statements(make: Make, client: FlaskClient, count_statements: list[str]) -> None:
    for _ in range(8):
        make.enterprise(alliance=make.alliance())
    count_statements.clear()
    assert client.get("/organisations").status_code == 200
    assert len(count_statements) <= 12


@pytest.mark.parametrize("number", [0, 4040, 10**30])
def test_missing_and_invisible_look_the_same(make: Make, client: FlaskClient, number: int) -> None:
    hidden = make.enterprise(state=OrganisationState.REGISTERED)
    there, missing = client.get(f"/organisations/{hidden.id}"), client.get(f"/organisations/{number}")
    assert there.status_code == missing.status_code == 404


def test_an_owner_corrects_a_registration_on_its_page(make: Make, sign_in: Any) -> None:
    row = make.enterprise(state=OrganisationState.REJECTED, reason="统一社会信用代码与执照不符")
    owner = sign_in(make.owner(row))
    address = f"/organisations/{row.id}/correct"
    assert address in owner.get(f"/organisations/{row.id}").text
    assert "统一社会信用代码与执照不符" in owner.get(address).text
    wrong = owner.post(address, data={**FORM, "uscc": FORM["uscc"][:-1]})
    assert wrong.status_code == 422
    assert FORM["name"] in wrong.text
    assert owner.post(address, data=FORM).status_code == 303
    service.verify(make.call(make.officer()), row.id)
    assert owner.get(address).status_code == owner.post(address, data=FORM).status_code == 409
    assert sign_in(make.owner(make.enterprise())).get(address).status_code in {403, 404}


def test_a_newcomer_registers(client: FlaskClient, make: Make) -> None:
    assert client.get("/organisations/register").status_code == 200
    answer = client.post("/organisations/register", data=FORM)
    assert (answer.status_code, answer.location) == (303, "/organisations/registered")
    assert client.get("/organisations/registered").status_code == 200
    assert directory.find_code(FORM["uscc"]) is not None


@pytest.mark.parametrize(
    "slip",
    [
        {"uscc": "123"},
        {"uscc": FORM["uscc"][:-1] + "\x00"},
        {"identity_number": "1" * 18},
        {"email": "nobody"},
        {"password": "short"},
        {"kind": "alchemist"},
        {"region": "999999"},
        {"size": ""},
        {"name": " \x00 "},
    ],
)
def test_a_slip_keeps_what_was_typed(client: FlaskClient, make: Make, slip: dict[str, str]) -> None:
    answer = client.post("/organisations/register", data={**FORM, **slip})
    assert answer.status_code == 422
    assert "陈晓" in answer.text
    assert "error-summary" in answer.text
    assert PASSWORD not in answer.text
    assert find_account(FORM["email"]) is None


def test_an_officer_verifies_and_sends_back(make: Make, sign_in: Any) -> None:
    first, second = (make.enterprise(state=OrganisationState.REGISTERED) for _ in range(2))
    make.owner(first)
    officer = sign_in(make.officer())
    page = officer.get(f"/organisations/{first.id}")
    assert f"/organisations/{first.id}/verify" in page.text
    assert f"/organisations/{first.id}/suspend" not in page.text
    assert officer.post(f"/organisations/{first.id}/verify").status_code == 303
    address = f"/organisations/{second.id}/reject"
    assert officer.get(address).status_code == 200
    assert officer.post(address, data={"reason": ""}).status_code == 422
    assert officer.post(address, data={"reason": "证照不清晰"}).status_code == 303
    assert officer.post(f"/organisations/{second.id}/restore").status_code == 409
    assert officer.get(f"/organisations/{first.id}/suspend").status_code == 200
    assert officer.post(f"/organisations/{first.id}/suspend", data={"reason": "停用"}).status_code == 303
    assert "停用" in officer.get("/organisations?state=suspended").text


def test_the_doors_are_closed_to_others(make: Make, sign_in: Any, client: FlaskClient) -> None:
    row = make.enterprise()
    stranger = sign_in(make.owner(make.enterprise()))
    for address in ("verify", "reject", "suspend", "restore", "invitations", "members/1/end"):
        assert stranger.post(f"/organisations/{row.id}/{address}", data={"reason": "x"}).status_code == 403
        assert client.post(f"/organisations/{row.id}/{address}").status_code == 303


def test_an_owner_invites_and_the_invited_accepts(make: Make, sign_in: Any, client: FlaskClient) -> None:
    row = make.enterprise()
    owner = sign_in(make.owner(row))
    data = {"email": "li@example.test", "role": Role.ENTERPRISE_MEMBER.value}
    assert owner.post(f"/organisations/{row.id}/invitations", data={**data, "role": "auditor"}).status_code == 422
    assert owner.post(f"/organisations/{row.id}/invitations", data=data).status_code == 303
    assert "li@example.test" in owner.get(f"/organisations/{row.id}").text
    (invitation,) = directory.open_invitations(row.id, make.clock())
    link = f"/invitations/{service.invitation_token(invitation.id)}"
    assert client.get(link).status_code == 200
    assert owner.get(link).status_code == 200
    assert owner.post(link).status_code == 422
    person = {key: FORM[key] for key in ("person_name", "identity_number", "password")}
    assert client.post(link, data={**person, "password": "x"}).status_code == 422
    assert client.post(link, data=person).status_code == 303
    assert client.get(link).status_code == 200
    account = find_account("li@example.test")
    assert account is not None
    assert owner.post(f"/organisations/{row.id}/members/{account.id}/end").status_code == 303
    assert owner.post(f"/organisations/{row.id}/members/{account.id}/end").status_code == 409


def test_an_owner_withdraws_an_invitation(make: Make, sign_in: Any, client: FlaskClient) -> None:
    row = make.enterprise()
    account = make.owner(row)
    invitation = service.invite(make.call(account), row.id, InvitationTerms("a@b.test", Role.ENTERPRISE_OWNER))
    owner, key = sign_in(account), invitation.id
    assert owner.post(f"/organisations/{row.id}/invitations/{key}/withdraw").status_code == 303
    assert owner.post(f"/organisations/{row.id}/invitations/{10**30}/withdraw").status_code == 404
    assert client.post(f"/invitations/{service.invitation_token(key)}", data=FORM).status_code == 422
