"""The job that solves a run: outside any transaction, with progress, a time limit and a cancel button."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Event
from time import monotonic
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from marketplace.accounts.models import Account
from marketplace.accounts.queries import actor_of
from marketplace.db.base import db
from marketplace.db.transaction import execute_alone
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.kernel.memory import resting_collector
from marketplace.matching.engine import Settings, solve
from marketplace.matching.problem import BASIS, BadProblem, Problem
from marketplace.matching.session import Session
from marketplace.matching.solution import Progress, Solution, Status
from marketplace.orders.models import Order
from marketplace.rounds import gather, picks, service
from marketplace.rounds.gather import kept
from marketplace.rounds.keys import row_of
from marketplace.rounds.models import Round, Run
from marketplace.rounds.record import MOST_OPTIONS, Unverified
from marketplace.rounds.service import SOLVE_JOB
from marketplace.rounds.whatif import changes
from marketplace.rounds.workflow import RUN, ChangeKind, Failure, RunState
from marketplace.web.filters import CITY

log = logging.getLogger(__name__)
T = TypeVar("T")

LARGE = 1_000
"""Offers above which a simple answer is shown before the search has one of its own."""
NOTHING = Solution(Status.FEASIBLE, None, None, 0.0)
"""No answer at all: what is repaired from it is one pass over the offers."""
FIRST_REPORT, REPORT_EVERY = 0.1, 0.5
"""Seconds: at first often, then seldom; the first answer is reported when it is there."""
MOST_POINTS = 200
RENEW_AFTER = 0.1
"""Part of a lease after which it is extended: each extension is a write that waits for the disk, and others for it."""


@dataclass
class _Watch:
    """What passes between the solver's thread and this one: news out, the wish to stop in."""

    stop: Event = field(default_factory=Event)
    heard: Event = field(default_factory=Event)
    """Something that must not wait for the next look: the first answer, or the end of the work."""
    latest: Progress | None = None
    written: Progress | None = None
    """The last news that stands on the run's row."""
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """What is done once an answer stands there, because somebody waits for it."""
    renewed: float = 0.0
    """When the lease was last extended, by the clock of ``monotonic``."""

    def note(self, progress: Progress) -> None:
        """Called by the solver's thread."""
        first = progress.objective is not None and (self.latest is None or self.latest.objective is None)
        self.latest = progress
        if first:
            self.heard.set()


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
        if isinstance(error, Conflict) and error.code == "workflow.not_now":
            return  # it was cancelled meanwhile, or another worker was faster
        if _attempts(run_id) < queue.MAX_ATTEMPTS:
            raise
        log.exception("run %s failed for good", run_id)
        service.fail_run(_later(call), run_id, Failure.SOLVER_ERROR, type(error).__name__)


def _solve(call: Call, run_id: int) -> None:
    watch = _Watch()
    try:
        with resting_collector():
            frozen = None if _known(run_id) else _frozen(call, run_id, watch)
            run = service.begin_run(_later(call), run_id, frozen)
            problem = Problem.from_json(run.problem) if frozen is None else frozen.parsed
            settings, warm = settings_of(run), warm_of(run)
            db.session.rollback()  # nothing is held while the solver works
        solution = _beside(run_id, watch, lambda: _answer(problem, settings, warm, watch))
        with resting_collector():
            service.finish_run(_later(call), run_id, solution.to_json())
    finally:
        _catch_up(run_id, watch)


def settings_of(run: Run) -> Settings:
    """How a run is solved; the same again when it is replayed."""
    return Settings(time_limit=run.time_limit, gap=run.gap_target / BASIS, options=MOST_OPTIONS - 1, seed=run.seed)


def warm_of(run: Run) -> Solution | None:
    """The answer a scenario starts from: that of its base, when it has one."""
    told = run.base.solution if run.base is not None else None
    answer = None if told is None else Solution.from_json(told)
    return answer if answer is not None and answer.found else None


def _answer(problem: Problem, settings: Settings, warm: Solution | None, watch: _Watch) -> Solution:
    if warm is not None or len(problem.offers) > LARGE:
        with resting_collector():
            first = repair(problem, settings, warm or NOTHING)
        if first.found:  # shown at once; the search goes on all the same
            told = [None if n is None else float(n) for n in (first.objective, first.bound)]
            watch.note(Progress(told[0], told[1], first.gap, first.seconds))
    if warm is None:
        return solve(problem, settings, on_progress=watch.note, cancelled=watch.stop.is_set)
    return solve(problem, settings, on_progress=watch.note, cancelled=watch.stop.is_set, warm=warm)


def repair(problem: Problem, settings: Settings, warm: Solution) -> Solution:
    """What of an earlier answer still holds in a changed problem, with others let in where they fit: at once, not the best.

    A session repairs after every change, so a change that changes nothing makes it repair and do nothing else.
    """
    session = Session(problem, replace(settings, options=0), warm)
    if problem.teams:
        return session.set_capacity(problem.teams[0].id, problem.teams[0].capacity)
    return session.prove()


