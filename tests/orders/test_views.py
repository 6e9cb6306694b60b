"""Pages of orders: the guided form, screening, the board with its filters, one order for each kind of reader."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.alliances.workflow import Visibility
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict
from marketplace.kernel.fields import Field
from marketplace.orders import service
from marketplace.orders.models import Order
from marketplace.orders.terms import DisclosureTerms
from marketplace.orders.workflow import ContractType, OrderState
from tests.conftest import START, Clock
from tests.factories import Make
from tests.pages import without_tokens

PROBLEM = "设备表面在潮湿环境中三个月内开始锈蚀，返修率高达百分之八，客户投诉多。" * 5
TARGET = {
    "trl_now": "3",
    "trl_wanted": "6",
    "targets-0-name": "耐盐雾时间",
    "targets-0-comparator": "at_least",
    "targets-0-value": "1000",
    "targets-0-unit": "h",
    "targets-0-method": "GB/T 10125",
    "targets-0-must_have": "y",
}
TERMS = {
    "price_ceiling": "50万",
    "own_funds": "20万",
    "bid_deadline": "2027-02-01T10:00",
    "delivery_on": "2027-12-01",
    "contract_type": "entrusted",
    "ip_wish": "enterprise",
}


def state_of(order_id: int) -> OrderState:
    row = db.session.get(Order, order_id, populate_existing=True)
    assert row is not None
    return row.state


def test_an_enterprise_writes_submits_and_the_secretary_publishes(app: Flask, make: Make, sign_in: Any) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    owner, place = sign_in(make.owner(enterprise)), f"{enterprise.id}:{alliance.id}"
    need = {"place": place, "title": "无铬防护涂层", "problem": PROBLEM, "field": "new_materials"}
    assert owner.get("/orders/new").status_code == 200
    first = owner.post("/orders/new", data=need)
    assert first.status_code == 303
    order_id = int(first.location.split("/")[2])
    assert first.location.endswith("/edit/targets")
    second = owner.post(f"/orders/{order_id}/edit/targets", data=TARGET)
    assert second.location.endswith("/edit/terms")
    third = owner.post(f"/orders/{order_id}/edit/terms", data=TERMS)
    assert third.location.endswith("/edit/disclosure")
    secret = {"visibility": "public", "confidential": "机密配方甲"}
    last = owner.post(f"/orders/{order_id}/edit/disclosure", data=secret)
    assert last.location.endswith("/check")
    for path in ("need", "targets", "terms", "disclosure"):
        assert owner.get(f"/orders/{order_id}/edit/{path}").status_code == 200
    assert "请改正" not in owner.get(last.location).text
    assert owner.post(f"/orders/{order_id}/submit").status_code == 303
    secretary = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=alliance))
    assert "无铬防护涂层" in secretary.get("/orders/screening").text
    assert "机密配方甲" in secretary.get(f"/orders/{order_id}").text
    assert secretary.post(f"/orders/{order_id}/publish").status_code == 303
    assert state_of(order_id) is OrderState.BIDDING
    visitor = app.test_client().get(f"/orders/{order_id}").text
    assert "无铬防护涂层" in visitor
    assert "机密配方甲" not in visitor


def test_only_steps_that_lack_nothing_are_ticked(app: Flask, make: Make, sign_in: Any) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    owner, place = sign_in(make.owner(enterprise)), f"{enterprise.id}:{alliance.id}"
    page = owner.post("/orders/new", data={"place": place, "title": "无铬防护涂层"}).location.rpartition("/edit/")[0]

    def ticked() -> int:
        return int(owner.get(f"{page}/check").text.count("step--done"))

    assert ticked() == 1  # who may read it has been chosen from the start
    owner.post(
        f"{page}/edit/need", data={"place": place, "title": "涂层", "problem": PROBLEM, "field": "new_materials"}
    )
    assert ticked() == 2
    owner.post(f"{page}/edit/targets", data={**TARGET, "targets-0-value": "尽量大"})
    assert ticked() == 2
    wrong = owner.post(f"{page}/edit/targets", data={**TARGET, "targets-0-comparator": "worse"})
    assert "第 1 项 · 比较方式：" in wrong.text
    owner.post(f"{page}/edit/targets", data=TARGET)
    owner.post(f"{page}/edit/terms", data=TERMS)
    assert ticked() == 4


def test_the_reason_for_asking_some_only_hides_while_nothing_is_typed_in_it(make: Make, sign_in: Any) -> None:
    order = make.order(state=OrderState.DRAFT)
    owner, url = sign_in(make.owner(order.organisation)), f"/orders/{order.id}/edit/terms"
    assert 'class="when-invited"' in owner.get(url).text  # the style sheet shows it with the choice
    owner.post(url, data={**TERMS, "procedure": "invitation", "procedure_reason": "仅两家有资质"})
    assert 'class="when-invited"' not in owner.get(url).text


SEEN = re.compile(r'name="seen"[^>]*value="([0-9a-f]{32})"')


@pytest.mark.parametrize(
    ("step", "mine", "theirs", "told"),
    [
        ("need", {"background": "甲已试水性漆"}, {"background": "乙已试粉末涂料"}, "甲已试水性漆"),
        ("targets", {"targets-0-value": "720"}, {"targets-0-value": "1200"}, "720 h"),
        ("terms", {"price_ceiling": "50万"}, {"price_ceiling": "60万"}, "500000"),
        ("disclosure", {"confidential": "甲的配方"}, {"confidential": "乙的配方"}, "甲的配方"),
    ],
)
def test_a_colleagues_text_is_not_written_over_unread(
    app: Flask, make: Make, sign_in: Any, step: str, mine: dict[str, str], theirs: dict[str, str], told: str
) -> None:
    alliance = make.alliance()
    order = make.order(make.enterprise(alliance=alliance), OrderState.DRAFT, alliance_id=alliance.id)
    place = f"{order.organisation_id}:{order.alliance_id}"
    whole: dict[str, dict[str, str]] = {
        "need": {"place": place, "title": "无铬防护涂层", "problem": PROBLEM, "field": "new_materials"},
        "targets": TARGET,
        "terms": TERMS,
        "disclosure": {"visibility": "public", "confidential": ""},
    }
    first, second = (sign_in(make.owner(order.organisation)) for _each in range(2))
    url = f"/orders/{order.id}/edit/{step}"
    seen = SEEN.findall(second.get(url).text)[0]
    assert first.post(url, data={**whole[step], **mine, "seen": seen}).status_code == 303
    late = second.post(url, data={**whole[step], **theirs, "seen": seen})
    assert late.status_code == 409
    assert told in late.text  # what stands saved
    assert next(iter(theirs.values())).removesuffix("万") in late.text  # and what was typed
    assert told in first.get(url).text or step == "targets"
    knowing = SEEN.findall(late.text)[0]
    for _press in range(2):  # a button pressed twice meets nobody else's text
        assert second.post(url, data={**whole[step], **theirs, "seen": knowing}).status_code == 303
    again = SEEN.findall(second.get(url).text)[0]
    assert second.post(url, data={**whole[step], **theirs, "seen": again}).status_code == 303


def test_without_the_mark_the_last_who_saves_wins(app: Flask, make: Make) -> None:
    """The twin: what the pages must send is what keeps a colleague's text."""
    order = make.order(state=OrderState.DRAFT)
    call = make.call(make.owner(order.organisation))
    for text in ("甲", "乙"):
        service.set_disclosure(call, order.id, DisclosureTerms(Visibility.PUBLIC, text))
    with pytest.raises(Conflict, match=r"^saved_meanwhile"):
        service.set_disclosure(call, order.id, DisclosureTerms(Visibility.PUBLIC, "丙"), "of an earlier page")


