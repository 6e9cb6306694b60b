"""The pages of the register, as each reader meets them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.models import Account, AccountGrant
from marketplace.accounts.workflow import GrantState
from marketplace.db.base import db
from marketplace.organisations.models import Organisation
from marketplace.patents import queries, service
from marketplace.patents.terms import ShareTerms
from tests.factories import Make
from tests.patents.scene import number, patent, secret


@pytest.fixture
def ours(make: Make) -> Organisation:
    return make.university(name="榕湾大学", name_en="Rongwan University")


@pytest.fixture
def owner(make: Make, ours: Organisation) -> Account:
    return make.owner(ours)


FORM = {
    "number": f"ZL{number(7)}",
    "kind": "invention",
    "route": "direct",
    "title": "一种水性防腐涂料",
    "field": "chemistry",
    "ipc": "C09D 5/08; C09D163/00",
    "filed_on": "2020-03-15",
    "published_on": "2021-09-15",
    "granted_on": "2023-05-09",
    "inventors": "李明 60%\n王芳 40%",
    "inventor_share": "70",
}


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_everybody_reads_the_register_and_a_card(
    make: Make, sign_in: Any, client: FlaskClient, owner: Account, ours: Organisation, locale: str
) -> None:
    row = patent(make, owner, ours, inventors=(ShareTerms("李明", 6000), ShareTerms("王芳", 4000)))
    reader = sign_in(make.owner(make.enterprise()), locale)
    for page in (client.get("/patents"), reader.get("/patents"), reader.get(f"/patents/{row.id}")):
        assert page.status_code == 200
        assert f"ZL{row.number}" in page.text
    card = reader.get(f"/patents/{row.id}").text
    assert "李明" in card
    assert "60\N{NO-BREAK SPACE}%" not in card  # inventors' shares are the owner's business
    assert "60\N{NO-BREAK SPACE}%" in sign_in(owner, locale).get(f"/patents/{row.id}").text


def test_a_secret_application_is_a_404_for_rivals_and_no_line_in_any_list(
    make: Make, sign_in: Any, client: FlaskClient, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours, 2, **secret())
    rival = sign_in(make.owner(make.enterprise()))
    missing = rival.get("/patents/999999")
    for reader in (client, rival):
        page = reader.get(f"/patents/{row.id}")
        assert page.status_code == 404
        for address in (
            "/patents",
            "/patents?q=机密",
            f"/patents?q={row.number}",
            "/patents?state=filed",
            "/patents/rules",
        ):
            assert "机密方案" not in reader.get(address).text
            assert f'/patents/{row.id}"' not in reader.get(address).text
    unseen = rival.get(f"/patents/{row.id}").text.replace(f"/patents/{row.id}", "/patents/999999")
    assert _without_token(unseen) == _without_token(missing.text)
    assert "机密方案" in sign_in(owner).get("/patents").text


def _without_token(page: str) -> str:
    return re.sub(r'(X-CSRFToken": ?"|name="csrf_token" value=")[^"]*"', "", page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=防腐", 1),
        ("q=榕湾", 1),
        ("ipc=c09d", 1),
        ("kind=utility", 0),
        ("field=chemistry&state=granted", 1),
        ("q=%25", 0),
        ("kind=nonsense&owner=x&q=%00", 1),
    ],
)
def test_the_register_is_filtered(
    make: Make, client: FlaskClient, owner: Account, ours: Organisation, query: str, found: int
) -> None:
    row = patent(make, owner, ours)
    assert (f"/patents/{row.id}" in client.get(f"/patents?{query}").text) is bool(found)


def test_an_owner_registers_a_patent_and_follows_it(
    make: Make, sign_in: Any, owner: Account, ours: Organisation
) -> None:
    visitor = sign_in(owner)
    assert visitor.get("/patents/new").status_code == 200
    made = visitor.post("/patents", data={**FORM, "organisation_id": str(ours.id)})
    assert made.status_code == 303, made.text
    place = made.headers["Location"]
    card = visitor.get(place)
    assert "C09D 5/08；C09D 163/00" in card.text
    assert "年费" in card.text
    link = re.search(rf'href="({place}/steps/new\?rule=annuity&amp;number=8)"', card.text)
    assert link is not None
    form = visitor.get(link[1].replace("&amp;", "&"))
    assert "¥2,000" in form.text
    done = {"rule": "annuity", "number": "8", "done_on": "2027-01-11", "paid": "2000"}
    assert visitor.post(f"{place}/steps", data=done).status_code == 303
    assert "steps/new?rule=annuity&amp;number=8" not in visitor.get(place).text
    shares = {"shares": "李明 50%\n王芳 50%", "day": "2026-01-01"}
    assert visitor.post(f"{place}/shares/inventor", data=shares).status_code == 303
    event = {"kind": "invalidate", "on": "2027-01-05", "note": "无效宣告请求审查决定 12345"}
    assert visitor.post(f"{place}/events", data=event).status_code == 303
    assert "宣告无效" in visitor.get(place).text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": "202010000001.9"}, "202010000001.9"),
        ({"inventors": "李明 60%"}, "60%"),
        ({"filed_on": ""}, "请填写日期"),
        ({"organisation_id": "999999"}, "error-summary"),
        ({"inventor_share": "101"}, "100"),
    ],
)
def test_nothing_typed_is_lost_when_a_form_is_refused(
    sign_in: Any, owner: Account, ours: Organisation, change: dict[str, str], told: str
) -> None:
    page = sign_in(owner).post("/patents", data={**FORM, "organisation_id": str(ours.id), **change})
    assert page.status_code == 422
    assert told in page.text or "error-summary" in page.text
    assert "一种水性防腐涂料" in page.text


def test_the_calendar_shows_what_is_due_and_what_it_costs(
    make: Make, sign_in: Any, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours)
    late = patent(make, owner, ours, 2, filed_on=date(2019, 12, 2), number=number(2, year=2019))
    page = sign_in(owner).get("/patents/calendar").text
    assert f"/patents/{row.id}" in page
    assert f"/patents/{late.id}" in page
    assert "已逾期" in page
    assert "¥2,000" in page


def test_a_calendar_program_reads_until_the_address_is_revoked_or_the_right_ends(
    make: Make, sign_in: Any, client: FlaskClient, owner: Account, ours: Organisation
) -> None:
    patent(make, owner, ours)
    patent(make, owner, ours, 2, **secret())
    browser = sign_in(owner)
    answer = browser.post(f"/patents/feeds/{ours.id}").text
    address = re.search(r'value="http://[^/]+(/patents/calendar/[^"]+\.ics)"', answer)
    assert address is not None
    feed = client.get(address[1])
    assert feed.status_code == 200
    assert feed.content_type.startswith("text/calendar")
    assert feed.text.count("BEGIN:VEVENT") == feed.text.count("END:VEVENT") >= 3
    assert "DTSTART;VALUE=DATE:20270315" in feed.text
    assert "机密方案" not in feed.text
    assert all(len(line.encode()) <= 75 for line in feed.text.split("\r\n"))
    assert client.get("/patents/calendar/made-up.ics").status_code == 404
    grant = db.session.query(AccountGrant).filter_by(account_id=owner.id).one()
    grant.state = GrantState.ENDED
    db.session.commit()
    assert client.get(address[1]).status_code == 404
    grant.state = GrantState.ACTIVE
    db.session.commit()
    assert client.get(address[1]).status_code == 200
    service.revoke_feed(make.call(owner), queries.feeds_of(owner.id)[0].id)
    assert client.get(address[1]).status_code == 404


def test_before_a_patent_goes_the_seller_reads_who_the_buyer_is_taken_to_be(
    make: Make, ours: Organisation, owner: Account, sign_in: Any
) -> None:
    """A member is named with its credit code; somebody outside needs a tick that says what follows. What was typed stays."""
    member = make.enterprise(name="悦州涂料有限公司", name_en="Yuezhou Coatings Co., Ltd.")
    row, seller = patent(make, owner, ours), sign_in(owner, "en")
    address, typed = f"/patents/{row.id}/transfer", {"on": "2026-11-02", "note": "No. 77"}
    stranger = {**typed, "buyer": "Nobody Ltd."}
    first = seller.post(address, data=stranger)
    db.session.refresh(row)
    assert (first.status_code, row.sold_on) == (200, None)
    assert "taken to be somebody outside" in first.text
    assert "No. 77" in first.text
    refused = seller.post(address, data={**stranger, "taken": ":nobodyltd."})
    db.session.refresh(row)
    assert (refused.status_code, row.sold_on) == (422, None)
    assert "Tick this" in refused.text
    seen = {**typed, "buyer": "YUEZHOU Coatings Co., Ltd."}
    other = seller.post(address, data={**seen, "taken": ":nobodyltd.", "outside": "y"})
    db.session.refresh(row)
    assert (other.status_code, row.owner_id) == (200, ours.id)
    assert member.uscc in other.text
    assert 'name="outside"' not in other.text
    [taken] = re.findall(r'name="taken"[^>]* value="([^"]*)"', other.text)
    assert seller.post(address, data={**seen, "taken": taken}).status_code == 303
    db.session.refresh(row)
    assert (row.owner_id, row.sold_on) == (member.id, None)


def test_a_description_sent_twice_is_saved_once_and_no_conflict(
    make: Make, sign_in: Any, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours, 7)
    writer, url = sign_in(owner, "en"), f"/patents/{row.id}"
    data = {**FORM, "ipc": "c09d 5/08；C09D163/00", "title": "甲的标题", "version": str(row.version)}
    assert [writer.post(url, data=data).status_code for _press in range(2)] == [303, 303]
    assert writer.post(url, data={**data, "title": "乙的标题"}).status_code == 409, "the twin"


def test_a_colleagues_description_is_not_written_over_unread(
    make: Make, sign_in: Any, owner: Account, ours: Organisation
) -> None:
    row = patent(make, owner, ours, 7)
    writer, seen = sign_in(owner, "en"), str(row.version)
    url = f"/patents/{row.id}"
    assert writer.post(url, data={**FORM, "title": "甲的标题", "version": seen}).status_code == 303
    late = writer.post(url, data={**FORM, "title": "乙的标题", "version": seen})
    assert late.status_code == 409
    assert "甲的标题" in late.text.partition("What stands saved now")[2].partition("</dl>")[0]
    assert "乙的标题" in late.text
    knowing = re.findall(r'name="version" type="hidden" value="(\d+)"', late.text)[0]
    assert writer.post(url, data={**FORM, "title": "乙的标题", "version": knowing}).status_code == 303
