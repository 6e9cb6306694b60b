"""A run's first answer reaches its row whatever the database does, and what was compared is kept from then on."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.matching.problem import BadProblem
from marketplace.matching.solution import Progress, Solution
from marketplace.rounds import gather, solve
from marketplace.rounds.gather import kept
from marketplace.rounds.models import Run
from marketplace.rounds.workflow import RunState
from tests.rounds.conftest import Scene, fresh


@pytest.fixture
def reported(scene: Scene, held: list[int]) -> Run:
    """A run whose row waits for news."""
    run = scene.run()
    run.state, run.started_at = RunState.RUNNING, scene.make.clock()
    scene.make.save(run)
    return run


def test_news_that_a_busy_database_refused_is_written_at_the_next_look(
    reported: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch, points, key = solve._Watch(), [], reported.id  # type: ignore[var-annotated]
    watch.note(Progress(1.0, 5.0, 0.9, 1.25))
    with monkeypatch.context() as patched:
        patched.setattr(solve, "execute_alone", busy)
        solve._report(key, watch, points)
    assert (points, fresh(reported).objective) == ([], None)
    solve._report(key, watch, points)
    assert (points, fresh(reported).objective) == ([[1.25, 1.0, 5.0]], 1.0)


def test_an_answer_in_the_same_hundredth_of_a_second_is_written_and_old_news_is_not(reported: Run) -> None:
    watch, points, key = solve._Watch(), [], reported.id  # type: ignore[var-annotated]
    for objective in (None, 1.0):
        watch.note(Progress(objective, 5.0, None, 1.25))
        solve._report(key, watch, points)
        solve._report(key, watch, points)
    assert points == [[1.25, None, 5.0], [1.25, 1.0, 5.0]]
    assert fresh(reported).objective == 1.0


def busy(*_told: Any) -> int:
    raise OperationalError("UPDATE", {}, Exception("database is locked"))


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> list[tuple[RunState, float | None]]:
    """The state and the answer on the run's row whenever a comparison is kept."""
    found: list[tuple[RunState, float | None]] = []
    keep = kept.keep

    def noted(*told: Any) -> None:
        state, objective = db.session.execute(select(Run.state, Run.objective)).one()
        found.append((state, objective))
        keep(*told)

    monkeypatch.setattr(kept, "keep", noted)
    return found


def test_what_a_run_compared_is_kept_for_the_next_one_once_its_answer_stands(
    scene: Scene, keeping: list[tuple[RunState, float | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = solve.solve
    monkeypatch.setattr(solve, "solve", lambda problem, settings, **_told: honest(problem, settings))
    scene.run()
    assert [state for state, _objective in keeping] == [RunState.SOLVED]
    monkeypatch.setattr(gather, "rank", lambda _texts: pytest.fail("the same texts are compared twice"))
    assert scene.run().state is RunState.SOLVED


def test_it_is_kept_beside_the_search_after_the_first_answer(
    scene: Scene, keeping: list[tuple[RunState, float | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = solve.solve

    def waiting(problem: Any, settings: Any, *, on_progress: Any, cancelled: Any) -> Solution:
        on_progress(Progress(1.0, 5000.0, 0.9, 1.25))
        until = time.monotonic() + 20
        while not keeping and time.monotonic() < until:
            time.sleep(0.01)
        return honest(problem, settings)

    monkeypatch.setattr(solve, "solve", waiting)
    assert scene.run().state is RunState.SOLVED
    assert keeping == [(RunState.RUNNING, 1.0)]


def test_it_is_kept_when_the_search_fails(
    scene: Scene, keeping: list[tuple[RunState, float | None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_kwargs: Any) -> Solution:
        raise BadProblem("broken")

    monkeypatch.setattr(solve, "solve", broken)
    assert scene.run().state is RunState.FAILED
    assert len(keeping) == 1


def test_a_comparison_that_cannot_be_kept_costs_the_run_nothing(
    scene: Scene, held: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = scene.run()
    monkeypatch.setattr(kept, "keep", busy)
    assert queue.perform(held[-1])
    assert fresh(run).state is RunState.SOLVED
    assert db.session.get_one(JobRun, held[-1], populate_existing=True).state is JobState.DONE
