"""The pages: every one renders in both languages, says what it must, and keeps what was typed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.bids.models import Bid
from marketplace.bids.words import bid_status
from marketplace.bids.workflow import BidState
from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.rounds import drawings, names, picks, service, workbench
from marketplace.rounds.models import Proposal, Round, RoundBid, Run
from marketplace.rounds.workflow import ProposalState, RoundState, RunState
from tests.factories import Make
from tests.rounds.conftest import Scene

Sign = Any
WEIGHTS = {"fit": 25, "targets": 30, "quality": 15, "price": 15, "time": 10, "stability": 5}
FORM = {
    "title": "秋季轮次",
    "alliance_id": "",
    "time_limit": "30",
    "floors-0-group": "sme",
    "floors-0-matched": "",
    **WEIGHTS,
}


@pytest.fixture
def officer(scene: Scene, sign_in: Sign) -> FlaskClient:
    client: FlaskClient = sign_in(scene.first)
    return client


def text(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def told(answer: Any, status: int) -> str:
    assert answer.status_code == status, answer.text[:2000]
    body: str = answer.text
    return body


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_of_a_round_renders_in_both_languages(scene: Scene, make: Make, sign_in: Sign, locale: str) -> None:
    make.capability(make.team(), title="防腐涂层 潮湿环境 锈蚀")
    scene.bid(scene.orders[0], price=49_000_000)
    empty = scene.order()
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    client = sign_in(scene.first, locale)
    assert scene.round is not None
    base = f"/rounds/{scene.round.id}"
    pages = ["/rounds", "/rounds/new", base, f"{base}/edit", f"{base}/orders", f"{base}/bids", f"{base}/funds",
             f"{base}/bids/{scene.bids[0].id}", f"{base}/reopen", f"/runs/{run.id}", f"/runs/{run.id}/progress",
             f"/proposals/{proposal.id}", f"/orders/{empty.id}/outcome", f"/bids/{scene.bids[0].id}/outcome"]  # fmt: skip
    for url in pages:
        body = text(client, url)
        assert "%(" not in body, url
        assert ("撮合" in body or "订单" in body or "投标" in body or "求解" in body) == (locale == "zh"), url


def test_a_round_is_opened_by_its_form(scene: Scene, officer: FlaskClient) -> None:
    data = {**FORM, "public_share_max": "70.5", "floors-0-matched": "1"}
    answer = officer.post("/rounds/new", data=data)
    assert answer.status_code == 303
    row = db.session.scalars(select(Round)).one()
    assert answer.location == f"/rounds/{row.id}/orders"
    assert row.rules == {"public_share_max": 7050, "at_least": [{"group": "sme", "matched": 1}], "time_limit": 30}
    assert row.weights == WEIGHTS


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"fit": "101"},
        {"fit": "many"},
        {"public_share_max": "1e30"},
        {"public_share_max": "NaN"},
        {"time_limit": "99999999999999999999999999"},
        {"floors-0-matched": "-1"},
        {"floors-0-matched": "1", "floors-0-group": "giants"},
        {"alliance_id": "999999"},
        dict.fromkeys(WEIGHTS, "0"),
    ],
)
def test_a_wrong_round_is_refused_and_nothing_typed_is_lost(officer: FlaskClient, wrong: dict[str, str]) -> None:
    body = told(officer.post("/rounds/new", data={**FORM, "title": "秋季轮次", **wrong}), 422)
    assert "error-summary" in body
    if "title" not in wrong:
        assert "秋季轮次" in body
    assert db.session.scalars(select(Round)).all() == []


def test_rows_are_added_and_removed_without_scripts(officer: FlaskClient) -> None:
    body = told(officer.post("/rounds/new", data={**FORM, "add_row": "floors"}), 422)
    assert 'name="floors-1-group"' in body
    more = {**FORM, "floors-1-group": "first_timer", "floors-1-matched": "2"}
    body = told(officer.post("/rounds/new", data={**more, "remove_row": "floors-0"}), 422)
    assert 'value="2"' in body
    assert body.count("data-row>") == 1


def test_control_characters_do_not_reach_the_database(scene: Scene, officer: FlaskClient) -> None:
    assert officer.post("/rounds/new", data={**FORM, "title": "a\x00b"}).status_code == 303
    assert db.session.scalars(select(Round)).one().title == "ab"
    scene.open()
    assert scene.round is not None
    text(officer, f"/rounds/{scene.round.id}/orders?q=%00&page=99999999999999999999")


def test_orders_are_ticked_and_taken_in(scene: Scene, officer: FlaskClient) -> None:
    scene.open()
    assert scene.round is not None
    more = scene.order(title="高温涂层")
    url = f"/rounds/{scene.round.id}/orders"
    assert f'value="{more.id}"' in text(officer, f"{url}?q=高温")
    assert f'value="{more.id}"' not in text(officer, f"{url}?q=没有")
    assert officer.post(url, data={"orders": [str(more.id)]}).status_code == 303
    assert "error-summary" in told(officer.post(url, data={}), 422)
    assert "error-summary" in told(officer.post(url, data={"orders": [str(more.id)]}), 422)
    told(officer.post(url, data={"orders": ["9" * 30, "x", "٣"]}), 422)


def test_an_order_can_be_required_and_taken_out(scene: Scene, officer: FlaskClient) -> None:
    scene.open()
    assert scene.round is not None
    url = f"/rounds/{scene.round.id}/orders/{scene.orders[0].id}"
    assert officer.post(f"{url}/must", data={"required": "1"}).status_code == 303
    assert "必须撮合" in text(officer, f"/rounds/{scene.round.id}/orders")
    assert officer.post(f"{url}/drop").status_code == 303
    assert officer.post(f"{url}/drop").status_code == 404
    assert officer.post(f"/rounds/{scene.round.id}/orders/{'9' * 25}/drop").status_code == 404


def test_a_bid_is_kept_out_with_a_reason(scene: Scene, officer: FlaskClient) -> None:
    scene.open()
    assert scene.round is not None
    url = f"/rounds/{scene.round.id}/bids/{scene.bids[0].id}"
    assert "error-summary" in told(officer.post(url, data={"part": "forbidden", "reason": ""}), 422)
    assert officer.post(url, data={"part": "forbidden", "reason": "缺少资质"}).status_code == 303
    assert db.session.scalars(select(RoundBid)).one().forbidden
    assert "缺少资质" in text(officer, f"/rounds/{scene.round.id}/bids")
    assert "error-summary" in told(officer.post(url, data={"part": "burnt"}), 422)


def test_funds_are_chosen_with_a_ceiling(scene: Scene, officer: FlaskClient) -> None:
    scene.open()
    assert scene.round is not None
    url = f"/rounds/{scene.round.id}/funds"
    data = {"rows-0-fund_id": str(scene.fund.id), "rows-0-take": "y", "rows-0-ceiling": "30万"}
    assert officer.post(url, data=data).status_code == 303
    assert 'value="300000"' in text(officer, url)
    refused = told(officer.post(url, data={**data, "rows-0-ceiling": "一大笔"}), 422)
    assert "一大笔" in refused
    assert f"{scene.fund.name} · 使用上限（元）：" in refused  # which of the funds
    assert officer.post(url, data={**data, "rows-0-fund_id": "999999"}).status_code == 404


def test_a_run_is_started_watched_and_stopped(scene: Scene, officer: FlaskClient, app: Flask) -> None:
    scene.open()
    assert scene.round is not None
    wake, app.extensions["wake"] = app.extensions["wake"], lambda _key: None
    try:
        answer = officer.post(f"/rounds/{scene.round.id}/runs", data={"label": "试算", "time_limit": "15"})
        assert answer.status_code == 303
        run = db.session.scalars(select(Run)).one()
        assert "hx-get" in text(officer, answer.location)
        partial = officer.get(f"/runs/{run.id}/progress")
        assert partial.status_code == 200
        assert "<html" not in partial.text
        assert "HX-Refresh" not in partial.headers
        assert officer.post(f"/runs/{run.id}/cancel").status_code == 303
        assert officer.get(f"/runs/{run.id}/progress").headers["HX-Refresh"] == "true"
        assert db.session.get_one(Run, run.id, populate_existing=True).state is RunState.CANCELLED
    finally:
        app.extensions["wake"] = wake


@pytest.mark.parametrize("limit", ["", "0", "-3", "abc", "1" * 40, "٣٣٣٣٣"])
def test_a_run_with_a_strange_time_limit_is_refused_on_its_page(scene: Scene, officer: FlaskClient, limit: str) -> None:
    scene.open()
    assert scene.round is not None
    body = told(officer.post(f"/rounds/{scene.round.id}/runs", data={"label": "试算", "time_limit": limit}), 422)
    assert "试算" in body


def test_a_run_without_an_answer_says_what_contradicts_what(scene: Scene, officer: FlaskClient) -> None:
    order = scene.order(own_funds=0, title="无法支付的订单")
    scene.bid(order, price=40_000_000)
    row = scene.open()
    service.require_match(scene.call, row.id, order.id, True)
    run = scene.run()
    body = text(officer, f"/runs/{run.id}")
    assert "要求必须撮合订单“无法支付的订单”" in body
    assert "自筹资金增加" in body


def test_two_persons_approve_in_the_browser(scene: Scene, officer: FlaskClient, sign_in: Sign) -> None:
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    url = f"/proposals/{proposal.id}"
    body = text(officer, url)
    assert "radio" in body
    assert "可满足 1 项必达指标中的 1 项" in body
    assert officer.post(f"{url}/propose", data={"option": proposal.options[0].id}).status_code == 303
    body = text(officer, url)
    assert "action-reason" in body
    assert 'name="seen"' not in body
    second = sign_in(scene.second)
    seen = re.search(r'name="seen"[^>]*value="([0-9a-f]{64})"', text(second, url))
    assert seen is not None
    assert officer.post(f"{url}/approve", data={"seen": seen[1]}).status_code == 409
    assert second.post(f"{url}/approve", data={"seen": "0" * 64}).status_code == 409
    assert second.post(f"{url}/approve", data={"seen": seen[1]}).status_code == 303
    assert db.session.get_one(Proposal, proposal.id, populate_existing=True).state is ProposalState.APPROVED
    text(second, url)


def test_an_approved_order_still_says_among_how_many_bids_it_chose(scene: Scene, officer: FlaskClient) -> None:
    scene.bid(scene.orders[0])
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    assert picks.bid_counts([scene.orders[0].id]) == {scene.orders[0].id: 2}
    lost = db.session.scalars(select(Bid).where(Bid.state == BidState.LOST)).one()
    assert bid_status(lost, scene.call.now) == "该订单已批准另一投标方案。"


def test_two_teams_of_one_name_are_two_teams_in_every_drawing(scene: Scene, make: Make, officer: FlaskClient) -> None:
    twins = [make.team(make.university(name=name), name="工业软件团队") for name in ("榕湾研究院", "云砺研究院")]
    alone = make.team(twins[0].organisation, name="表面工程团队")
    assert list(names.team_names([*twins, alone]).values()) == [
        "工业软件团队（榕湾研究院）",
        "工业软件团队（云砺研究院）",
        "表面工程团队",
    ]
    for team in twins:
        scene.bid(scene.order(own_funds=30_000_000), team=team, price=12_000_000)
    bench = workbench.open_workbench(scene.run())
    drawn = drawings.flows(bench.matches)
    assert drawn is not None
    ends = {link[1] for link in drawn["links"]}
    assert {"工业软件团队（榕湾研究院） ", "工业软件团队（云砺研究院） "} <= ends
    assert {"工业软件团队（榕湾研究院）", "工业软件团队（云砺研究院）"} <= {row.name for row in bench.teams}


def test_a_refused_proposal_stays_on_its_page(scene: Scene, officer: FlaskClient) -> None:
    proposal = scene.proposal(scene.run(), scene.orders[0])
    url = f"/proposals/{proposal.id}"
    for option in ("", "0", "x", "9" * 40):
        assert "error-summary" in told(officer.post(f"{url}/propose", data={"option": option}), 422)
    assert "error-summary" in told(officer.post(f"{url}/reject", data={"reason": ""}), 422)
    assert officer.post(f"{url}/reject", data={"reason": "不合适"}).status_code == 303
    assert "不合适" in text(officer, url)
    assert officer.post(f"{url}/take-back").status_code == 409


def test_the_parties_read_their_outcome_and_nothing_of_others(scene: Scene, make: Make, sign_in: Sign) -> None:
    loser = scene.bid(scene.orders[0], price=49_123_400, team=make.team(name="落选团队"))
    enterprise = sign_in(make.owner(scene.orders[0].organisation))
    bidder = sign_in(make.lead(loser.team))
    order_url, bid_url = f"/orders/{scene.orders[0].id}/outcome", f"/bids/{loser.id}/outcome"
    assert "尚未决定" in text(enterprise, order_url)
    assert "尚未决定" in text(bidder, bid_url)
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    body = text(enterprise, order_url)
    assert scene.bids[0].team.name in body
    assert "¥300,000" in body
    assert "落选团队" not in body
    body = text(bidder, bid_url)
    assert "未中选" in body
    assert "第 1 名" in body
    for secret in (scene.bids[0].team.name, "¥300,000", "300000"):
        assert secret not in body
    assert loser.state is BidState.LOST
    assert bidder.get(order_url).status_code == 404
    assert enterprise.get(bid_url).status_code == 404


@pytest.mark.parametrize("party", ["bidder", "winner", "enterprise"])
def test_the_points_of_all_parts_add_up_to_the_score_that_a_party_reads(
    scene: Scene, make: Make, sign_in: Sign, party: str
) -> None:
    loser = scene.bid(scene.orders[0], price=49_123_400)
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    bid = loser if party == "bidder" else scene.bids[0]
    url = f"/orders/{scene.orders[0].id}/outcome" if party == "enterprise" else f"/bids/{bid.id}/outcome"
    reader = make.owner(scene.orders[0].organisation) if party == "enterprise" else make.lead(bid.team)
    body = text(sign_in(reader, "en"), url)
    points = [int(told) for told in re.findall(r'data-label="Points">(?:<div>)?(\d+)', body)]
    weights = [int(told) for told in re.findall(r'data-label="Weight">(?:<div>)?(\d+)', body)]
    sheet = (proposal.run.scores or {})["bids"][f"b{bid.id}"]
    assert len(points) == len(weights) == 7
    assert sum(points[:-1]) == points[-1] == sheet["value"]
    assert sum(weights[:-1]) == weights[-1] == 100
    assert "Stability" in body


def test_a_winner_without_a_score_sheet_reads_no_empty_rank(scene: Scene, make: Make, sign_in: Sign) -> None:
    proposal = scene.proposed()
    service.approve(scene.other, proposal.id, proposal.content_hash)
    url, winner = f"/bids/{scene.bids[0].id}/outcome", sign_in(make.lead(scene.bids[0].team), "en")
    assert "Your rank" in text(winner, url)
    proposal.run.scores = {}
    make.save(proposal.run)
    body = text(winner, url)
    assert "Your rank" not in body
    assert "Your score" not in body


def test_closing_a_round_tells_the_enterprise_why(
    scene: Scene, make: Make, officer: FlaskClient, sign_in: Sign
) -> None:
    order = scene.order(own_funds=0)
    scene.bid(order, price=40_000_000)
    scene.run()
    assert scene.round is not None
    assert officer.post(f"/rounds/{scene.round.id}/close").status_code == 303
    body = text(sign_in(make.owner(order.organisation)), f"/orders/{order.id}/outcome")
    assert "自筹资金加上可用资金仍不足以支付" in body
    assert "¥240,000" in body
    assert "error-summary" in told(officer.post(f"/rounds/{scene.round.id}/reopen", data={"reason": ""}), 422)
    assert officer.post(f"/rounds/{scene.round.id}/reopen", data={"reason": "补充"}).status_code == 303
    assert db.session.get_one(Round, scene.round.id, populate_existing=True).state is RoundState.OPEN


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.FUND_MANAGER, Role.ENTERPRISE_OWNER])
def test_pages_open_by_role(scene: Scene, make: Make, sign_in: Sign, role: Role) -> None:
    run = scene.run()
    organisation = scene.orders[0].organisation if role is Role.ENTERPRISE_OWNER else None
    client = sign_in(make.account(role, organisation=organisation))
    expected = 200 if role is Role.AUDITOR else 403
    for url in ("/rounds", f"/rounds/{run.round_id}", f"/runs/{run.id}", f"/runs/{run.id}/progress"):
        assert client.get(url).status_code == expected
    assert client.post(f"/runs/{run.id}/cancel").status_code == 403
    assert client.get("/rounds/new").status_code == 403


@pytest.mark.parametrize("url", ["/rounds/{}", "/runs/{}", "/runs/{}/progress", "/proposals/{}", "/orders/{}/outcome"])
@pytest.mark.parametrize("key", ["0", "999999", "9" * 30])
def test_numbers_that_name_nothing_are_not_found(officer: FlaskClient, url: str, key: str) -> None:
    assert officer.get(url.format(key)).status_code == 404


def test_lists_take_few_statements(scene: Scene, make: Make, officer: FlaskClient, count_statements: list[str]) -> None:
    for _ in range(6):
        scene.bid(scene.order(), price=30_000_000)
    run = scene.run()

    def statements(url: str) -> int:
        before = len(count_statements)
        text(officer, url)
        return len(count_statements) - before

    assert statements("/rounds") <= 12
    assert statements(f"/rounds/{run.round_id}/orders") <= 12
    assert statements(f"/rounds/{run.round_id}/bids") <= 12
    assert statements(f"/runs/{run.id}") <= 20
