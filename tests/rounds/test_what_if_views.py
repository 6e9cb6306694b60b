"""Pages of scenarios and findings: each renders in both languages, says what it must, and tells strangers nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.rounds import exports, service
from marketplace.rounds.models import Run
from marketplace.rounds.terms import ScenarioTerms
from marketplace.rounds.workflow import Aim, RunKind, StudyKind
from tests.factories import Make
from tests.rounds.conftest import Scene

WEIGHTS = {"fit": 25, "targets": 30, "quality": 15, "price": 15, "time": 10, "stability": 5}


@pytest.fixture
def studied(scene: Scene) -> Run:
    """A run with a rival bid, an order without a match, every study answered, aims, a frontier and a scenario."""
    scene.bid(scene.orders[0], price=36_000_000)
    scene.bid(scene.order(own_funds=1_000_000), price=49_000_000)
    run = scene.run()
    service.plan_studies(scene.make.call(), run.id)
    service.start_study(scene.call, run.id, StudyKind.REPLAY)
    service.compare_aims(scene.call, run.id, {aim: aim.value for aim in Aim})
    service.draw_frontier(scene.call, run.id, {part: str(part) for part in range(0, 10_001, 2_000)})
    change = {"kind": "forbid", "of": f"b{scene.bids[0].id}"}
    service.start_scenario(scene.call, run.id, ScenarioTerms("不选第一名", [change]))
    return db.session.get_one(Run, run.id, populate_existing=True)


def scenario_of(run: Run, kind: RunKind = RunKind.SCENARIO) -> Run:
    return (
        db.session.scalars(select(Run).where(Run.base_id == run.id, Run.kind == kind).order_by(Run.id)).first() or run
    )


def text(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text[:800]
    return answer.text


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_every_page_renders_in_both_languages(scene: Scene, studied: Run, sign_in: Any, locale: str) -> None:
    client = sign_in(scene.first, locale)
    base = f"/runs/{studied.id}"
    pages = [base, f"{base}/findings", f"{base}/what-if", f"{base}/compare", f"{base}/fairness", f"{base}/by-hand",
             f"/runs/{scenario_of(studied).id}", f"{base}/what-if?kind=lock&target=b1"]  # fmt: skip
    pages += [f"{base}/orders/{order.id}/why" for order in scene.orders]
    for url in pages:
        body = text(client, url)
        assert "%(" not in body, url
        assert ("推演" in body) == (locale == "zh") or "/why" in url or "by-hand" in url, url
    assert client.get(f"{base}/orders/999999/why").status_code == 404


def test_the_matches_are_filtered_sorted_and_paged(scene: Scene, sign_in: Any) -> None:
    run, client = scene.run(), sign_in(scene.first)
    titles = [order.title for order in scene.orders]
    body = text(client, f"/runs/{run.id}?sort=price&direction=asc&page=99")
    assert body.index(titles[0]) < body.index(titles[1])
    body = text(client, f"/runs/{run.id}?sort=price&direction=desc")
    assert body.index(titles[1]) < body.index(titles[0])
    body = text(client, f"/runs/{run.id}?q={scene.orders[1].reference}&sort=nonsense")
    assert f"/proposals/{scene.proposal(run, scene.orders[1]).id}" in body
    assert f"/proposals/{scene.proposal(run, scene.orders[0]).id}" not in body


EMPTY_HERE = {"rules", "candidates", "dropped", "since", "approved", "equals", "levers"}


@pytest.mark.parametrize("table", sorted(exports.TABLES))
def test_every_table_is_a_file_without_live_formulas(scene: Scene, studied: Run, sign_in: Any, table: str) -> None:
    scene.orders[0].title = "=HYPERLINK(1)"
    scene.make.save(scene.orders[0])
    client = sign_in(scene.first)
    csv = client.get(f"/runs/{studied.id}/export/{table}.csv")
    assert csv.status_code == 200
    assert csv.data.startswith(b"\xef\xbb\xbf")
    lines = csv.data.decode("utf-8-sig").splitlines()
    assert len(lines) > 1 or table in EMPTY_HERE
    assert not any(cell.startswith("=") for line in lines for cell in line.split(","))
    assert client.get(f"/runs/{studied.id}/export/{table}.xlsx").data.startswith(b"PK")
    assert client.get(f"/runs/{studied.id}/export/{table}.pdf").status_code == 404


def test_a_scenario_is_asked_by_its_form_and_lost_typing_is_not_lost(scene: Scene, studied: Run, sign_in: Any) -> None:
    client = sign_in(scene.first)
    url = f"/runs/{studied.id}/what-if"
    form = {**WEIGHTS, "public_share_max": "", "label": "锁定第二名"}
    row = {"rows-0-kind": "lock", "rows-0-target": f"b{scene.bids[-1].id} 团队", "rows-0-amount": ""}
    assert client.post(url, data={**form, **row}).status_code == 303
    wrong = client.post(url, data={**form, **row, "rows-0-target": "whatever"})
    assert wrong.status_code == 422
    assert "锁定第二名" in wrong.text
    assert "whatever" in wrong.text
    for bad in ("rows-0-amount", "rows-0-target"):
        data = {**form, "rows-0-kind": "budget", "rows-0-target": f"f{scene.fund.id}", "rows-0-amount": "-50万"}
        assert client.post(url, data={**data, bad: "x" * 39}).status_code == 422
    assert client.post(url, data={**form, "rows-0-kind": "nonsense", "rows-0-target": "b1"}).status_code == 422
    assert client.post(url, data=form).status_code == 422, "nothing was changed"


def test_a_matching_by_hand_is_asked_by_its_form(scene: Scene, studied: Run, sign_in: Any) -> None:
    client = sign_in(scene.first)
    data = {f"bid-o{scene.orders[0].id}": f"b{scene.bids[2].id}", "label": ""}
    answer = client.post(f"/runs/{studied.id}/by-hand", data=data)
    assert answer.status_code == 303
    run = db.session.scalars(select(Run).where(Run.kind == RunKind.HAND)).one()
    assert len((run.solution or {})["matches"]) == 1
    assert client.post(f"/runs/{studied.id}/by-hand", data={"bid-o1": "b999999"}).status_code == 422


def test_a_rule_is_lifted_by_its_button_and_a_wrong_one_is_refused(scene: Scene, studied: Run, sign_in: Any) -> None:
    client = sign_in(scene.first)
    url = f"/runs/{studied.id}/without-rule"
    assert client.post(url, data={"rule": "share_max", "keys": f"f{scene.fund.id}"}).status_code == 303
    assert scenario_of(studied, RunKind.WITHOUT_RULE).kind is RunKind.WITHOUT_RULE
    assert client.post(url, data={"rule": "nonsense", "keys": "x y z"}).status_code == 303


def test_keeping_is_done_by_the_form_with_a_reason(scene: Scene, studied: Run, sign_in: Any) -> None:
    client, run = sign_in(scene.first), scenario_of(studied)
    assert client.post(f"/runs/{run.id}/keep", data={"reason": ""}).status_code == 303
    assert not db.session.get_one(Run, run.id, populate_existing=True).kept
    assert client.post(f"/runs/{run.id}/keep", data={"reason": "两家一致同意"}).status_code == 303
    assert db.session.get_one(Run, run.id, populate_existing=True).kept
    assert "两家一致同意" in text(client, f"/runs/{run.id}")


def test_a_losing_bidder_reaches_why_not_me_from_its_bid(scene: Scene, make: Make, sign_in: Any) -> None:
    team = make.team()
    scene.orders[0].price_ceiling = 50_000_000
    make.save(scene.orders[0])
    loser = scene.bid(scene.orders[0], price=36_000_000, team=team)
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    service.propose(scene.call, proposal.id, proposal.options[0].id)
    service.approve(scene.other, proposal.id, proposal.content_hash)
    client = sign_in(make.lead(team), "en")
    assert f"/bids/{loser.id}/outcome" in text(client, f"/bids/{loser.id}")
    page = text(client, f"/bids/{loser.id}/outcome")
    assert "Work it out" in page
    assert client.post(f"/bids/{loser.id}/outcome/ask").status_code == 303
    page = text(client, f"/bids/{loser.id}/outcome")
    assert "a price lower by" in page
    assert "300,000" not in page, "the winner's price stays its own"


def test_strangers_meet_the_same_404_as_for_a_run_that_is_not_there(
    scene: Scene, studied: Run, make: Make, sign_in: Any
) -> None:
    client = sign_in(make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance(code="ZZ")))
    for tail in ("", "/findings", "/what-if", "/compare", "/fairness", "/by-hand", "/export/matches.csv"):
        assert client.get(f"/runs/{studied.id}{tail}").status_code == 404
        assert client.get(f"/runs/999999{tail}").status_code == 404


WRITTEN = {"rows-0-kind": "", "rows-0-target": "", "rows-0-amount": ""}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (dict.fromkeys(WEIGHTS, 0), "at least one is above 0"),
        ({"rows-0-target": "f{fund} fund", "rows-0-amount": "-500,000"}, "Choose what changes, or empty the row."),
        ({"rows-0-amount": "5"}, "Choose what changes, or empty the row."),
        ({"rows-0-kind": "lock", "rows-0-target": "b{bid}", "rows-0-amount": "5"}, "This change has no amount"),
        ({}, "Change something first."),
        ({"rows-0-kind": "budget", "rows-0-target": "f{fund}", "rows-0-amount": "0"}, "Change something first."),
        ({"rows-0-kind": "free", "rows-0-target": "b{bid}"}, "Change something first."),
        ({"rows-0-kind": "budget", "rows-0-target": "f999999", "rows-0-amount": "5"}, "not part of this run any more"),
        ({"fit": "x"}, "Write a whole number"),
        ({"fit": "１０１"}, "A whole number from 0 to 100."),
    ],
    ids=lambda value: "-".join(value) or "nothing" if isinstance(value, dict) else "",
)
def test_a_scenario_drops_nothing_that_was_typed_and_changes_something(
    scene: Scene, sign_in: Any, typed: dict[str, Any], said: str
) -> None:
    run, client = scene.run(), sign_in(scene.first, "en")
    named = {key: str(text).format(fund=scene.fund.id, bid=scene.bids[0].id) for key, text in typed.items()}
    answer = client.post(f"/runs/{run.id}/what-if", data={**WEIGHTS, "label": "", **WRITTEN, **named})
    assert answer.status_code == 422
    summary = answer.text.partition("data-error-summary")[2].partition("</ul>")[0]
    assert said in summary
    assert summary.count("<li>") == 1, "one slip, one message"
    assert db.session.scalars(select(Run).where(Run.base_id == run.id)).all() == []


@pytest.mark.parametrize(
    ("locale", "said"), [("zh", "所选投标已不在本次求解中"), ("en", "not part of this run any more")]
)
def test_a_stale_bid_matched_by_hand_is_refused_in_the_readers_words(
    scene: Scene, sign_in: Any, locale: str, said: str
) -> None:
    run, client = scene.run(), sign_in(scene.first, locale)
    answer = client.post(f"/runs/{run.id}/by-hand", data={f"bid-o{scene.orders[0].id}": "zzz"})
    assert answer.status_code == 422
    assert said in answer.text
    assert "unknown offer" not in answer.text


def test_what_nobody_named_is_called_in_each_readers_language(scene: Scene, sign_in: Any) -> None:
    run, maker, reader = scene.run(), sign_in(scene.first, "zh"), sign_in(scene.second, "en")
    lock = {"rows-0-kind": "lock", "rows-0-target": f"b{scene.bids[0].id}", "rows-0-amount": ""}
    by_hand = {f"bid-o{scene.orders[0].id}": f"b{scene.bids[0].id}", "label": ""}
    rule = {"rule": "share_max", "keys": f"f{scene.fund.id}"}
    for path, data in (("what-if", {**WEIGHTS, "label": "", **lock}), ("by-hand", by_hand), ("without-rule", rule)):
        assert maker.post(f"/runs/{run.id}/{path}", data=data).status_code == 303
    scenario, hand, freed = (scenario_of(run, kind) for kind in (RunKind.SCENARIO, RunKind.HAND, RunKind.WITHOUT_RULE))
    assert {each.label for each in (scenario, hand, freed)} == {""}
    named = (f"Scenario no. {scenario.id}", f"Matched by hand no. {hand.id}", "Without: ")
    for page in (f"/runs/{run.id}/what-if", f"/rounds/{run.round_id}"):
        body = text(reader, page)
        assert [name for name in named if name not in body] == [], page
    assert f"{scenario.id} 号" in text(maker, f"/runs/{run.id}/what-if")
