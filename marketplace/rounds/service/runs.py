"""Runs: freeze, queue, and what the solving job reports back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marketplace.approvals.service import content_hash
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid, NotFound
from marketplace.orders.workflow import OrderState
from marketplace.rounds import picks, policy, queries, record
from marketplace.rounds.gather import Frozen
from marketplace.rounds.models import Run
from marketplace.rounds.terms import MAX_GAP, MAX_SECONDS, MIN_SECONDS, RunTerms
from marketplace.rounds.workflow import ROUND, RUN, Failure, RunState

SOLVE_JOB = "rounds.solve"


@use_case
def start_run(call: Call, round_id: int, terms: RunTerms) -> Run:
    """Queue a run. Its worker freezes the round first: comparing texts takes seconds, which no page should wait for."""
    row = queries.get_round(call, round_id)
    policy.may_run(call.actor, row.alliance_id).require()
    ROUND.require(row.state, "close")  # only an open round can be run
    if not any(picked.order.state is OrderState.EVALUATING for picked in picks.picked_orders(row.id)):
        raise Conflict("rounds.empty")
    if not MIN_SECONDS <= terms.time_limit <= MAX_SECONDS:
        raise Invalid("rounds.time_limit", {"least": MIN_SECONDS, "most": MAX_SECONDS}, field="time_limit")
    if not 0 <= terms.gap_target <= MAX_GAP:
        raise Invalid("rounds.gap_target", {"most": MAX_GAP // 100}, field="gap_target")
    run = Run(
        round_id=row.id,
        label=terms.label.strip() or row.title,
        state=RUN.require(RunState.DRAFT, "queue"),
        seed=terms.seed,
        time_limit=terms.time_limit,
        gap_target=terms.gap_target,
        progress=[],
        created_by=call.actor.account,
        created_at=call.now,
    )
    db.session.add(run)
    db.session.flush()
    queue.enqueue(call, SOLVE_JOB, run.id)
    audit.record(call, "rounds.start_run", "run", run.id, {"round": row.id, "label": run.label})
    return run


@use_case
def begin_run(call: Call, run_id: int, frozen: Frozen | None) -> Run:
    """A worker takes the run up with its frozen input, or again (None) after another worker died: the input stays."""
    run = _run(run_id)
    run.state = RUN.require(run.state, "start")
    run.started_at, run.progress = call.now, []
    if frozen is not None:
        run.problem, run.scores = frozen.problem, frozen.scores
        run.problem_hash = content_hash(run.problem)
    audit.record(call, "rounds.begin_run", "run", run.id, {"round": run.round_id, "problem": run.problem_hash})
    return run


@use_case
def finish_run(call: Call, run_id: int, solution: Mapping[str, Any]) -> Run:
    """Store what the solver found, after exact integers confirmed it against the run's own frozen problem.

    Raises record.Unverified when they do not: then nothing of it is stored.
    """
    run = _run(run_id)
    answer = record.checked(run.problem or {}, solution)
    run.state, run.finished_at = RUN.require(run.state, record.ending(answer, run.cancel_asked)), call.now
    if run.state is RunState.FAILED:
        run.reason = Failure.NOTHING_FOUND.value
    if answer.found and run.kept:
        record.store(run, answer)
    run.solution, run.solution_hash = dict(solution), record.answer_hash(solution)
    run.status, run.gap, run.seconds = str(answer.status), answer.gap, answer.seconds
    run.objective, run.bound = _number(solution.get("objective")), _number(solution.get("bound"))
    run.progress = [*run.progress, [round(answer.seconds, 2), run.objective, run.bound]]
    detail = {
        "state": run.state.value,
        "status": run.status,
        "matches": len(answer.matches),
        "solution": run.solution_hash,
    }
    audit.record(call, "rounds.finish_run", "run", run.id, detail)
    return run


@use_case
def fail_run(call: Call, run_id: int, failure: Failure, detail: str = "") -> Run:
    """The run ends without an answer, and says why."""
    run = _run(run_id)
    run.state = RUN.require(run.state, "fail")
    run.reason = f"{failure.value}: {detail}"[:1000] if detail else failure.value
    run.finished_at = call.now
    audit.record(call, "rounds.fail_run", "run", run.id, {"reason": run.reason})
    return run


@use_case
def cancel_run(call: Call, run_id: int) -> Run:
    """Stop a run: at once while it waits, else at the solver's next breath, which keeps the best found so far."""
    run = queries.get_run(call, run_id)
    policy.may_run(call.actor, run.round.alliance_id).require()
    target = RUN.require(run.state, "cancel")
    run.cancel_asked = True
    if run.state is not RunState.RUNNING:
        run.state, run.finished_at = target, call.now
    audit.record(call, "rounds.cancel_run", "run", run.id, {"state": run.state.value})
    return run


def _run(run_id: int) -> Run:
    """The run, its row locked and read afresh; only workers come here."""
    run = db.session.get(Run, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound("run")
    return run


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
