"""The jobs of studies: outside any transaction, with progress, a time limit and an honest end when a worker died."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.matching.problem import Problem
from marketplace.matching.solution import Solution
from marketplace.rounds import service
from marketplace.rounds.models import Run, Study
from marketplace.rounds.service.studies import STUDY_JOB
from marketplace.rounds.solve import settings_of, warm_of
from marketplace.rounds.study import levers, rules, ties, why
from marketplace.rounds.study.replay import replay
from marketplace.rounds.study.trial import Bench
from marketplace.rounds.workflow import STUDY, Failure, StudyKind

log = logging.getLogger(__name__)
SECONDS = 120.0
Step = Callable[[int, int], None]


@queue.job(STUDY_JOB)
def answer_study(call: Call, study_id: int | None) -> None:
    """Answer one question about a run; one whose worker died starts anew, a few times at most."""
    row = db.session.get(Study, study_id)
    if row is None or study_id is None or not STUDY.allows(row.state, "start"):
        return
    if _attempts(study_id) > queue.MAX_ATTEMPTS:
        service.fail_study(call, study_id, Failure.WORKER_DIED.value)
        return
    try:
        row = service.begin_study(call, study_id)
        result = _answered(row, _Told(study_id))
        service.finish_study(_later(call), study_id, result)
    except Conflict as error:
        db.session.rollback()
        if error.code != "workflow.not_now":
            raise
    except Exception as error:
        db.session.rollback()
        if _attempts(study_id) < queue.MAX_ATTEMPTS:
            raise
        log.exception("study %s failed for good", study_id)
        service.fail_study(_later(call), study_id, f"{Failure.SOLVER_ERROR.value}: {type(error).__name__}")


def _answered(row: Study, step: Step) -> dict[str, Any]:
    run = db.session.get_one(Run, row.run_id)
    problem, solution = Problem.from_json(run.problem), Solution.from_json(run.solution)
    scores, kind, subject = run.scores or {}, row.kind, row.subject
    settings, warm, stored = settings_of(run), warm_of(run), run.solution_hash
    bench = Bench(problem, solution, SECONDS, run.seed)
    db.session.rollback()  # nothing is held while the solver works
    if kind is StudyKind.WHY:
        return why.study(why.Asked(bench, scores, subject), step)
    if kind is StudyKind.REPLAY:
        return replay(problem, settings, warm, solution, stored)
    return {StudyKind.TIES: ties.study, StudyKind.RULES: rules.study, StudyKind.LEVERS: levers.study}[kind](bench, step)


class _Told:
    """Writes how far a study is and keeps the lease; a busy database only costs a step of the bar."""

    def __init__(self, study_id: int) -> None:
        self.study_id = study_id

    def __call__(self, done: int, total: int) -> None:
        try:
            execute_alone(update(Study).where(Study.id == self.study_id).values(done=done, total=total))
            queue.renew(STUDY_JOB, self.study_id)
        except OperationalError:
            log.warning("study %s: progress could not be written", self.study_id)
        finally:
            db.session.rollback()


def _attempts(study_id: int) -> int:
    query = select(JobRun.attempts).where(
        JobRun.name == STUDY_JOB, JobRun.argument == study_id, JobRun.state == JobState.RUNNING
    )
    return db.session.scalar(query) or 0


def _later(call: Call) -> Call:
    return replace(call, now=current_app.extensions["clock"]())