def test_going_back_changes_nothing_else_and_leaving_keeps_the_step(app: Flask, make: Make, sign_in: Any) -> None:
    order, owner = draft(make, sign_in)
    owner.post(f"/orders/{order.id}/edit/terms", data=TERMS)
    owner.post(f"/orders/{order.id}/edit/targets", data=TARGET)
    left = owner.post(f"/orders/{order.id}/edit/terms", data={**TERMS, "own_funds": "0", "leave": "1"})
    assert left.location.endswith(f"/orders/{order.id}")
    kept = db.session.get(Order, order.id, populate_existing=True)
    assert kept is not None
    assert (kept.own_funds, kept.price_ceiling, len(kept.targets)) == (0, 50_000_000, 1)


def draft(make: Make, sign_in: Any) -> tuple[Order, FlaskClient]:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    order = make.order(enterprise, OrderState.DRAFT, alliance_id=alliance.id, own_funds=None, title="草稿")
    return order, sign_in(make.owner(enterprise))


def test_a_wrong_step_loses_nothing_that_was_typed(app: Flask, make: Make, sign_in: Any) -> None:
    order, owner = draft(make, sign_in)
    answer = owner.post(f"/orders/{order.id}/edit/terms", data={**TERMS, "own_funds": "许多钱", "ip_wish": "pool"})
    assert answer.status_code == 422
    assert 'value="许多钱"' in answer.text
    assert 'value="pool"' in answer.text.split("selected")[-2] + answer.text.split("selected")[-1]
    assert "#own_funds" in answer.text


