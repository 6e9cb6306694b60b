"""What if: a changed run shows who wins and who loses, and nothing of it counts until a person keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import func, select

from marketplace.db.base import db
from marketplace.kernel.call import Role
from marketplace.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.matching.problem import BadProblem, Problem
from marketplace.rounds import record, service
from marketplace.rounds.answers import answer_of
from marketplace.rounds.gather import facts
from marketplace.rounds.models import Proposal, Run, Unmatched
from marketplace.rounds.terms import RunTerms, ScenarioTerms
from marketplace.rounds.whatif.changes import apply
from marketplace.rounds.whatif.figures import difference, measured
from marketplace.rounds.workflow import DEFAULT_WEIGHTS, Aim, ChangeKind, RunKind, RunState
from tests.factories import Make
from tests.rounds.conftest import Scene

K = ChangeKind


def tried(scene: Scene, base: Run, *changes: Mapping[str, Any], kind: RunKind = RunKind.SCENARIO) -> Run:
    run = service.start_scenario(scene.call, base.id, ScenarioTerms("试", changes, kind))
    return db.session.get_one(Run, run.id, populate_existing=True)


def rival(scene: Scene) -> Any:
    """A second bid of the first order, a little dearer than the one that wins."""
    return scene.bid(scene.orders[0], price=33_000_000)


def test_requiring_the_loser_swaps_the_teams_and_says_what_it_costs(scene: Scene) -> None:
    loser = rival(scene)
    base = scene.run()
    run = tried(scene, base, {"kind": K.LOCK, "of": f"b{loser.id}"})
    assert (run.state, run.status, run.kept, run.base_id) == (RunState.SOLVED, "optimal", False, base.id)
    delta = difference(answer_of(base), answer_of(run))
    assert [(move.before, move.after) for move in delta.changes] == [(f"b{scene.bids[0].id}", f"b{loser.id}")]
    assert (delta.wins, delta.losses) == ([], [])
    assert delta.after.value < delta.before.value
    assert delta.after.total - delta.before.total == 3_000_000


def test_a_scenario_proposes_nothing_until_it_is_kept_and_then_says_why(scene: Scene) -> None:
    loser = rival(scene)
    base = scene.run()
    run = tried(scene, base, {"kind": K.CHOOSE, "of": f"b{loser.id}"})
    count = select(func.count()).where(Proposal.run_id == run.id)
    assert db.session.scalar(count) == 0
    kept = service.keep_scenario(scene.call, run.id, "协会请求先服务第二家")
    assert kept.kept
    assert "协会" in kept.reason
    assert db.session.scalar(count) == 2
    assert scene.proposal(kept, scene.orders[0]).bid_id == loser.id
    with pytest.raises(Conflict):
        service.keep_scenario(scene.call, run.id, "twice")


def test_keeping_needs_words_and_a_kind_that_can_be_kept(scene: Scene) -> None:
    base = scene.run()
    run = tried(scene, base, {"kind": K.FORBID, "of": f"b{scene.bids[0].id}"})
    with pytest.raises(Invalid):
        service.keep_scenario(scene.call, run.id, "  ")
    aim = service.compare_aims(scene.call, base.id, {each: each.value for each in Aim})[0]
    with pytest.raises(Conflict):
        service.keep_scenario(scene.call, aim.id, "an aim changes what is searched for")


def test_an_unkept_scenario_leaves_no_trace_in_what_the_round_remembers(scene: Scene) -> None:
    base = scene.run()
    before = facts._before(base.round)
    tried(scene, base, *({"kind": K.FORBID, "of": f"b{bid.id}"} for bid in scene.bids))
    assert facts._before(base.round) == before
    assert db.session.scalar(select(func.count()).select_from(Unmatched).where(Unmatched.run_id != base.id)) == 0


def test_it_is_the_missing_proposals_that_keep_a_scenario_apart(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: stored like a run of the round, the scenario would be what the round remembers."""
    base = scene.run()
    run = tried(scene, base, *({"kind": K.FORBID, "of": f"b{bid.id}"} for bid in scene.bids))
    run.kept = True
    scene.make.save(run)
    assert facts._before(base.round) == frozenset()


