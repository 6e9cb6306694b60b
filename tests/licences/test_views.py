"""The whole way through the pages, without mocks: offer, evaluate, admit, license, pay, divide; and what a product needs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from unittest.mock import Mock

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from marketplace.db.base import db
from marketplace.licences import clearance, journal, queries
from marketplace.licences.models import Licence
from marketplace.licences.workflow import LicenceState
from marketplace.orders.workflow import OrderState
from marketplace.patents import service as patents
from marketplace.patents.service import change_patent
from marketplace.patents.terms import ShareTerms, TransferTerms
from marketplace.patents.workflow import LegalState
from marketplace.pools import service as pools
from marketplace.storage import sheets
from tests.factories import Make
from tests.licences.test_promised import DAY, sell
from tests.patents.scene import patent, secret
from tests.patents.scene import terms as terms_of
from tests.pools.scene import Scene, scene


@pytest.fixture
def place(make: Make, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A scene whose index of pooled patents is its own: journals of tests can be alike to the last digest."""
    monkeypatch.setattr(clearance, "_kept", {})
    return scene(make)


def place_of(response: Any) -> str:
    assert response.status_code == 303, response.text
    return str(response.headers["Location"])


def test_from_offer_to_distribution(place: Scene, sign_in: Any) -> None:
    owner, licensee = sign_in(place.owner), sign_in(place.rival)
    secretary, officer, second = sign_in(place.secretary), sign_in(place.officer), sign_in(place.make.officer())
    expert = sign_in(place.expert)
    patent = place.patent(inventors=(ShareTerms("李明", 10_000),))
    offer = place_of(
        owner.post(f"/patents/{patent.id}/pool", data={"alliance_id": str(place.alliance.id), "note": "互补"})
    )
    assert expert.get(offer).status_code == 404
    place_of(secretary.post(f"{offer}/expert", data={"email": place.expert.email}))
    found = {"validity": "solid", "essentiality": "essential", "relation": "complement", "weight": "6",
             "chart": "预处理液含硅烷 => 说明书第3页"}  # fmt: skip
    assert expert.get(f"{offer}/evaluation").status_code == 200
    place_of(expert.post(f"{offer}/evaluation", data=found))
    place_of(secretary.post(f"{offer}/propose"))
    assert secretary.post(f"{offer}/admit").status_code == 403
    pool = place_of(officer.post(f"{offer}/admit"))
    conditions = {"entry_fee": "2万", "patent_price": "5000", "bundle_cap": "12万", "rate": "2", "pool_fee": "5"}
    place_of(secretary.post(f"{pool}/rules", data=conditions))
    page = officer.get(pool).text
    approve = re.search(r'action="(/pool-rules/\d+/approve)"', page)
    assert approve is not None
    place_of(officer.post(approve[1]))
    assert "¥5,000" in licensee.get(f"{pool}/licence").text
    bundle = {"licensee_id": str(place.rival_organisation.id), "field": "", "purpose": "量产"}
    licence = place_of(licensee.post(f"{pool}/licence", data=bundle))
    place_of(secretary.post(f"{licence}/sign/licensor"))
    place_of(officer.post(f"{licence}/receipts", data={"amount": "35000", "paper": "回单 1"}))
    page = second.get(licence).text
    receipt = re.search(r'action="(/royalty-receipts/\d+/approve)"', page)
    assert receipt is not None
    assert officer.post(receipt[1]).status_code == 403
    place_of(second.post(receipt[1]))
    page = officer.get(licence).text
    assert "¥1,750" in page  # the pool's 5 %, simulated
    assert f'action="{licence}/distributions"' in page
    place_of(officer.post(f"{licence}/distributions"))
    waiting = officer.get(licence).text
    assert "其中 ¥35,000 的分配待第二人审核" in waiting
    assert f'action="{licence}/distributions"' not in waiting  # the same money is not offered for a second division
    division = re.search(r'action="(/distributions/\d+/approve)"', second.get(licence).text)
    assert division is not None
    place_of(second.post(division[1]))
    row = db.session.query(Licence).one()
    assert (row.lump, journal.held(row.id)) == (3_500_000, 0)
    mine = owner.get("/royalties").text
    assert "¥16,625" in mine  # half of 33,250 for the owner, half for the inventor
    assert "李明" in mine
    assert queries.drifts() == []
    lines = book(owner.get("/royalties.xlsx"))
    assert [line[-1] for line in lines[1:]] == ["16625", "16625", "33250"]
    one = book(owner.get("/royalties.xlsx?holder=李明"))
    assert [line[-2:] for line in one[1:]] == [["李明", "16625"], ["合计", "16625"]]
    assert licensee.get("/royalties.xlsx").status_code == 404
    assert owner.get("/royalties.xlsx?holder=王五").status_code == 404


