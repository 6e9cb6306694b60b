"""Explanations: what would it take is true whenever it is told."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from benchmarks.check_random import middle_problem
from benchmarks.small import random_problem
from marketplace.matching import relax
from marketplace.matching.engine import solve
from marketplace.matching.explain import explain
from marketplace.matching.problem import BadProblem, Problem
from marketplace.matching.solution import Change, Match, Reason, Status
from tests.matching.build import fund, offer, order, problem, team


def _changed(drawn: Problem, change: Change) -> Problem:
    assert change.by is not None
    if change.limit.kind == "value":
        return replace(
            drawn,
            offers=tuple(replace(b, value=b.value + change.by) if b.id in change.limit.of else b for b in drawn.offers),
        )
    return relax.moved(drawn, change.limit, change.by)


@pytest.mark.parametrize("seed", range(8))
def test_every_remedy_told_matches_the_order_when_solved_again(seed: int) -> None:
    drawn = middle_problem(seed) if seed % 4 == 3 else random_problem(seed)
    found = solve(drawn)
    if not found.found:
        return
    for each in found.unmatched[:3]:
        for change in explain(drawn, found, each.order).would_take:
            again = solve(_changed(drawn, change))
            assert each.order in {match.order for match in again.matches}, (each.order, change)


@pytest.mark.parametrize("seed", range(12))
def test_a_losing_offer_wins_with_the_rise_told_and_not_with_less(seed: int) -> None:
    drawn = random_problem(seed)
    found = solve(drawn)
    if not found.found:
        return
    for order_id in sorted({b.order for b in drawn.offers}):
        for told in explain(drawn, found, order_id).offers:
            if told.chosen or told.value_short is None:
                continue
            for rise, wins in ((told.value_short, True), (told.value_short - 2, False)):
                raised = replace(
                    drawn,
                    offers=tuple(replace(b, value=b.value + rise) if b.id == told.offer else b for b in drawn.offers),
                )
                again = {match.offer for match in solve(raised).matches}
                assert (told.offer in again) == wins or (not wins and rise < 0), (order_id, told, rise)


def test_a_lost_order_is_told_what_each_change_would_do() -> None:
    drawn = problem(
        orders=[order("a", 0), order("b", 0)],
        funds=[fund("f", 150)],
        teams=[team("t", 9)],
        offers=[offer("x", "a", t=1), offer("y", "b", value=12, t=1)],
    )
    told = explain(drawn, solve(drawn), "a")
    assert (told.matched, told.offer, told.pay) == (False, None, {})
    assert told.why is not None
    assert told.why.reason == Reason.FUND_EXHAUSTED
    assert {change.limit.kind: change.by for change in told.would_take} == {"own_funds": 50, "budget": 50, "value": 3}
    assert [(each.offer, each.value_short) for each in told.offers] == [("x", 3)]
    json.dumps(told.to_json())


def test_a_matched_order_is_told_what_its_loss_would_cost() -> None:
    drawn = problem(
        orders=[order("a"), order("b")],
        teams=[team("t", 1)],
        offers=[offer("x", "a", value=4, t=1), offer("y", "b", value=10, t=1), offer("z", "b", value=3, t=1)],
    )
    told = explain(drawn, solve(drawn), "b")
    assert told.matched
    assert told.offer == "y"
    assert told.why is None
    assert told.loss_without == 6
    assert {each.offer: (each.reason, each.by, each.value_short) for each in told.offers} == {
        "y": (None, (), None),
        "z": (Reason.OUTVALUED, ("y",), 8),
    }


def test_an_unknown_order_or_a_strange_solution_is_refused_in_one_line() -> None:
    drawn = problem(orders=[order("a")], offers=[offer("x", "a")])
    found = solve(drawn)
    with pytest.raises(BadProblem, match="unknown order 'q'"):
        explain(drawn, found, "q")
    with pytest.raises(BadProblem, match="'q' is not in the problem"):
        explain(drawn, replace(found, matches=(Match("a", "q", {"own": 1}),)), "a")


def test_an_infeasible_problem_is_explained_without_remedies() -> None:
    drawn = problem(orders=[order("a", 0, must_match=True), order("b")], offers=[offer("x", "a"), offer("y", "b")])
    found = solve(drawn)
    assert found.status == Status.INFEASIBLE
    told = explain(drawn, found, "a")
    assert told.why is not None
    assert told.why.reason == Reason.PRICE_ABOVE_FUNDING
    assert told.would_take == ()
