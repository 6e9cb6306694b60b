"""The job that solves a run: outside any transaction, with progress, a time limit and a cancel button."""

from __future__ import annotations

import logging
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import BadProblem, Problem
from marketplace.matching.solution import Progress, Solution
from marketplace.rounds import service
from marketplace.rounds.models import Run
from marketplace.rounds.record import MOST_OPTIONS, Unverified
from marketplace.rounds.service import SOLVE_JOB
from marketplace.rounds.workflow import RUN, Failure, RunState

log = logging.getLogger(__name__)

REPORT_EVERY = 0.5
MOST_POINTS = 200


@dataclass
class _Watch:
    """What passes between the solver's thread and this one: news out, the wish to stop in."""

    stop: Event = field(default_factory=Event)
    latest: Progress | None = None

    def note(self, progress: Progress) -> None:
        self.latest = progress


@queue.job(SOLVE_JOB)
def solve_run(call: Call, run_id: int | None) -> None:
    """Solve one queued run and store what was found; a run whose worker died starts anew, a few times at most."""
    run = db.session.get(Run, run_id)
    if run is None or run_id is None or not RUN.allows(run.state, "start"):
        return
    if _attempts(run_id) > queue.MAX_ATTEMPTS:
        service.fail_run(call, run_id, Failure.WORKER_DIED)
        return
    try:
        _solve(call, run_id)
    except BadProblem as error:
        service.fail_run(_later(call), run_id, Failure.BAD_PROBLEM, str(error))
    except Unverified as error:
        service.fail_run(_later(call), run_id, Failure.NOT_VERIFIED, str(error))
    except Exception as error:
        db.session.rollback()
        if _attempts(run_id) < queue.MAX_ATTEMPTS:
            raise
        log.exception("run %s failed for good", run_id)
        service.fail_run(_later(call), run_id, Failure.SOLVER_ERROR, type(error).__name__)


def _solve(call: Call, run_id: int) -> None:
    run = service.begin_run(call, run_id)
    problem, settings = run.problem, Settings(time_limit=run.time_limit, options=MOST_OPTIONS - 1, seed=run.seed)
    db.session.rollback()  # nothing is held while the solver works
    solution = _search(run_id, Problem.from_json(problem), settings)
    service.finish_run(_later(call), run_id, solution.to_json())


def _search(run_id: int, problem: Problem, settings: Settings) -> Solution:
    """Solve in a thread of its own, so that the lease is renewed and the cancel button heard whatever the solver does."""
    watch = _Watch()
    points: list[list[Any]] = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        answer: Future[Solution] = pool.submit(
            solve, problem, settings, on_progress=watch.note, cancelled=watch.stop.is_set
        )
        try:
            while not wait([answer], timeout=REPORT_EVERY).done:
                _report(run_id, watch, points)
        finally:
            watch.stop.set()  # if this thread fails, the other must not go on until its time limit
    return answer.result()


def _report(run_id: int, watch: _Watch, points: list[list[Any]]) -> None:
    """Write progress, keep the lease, hear a cancel; a busy database only costs a point of the curve."""
    news = watch.latest
    try:
        if news is not None:
            points.append([round(news.seconds, 2), news.objective, news.bound])
            if len(points) > MOST_POINTS:
                del points[1::2]
            execute_alone(
                update(Run)
                .where(Run.id == run_id, Run.state == RunState.RUNNING)
                .values(
                    progress=list(points),
                    objective=news.objective,
                    bound=news.bound,
                    gap=news.gap,
                    seconds=news.seconds,
                )
            )
        queue.renew(SOLVE_JOB, run_id)
        if db.session.scalar(select(Run.cancel_asked).where(Run.id == run_id)):
            watch.stop.set()
    except OperationalError:
        log.warning("run %s: progress could not be written", run_id)
    finally:
        db.session.rollback()


def _attempts(run_id: int) -> int:
    """How often a worker has taken up this run's job."""
    query = select(JobRun.attempts).where(
        JobRun.name == SOLVE_JOB, JobRun.argument == run_id, JobRun.state == JobState.RUNNING
    )
    return db.session.scalar(query) or 0


def _later(call: Call) -> Call:
    return replace(call, now=current_app.extensions["clock"]())