def book(answer: Any) -> list[list[Any]]:
    """The cells of a workbook that was answered."""
    assert answer.status_code == 200
    return sheets.cells(answer.data, 1_000_000, 1_000)


def test_a_licence_of_one_owner_is_negotiated_on_the_pages(place: Scene, sign_in: Any) -> None:
    patent = place.patent()
    owner, licensee = sign_in(place.owner), sign_in(place.rival)
    request = {"licensee_id": str(place.rival_organisation.id), "purpose": "量产", "territory": "广东"}
    licence = place_of(licensee.post(f"/patents/{patent.id}/licence", data=request))
    wrong = owner.post(
        f"{licence}/terms",
        data={"kind": "ordinary", "fee_mode": "lump", "starts_on": "2027-01-12", "ends_on": "2030-01-01"},
    )
    assert wrong.status_code == 422
    right = {"kind": "exclusive", "fee_mode": "entry_running", "starts_on": "2027-01-12", "ends_on": "2030-01-01",
             "entry_fee": "5万", "rate": "3.5", "territory": "广东"}  # fmt: skip
    place_of(owner.post(f"{licence}/terms", data=right))
    page = licensee.get(licence).text
    assert "独占许可" in page
    assert "3.5\N{NO-BREAK SPACE}%" in page
    place_of(licensee.post(f"{licence}/sign/licensee"))
    place_of(owner.post(f"{licence}/sign/licensor"))
    place_of(owner.post(f"{licence}/filing", data={"day": "2027-01-12", "number": "X2027440000001"}))
    assert "X2027440000001" in licensee.get(licence).text
    assert licensee.post(f"{licence}/sign/nobody").status_code == 404
    place_of(licensee.post(f"{licence}/end", data={"reason": "停产"}))


def test_one_request_covers_several_patents_of_one_owner_and_several_owners_end_it(place: Scene, sign_in: Any) -> None:
    rows = [place.patent(number) for number in (1, 2, 3)]
    buyer = place.make.enterprise(name="买方公司")
    owner, licensee, new_owner = (sign_in(who) for who in (place.owner, place.rival, place.make.owner(buyer)))
    (first, second, third), numbers = [row.id for row in rows], [row.full_number for row in rows]
    request = {"licensee_id": str(place.rival_organisation.id), "purpose": "量产", "further": [str(second)]}
    db.session.rollback()  # what the pages write next is not undone with what was read so far
    form = licensee.get(f"/patents/{first}/licence").text
    assert [f'type="checkbox" value="{each}"' in form for each in (first, second, third)] == [False, True, True]
    licence = place_of(licensee.post(f"/patents/{first}/licence", data=request))
    terms = {"kind": "ordinary", "fee_mode": "lump", "starts_on": "2027-01-12", "ends_on": "2030-01-01", "lump": "5万"}
    place_of(owner.post(f"{licence}/terms", data=terms))
    place_of(licensee.post(f"{licence}/sign/licensee"))
    place_of(owner.post(f"{licence}/sign/licensor"))
    page = licensee.get(licence).text
    assert [number in page for number in numbers] == [True, True, False]
    sell(place, rows[0], TransferTerms(buyer.name, buyer.id, DAY, asserts=False))
    place_of(owner.post(f"{licence}/end", data={"reason": "未付费"}))
    page = new_owner.get(licence).text
    assert "未付费" in page
    assert f'href="{licence}/end"' in page
    assert f'href="{licence}/end"' in licensee.get(licence).text
    place_of(new_owner.post(f"{licence}/end", data={"reason": "未付费"}))
    assert "未付费" in licensee.get(licence).text
    place_of(licensee.post(f"{licence}/end", data={"reason": "同意"}))
    assert db.session.scalars(select(Licence.state)).all() == [LicenceState.ENDED]