def _known(run_id: int) -> bool:
    """Whether an earlier worker has frozen the input: a run solves what it was started with, however often it is tried."""
    return bool(db.session.scalar(select(Run.problem_hash).where(Run.id == run_id)))


def _frozen(call: Call, run_id: int, watch: _Watch) -> gather.Frozen:
    """The input of a run: its round as it is, or its base's input with the changes of a scenario."""
    run = db.session.get_one(Run, run_id)
    return _freeze(call, run, watch) if run.base is None else _changed(call, run, run.base)


def _changed(call: Call, run: Run, base: Run) -> gather.Frozen:
    chosen = {match["order"]: match["offer"] for match in (base.solution or {}).get("matches", [])}
    problem, scores = Problem.from_json(base.problem), base.scores or {}
    told = [_grafted(call, run, change) for change in run.changes]
    made = changes.apply(problem, scores, told, chosen)
    return gather.Frozen(made.problem, made.scores)


def _grafted(call: Call, run: Run, change: Mapping[str, Any]) -> Mapping[str, Any]:
    """An order to add comes with what the round knows of it today; raises BadProblem when it cannot be added any more."""
    if change["kind"] != ChangeKind.ADD_ORDER.value:
        return change
    run_id, key = run.id, row_of(change["of"])
    order = next((each for each in picks.addable_orders(run.round, ()) if each.id == key), None)
    if order is None:
        raise BadProblem(f"order: {change['of']} cannot be added any more")
    on = run.created_at.astimezone(CITY).date()
    texts = gather.read_texts(_as_starter(call, run), run.round, on, [order])
    fits = _beside(run_id, _Watch(), lambda: gather.rank(texts))
    run = db.session.get_one(Run, run_id)
    return {**change, **gather.graft(run.round, db.session.get_one(Order, key), fits, on)}


def _freeze(call: Call, run: Run, watch: _Watch) -> gather.Frozen:
    """Freeze the round with the rights of whoever started the run.

    A comparison that had to be made is kept once the first answer is told: writing it takes half a second.
    """
    asked = _as_starter(call, run)
    run_id, round_id, on = run.id, run.round_id, run.created_at.astimezone(CITY).date()
    texts = gather.read_texts(asked, run.round, on)
    print_ = kept.fingerprint(texts)
    known = kept.recall(round_id, print_)
    db.session.rollback()
    fits = _beside(run_id, _Watch(), lambda: gather.rank(texts)) if known is None else known
    if known is None:
        watch.afterwards.append(lambda: kept.keep(round_id, print_, fits, _later(call).now))
    return gather.freeze(db.session.get_one(Round, round_id), fits, on)


def _as_starter(call: Call, run: Run) -> Call:
    starter = db.session.get(Account, run.created_by) if run.created_by else None
    return call if starter is None else replace(call, actor=actor_of(starter))


def _beside(run_id: int, watch: _Watch, work: Callable[[], T]) -> T:
    """Do ``work`` in a thread of its own, so that the lease is renewed and the cancel button heard whatever it does."""
    points: list[list[Any]] = []
    pause = FIRST_REPORT
    with ThreadPoolExecutor(max_workers=1) as pool:
        answer: Future[T] = pool.submit(work)
        answer.add_done_callback(lambda _done: watch.heard.set())
        try:
            while not answer.done():
                if watch.heard.wait(timeout=pause):
                    watch.heard.clear()
                if not answer.done():
                    _report(run_id, watch, points)
                    if watch.written is not None and watch.written.objective is not None:
                        _catch_up(run_id, watch)
                    pause = min(REPORT_EVERY, 2 * pause)
        finally:
            watch.stop.set()  # if this thread fails, the other must not go on until its time limit
    return answer.result()


def _report(run_id: int, watch: _Watch, points: list[list[Any]]) -> None:
    """Write progress, keep the lease, hear a cancel; a busy database only costs a point of the curve."""
    news = watch.latest
    try:
        if news is not None and news is not watch.written:
            curve = [*points, [round(news.seconds, 2), news.objective, news.bound]]
            if len(curve) > MOST_POINTS:
                del curve[1::2]
            execute_alone(
                update(Run)
                .where(Run.id == run_id, Run.state == RunState.RUNNING)
                .values(
                    progress=curve,
                    objective=news.objective,
                    bound=news.bound,
                    gap=news.gap,
                    seconds=news.seconds,
                )
            )
            points[:], watch.written = curve, news
        if monotonic() - watch.renewed > queue.LEASE.total_seconds() * RENEW_AFTER:
            queue.renew(SOLVE_JOB, run_id)
            watch.renewed = monotonic()
        if db.session.scalar(select(Run.cancel_asked).where(Run.id == run_id)):
            watch.stop.set()
    except OperationalError:
        log.warning("run %s: progress could not be written", run_id)
    finally:
        db.session.rollback()


def _catch_up(run_id: int, watch: _Watch) -> None:
    """Do what waited for an answer; anybody could do it again, so a busy database must not cost the run."""
    while watch.afterwards:
        each = watch.afterwards.pop()
        try:
            with resting_collector():
                each()
        except OperationalError:
            log.warning("run %s: what it compared could not be kept", run_id)
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
