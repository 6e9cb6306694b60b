"""Pages of bids: the team's form, the receipt, the opening, and what others see of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.bids import queries, service, words
from marketplace.bids.models import Bid
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.orders import service as order_service
from marketplace.orders.workflow import OrderState
from tests.bids.scene import PLAN, Scene, fresh
from tests.pages import without_tokens

FORM = {
    "plan": PLAN,
    "schedule": "第1–3月配方",
    "price": "42万",
    "start_on": "2027-03-01",
    "months": "6",
    "own_days": "90",
    "answers-0-meets": "meets",
    "answers-0-value": "1000",
    "answers-0-note": "按标准检测",
}


@pytest.fixture
def team(scene: Scene, sign_in: Any) -> FlaskClient:
    return sign_in(scene.lead)


def start(scene: Scene, team: FlaskClient) -> Bid:
    answer = team.post(f"/orders/{scene.order.id}/bid", data={"team": scene.team.id})
    assert answer.status_code == 303
    row = db.session.get(Bid, int(answer.location.split("/")[2]))
    assert row is not None
    return row


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_from_the_order_to_the_opened_bid(scene: Scene, sign_in: Any, locale: str) -> None:
    team = sign_in(scene.lead, locale)
    assert f"/orders/{scene.order.id}/bid" in team.get(f"/orders/{scene.order.id}").text
    assert team.get(f"/orders/{scene.order.id}/bid").status_code == 200
    bid = start(scene, team)
    assert team.get(f"/bids/{bid.id}/edit").status_code == 200
    partner = scene.make.team()
    partners = {
        "partners-3-team": str(partner.id),
        "partners-3-person_days": "20",
        "partners-3-money": "8万",
        "partners-3-task": "盐雾试验",
        "milestones-0-title": "中试",
        "milestones-0-month": "6",
        "milestones-0-share": "100",
        "staff-0-name": "林一",
        "staff-0-hours": "320",
        "background-0-title": "硅烷膜专利",
        "students": "2",
    }
    saved = team.post(f"/bids/{bid.id}/edit", data={**FORM, **partners})
    assert saved.location.endswith(f"/bids/{bid.id}/check")
    page = team.get(saved.location).text
    assert PLAN in page
    assert partner.name in page
    for said in ("¥80,000", "¥340,000", "中试", "林一", "硅烷膜专利", "盐雾试验"):
        assert said in page, said
    assert team.post(f"/bids/{bid.id}/submit").status_code == 422
    scene.authorised(bid, partner)
    sent = team.post(f"/bids/{bid.id}/submit")
    assert sent.location.endswith(f"/bids/{bid.id}/receipt")
    commitment = fresh(bid).commitment
    assert commitment in team.get(sent.location).text
    receipt = team.get(sent.location + ".txt")
    assert commitment in receipt.text
    assert "attachment" in receipt.headers["Content-Disposition"]
    assert scene.order.reference in team.get("/bids").text
    assert PLAN in team.get(f"/bids/{bid.id}").text
    first, second = (sign_in(account, locale) for account in scene.officers)
    scene.past_deadline()
    path = f"/orders/{scene.order.id}/opening"
    assert str(scene.order.reference) in first.get("/openings").text
    assert first.post(f"{path}/request").status_code == 303
    assert second.post(f"{path}/confirm").status_code == 303
    assert "420,000" in second.get(path).text
    owner = sign_in(scene.owner, locale)
    assert scene.team.name in owner.get(f"/orders/{scene.order.id}/bids").text
    opened = owner.get(f"/bids/{bid.id}").text
    assert PLAN in opened
    assert commitment[:16] in opened
    assert team.get(f"/bids/{bid.id}").status_code == 200
    assert commitment in team.get(f"/bids/{bid.id}/receipt.txt").text


def test_a_refused_form_loses_nothing_and_keeps_no_draft_in_the_browser(scene: Scene, team: FlaskClient) -> None:
    bid = start(scene, team)
    answer = team.post(f"/bids/{bid.id}/edit", data={**FORM, "price": "许多", "months": "10" * 20, "own_days": "-1"})
    assert answer.status_code == 422
    assert PLAN in answer.text
    assert 'value="许多"' in answer.text
    assert "data-draft" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "change",
    [
        {"months": "1.5"},
        {"months": "121"},
        {"own_days": "100001"},
        {"start_on": "2027-02-30"},
        {"start_on": "1999-01-01"},
        {"price": "0"},
        {"answers-0-meets": "perhaps"},
        {"answers-0-value": "9" * 41},
        {"answers-0-note": "x" * 501},
        {"plan": "x" * 20_001},
        {"partners-0-team": "999999", "partners-0-person_days": "5"},
        {"partners-0-team": "abc", "partners-0-person_days": "5"},
        {"partners-0-team": "", "partners-0-person_days": "5"},
    ],
)
def test_a_wrong_value_is_refused_beside_its_field(scene: Scene, team: FlaskClient, change: dict[str, str]) -> None:
    bid = start(scene, team)
    answer = team.post(f"/bids/{bid.id}/edit", data={**FORM, **change})
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert fresh(bid).changed_at == scene.clock()


def test_a_partner_is_named_once_and_with_days(scene: Scene, team: FlaskClient) -> None:
    bid, partner = start(scene, team), str(scene.make.team().id)
    for rows in (
        {"partners-0-team": partner},
        {
            "partners-0-team": partner,
            "partners-0-person_days": "5",
            "partners-1-team": partner,
            "partners-1-person_days": "6",
        },
    ):
        assert team.post(f"/bids/{bid.id}/edit", data={**FORM, **rows}).status_code == 422


def test_partner_rows_work_without_scripts(scene: Scene, team: FlaskClient) -> None:
    bid = start(scene, team)
    more = team.post(f"/bids/{bid.id}/edit", data={**FORM, "add_row": "partners"})
    assert more.status_code == 200
    assert PLAN in more.text
    assert 'name="partners-1-team"' in more.text
    fewer = team.post(f"/bids/{bid.id}/edit", data={**FORM, "partners-0-team": "", "remove_row": "partners-0"})
    assert fewer.status_code == 200


def test_nul_bytes_are_dropped(scene: Scene, team: FlaskClient) -> None:
    bid = start(scene, team)
    assert team.post(f"/bids/{bid.id}/edit", data={**FORM, "plan": PLAN + "\x00"}).status_code == 303
    assert queries.own_content(queries.get_own(scene.call(), bid.id)).terms.plan == PLAN


def test_the_check_says_what_would_be_rejected(scene: Scene, team: FlaskClient) -> None:
    bid = start(scene, team)
    team.post(f"/bids/{bid.id}/edit", data={**FORM, "price": "60万"})
    assert f"/bids/{bid.id}/edit#price" in team.get(f"/bids/{bid.id}/check").text
    assert team.post(f"/bids/{bid.id}/submit").status_code == 422
    assert fresh(bid).state is BidState.DRAFT


def test_a_submitted_bid_is_replaced_as_a_whole_and_can_be_withdrawn(scene: Scene, team: FlaskClient) -> None:
    bid = scene.submitted()
    before = bid.commitment
    answer = team.post(f"/bids/{bid.id}/edit", data={**FORM, "price": "41万"})
    assert answer.location.endswith("/receipt")
    assert fresh(bid).commitment != before
    assert team.post(f"/bids/{bid.id}/edit", data={**FORM, "price": "60万"}).status_code == 422
    assert team.post(f"/bids/{bid.id}/withdraw").status_code == 303
    assert team.get(f"/bids/{bid.id}/receipt").status_code == 200
    assert fresh(bid).state is BidState.WITHDRAWN


def test_after_the_deadline_the_form_is_closed_and_the_bid_readable(scene: Scene, team: FlaskClient) -> None:
    bid = scene.submitted()
    scene.past_deadline()
    assert team.get(f"/bids/{bid.id}/edit").status_code == 409
    assert team.post(f"/bids/{bid.id}/edit", data=FORM).status_code == 422
    assert team.post(f"/bids/{bid.id}/withdraw").status_code == 409
    assert PLAN in team.get(f"/bids/{bid.id}").text


def test_a_cancelled_order_takes_no_more_bids(scene: Scene, team: FlaskClient) -> None:
    bid = scene.submitted()
    service.withdraw_bid(scene.call(), bid.id)
    order_service.cancel_order(scene.call(scene.owner), scene.order.id, "预算取消")
    page = team.get(f"/bids/{bid.id}").text
    assert f"/bids/{bid.id}/check" not in page
    assert team.get(f"/bids/{bid.id}/edit").status_code == 409
    assert team.post(f"/bids/{bid.id}/edit", data=FORM).status_code == 422
    assert team.post(f"/bids/{bid.id}/submit").status_code == 422
    assert fresh(bid).state is BidState.WITHDRAWN


def test_the_begin_page_goes_to_the_only_bid(scene: Scene, team: FlaskClient) -> None:
    bid = scene.drafted()
    assert team.get(f"/orders/{scene.order.id}/bid").location.endswith(f"/bids/{bid.id}")
    assert team.post(f"/orders/{scene.order.id}/bid", data={"team": scene.team.id}).status_code == 422


def test_a_member_without_team_is_told_how_to_get_one(scene: Scene, sign_in: Any) -> None:
    owner = sign_in(scene.make.owner(scene.make.university()))
    assert owner.get(f"/orders/{scene.order.id}/bid").status_code == 200


def test_an_enterprise_changes_its_text(scene: Scene, sign_in: Any) -> None:
    scene.submitted()
    owner, path = sign_in(scene.owner), f"/orders/{scene.order.id}/amend"
    assert owner.get(path).status_code == 200
    data = scene.change_form(title="新标题", note="也可浸涂")
    assert owner.post(path, data={**data, "note": ""}).status_code == 422
    assert owner.post(path, data=data).status_code == 303
    assert "也可浸涂" in owner.get(f"/orders/{scene.order.id}").text
    assert owner.post(path, data={**data, "title": "新标题"}).status_code == 422
    scene.past_deadline()
    assert owner.get(path).status_code == 409


def test_the_person_who_requested_reads_why_another_must_confirm(scene: Scene, sign_in: Any) -> None:
    scene.submitted()
    scene.past_deadline()
    officer, path = sign_in(scene.officers[0]), f"/orders/{scene.order.id}/opening"
    officer.post(f"{path}/request")
    page = officer.get(path).text
    assert f'action="{path}/confirm"' not in page
    assert officer.post(f"{path}/confirm").status_code == 403
    assert f'action="{path}/confirm"' in sign_in(scene.officers[1]).get(path).text


@pytest.mark.parametrize("who", ["rival", "sister", "owner", "officer", "secretary", "auditor", "visitor"])
def test_a_sealed_bid_is_a_missing_page_for_everybody_else(app: Flask, scene: Scene, sign_in: Any, who: str) -> None:
    bid = scene.submitted()
    make = scene.make
    accounts = {
        "rival": lambda: make.lead(make.team()),
        "sister": lambda: make.lead(make.team(scene.university)),
        "owner": lambda: scene.owner,
        "officer": lambda: scene.officers[0],
        "secretary": lambda: scene.secretary,
        "auditor": lambda: make.account("auditor"),  # type: ignore[arg-type]
    }
    client = sign_in(accounts[who]()) if who in accounts else app.test_client()
    refused = {404, 403} if who != "visitor" else {303}
    for path in ("", "/edit", "/check", "/receipt", "/receipt.txt"):
        there, missing = client.get(f"/bids/{bid.id}{path}"), client.get(f"/bids/999999{path}")
        assert there.status_code == missing.status_code
        assert there.status_code in refused
        if who != "visitor":  # whose way to the sign-in page names the address asked for
            asked = f"/bids/{bid.id}{path}"
            here, nothing = without_tokens(there.text), without_tokens(missing.text)
            assert here.replace(asked, "") == nothing.replace(f"/bids/999999{path}", "")
    for path in ("/edit", "/submit", "/withdraw"):
        assert client.post(f"/bids/{bid.id}{path}", data=FORM).status_code in refused
    assert fresh(bid).state is BidState.SUBMITTED


def test_opened_bids_are_for_the_parties_only(app: Flask, scene: Scene, sign_in: Any) -> None:
    bid = scene.submitted()
    assert sign_in(scene.owner).get(f"/orders/{scene.order.id}/bids").status_code == 404
    scene.opened()
    rival = sign_in(scene.make.lead(scene.make.team()))
    other = sign_in(scene.make.owner(scene.make.enterprise()))
    for client, path, status in (
        (sign_in(scene.owner), f"/orders/{scene.order.id}/bids", 200),
        (sign_in(scene.secretary), f"/bids/{bid.id}", 200),
        (other, f"/orders/{scene.order.id}/bids", 404),
        (other, f"/bids/{bid.id}", 404),
        (rival, f"/bids/{bid.id}", 404),
        (rival, f"/orders/{scene.order.id}/bids", 403),
    ):
        assert client.get(path).status_code == status, path


def test_my_bids_and_openings_cost_the_same_for_many_rows(
    scene: Scene, sign_in: Any, count_statements: list[str]
) -> None:
    team, officer = sign_in(scene.lead), sign_in(scene.officers[0])
    costs = []
    for more in (2, 14):
        for _ in range(more):
            order = scene.make.order(scene.enterprise, alliance_id=scene.alliance.id, bid_deadline=scene.clock())
            scene.make.opened_bid(order, scene.team, state=BidState.SUBMITTED)
        for client, path in ((team, "/bids"), (officer, "/openings")):
            begin = len(count_statements)
            assert client.get(path).status_code == 200
            costs.append(len(count_statements) - begin)
    assert costs[:2] == costs[2:]
    assert max(costs) <= 12


def test_an_unsuccessful_order_says_so(scene: Scene, sign_in: Any) -> None:
    scene.drafted()
    assert scene.opened().state is OrderState.UNSUCCESSFUL
    for account in (scene.owner, scene.officers[0]):
        for path in ("", "/bids", "/opening") if account is not scene.owner else ("", "/bids"):
            assert sign_in(account).get(f"/orders/{scene.order.id}{path}").status_code == 200


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (BidState.DRAFT, "提交后方为有效", "截止前未提交"),
        (BidState.SUBMITTED, "截止前可以替换或撤回", "不能再修改"),
        (BidState.NEEDS_RECONFIRM, "请在截止前重新确认", "截止前未重新确认"),
        (BidState.WITHDRAWN, "截止前可以再次提交", "不参与评选"),
    ],
)
def test_after_the_deadline_a_bid_no_longer_says_what_could_be_done_before(
    scene: Scene, app: Flask, state: BidState, before: str, after: str
) -> None:
    bid = Bid(order=scene.order, state=state, reason="")
    assert scene.order.bid_deadline is not None
    early, late = (scene.order.bid_deadline + timedelta(seconds=step) for step in (-1, 0))
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        assert before in words.bid_status(bid, early)
        assert after in words.bid_status(bid, late)


@pytest.mark.parametrize("counts", [False, True])
def test_a_colleagues_bid_is_not_written_over_unread(scene: Scene, sign_in: Any, counts: bool) -> None:
    lead, owner = sign_in(scene.lead), sign_in(scene.make.owner(scene.university))
    bid = start(scene, lead)
    url = f"/bids/{bid.id}/edit"
    lead.post(url, data=FORM)
    if counts:
        assert lead.post(f"/bids/{bid.id}/submit").status_code == 303
    kept = re.findall(r'name="kept"[^>]*value="([0-9a-f]{32})"', owner.get(url).text)[0]
    assert lead.post(url, data={**FORM, "price": "41万", "kept": kept}).status_code == 303
    late = owner.post(url, data={**FORM, "price": "40万", "kept": kept})
    assert late.status_code == 409
    assert "40万" in late.text  # nothing typed is lost
    assert queries.own_content(fresh(bid)).terms.price == 41_000_000
    knowing = re.findall(r'name="kept"[^>]*value="([0-9a-f]{32})"', late.text)[0]
    for _press in range(2):  # a button pressed twice meets nobody else's text
        assert owner.post(url, data={**FORM, "price": "40万", "kept": knowing}).status_code == 303
    assert queries.own_content(fresh(bid)).terms.price == 40_000_000
    unmarked = lead.post(url, data={**FORM, "price": "39万"})  # the twin: without the mark the last wins
    assert unmarked.status_code == 303