@pytest.mark.parametrize("strange", ["secret", "foreign", "sold", "nonsense"])
def test_only_patents_of_the_owner_that_the_asker_sees_are_offered(place: Scene, sign_in: Any, strange: str) -> None:
    asked, licensee = place.patent(1), sign_in(place.rival)
    further = place.patent(2, **secret()) if strange == "secret" else place.patent(2)
    if strange == "sold":
        sell(place, further)
    if strange == "foreign":
        further = patent(place.make, place.rival, place.rival_organisation, 5)
    number = "x" if strange == "nonsense" else str(further.id)
    data = {"licensee_id": str(place.rival_organisation.id), "purpose": "量产", "further": [number]}
    answer = licensee.post(f"/patents/{asked.id}/licence", data=data)
    assert answer.status_code == 422
    assert "量产" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Licence)) == 0


def test_an_open_licence_shows_its_bars_and_its_statement(place: Scene, sign_in: Any, client: FlaskClient) -> None:
    patent = place.patent()
    owner = sign_in(place.owner)
    form = {"fee_mode": "lump", "lump": "", "ends_on": "2035-01-01", "disputed": "y"}
    refused = owner.post(f"/patents/{patent.id}/open-licence", data=form)
    assert refused.status_code == 422
    assert "实施细则 86" in refused.text
    row = place_of(
        owner.post(
            f"/patents/{patent.id}/open-licence", data={"fee_mode": "lump", "lump": "1万", "ends_on": "2035-01-01"}
        )
    )
    for page in (client.get("/open-licences"), client.get(row)):
        assert patent.full_number in page.text
    taker = sign_in(place.rival)
    place_of(taker.post(f"{row}/take", data={"licensee_id": str(place.rival_organisation.id)}))


def test_the_clearance_view_names_what_is_missing_and_what_it_costs(place: Scene, sign_in: Any) -> None:
    near = place.pooled(1, title="一种水性防腐涂料", abstract="以硅烷与石墨烯构成的水性防腐涂层，耐盐雾一千小时。")
    far = place.pooled(2, title="一种婴儿睡袋", abstract="带温度提示的婴童睡袋面料与拉链结构。")
    place.rules()
    reader = sign_in(place.rival)
    assert reader.get("/clearance").status_code == 200
    page = reader.post("/clearance", data={"text": "我们要做一种耐盐雾的水性防腐涂料，用石墨烯和硅烷"}).text
    assert f"/patents/{near.patent_id}" in page
    assert f"/patents/{far.patent_id}" not in page
    assert "¥5,000" in page
    mine = sign_in(place.owner).post("/clearance", data={"text": "耐盐雾的水性防腐涂料"}).text
    assert "¥5,000" not in mine


def test_the_clearance_index_follows_the_pool(place: Scene) -> None:
    assert clearance.search("水性防腐涂料") == []
    row = place.pooled(1)
    assert [hit.patent_id for hit in clearance.search("水性防腐涂料")] == [row.patent_id]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_of_pools_and_licences_opens_in_both_languages(place: Scene, sign_in: Any, locale: str) -> None:
    offer = place.pooled()
    place.rules()
    owner = sign_in(place.owner, locale)
    staff = sign_in(place.officer, locale)
    for address in (
        "/pools", f"/pools/{place.alliance.id}", f"/pool-offers/{offer.id}", f"/pool-offers/{offer.id}/leave",
        f"/patents/{offer.patent_id}/value?cost=5万&royalty=3&spread=999999", f"/patents/{offer.patent_id}/pledge-sheet",
        f"/patents/{offer.patent_id}/pool", f"/patents/{offer.patent_id}/open-licence", f"/patents/{offer.patent_id}/licence",
        f"/pools/{place.alliance.id}/licence", "/licences", "/royalties", "/open-licences",
        "/clearance?order=99999999999999999",
    ):  # fmt: skip
        status = owner.get(address).status_code
        assert status == (404 if "order=" in address else 200), address
    assert staff.get(f"/pools/{place.alliance.id}/rules/new").status_code == 200


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_bank_gets_the_sheet_as_a_file_from_the_owner_only(place: Scene, sign_in: Any, locale: str) -> None:
    address = f"/patents/{place.patent().id}/pledge-sheet.pdf?cost=5万&royalty=3"
    file = sign_in(place.owner, locale).get(address)
    assert file.content_type == "application/pdf"
    assert file.data.startswith(b"%PDF-")
    assert "pledge-ZL2020" in file.headers["Content-Disposition"]
    assert sign_in(place.rival).get(address).status_code in {403, 404}