def test_target_rows_are_added_and_removed_without_scripts(app: Flask, make: Make, sign_in: Any) -> None:
    order, owner = draft(make, sign_in)
    path = f"/orders/{order.id}/edit/targets"
    more = owner.post(path, data={**TARGET, "add_row": "targets"})
    assert more.status_code == 200
    assert 'name="targets-1-name"' in more.text
    fewer = owner.post(path, data={**TARGET, "targets-1-name": "附着力", "remove_row": "targets-0"})
    assert "附着力" in fewer.text
    assert "耐盐雾时间" not in fewer.text
    none = owner.post(path, data={**TARGET, "remove_row": "targets-0"})
    assert none.status_code == 200
    assert db.session.get(Order, order.id).targets[0].name == "耐盐雾时间"  # type: ignore[union-attr]


def test_submitting_an_incomplete_order_names_the_gaps(app: Flask, make: Make, sign_in: Any) -> None:
    order, owner = draft(make, sign_in)
    page = owner.get(f"/orders/{order.id}/check").text
    assert f"/orders/{order.id}/edit/terms#own_funds" in page
    answer = owner.post(f"/orders/{order.id}/submit")
    assert answer.status_code == 422
    assert state_of(order.id) is OrderState.DRAFT


def test_an_enterprise_without_alliance_is_told_to_join_one(app: Flask, make: Make, sign_in: Any) -> None:
    owner = sign_in(make.owner(make.enterprise()))
    page = owner.get("/orders/new")
    assert page.status_code == 200
    assert '<form method="post" class="form"' not in page.text
    assert owner.post("/orders/new", data={"place": "1:1", "title": "x"}).status_code == 422


def test_files_are_added_downloaded_and_removed(app: Flask, make: Make, sign_in: Any) -> None:
    order, owner = draft(make, sign_in)
    data = {"upload": (BytesIO("尺寸表".encode()), "drawing.txt"), "confidential": "y"}
    assert owner.post(f"/orders/{order.id}/files", data=data).status_code == 303
    page = owner.get(f"/orders/{order.id}/edit/disclosure").text
    assert "drawing.txt" in page
    link = page.split(f'href="/orders/{order.id}/files/')[1].split('"')[0]
    got = owner.get(f"/orders/{order.id}/files/{link}")
    assert got.data == "尺寸表".encode()
    assert "attachment" in got.headers["Content-Disposition"]
    assert app.test_client().get(f"/orders/{order.id}/files/{link}").status_code == 404
    assert owner.post(f"/orders/{order.id}/files", data={}).status_code == 422
    assert owner.post(f"/orders/{order.id}/files/{link}/remove").status_code == 303
    assert "drawing.txt" not in owner.get(f"/orders/{order.id}/edit/disclosure").text


def test_a_refused_return_keeps_the_order_in_screening(app: Flask, make: Make, sign_in: Any) -> None:
    order = make.order(state=OrderState.SCREENING)
    officer = sign_in(make.officer())
    assert officer.get(f"/orders/{order.id}/send-back").status_code == 200
    assert officer.post(f"/orders/{order.id}/send-back", data={"reason": ""}).status_code == 422
    assert officer.post(f"/orders/{order.id}/send-back", data={"reason": "\x00 "}).status_code == 422
    assert state_of(order.id) is OrderState.SCREENING
    assert officer.post(f"/orders/{order.id}/send-back", data={"reason": "补充方法"}).status_code == 303
    assert state_of(order.id) is OrderState.NEEDS_WORK


def test_the_owner_cancels_with_a_reason_that_readers_see(app: Flask, make: Make, sign_in: Any) -> None:
    enterprise = make.enterprise()
    order = make.order(enterprise)
    owner = sign_in(make.owner(enterprise))
    assert owner.get(f"/orders/{order.id}/cancel").status_code == 200
    assert owner.post(f"/orders/{order.id}/cancel", data={"reason": ""}).status_code == 422
    assert owner.post(f"/orders/{order.id}/cancel", data={"reason": "预算取消"}).status_code == 303
    assert "预算取消" in app.test_client().get(f"/orders/{order.id}").text


@pytest.mark.parametrize("state", list(OrderState))
def test_every_state_has_a_page_for_every_reader(app: Flask, make: Make, sign_in: Any, state: OrderState) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    order = make.order(enterprise, state, alliance_id=alliance.id)
    accounts = [make.owner(enterprise), make.officer(), make.lead(make.team(make.university(alliance=alliance)))]
    for locale in ("zh", "en"):
        statuses = [sign_in(account, locale).get(f"/orders/{order.id}").status_code for account in accounts]
        assert statuses[0] == 200
        assert set(statuses) <= {200, 404}


