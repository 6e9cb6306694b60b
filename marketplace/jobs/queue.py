"""Background work: a row in ``job_runs`` is written with the business change, the queue (huey) only wakes a worker.

Huey is at-most-once; a lease on the row and a sweep every minute make it at-least-once, so jobs must be repeatable.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from typing import Any

from flask import Flask, current_app
from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer
from sqlalchemy import or_, select, update

from marketplace.config import Config
from marketplace.db.base import db
from marketplace.db.transaction import after_commit, execute_alone
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Actor, Call

log = logging.getLogger(__name__)

Job = Callable[[Call, int | None], None]
LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 5
_JOBS: dict[str, Job] = {}
_MODULES: dict[str, str] = {}
_PATIENT: set[str] = set()
_one_at_a_time = Lock()
_EACH_MINUTE: list[Callable[[Call], object]] = []


def job(name: str) -> Callable[[Job], Job]:
    """Register ``function(call, argument)`` as the job ``name``. It runs outside any transaction and may run twice."""

    def register(function: Job) -> Job:
        _JOBS[name] = function
        return function

    return register


def job_in(module: str, name: str, *, patient: bool = False) -> None:
    """Say that importing ``module`` registers the job ``name``; the worker imports it when the first such job comes.

    For jobs whose libraries are large: a web process that only queues them starts without them. Of ``patient`` jobs, which
    take minutes and come in dozens, a worker does one at a time, so that the others never stand behind them.
    """
    _MODULES[name] = module
    if patient:
        _PATIENT.add(name)


def each_minute(function: Callable[[Call], object]) -> Callable[[Call], object]:
    """Register ``function(call)`` to be run every minute by the worker: deadlines that pass, time stamps that come due."""
    _EACH_MINUTE.append(function)
    return function


def enqueue(call: Call, name: str, argument: int | None = None) -> JobRun:
    """Queue job ``name`` inside the running use case; a worker is woken after its commit."""
    if name not in _JOBS and name not in _MODULES:
        raise LookupError(f"no job is called {name}")
    row = JobRun(name=name, argument=argument, created_at=call.now, state=JobState.WAITING)
    db.session.add(row)
    db.session.flush()
    key = row.id
    after_commit(lambda: current_app.extensions["wake"](key))
    return row


def perform(job_id: int) -> bool:
    """Do one queued job now if nobody else has it; return whether this call did it.

    What the job raises is stored on the row and tried again later, at most MAX_ATTEMPTS times.
    """
    clock = current_app.extensions["clock"]
    row = _claim(job_id, clock())
    if row is None:
        return False
    try:
        if row.name not in _JOBS:
            importlib.import_module(_MODULES[row.name])
        _JOBS[row.name](Call(Actor.system("worker"), clock(), f"job-{job_id}"), row.argument)
    except Exception as error:
        db.session.rollback()
        log.exception("job %s %s failed", job_id, row.name)
        again = row.attempts < MAX_ATTEMPTS
        _finish(job_id, JobState.WAITING if again else JobState.FAILED, clock(), f"{type(error).__name__}: {error}")
        if current_app.config["TESTING"]:
            raise
        return True
    _finish(job_id, JobState.DONE, clock(), "")
    return True


def attend(job_id: int) -> None:
    """Do the job that this worker was woken for; a patient one is left while another is being done, whose end wakes it."""
    name = db.session.scalar(select(JobRun.name).where(JobRun.id == job_id))
    db.session.rollback()
    if name not in _PATIENT:
        perform(job_id)
        return
    if not _one_at_a_time.acquire(blocking=False):
        return
    try:
        perform(job_id)
    finally:
        _one_at_a_time.release()
    now = current_app.extensions["clock"]()
    waiting = select(JobRun.id).where(JobRun.name.in_(_PATIENT), JobRun.id != job_id, _open(now))
    newest = db.session.scalar(waiting.order_by(JobRun.id.desc()).limit(1))  # somebody may be looking at its page
    db.session.rollback()
    if newest is not None:
        current_app.extensions["wake"](newest)


def renew(job_name: str, argument: int | None) -> None:
    """Extend the lease of a long job; called from its progress."""
    now = current_app.extensions["clock"]()
    execute_alone(
        update(JobRun)
        .where(JobRun.name == job_name, JobRun.argument == argument, JobRun.state == JobState.RUNNING)
        .values(lease_until=now + LEASE)
    )


def sweep() -> int:
    """Wake a worker for every job that was forgotten or whose worker died; return how many."""
    now = current_app.extensions["clock"]()
    keys = db.session.scalars(select(JobRun.id).where(_open(now)).order_by(JobRun.id)).all()
    for key in keys:
        current_app.extensions["wake"](key)
    return len(keys)


def tick() -> None:
    """Do what is due every minute; one function's failure does not keep the others from running."""
    clock = current_app.extensions["clock"]
    for function in _EACH_MINUTE:
        try:
            function(Call(Actor.system("worker"), clock(), "minute"))
        except Exception:
            db.session.rollback()
            log.exception("%s failed", function.__qualname__)


def _open(now: Any) -> Any:
    free = or_(JobRun.lease_until.is_(None), JobRun.lease_until < now)
    return JobRun.state.in_([JobState.WAITING, JobState.RUNNING]) & free


def _claim(job_id: int, now: Any) -> JobRun | None:
    """Take the job by a conditional UPDATE: of two workers only one sees a changed row."""
    mine = execute_alone(
        update(JobRun)
        .where(JobRun.id == job_id, _open(now))
        .values(state=JobState.RUNNING, attempts=JobRun.attempts + 1, lease_until=now + LEASE)
    )
    return db.session.get(JobRun, job_id, populate_existing=True) if mine else None


def _finish(job_id: int, state: JobState, now: Any, error: str) -> None:
    execute_alone(
        update(JobRun)
        .where(JobRun.id == job_id)
        .values(state=state, error=error[:2000], lease_until=None, finished_at=now)
    )


def install(app: Flask, config: Config) -> None:
    """Make the queue and ``wake``: inline in tests, huey elsewhere."""
    huey = _make_huey(config)

    @huey.task(name="run_job")  # type: ignore[untyped-decorator]
    def run_job(job_id: int) -> None:
        with app.app_context():
            attend(job_id)

    @huey.periodic_task(crontab(minute="*"), name="sweep")  # type: ignore[untyped-decorator]
    def run_sweep() -> None:
        with app.app_context():
            sweep()
            tick()

    app.extensions["huey"] = huey
    app.extensions["wake"] = perform if config.jobs_inline else run_job


def _make_huey(config: Config) -> Huey:
    options: dict[str, Any] = {"results": False, "serializer": SignedSerializer(secret=config.secret_key)}
    if config.testing:
        return MemoryHuey("tripool", **options)
    if config.queue_url.startswith("redis"):
        return RedisHuey("tripool", url=config.queue_url, **options)
    if config.queue_url.startswith("postgresql"):
        return PostgresHuey("tripool", dsn=config.queue_url, **options)
    config.instance.mkdir(parents=True, exist_ok=True)
    # A rollback journal: huey uses Python's own sqlite3, whose library may carry the WAL-reset bug.
    return SqliteHuey("tripool", filename=str(config.instance / "queue.db"), journal_mode="delete", **options)
