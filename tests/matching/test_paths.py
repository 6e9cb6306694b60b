"""Which path solves: small problems exactly, large ones by prices, and always the better of what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.instances import Shape, generate
from benchmarks.small import random_problem
from marketplace.matching.answer import Answer, Hearing, Settings
from marketplace.matching.columns import to_columns
from marketplace.matching.encoding import Arrays, encode
from marketplace.matching.paths import solve_arrays
from marketplace.matching.solution import Status
from marketplace.matching.verify_columns import verify_columns


def _nothing_found(arrays: Arrays, hearing: Hearing) -> Answer:
    return Answer(Status.CANCELLED, None, None, None)


@pytest.mark.slow
def test_a_large_problem_comes_with_a_certificate_that_verifies() -> None:
    arrays = generate(Shape(300, 200, 8, seed=3))
    hearing = Hearing(Settings(time_limit=100.0, gap=0.02))
    answer = solve_arrays(arrays, hearing)
    report, status, matches = verify_columns(arrays, to_columns(arrays, answer, hearing.seconds()))
    assert report.broken == ()
    assert status in (Status.OPTIMAL, Status.FEASIBLE)
    assert matches > 100
    assert "certificate" in report.proof


@pytest.mark.slow
def test_when_the_large_path_finds_nothing_the_exact_one_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.matching.paths.ALWAYS_EXACT", 0)
    monkeypatch.setattr("marketplace.matching.decomposition.suits", lambda arrays: "always")
    monkeypatch.setattr("marketplace.matching.decomposition.solve_large", _nothing_found)
    arrays = encode(random_problem(3)).arrays
    found, exact = solve_arrays(arrays, Hearing(Settings())), _exact(arrays)
    assert (found.status, found.objective) == (exact.status, exact.objective)


@pytest.mark.slow
def test_a_better_earlier_answer_is_kept_when_the_search_finds_less(monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = encode(random_problem(3)).arrays
    best = _exact(arrays)
    assert best.choices
    assert best.objective is not None
    poor = replace(best, status=Status.FEASIBLE, choices=(), objective=best.objective * 0, bound=best.objective + 5)
    monkeypatch.setattr("marketplace.matching.paths.ALWAYS_EXACT", 0)
    monkeypatch.setattr("marketplace.matching.decomposition.suits", lambda arrays: "always")
    monkeypatch.setattr("marketplace.matching.decomposition.solve_large", lambda arrays, hearing: poor)
    kept = solve_arrays(arrays, Hearing(Settings()), best.choices)
    assert (kept.status, kept.objective, kept.bound) == (Status.FEASIBLE, best.objective, best.objective + 5)


def _exact(arrays: Arrays) -> Answer:
    return solve_arrays(arrays, Hearing(Settings()))
