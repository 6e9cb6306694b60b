"""Workers killed with SIGKILL at random moments of a run; the command is ``python -m benchmarks.workbench crash``."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.workbench_round import SECONDS, filled_round, fresh, site
from marketplace.db.base import db
from marketplace.jobs import queue
from marketplace.jobs.models import JobRun, JobState
from marketplace.kernel.call import Call
from marketplace.rounds import service
from marketplace.rounds.models import Proposal, Run, Unmatched
from marketplace.rounds.service import SOLVE_JOB
from marketplace.rounds.terms import RunTerms
from marketplace.rounds.workflow import HAS_RESULT, RunState

POLL = 0.01
READY = b"ready"


def measure_crash(count: int) -> None:
    """Kill the worker ``count`` times; after each kill look for half a result, and at the end for a lost run.

    Every second kill waits until the run is being solved, which is the shorter part, and comes somewhere in the solving.
    """
    with filled_round(40) as (app, call, round_id):
        folder = str(app.extensions["config"].instance)
        draw, kills, found, runs = random.Random(5), 0, Counter[str](), []
        before, solving = min(whole_run(call, round_id, folder) for _ in range(2))
        while kills < count:
            asked = RunTerms(f"crash {kills}", SECONDS)
            runs.append(service.start_run(fresh(call), round_id, asked).id)
            for _ in range(1 + draw.randrange(3)):  # the same run may lose several workers
                worker = started(folder)
                if kills % 2:
                    until_taken_up(runs[-1])
                    time.sleep(draw.random() * solving)
                else:
                    time.sleep(draw.random() * (before + solving))
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
                state = state_of(runs[-1])
                found["killed in state " + str(state)] += 1
                found["half a result"] += halves(runs[-1])
                if state in HAS_RESULT:
                    break  # the kill came after the end: it is told, and does not count
                kills += 1
        started(folder, "--until-done").wait(timeout=900)
        for run_id in runs:
            run = db.session.get_one(Run, run_id, populate_existing=True)
            found[f"ended {run.state}"] += 1
            found["ended without a reason"] += run.state is RunState.FAILED and not run.reason
            found["lost"] += run.state not in {RunState.SOLVED, RunState.FAILED}
            found["half a result"] += halves(run_id)
        hashes = {db.session.get_one(Run, key).solution_hash for key in runs[:1]}
        print(f"crash: {kills} kills over {len(runs)} runs: {dict(found)}; first answer {hashes}")


def started(folder: str, *more: str) -> subprocess.Popen[bytes]:
    """A worker in a process of its own that is ready to work."""
    command = [sys.executable, "-m", "benchmarks.workbench", "worker", "--folder", folder, *more]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == READY
    return worker


def whole_run(call: Call, round_id: int, folder: str) -> tuple[float, float]:
    """Seconds from a worker's readiness to the solving of an undisturbed run, and from there to its end."""
    run = service.start_run(fresh(call), round_id, RunTerms("undisturbed", SECONDS))
    worker, begun = started(folder), time.monotonic()
    until_taken_up(run.id)
    solving = time.monotonic()
    while state_of(run.id) not in HAS_RESULT:
        time.sleep(POLL)
    ended = time.monotonic()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    return solving - begun, ended - solving


def until_taken_up(run_id: int) -> None:
    """Wait until the run is no longer queued; a worker that was killed holds its lease for a while."""
    while state_of(run_id) is RunState.QUEUED:
        time.sleep(POLL)


def state_of(run_id: int) -> RunState | None:
    state = db.session.scalar(select(Run.state).where(Run.id == run_id))
    db.session.rollback()
    return state


def halves(run_id: int) -> bool:
    """Whether anything of a result stands without all of it: proposals, reasons, solution and state belong together."""
    db.session.rollback()
    run = db.session.get_one(Run, run_id, populate_existing=True)
    matches = (
        db.session.scalar(select(func.count()).where(Proposal.run_id == run_id, Proposal.bid_id.is_not(None))) or 0
    )
    reasons = db.session.scalar(select(func.count()).select_from(Unmatched).where(Unmatched.run_id == run_id)) or 0
    if run.state in HAS_RESULT:
        told_ = run.solution or {}
        whole = matches == len(told_["matches"]) and reasons == len(told_["unmatched"]) and bool(run.solution_hash)
    else:
        whole = not matches and not reasons and run.solution is None
    db.session.rollback()
    return not whole


def work(folder: Path, until_done: bool) -> None:
    """A worker that sweeps all the time, with a lease of two seconds instead of two minutes."""
    queue.LEASE = timedelta(seconds=2)
    app = site(folder)
    with app.app_context():
        app.extensions["wake"] = queue.perform
        print(READY.decode(), flush=True)
        while True:
            queue.sweep()
            db.session.rollback()
            open_ = db.session.scalar(
                select(func.count()).where(
                    JobRun.name == SOLVE_JOB, JobRun.state.in_([JobState.WAITING, JobState.RUNNING])
                )
            )
            db.session.rollback()
            if until_done and not open_:
                return
            time.sleep(0.1)