@pytest.mark.parametrize(
    ("change", "matches"),
    [
        ({"kind": "drop_order", "of": "o0"}, 1),
        ({"kind": "forbid", "of": "b0"}, 1),
        ({"kind": "budget", "of": "f", "by": -100_000_000}, 1),
        ({"kind": "own_funds", "of": "o0", "by": -29_000_000}, 1),
        ({"kind": "weights", "weights": {"price": 100}}, 2),
        ({"kind": "public_share", "of": "", "by": 0}, 1),
        ({"kind": "public_part", "of": "", "by": 0}, 1),
        ({"kind": "price", "of": "b0", "by": -1_000_000}, 2),
        ({"kind": "capacity", "of": "t0", "by": -100_000}, 1),
        ({"kind": "drop_rule", "of": "", "rule": "share_max", "keys": ["f"]}, 2),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else str(value),
)
def test_every_kind_of_change_does_what_it_says(scene: Scene, change: dict[str, Any], matches: int) -> None:
    base = scene.run()
    keys = {"o0": f"o{scene.orders[0].id}", "b0": f"b{scene.bids[0].id}", "f": f"f{scene.fund.id}"}
    keys["t0"] = f"t{scene.bids[0].team_id}"
    named = {**change, "of": keys.get(change.get("of", ""), ""), "keys": [keys[k] for k in change.get("keys", [])]}
    run = tried(scene, base, named)
    assert len((run.solution or {})["matches"]) == matches
    record.checked(run.problem or {}, run.solution or {})


def test_a_price_moves_its_score_as_the_round_would_have_scored_it(scene: Scene) -> None:
    scene.orders[0].price_ceiling = 40_000_000
    scene.make.save(scene.orders[0])
    base = scene.run()
    key = f"b{scene.bids[0].id}"
    sheet = (base.scores or {})["bids"][key]
    run = tried(scene, base, {"kind": K.PRICE, "of": key, "by": -10_000_000})
    cheaper = (run.scores or {})["bids"][key]
    assert sheet["parts"]["price"] == 500
    assert cheaper["parts"]["price"] == 1000
    assert cheaper["value"] == sum(cheaper["points"].values()) == sheet["value"] + 75
    offer = next(each for each in (run.problem or {})["offers"] if each["id"] == key)
    assert (offer["price"], offer["value"]) == (20_000_000, cheaper["value"])


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "lock", "of": "b999"},
        {"kind": "budget", "of": "f999", "by": 1},
        {"kind": "capacity", "of": "t999", "by": 1},
        {"kind": "drop_order", "of": "o999"},
        {"kind": "must", "of": "o999"},
        {"kind": "hand", "of": "", "keys": ["b999"]},
    ],
    ids=lambda value: value["kind"],
)
def test_a_change_that_names_nothing_is_refused_and_never_means_something_else(
    scene: Scene, change: dict[str, Any]
) -> None:
    base = scene.run()
    with pytest.raises(BadProblem):
        apply(Problem.from_json(base.problem), base.scores or {}, [change], {})
    with pytest.raises(Invalid):
        tried(scene, base, change)


def test_no_change_at_all_is_refused(scene: Scene) -> None:
    with pytest.raises(Invalid):
        tried(scene, scene.run())


@pytest.mark.parametrize("weights", [dict.fromkeys(DEFAULT_WEIGHTS, 0), {"fit": 101}, {"fit": -1}])
def test_a_scenario_keeps_to_the_rule_of_a_rounds_weights(scene: Scene, weights: dict[str, int]) -> None:
    with pytest.raises(Invalid, match=r"rounds\.weights"):
        tried(scene, scene.run(), {"kind": K.WEIGHTS, "weights": weights})