def test_the_sheet_shows_every_assumption_and_what_burdens_the_right(place: Scene, sign_in: Any) -> None:
    page = sign_in(place.owner).get(f"/patents/{place.patent().id}/pledge-sheet?royalty=3").text.replace("\xa0", " ")
    for shown in (
        "¥150,000",
        "¥80,000",
        "¥2,000,000",
        "3 %",
        "15 %",
        "± 35 %",
        "无有效的独占或排他许可。",
        "单一权利人。",
    ):
        assert shown in page


def test_what_is_missing_is_licensed_with_one_click(place: Scene, sign_in: Any) -> None:
    near, far = place.pooled(1), place.pooled(2, title="一种婴儿睡袋", abstract="带温度提示的婴童睡袋面料与拉链结构。")
    place.rules()
    taker = sign_in(place.rival)
    page = taker.post("/clearance", data={"text": near.patent.title}).text
    link = re.search(r'href="(/pools/\d+/licence\?patents=[\d,%C]+)"', page)
    assert link is not None
    form = taker.get(link[1]).text
    assert near.patent.title in form
    assert far.patent.title not in form
    wanted = {"licensee_id": str(place.rival_organisation.id), "purpose": "量产", "patents": str(near.patent_id)}
    taker.post(f"/pools/{place.alliance.id}/licence", data=wanted)
    assert [part.patent_id for part in db.session.query(Licence).one().parts] == [near.patent_id]


@pytest.mark.parametrize("gone", [999_999, 10**30, "x"])
def test_what_was_picked_is_signed_whole_or_not_at_all(place: Scene, sign_in: Any, gone: object) -> None:
    near = place.pooled(1)
    place.rules()
    wanted = {"licensee_id": str(place.rival_organisation.id), "purpose": "量产", "patents": f"{near.patent_id},{gone}"}
    answer = sign_in(place.rival).post(f"/pools/{place.alliance.id}/licence", data=wanted)
    assert answer.status_code == 422
    assert db.session.query(Licence).count() == 0


def test_the_index_takes_out_what_left_and_reads_anew_what_was_changed(place: Scene) -> None:
    row = place.pooled(1)
    stays = place.pooled(2, title="一种婴儿睡袋", abstract="带温度提示的婴童睡袋面料与拉链结构。")
    assert len(clearance.search("水性防腐涂料")) == 1
    terms = replace(terms_of(2), title="一种竹纤维餐具", abstract="以竹粉热压成型的可降解餐具。")
    change_patent(place.make.call(place.owner), stays.patent_id, terms, stays.patent.version)
    assert [hit.patent_id for hit in clearance.search("可降解竹纤维餐具")] == [stays.patent_id]
    pools.leave(place.make.call(place.owner), row.id, "转让")
    assert row.patent_id not in {hit.patent_id for hit in clearance.search("水性防腐涂料")}