@pytest.mark.parametrize(
    "path",
    ["/orders/0", "/orders/99999999999999999999999999", "/orders/٣", "/orders/1/edit/need", "/orders/7/files/10"],
)
def test_what_is_not_there_is_a_plain_404_or_a_door(app: Flask, path: str) -> None:
    assert app.test_client().get(path).status_code in {404, 303}


def test_a_foreign_draft_looks_like_a_missing_one(app: Flask, make: Make, sign_in: Any) -> None:
    order = make.order(state=OrderState.DRAFT)
    stranger = sign_in(make.owner(make.enterprise()))
    for path in ("", "/edit/need", "/check", "/cancel"):
        foreign, missing = stranger.get(f"/orders/{order.id}{path}"), stranger.get(f"/orders/999999{path}")
        assert foreign.status_code == missing.status_code == 404
        there, nothing = without_tokens(foreign.text), without_tokens(missing.text)
        assert there.replace(f"/orders/{order.id}{path}", "") == nothing.replace(f"/orders/999999{path}", "")


def board(client: FlaskClient, **args: str) -> set[str]:
    text = client.get("/orders", query_string=args, headers={"Accept-Language": "en"}).text
    return {part.split('"')[0] for part in text.split('href="/orders/')[1:] if part.split('"')[0].isdigit()}


def test_the_board_finds_by_words_number_field_and_filters(app: Flask, make: Make) -> None:
    first = make.order(
        title="无铬涂层", title_en="Chromium-free coating", field=Field.CHEMISTRY, price_ceiling=10_000_000
    )
    second = make.order(
        title="100%棉面料", problem="缩水率_过大", field=Field.TEXTILES, contract_type=ContractType.JOINT
    )
    make.order(title="内部", visibility=Visibility.ALLIANCE)
    make.order(state=OrderState.SCREENING, title="无铬涂层二")
    client, one, two = app.test_client(), {str(first.id)}, {str(second.id)}
    assert board(client) == one | two
    assert board(client, q="涂层") == one
    assert board(client, q="chromium COATING") == one
    assert board(client, q=first.reference.lower()) == one
    assert board(client, q="Chemistry") == one
    assert board(client, q="100%棉") == two
    assert board(client, q="0%面") == set()
    assert board(client, q="率_过") == two
    assert board(client, q="率x过") == set()
    assert board(client, q="\\") == set()
    assert board(client, field="textiles") == two
    assert board(client, contract="joint") == two
    assert board(client, price="0-20") == one
    assert board(client, alliance=str(second.alliance_id)) == two
    assert board(client, stage="ended") == set()
    assert board(client, stage="open") == one | two


@pytest.mark.parametrize(
    "args",
    [
        {"field": "alchemy"},
        {"stage": "x", "price": "y", "sort": "z", "contract": "w"},
        {"alliance": "9" * 40},
        {"alliance": "-1"},
        {"page": "99999999999"},
        {"page": "٣"},
        {"q": "\x00"},
    ],
)
def test_filters_that_make_no_sense_are_ignored(app: Flask, make: Make, args: dict[str, str]) -> None:
    order = make.order()
    assert board(app.test_client(), **args) == {str(order.id)}


def test_the_board_sorts_by_what_the_reader_asks(app: Flask, make: Make, clock: Clock) -> None:
    def order(days: int, ceiling: int, published: int) -> int:
        at = START - timedelta(days=published)
        return make.order(bid_deadline=START + timedelta(days=days), price_ceiling=ceiling, published_at=at).id

    late, soon, past = order(30, 1_000_000, 1), order(6, 3_000_000, 2), order(-2, 2_000_000, 3)

    def listed(sort: str) -> list[int]:
        text = app.test_client().get("/orders", query_string={"sort": sort}).text
        return [int(p.split('"')[0]) for p in text.split('<a href="/orders/')[1:] if p.split('"')[0].isdigit()]

    assert listed("newest") == [late, soon, past]
    assert listed("deadline") == [soon, late, past]
    assert listed("ceiling") == [soon, past, late]


def test_the_board_costs_the_same_statements_for_60_and_600_orders(
    app: Flask, make: Make, sign_in: Any, count_statements: list[str]
) -> None:
    alliance = make.alliance()
    enterprise = make.enterprise(alliance=alliance)
    account = make.owner(enterprise)
    costs = []
    for more in (60, 540):
        rows = [make.order_values(enterprise, alliance.id) for _ in range(more)]
        db.session.execute(db.insert(Order), rows)
        db.session.commit()
        client = sign_in(account)
        start = len(count_statements)
        assert client.get("/orders", query_string={"q": "涂层", "sort": "deadline"}).status_code == 200
        costs.append(len(count_statements) - start)
    assert costs[0] == costs[1] <= 12
    assert "600" in client.get("/orders").text
