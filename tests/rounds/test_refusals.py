"""What the engine refuses reaches readers as sentences in their language, never as its own English."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from marketplace.matching.problem import LARGEST, AtLeast, BadProblem, Fund, Offer, Order, Problem, Rules, Team
from marketplace.rounds import service
from marketplace.rounds.whatif.refusals import refusal_of
from marketplace.rounds.workflow import Failure, RunKind
from marketplace.web import words
from tests.rounds.conftest import Scene
from tests.rounds.test_what_if_views import WEIGHTS, scenario_of, text

HUGE = LARGEST + 1
ORDERS, TEAMS = (Order("o1"),), (Team("t1", 5),)
OFFER = {"id": "b1", "order": "o1", "price": 1, "value": 1, "uses": {}}


def fund(**values: Any) -> dict[str, Any]:
    return {"orders": ORDERS, "funds": (Fund(**{"id": "f1", "budget": 1, "public": False, **values}),)}


def offer(**values: Any) -> dict[str, Any]:
    return {"orders": ORDERS, "teams": TEAMS, "offers": (Offer(**{**OFFER, **values}),)}


@pytest.mark.parametrize(
    ("made", "code", "said"),
    [
        (fund(budget=HUGE), "above", "the money of a fund"),
        (fund(cost=-1), "below", "the cost of a fund"),
        (fund(share_max=HUGE), "above", "the largest share of a fund"),
        (fund(amount_max=-1), "below", "the largest amount of a fund"),
        (fund(orders=("o1", "o1")), "twice", "o1 is named twice"),
        (fund(orders=("o2",)), "unknown", "o2 is not part of it"),
        (offer(price=HUGE), "above", "the price of a bid"),
        (offer(value=-HUGE), "below", "the value of a bid"),
        (offer(uses={"t1": HUGE}), "above", "the days a bid needs"),
        (offer(uses={"t2@2027Q1": 1}), "unknown", "t2@2027Q1 is not part of it"),
        ({"orders": (Order("o1", own_funds=HUGE),)}, "above", "the own money for an order"),
        ({"orders": ORDERS * 2}, "twice", "o1 is named twice"),
        ({"teams": (Team("t1", -1),)}, "below", "the days of a team"),
        ({"rules": Rules(public_share_max=-1)}, "below", "the limit on public money"),
        ({"rules": Rules(at_least=(AtLeast("sme", HUGE),))}, "above", "the matches of a group"),
        ({"rules": Rules(locked=("b9",))}, "unknown", "b9 is not part of it"),
    ],
)
def test_what_a_problem_is_refused_for_is_told_in_words(app: Flask, made: Any, code: str, said: str) -> None:
    with pytest.raises(BadProblem) as refused:
        Problem(**made)
    found = refusal_of(str(refused.value))
    assert found[0] == f"rounds.engine_{code}"
    with app.test_request_context(), force_locale("en"):
        assert said in words.sentence(*found)
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        told = words.sentence(*found)
        assert told.startswith("与本次求解不符")
        assert not [word for word in told.split() if word in {"is", "not", "named", "would"}]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("price: b3 would cost nothing", "free"),
        ("order: o3 takes part already", "there"),
        ("order: o3 cannot be added any more", "gone"),
        ("offers[3].colour: 7 is above 5", "else"),
        ("problem: null is not an object", "else"),
        ("<b>anything</b>", "else"),
    ],
)
def test_a_text_of_any_kind_has_a_sentence(text: str, code: str) -> None:
    assert refusal_of(text)[0] == f"rounds.engine_{code}"
    assert words.has_sentence(refusal_of(text)[0])


def test_too_much_money_is_refused_beside_what_was_typed(scene: Scene, sign_in: Any) -> None:
    run, most = scene.run(), "9,999,999,999,999"
    rows = {f"rows-{n}-{name}": value for n in range(10)
            for name, value in (("kind", "budget"), ("target", f"f{scene.fund.id}"), ("amount", most))}  # fmt: skip
    answer = sign_in(scene.first, "en").post(f"/runs/{run.id}/what-if", data={**WEIGHTS, "label": "", **rows})
    assert answer.status_code == 422
    assert "the money of a fund would be larger than a run can hold" in answer.text
    assert answer.text.count(most) >= 10
    assert "is above" not in answer.text


@pytest.mark.parametrize(
    ("failure", "detail", "said"),
    [
        (Failure.BAD_PROBLEM, "order: o7 takes part already", "the order o7 takes part already"),
        (Failure.NOT_VERIFIED, "f1 pays 7 of 5", "did not pass the independent check"),
        (Failure.SOLVER_ERROR, "ZeroDivisionError", "The solver failed"),
    ],
)
def test_a_run_that_failed_says_so_in_words(
    scene: Scene, sign_in: Any, monkeypatch: pytest.MonkeyPatch, failure: Failure, detail: str, said: str
) -> None:
    monkeypatch.setattr("marketplace.rounds.service.scenarios.queue.enqueue", lambda *_: None)
    run, client = scene.run(), sign_in(scene.first, "en")
    lock = {"rows-0-kind": "lock", "rows-0-target": f"b{scene.bids[0].id}", "rows-0-amount": ""}
    client.post(f"/runs/{run.id}/what-if", data={**WEIGHTS, "label": "", **lock})
    asked = scenario_of(run, RunKind.SCENARIO)
    service.fail_run(scene.make.call(), asked.id, failure, detail)
    body = text(client, f"/runs/{asked.id}")
    assert said in body
    assert detail not in body or failure is Failure.BAD_PROBLEM
