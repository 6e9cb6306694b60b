"""What studies find is true when it is tried: the change wins, a hundredth less does not, and readers learn only their own."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace.audit.models import AuditRecord
from marketplace.bids.workflow import Meets
from marketplace.db.base import db
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.matching.problem import AtLeast, Fund, Offer, Order, Problem, Rules, Team
from marketplace.matching.solution import Solution
from marketplace.rounds import jobs, outcomes, service
from marketplace.rounds.models import Run, Study
from marketplace.rounds.study import levers, rules, ties, trial, why
from marketplace.rounds.study.trial import Bench, least
from marketplace.rounds.workflow import StudyKind, StudyState
from tests.factories import Make
from tests.rounds.conftest import Scene


def quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def bench_of(run: Run, seconds: float = 30.0) -> Bench:
    return Bench(Problem.from_json(run.problem), Solution.from_json(run.solution), seconds)


def asked(run: Run, order: str) -> why.Asked:
    return why.Asked(bench_of(run), run.scores or {}, order)


def a_hundredth_less(change: dict[str, Any]) -> dict[str, Any]:
    size = abs(change["by"])
    less = size - max(1, size // 100)
    return {**change, "by": less if change["by"] > 0 else -less}


@pytest.fixture
def contest(scene: Scene, make: Make) -> Run:
    """One order with a close rival, a busy team that two orders want, and a fund that is too small for all."""
    scene.orders[0].price_ceiling = 50_000_000
    make.save(scene.orders[0])
    scene.bid(scene.orders[0], price=36_000_000)
    team = make.team(capacity_days=130)
    for price in (24_000_000, 30_000_000):
        scene.bid(scene.order(own_funds=30_000_000), team=team, person_days=100, price=price)
    scene.bid(scene.order(own_funds=4_000_000), price=40_000_000)
    return scene.run()


def test_every_promised_change_wins_and_a_hundredth_less_does_not(contest: Run) -> None:
    told = 0
    for order in Problem.from_json(contest.problem).orders:
        found = why.study(asked(contest, order.id), quiet)
        assert found["complete"]
        listed = [(row["offer"], change) for row in found["offers"] for change in row["changes"]]
        listed += [(None, change) for change in found["changes"]]
        for offer, change in listed:
            bench = bench_of(contest)
            assert why.holds(bench, contest.scores or {}, change, order.id, offer), change
            assert not why.holds(bench, contest.scores or {}, a_hundredth_less(change), order.id, offer), change
            told += 1
    assert told >= 3


def test_the_promise_depends_on_the_search(contest: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: were anything taken to suffice, the promises would be false."""
    monkeypatch.setattr(why, "wins", lambda *_: True)
    order = next(each["order"] for each in (contest.problem or {})["offers"])
    found = why.study(asked(contest, order), quiet)
    changes = [(row["offer"], change) for row in found["offers"] for change in row["changes"]]
    monkeypatch.setattr(why, "wins", trial.wins)
    assert not all(
        why.holds(bench_of(contest), contest.scores or {}, change, order, offer) for offer, change in changes
    )


def test_a_bid_that_was_kept_out_is_told_so_and_nothing_else(scene: Scene) -> None:
    run = scene.run()
    problem = Problem.from_json(run.problem)
    kept_out = Problem(
        problem.orders, problem.teams, problem.offers, problem.funds, Rules(forbidden=(problem.offers[0].id,))
    )
    bench = Bench(kept_out, Bench(kept_out, Solution.from_json(run.solution), 10).best(kept_out), 10)
    found = why.study(why.Asked(bench, run.scores or {}, problem.offers[0].order), quiet)
    row = next(each for each in found["offers"] if each["offer"] == problem.offers[0].id)
    assert row["forbidden"]
    assert [change["kind"] for change in row["changes"]] == ["free"]