def test_an_index_that_does_not_follow_the_journal_would_still_show_what_left(
    place: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin."""
    row = place.pooled(1)
    assert len(clearance.search("水性防腐涂料")) == 1
    monkeypatch.setattr(clearance, "_touched", lambda since: set())
    pools.leave(place.make.call(place.owner), row.id, "转让")
    assert len(clearance.search("水性防腐涂料")) == 1


def test_a_large_pool_is_read_in_the_background_while_its_visitor_sees_how_far_it_is(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    near, begun = place.pooled(1), list[Any]()
    place.pooled(2)
    monkeypatch.setattr(clearance, "AT_ONCE", 1)
    monkeypatch.setattr(clearance, "_kept", {})
    monkeypatch.setattr(clearance.threading, "Thread", lambda **given: Mock(start=lambda: begun.append(given)))
    reader, asked = sign_in(place.rival), {"text": near.patent.title}
    for _ in range(2):
        page = reader.post("/clearance", data=asked)
        assert page.status_code == 200
        assert "0 / 2" in page.text
        assert f"/patents/{near.patent_id}" not in page.text
    order = place.make.order(place.rival_organisation, OrderState.DRAFT, title=near.patent.title)
    assert f"/clearance?order={order.id}" in reader.get(f"/orders/{order.id}/check").text
    assert len(begun) == 1
    begun[0]["target"](*begun[0]["args"])
    assert f"/patents/{near.patent_id}" in reader.post("/clearance", data=asked).text


@pytest.mark.parametrize("fails", [True, False])
def test_a_reading_that_failed_is_begun_again_until_one_succeeds(
    place: Scene, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    near, begun = place.pooled(1), list[Any]()
    assert len(clearance.search(near.patent.title)) == 1
    place.pooled(2)
    monkeypatch.setattr(clearance, "AT_ONCE", 0)
    monkeypatch.setattr(clearance.threading, "Thread", lambda **given: Mock(start=lambda: begun.append(given)))
    assert len(clearance.search(near.patent.title)) == 1
    if fails:
        clearance._progress.pop("pool")
    else:
        begun[0]["target"](*begun[0]["args"])
    assert len(clearance.search(near.patent.title)) == 2 - fails
    assert len(begun) == 1 + fails
    clearance._progress.pop("pool", None)


def test_without_the_thread_the_visitor_would_wait_for_the_whole_pool(
    place: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: with no limit every patent is read within the visit."""
    place.pooled(1)
    place.pooled(2)
    read = list[int]()
    texts = clearance._texts
    monkeypatch.setattr(clearance, "_texts", lambda keys: read.extend(keys) or texts(keys))
    monkeypatch.setattr(clearance, "_kept", {})
    monkeypatch.setattr(clearance, "AT_ONCE", 10**9)
    sign_in(place.rival).post("/clearance", data={"text": "水性防腐涂料"})
    assert len(read) == 2


def test_a_lapsed_patent_needs_no_licence(place: Scene) -> None:
    row = place.pooled(1)
    row.patent.state, row.patent.ended_on = LegalState.LAPSED, row.patent.filed_on
    db.session.commit()
    assert clearance.search("水性防腐涂料") == []


def test_who_drafts_an_order_reads_what_a_licence_costs_beside_the_ceiling(place: Scene, sign_in: Any) -> None:
    row = place.pooled(1)
    place.rules()
    order = place.make.order(
        place.rival_organisation, OrderState.DRAFT, title=row.patent.title, problem=row.patent.abstract, price_ceiling=48_000_000
    )  # fmt: skip
    page = sign_in(place.rival).get(f"/orders/{order.id}/check").text
    assert page.count(f'href="/patents/{row.patent_id}"') == 1
    assert "¥25,000" in page  # entry 20,000 and 5,000 for the first year
    assert "¥480,000" in page
    compared = sign_in(place.rival).get(f"/clearance?order={order.id}").text
    assert "¥480,000" in compared
    assert sign_in(place.owner).get(f"/clearance?order={order.id}").status_code == 404


def test_the_first_claim_ends_where_the_second_begins() -> None:
    assert (
        clearance.first_claim("1. 一种涂料，\n其特征在于含硅烷。\n2. 根据权利要求1")
        == "1. 一种涂料，\n其特征在于含硅烷。"
    )
    assert clearance.first_claim("") == ""


def test_a_patent_sold_outside_has_no_sheet_for_a_bank(place: Scene, sign_in: Any) -> None:
    patent = place.patent()
    seller, address = sign_in(place.owner), f"/patents/{patent.id}/pledge-sheet"
    assert address in seller.get(f"/patents/{patent.id}/value").text
    terms = TransferTerms("某公司", None, date(2026, 11, 2), asserts=False)
    patents.transfer_patent(place.make.call(place.owner), patent.id, terms)
    for form in (address, f"{address}.pdf"):
        refused = seller.get(form)
        assert refused.status_code == 409
        assert "质押" in refused.text
    assert address not in seller.get(f"/patents/{patent.id}/value").text