def test_a_demand_that_cannot_be_met_names_the_contradiction_and_repairs(scene: Scene) -> None:
    poor = scene.order(own_funds=1_000_000)
    scene.bid(poor, price=90_000_000)
    run = tried(scene, scene.run(), {"kind": K.MUST, "of": f"o{poor.id}"})
    assert run.state is RunState.INFEASIBLE
    told = run.solution or {}
    assert {"kind": "must_match", "of": [f"o{poor.id}"]} in told["conflict"]
    assert told["repairs"]


def test_a_matching_by_hand_is_priced_and_paid_by_the_solver(scene: Scene) -> None:
    loser = rival(scene)
    base = scene.run()
    change = {"kind": K.HAND, "of": "", "keys": [f"b{loser.id}"]}
    run = tried(scene, base, change, kind=RunKind.HAND)
    assert answer_of(run).pairs == {f"o{scene.orders[0].id}": f"b{loser.id}"}
    delta = difference(answer_of(base), answer_of(run))
    assert [move.order for move in delta.losses] == [f"o{scene.orders[1].id}"]


def test_a_matching_by_hand_that_breaks_a_rule_is_told_which(scene: Scene, make: Make) -> None:
    team = make.team(capacity_days=60)
    orders = [scene.order(), scene.order()]
    bids = [scene.bid(order, team=team, person_days=100, price=20_000_000) for order in orders]
    change = {"kind": K.HAND, "of": "", "keys": [f"b{bid.id}" for bid in bids]}
    run = tried(scene, scene.run(), change, kind=RunKind.HAND)
    assert run.state is RunState.INFEASIBLE
    assert {each["kind"] for each in (run.solution or {})["conflict"]} == {"locked", "capacity"}


def test_the_four_aims_reach_what_they_aim_at(scene: Scene) -> None:
    for _ in range(2):
        scene.bid(scene.order(own_funds=25_000_000), price=30_000_000)
    base = scene.run()
    service.compare_aims(scene.call, base.id, {aim: aim.value for aim in Aim})
    assert service.compare_aims(scene.call, base.id, {aim: aim.value for aim in Aim}) == []
    runs = {
        run.label: measured(answer_of(run), None, answer_of(base)) for run in base.round.runs if run.kind is RunKind.AIM
    }
    before = measured(answer_of(base))
    assert runs[Aim.LEAST_PUBLIC].matches == before.matches
    assert runs[Aim.LEAST_PUBLIC].public <= before.public
    assert runs[Aim.WIDEST].matches >= before.matches
    assert runs[Aim.HIGHEST_VALUE].value == max(each.value for each in [before, *runs.values()])
    assert runs[Aim.MOST_STABLE].stable == before.matches


def test_more_public_money_never_lowers_the_frontier(scene: Scene) -> None:
    base = scene.run()
    runs = service.draw_frontier(scene.call, base.id, {part: str(part) for part in range(0, 10_001, 2_000)})
    values = [db.session.get_one(Run, run.id, populate_existing=True).objective for run in runs]
    assert len(values) == 6
    assert values == sorted(values, key=lambda v: v or 0)
    assert values[0] != values[-1]


def test_only_those_who_run_the_round_may_ask_what_if(scene: Scene, make: Make) -> None:
    base = scene.run()
    terms = ScenarioTerms("x", [{"kind": K.FORBID.value, "of": f"b{scene.bids[0].id}"}])
    auditor = make.call(make.account(Role.AUDITOR))
    with pytest.raises(Forbidden):
        service.start_scenario(auditor, base.id, terms)
    stranger = make.call(make.account(Role.ALLIANCE_SECRETARY, alliance=make.alliance(code="XX")))
    with pytest.raises(NotFound):
        service.start_scenario(stranger, base.id, terms)


def test_a_run_that_may_stop_near_the_best_remembers_how_near(scene: Scene) -> None:
    scene.open()
    assert scene.round is not None
    run = service.start_run(scene.call, scene.round.id, RunTerms("近", 20, gap_target=50))
    assert db.session.get_one(Run, run.id, populate_existing=True).gap_target == 50
    with pytest.raises(Invalid):
        service.start_run(scene.call, scene.round.id, RunTerms("远", 20, gap_target=5_000))
