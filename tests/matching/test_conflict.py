"""Infeasible problems: the conflict is irreducible, and every repair told works."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.small import best_by_force, random_problem
from marketplace.matching import relax
from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Change, Limit, Repair, Status
from tests.matching.build import fund, offer, order, problem, team

CASES: list[tuple[str, Problem, set[Limit], set[tuple[Change, ...]]]] = [
    (
        "own funds",
        problem(orders=[order("a", 60, must_match=True)], offers=[offer("x", "a", 100)]),
        {Limit("must_match", ("a",)), Limit("own_funds", ("a",))},
        {(Change(Limit("must_match", ("a",)), None),), (Change(Limit("own_funds", ("a",)), 40),)},
    ),
    (
        "a team for two",
        problem(
            orders=[order("a", must_match=True), order("b", must_match=True)],
            teams=[team("t", 5)],
            offers=[offer("x", "a", t=3), offer("y", "b", t=3)],
        ),
        {Limit("must_match", ("a",)), Limit("must_match", ("b",)), Limit("capacity", ("t",))},
        {
            (Change(Limit("must_match", ("a",)), None),),
            (Change(Limit("must_match", ("b",)), None),),
            (Change(Limit("capacity", ("t",)), 1),),
        },
    ),
    (
        "nobody offered",
        problem(orders=[order("a", must_match=True), order("b")], offers=[offer("x", "b")]),
        {Limit("must_match", ("a",))},
        {(Change(Limit("must_match", ("a",)), None),)},
    ),
    (
        "group floor",
        problem(
            orders=[order("a", groups=["g"]), order("b", groups=["g"])],
            offers=[offer("x", "b")],
            at_least=[{"group": "g", "matched": 2}],
        ),
        {Limit("at_least", ("g",))},
        {(Change(Limit("at_least", ("g",)), 1),)},
    ),
    (
        "two locks on one order",
        problem(orders=[order("a")], offers=[offer("x", "a"), offer("y", "a")], locked=["x", "y"]),
        {Limit("locked", ("x",)), Limit("locked", ("y",))},
        {(Change(Limit("locked", ("x",)), None),), (Change(Limit("locked", ("y",)), None),)},
    ),
    (
        "locked and forbidden",
        problem(orders=[order("a")], offers=[offer("x", "a")], locked=["x"], forbidden=["x"]),
        {Limit("locked", ("x",)), Limit("forbidden", ("x",))},
        {(Change(Limit("locked", ("x",)), None),), (Change(Limit("forbidden", ("x",)), None),)},
    ),
    (
        "a smallest grant",
        problem(
            orders=[order("a", 0, must_match=True)], offers=[offer("x", "a", 50)], funds=[fund("f", 999, amount_min=60)]
        ),
        {Limit("must_match", ("a",)), Limit("amount_min", ("f",)), Limit("own_funds", ("a",))},
        {
            (Change(Limit("must_match", ("a",)), None),),
            (Change(Limit("amount_min", ("f",)), 10),),
            (Change(Limit("own_funds", ("a",)), 50),),
        },
    ),
]


@pytest.mark.parametrize(("drawn", "conflict", "repairs"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_the_conflict_and_its_repairs_are_told(drawn: Problem, conflict: set[Limit], repairs: set[Any]) -> None:
    found = solve(drawn)
    assert found.status == Status.INFEASIBLE
    assert set(found.conflict) == conflict
    assert {repair.changes for repair in found.repairs} == repairs


def test_two_conflicts_side_by_side_are_repaired_together() -> None:
    found = solve(
        problem(
            orders=[order("a", 0, must_match=True), order("b", 0, must_match=True)],
            offers=[offer("x", "a"), offer("y", "b")],
        )
    )
    assert len(found.conflict) == 2
    assert [{change.limit for change in repair.changes} for repair in found.repairs] == [
        {Limit("must_match", ("a",)), Limit("must_match", ("b",))}
    ]


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_every_conflict_is_irreducible_and_every_repair_works(first: int) -> None:
    for seed in range(first, first + 5):
        drawn = random_problem(seed, demands=0.6)
        found = solve(drawn)
        if found.status != Status.INFEASIBLE:
            continue
        others = ({*relax.demands(drawn), *relax.limits(drawn)}) - set(found.conflict)
        assert solve(relax.without(drawn, others)).status == Status.INFEASIBLE
        for member in found.conflict:
            assert solve(relax.without(drawn, {*others, member})).status == Status.OPTIMAL, (seed, member)
        assert found.repairs
        for repair in found.repairs:
            assert best_by_force(_repaired(drawn, repair)) == repair.objective, (seed, repair)


def _repaired(drawn: Problem, repair: Repair) -> Problem:
    for change in repair.changes:
        drawn = (
            relax.without(drawn, [change.limit]) if change.by is None else relax.moved(drawn, change.limit, change.by)
        )
    return drawn


def test_without_time_the_conflict_may_be_large_but_is_true() -> None:
    drawn = problem(
        orders=[order("a", 0, must_match=True), order("b", must_match=True)], offers=[offer("x", "a"), offer("y", "b")]
    )
    found = solve(drawn, Settings(time_limit=0.0))
    if found.status == Status.INFEASIBLE:
        others = {*relax.demands(drawn), *relax.limits(drawn)} - set(found.conflict)
        assert solve(relax.without(drawn, others)).status == Status.INFEASIBLE
