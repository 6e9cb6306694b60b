"""Questions about a run that are answered in the background: asked by a person or planned ahead, answered by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, NotFound
from marketplace.rounds import outcomes, policy, queries
from marketplace.rounds.keys import order_key
from marketplace.rounds.models import Run, Study
from marketplace.rounds.workflow import HAS_RESULT, STUDY, StudyKind, StudyState

STUDY_JOB = "rounds.study"
MOST_PLANNED = 60
"""Orders whose explanations are computed ahead; of larger rounds each is computed when somebody asks."""


@use_case
def start_study(call: Call, run_id: int, kind: StudyKind, subject: str = "") -> Study:
    """A reader of the round asks; an answer that is there already is computed anew."""
    run = queries.get_run(call, run_id)
    policy.may_see(call.actor, run.round.alliance_id).require()
    if kind is StudyKind.WHY and subject not in _orders(run):
        raise NotFound("order")
    return _asked(call, "rounds.start_study", run, kind, subject if kind is StudyKind.WHY else "")


@use_case
def ask_why_lost(call: Call, bid_id: int) -> Study:
    """A bidder of a decided order asks what would have won; it learns of nobody else by it."""
    outcome = outcomes.of_bid(call, bid_id)
    run = outcome.run
    if not outcome.decided or outcome.won or run is None:
        raise Conflict("rounds.nothing_to_ask")
    return _asked(call, "rounds.ask_why_lost", run, StudyKind.WHY, order_key(outcome.bid.order_id))


@use_case
def plan_studies(call: Call, run_id: int) -> list[Study]:
    """Compute ahead what reviewers and bidders will ask about a run with an answer."""
    run = db.session.get_one(Run, run_id)
    orders = sorted(_orders(run), key=lambda key: (len(key), key))
    asked = [(StudyKind.WHY, key) for key in orders] if len(orders) <= MOST_PLANNED else []
    rows = [
        _new(call, run, StudyKind.TIES, ""),
        _new(call, run, StudyKind.LEVERS, ""),
        _new(call, run, StudyKind.RULES, ""),
    ]
    rows += [_new(call, run, kind, subject) for kind, subject in asked]
    audit.record(call, "rounds.plan_studies", "run", run.id, {"studies": len(rows)})
    return rows


@use_case
def begin_study(call: Call, study_id: int) -> Study:
    """A worker takes it up, or takes it up again after another worker died."""
    row = _locked(study_id)
    row.state = STUDY.require(row.state, "start")
    row.done = 0
    audit.record(call, "rounds.begin_study", "study", row.id, {"run": row.run_id, "kind": row.kind.value})
    return row


@use_case
def finish_study(call: Call, study_id: int, result: Mapping[str, Any]) -> Study:
    row = _locked(study_id)
    row.state, row.finished_at = STUDY.require(row.state, "finish"), call.now
    row.result, row.done = dict(result), row.total
    audit.record(call, "rounds.finish_study", "study", row.id, {"run": row.run_id, "kind": row.kind.value})
    return row


@use_case
def fail_study(call: Call, study_id: int, reason: str) -> Study:
    row = _locked(study_id)
    row.state, row.finished_at = STUDY.require(row.state, "fail"), call.now
    row.reason = reason[:500]
    audit.record(call, "rounds.fail_study", "study", row.id, {"run": row.run_id, "reason": row.reason})
    return row


def _asked(call: Call, command: str, run: Run, kind: StudyKind, subject: str) -> Study:
    """The study, queued; one that waits or runs already is not queued twice."""
    if run.state not in HAS_RESULT or run.objective is None:
        raise Conflict("rounds.no_result")
    query = select(Study).filter_by(run_id=run.id, kind=kind, subject=subject).with_for_update()
    row = db.session.scalar(query)
    if row is None:
        row = _new(call, run, kind, subject)
    elif STUDY.allows(row.state, "repeat"):
        row.state, row.done, row.total, row.created_at = STUDY.require(row.state, "repeat"), 0, 0, call.now
        queue.enqueue(call, STUDY_JOB, row.id)
    audit.record(call, command, "study", row.id, {"run": run.id, "kind": kind.value, "subject": subject})
    return row


def _new(call: Call, run: Run, kind: StudyKind, subject: str) -> Study:
    row = Study(
        run_id=run.id,
        kind=kind,
        subject=subject,
        state=STUDY.initial,
        done=0,
        total=0,
        created_by=call.actor.account,
        created_at=call.now,
    )
    db.session.add(row)
    db.session.flush()
    queue.enqueue(call, STUDY_JOB, row.id)
    return row


def _orders(run: Run) -> set[str]:
    return {order["id"] for order in (run.problem or {}).get("orders", [])}


def _locked(study_id: int) -> Study:
    row = db.session.get(Study, study_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("study")
    return row


WAITS = frozenset({StudyState.WAITING, StudyState.RUNNING})