def test_without_time_nothing_is_claimed(contest: Run) -> None:
    order = Problem.from_json(contest.problem).orders[0].id
    found = why.study(why.Asked(bench_of(contest, 0.0), contest.scores or {}, order), quiet)
    assert not found["complete"]
    assert [row["changes"] for row in found["offers"]] == [[] for _ in found["offers"]]


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 5_000), st.integers(1, 5_000), st.integers(1, 97), st.none() | st.integers(0, 500_000))
def test_the_least_amount_is_found_wherever_one_looks_first(
    truth: int, more: int, unit: int, guess: int | None
) -> None:
    tries = 0

    def suffices(amount: int) -> bool:
        nonlocal tries
        tries += 1
        return amount >= truth * unit

    assert least((truth + more) * unit + unit // 2, unit, suffices, guess) == truth * unit
    assert tries <= 40
    assert least((truth - 1) * unit, unit, suffices, guess) is None


def twins() -> Problem:
    """Two equal bids of one order: people may choose."""
    return Problem(
        orders=(Order("o1", "e1", 100),),
        teams=(Team("t1@q", 10), Team("t2@q", 10)),
        offers=(
            Offer("b1", "o1", 100, 5, {"t1@q": 5}),
            Offer("b2", "o1", 100, 5, {"t2@q": 5}),
            Offer("b3", "o1", 100, 4),
        ),
    )


def solved(problem: Problem) -> Bench:
    empty = Solution.from_json({"format": "tripool-solution/1", "status": "feasible", "objective": 0, "bound": None, "seconds": 0,
                                "matches": [], "unmatched": []})  # fmt: skip
    return Bench(problem, Bench(problem, empty, 10).best(problem), 10)


def test_equal_bids_are_named_as_a_choice_and_worse_ones_are_not() -> None:
    found = ties.study(solved(twins()), quiet)
    assert (found["some"], found["none"], found["every"]) == (["b1", "b2"], ["b3"], [])
    assert sorted(row["offer"] for row in found["equals"]) == ["b1", "b2"]
    assert [row["chosen"] for row in found["equals"]].count(True) == 1


def test_a_pair_that_would_both_rather_is_found_and_says_whom_it_displaces() -> None:
    problem = Problem(
        orders=(Order("o1", "e1", 100), Order("o2", "e2", 100)),
        teams=(Team("t1@q", 10), Team("t2@q", 10)),
        offers=(
            Offer("b1", "o1", 100, 9, {"t1@q": 10}),
            Offer("b2", "o1", 100, 8, {"t2@q": 10}),
            Offer("b3", "o2", 100, 7, {"t1@q": 10}),
        ),
    )
    bench = solved(problem)
    assert {match.offer for match in bench.solution.matches} == {"b2", "b3"}
    assert ties.blocking(problem, bench.solution) == [{"offer": "b1", "gain": 1, "displaced": ["b3"], "lost": 7}]


def test_each_rule_of_policy_is_priced_once_and_rules_of_nature_are_not() -> None:
    problem = Problem(
        orders=(Order("o1", "e1", 50, groups=("sme",)), Order("o2", "e2", 50)),
        offers=(Offer("b1", "o1", 100, 5), Offer("b2", "o2", 100, 50)),
        funds=(
            Fund("f1", 50, public=True, share_max=5_000, orders=("o2",)),
            Fund("f1@e1", 50, public=True, share_max=5_000, orders=("o1",), enterprise_max=50),
        ),
        rules=Rules(public_share_max=5_000, at_least=(AtLeast("sme", 1),), locked=("b1",)),
    )
    assert set(rules.policies(problem)) == {
        ("share_max", ("f1",)), ("enterprise_max", ("f1",)), ("public_share_max", ()),
        ("at_least", ("sme",)), ("locked", ("b1",)),
    }  # fmt: skip
    found = rules.study(solved(problem), quiet)
    assert found["complete"]
    assert all(row["value"] >= 0 for row in found["rules"])


def test_what_more_money_would_do_is_what_it_does(contest: Run) -> None:
    bench = bench_of(contest)
    found = levers.study(bench, quiet)
    for row in found["levers"]:
        again = bench.best(levers.raised(bench.problem, row["kind"], row["of"], row["by"]))
        assert again.objective is not None
        assert bench.solution.objective is not None
        assert float(again.objective - bench.solution.objective) == row["value"]
        assert len(again.matches) - len(bench.solution.matches) == row["matches"]


def test_a_stored_run_comes_out_the_same_and_a_changed_one_is_noticed(contest: Run, scene: Scene) -> None:
    study = service.start_study(scene.call, contest.id, StudyKind.REPLAY)
    told = db.session.get_one(Study, study.id, populate_existing=True).result or {}
    assert (told["same_objective"], told["same_answer"]) == (True, True)
    contest.solution_hash = "0" * 64
    scene.make.save(contest)
    study = service.start_study(scene.call, contest.id, StudyKind.REPLAY)
    told = db.session.get_one(Study, study.id, populate_existing=True).result or {}
    assert (told["same_objective"], told["same_answer"]) == (True, False)


def test_a_study_is_asked_once_and_answered_with_one_record_per_step(contest: Run, scene: Scene) -> None:
    first = service.start_study(scene.call, contest.id, StudyKind.WHY, f"o{scene.orders[0].id}")
    again = service.start_study(scene.call, contest.id, StudyKind.WHY, f"o{scene.orders[0].id}")
    assert first.id == again.id
    row = db.session.get_one(Study, first.id, populate_existing=True)
    assert (row.state, row.done, row.total) == (StudyState.DONE, row.total, row.total)
    with pytest.raises(NotFound):
        service.start_study(scene.call, contest.id, StudyKind.WHY, "o999999")
    commands = db.session.scalars(
        select(AuditRecord.command).where(AuditRecord.command.like("rounds.%study%")).order_by(AuditRecord.id)
    ).all()
    assert [command.split(".")[1] for command in commands] == ["start_study", "begin_study", "finish_study"] * 2


def test_answers_are_worked_out_ahead_for_open_rounds_only(contest: Run, scene: Scene) -> None:
    jobs.plan_ahead(scene.make.call())
    kinds = db.session.scalars(select(Study.kind).where(Study.run_id == contest.id)).all()
    assert {StudyKind.WHY, StudyKind.TIES, StudyKind.RULES, StudyKind.LEVERS} == set(kinds)
    count = db.session.scalar(select(func.count()).select_from(Study))
    jobs.plan_ahead(scene.make.call())
    assert db.session.scalar(select(func.count()).select_from(Study)) == count


def test_texts_are_compared_ahead_once(scene: Scene) -> None:
    scene.open()
    assert scene.round is not None
    assert jobs.compare_texts(scene.make.call(), scene.round.id)
    assert not jobs.compare_texts(scene.make.call(), scene.round.id)


def test_kept_comparisons_give_the_very_same_problem(scene: Scene, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.open()
    assert scene.round is not None
    jobs.compare_texts(scene.make.call(), scene.round.id)
    ahead = scene.run()
    monkeypatch.setattr("marketplace.rounds.solve.kept.recall", lambda *_: None)
    anew = scene.run()
    parts = {key: sheet["parts"]["fit"] for key, sheet in (ahead.scores or {})["bids"].items()}
    assert parts == {key: sheet["parts"]["fit"] for key, sheet in (anew.scores or {})["bids"].items()}
    assert (ahead.scores or {})["candidates"] == (anew.scores or {})["candidates"]


def decided(scene: Scene, loser: Any) -> Run:
    """The first order is awarded to its first bid; the other one lost."""
    run = scene.run()
    proposal = scene.proposal(run, scene.orders[0])
    assert proposal.bid_id != loser.id
    service.propose(scene.call, proposal.id, proposal.options[0].id)
    service.approve(scene.other, proposal.id, proposal.content_hash)
    return run


def test_a_losing_bidder_learns_its_own_change_and_nobody_elses(scene: Scene, make: Make) -> None:
    scene.orders[0].price_ceiling = 50_000_000
    make.save(scene.orders[0])
    team = make.team()
    loser = scene.bid(scene.orders[0], price=36_000_000, team=team)
    decided(scene, loser)
    bidder = make.call(make.lead(team))
    assert outcomes.of_bid(bidder, loser.id).own_changes == ()
    service.ask_why_lost(bidder, loser.id)
    told = outcomes.of_bid(bidder, loser.id)
    assert [change["kind"] for change in told.own_changes] == ["price"]
    assert -36_000_000 < told.own_changes[0]["by"] < 0
    study = db.session.scalars(select(Study)).one()
    hidden = [
        change for row in (study.result or {})["offers"] for change in row["changes"] if change not in told.own_changes
    ]
    assert all(change["kind"] not in outcomes.OWN_CHANGES or change["of"] != f"b{loser.id}" for change in hidden)


def test_it_is_the_filter_that_hides_other_changes(scene: Scene, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: without it the enterprise's money would be told to the bidder."""
    order, team = scene.order(own_funds=12_000_000, price_ceiling=50_000_000), make.team()
    scene.bid(order, price=18_000_000, answers=(Meets.NOT,))
    loser = scene.bid(order, price=36_000_000, team=team)
    scene.orders.insert(0, order)
    decided(scene, loser)
    bidder = make.call(make.lead(team))
    service.ask_why_lost(bidder, loser.id)
    seen = {change["kind"] for change in outcomes.of_bid(bidder, loser.id).own_changes}
    monkeypatch.setattr(outcomes, "_is_own", lambda *_: True)
    everything = {change["kind"] for change in outcomes.of_bid(bidder, loser.id).own_changes}
    assert seen <= outcomes.OWN_CHANGES
    assert everything - seen


def test_nobody_asks_about_another_teams_bid_nor_before_the_decision(scene: Scene, make: Make) -> None:
    team = make.team()
    loser = scene.bid(scene.orders[0], price=36_000_000, team=team)
    bidder = make.call(make.lead(team))
    scene.run()
    with pytest.raises(Conflict):
        service.ask_why_lost(bidder, loser.id)
    with pytest.raises(NotFound):
        service.ask_why_lost(make.call(make.lead(make.team())), loser.id)
