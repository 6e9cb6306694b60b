"""What if: runs that change an earlier run's problem. Nothing of them counts until a person keeps one."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.jobs import queue
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict, Invalid
from marketplace.kernel.memory import resting_collector
from marketplace.matching.problem import BASIS, BadProblem, Problem
from marketplace.rounds import picks, policy, queries, record
from marketplace.rounds.keys import order_key, row_of
from marketplace.rounds.models import Run
from marketplace.rounds.service.runs import SOLVE_JOB
from marketplace.rounds.terms import MAX_WEIGHT, ScenarioTerms
from marketplace.rounds.whatif import changes
from marketplace.rounds.whatif.refusals import refusal_of
from marketplace.rounds.workflow import HAS_RESULT, ROUND, RUN, Aim, ChangeKind, RunKind, RunState

FRONTIER_PARTS = (0, 2_000, 4_000, 6_000, 8_000, BASIS)
"""Basis points of the public budgets at which the frontier is solved."""
MOST_CHANGES = 40
LEAST_SECONDS = 10
"""A scenario may search at least so long, however short its base was: it shows its first answer at once anyhow."""


@use_case
def start_scenario(call: Call, base_id: int, terms: ScenarioTerms) -> Run:
    """Queue a re-solve of a run with changes, warm-started from its answer; the run itself stays as it is."""
    base = _base(call, base_id)
    run = _queued(call, base, terms.kind, terms.label, terms.changes)
    detail = {"base": base.id, "kind": run.kind.value, "changes": [dict(each) for each in terms.changes]}
    audit.record(call, "rounds.start_scenario", "run", run.id, detail)
    return run


@use_case
def compare_aims(call: Call, base_id: int, labels: Mapping[Aim, str]) -> list[Run]:
    """Queue the four aims of one run, to be compared side by side; those that exist already are not solved again."""
    base = _base(call, base_id)
    there = {run.changes[0]["aim"] for run in queries.scenarios_of(base.id, RunKind.AIM)}
    runs = [
        _queued(call, base, RunKind.AIM, labels[aim], [{"kind": ChangeKind.AIM.value, "aim": aim.value}])
        for aim in Aim
        if aim.value not in there
    ]
    audit.record(call, "rounds.compare_aims", "run", base.id, {"runs": [run.id for run in runs]})
    return runs


@use_case
def draw_frontier(call: Call, base_id: int, labels: Mapping[int, str]) -> list[Run]:
    """Queue the points of value against public money, each a run of its own that one can open."""
    base = _base(call, base_id)
    there = {run.changes[0]["by"] for run in queries.scenarios_of(base.id, RunKind.FRONTIER)}
    runs = [
        _queued(call, base, RunKind.FRONTIER, labels[part], [{"kind": ChangeKind.PUBLIC_PART.value, "by": part}])
        for part in FRONTIER_PARTS
        if part not in there
    ]
    audit.record(call, "rounds.draw_frontier", "run", base.id, {"runs": [run.id for run in runs]})
    return runs


@use_case
def keep_scenario(call: Call, run_id: int, reason: str) -> Run:
    """A person decides that a scenario's answer is to be reviewed as the round's: its matches become proposals.

    The reason and the changes stay with it, so that the record says that it was a choice. Answers of an aim or with a rule
    dropped are to look at: to keep one, change the round's rules and run it again.
    """
    run = queries.get_run(call, run_id)
    policy.may_run(call.actor, run.round.alliance_id).require()
    ROUND.require(run.round.state, "close")
    if run.kept or run.kind not in KEEPABLE or run.state not in HAS_RESULT or run.solution is None:
        raise Conflict("rounds.not_to_keep")
    if not reason.strip():
        raise Invalid("rounds.reason_needed", field="reason")
    answer = record.checked(run.problem or {}, run.solution)
    if not answer.found:
        raise Conflict("rounds.no_result")
    run.kept, run.reason = True, reason.strip()[:1000]
    record.store(run, answer)
    audit.record(
        call,
        "rounds.keep_scenario",
        "run",
        run.id,
        {"base": run.base_id, "changes": run.changes, "reason": run.reason, "solution": run.solution_hash},
    )
    return run


KEEPABLE = frozenset({RunKind.SCENARIO, RunKind.HAND})


def _base(call: Call, base_id: int) -> Run:
    """The run to start from, if the caller may run its round and it has an answer."""
    base = queries.get_run(call, base_id)
    policy.may_run(call.actor, base.round.alliance_id).require()
    if base.state not in HAS_RESULT and base.state is not RunState.INFEASIBLE:
        raise Conflict("rounds.no_base")
    return base


def _queued(call: Call, base: Run, kind: RunKind, label: str, changed: Sequence[Mapping[str, Any]]) -> Run:
    if not changed:
        raise Invalid("rounds.no_changes")
    if len(changed) > MOST_CHANGES:
        raise Invalid("rounds.too_many_changes", {"most": MOST_CHANGES})
    _require_weights(changed)
    _require_known(base, kind, changed)
    run = Run(
        round_id=base.round_id,
        label=label.strip()[:120],
        kind=kind,
        base_id=base.id,
        changes=[dict(change) for change in changed],
        kept=False,
        state=RUN.require(RunState.DRAFT, "queue"),
        seed=base.seed,
        time_limit=max(base.time_limit, LEAST_SECONDS),
        gap_target=base.gap_target,
        progress=[],
        created_by=call.actor.account,
        created_at=call.now,
    )
    db.session.add(run)
    db.session.flush()
    queue.enqueue(call, SOLVE_JOB, run.id)
    return run


def _require_weights(changed: Sequence[Mapping[str, Any]]) -> None:
    """The rule of a round's own weights: without any weight every match would be worth nothing."""
    for weights in (each["weights"].values() for each in changed if each["kind"] == ChangeKind.WEIGHTS.value):
        if any(not 0 <= weight <= MAX_WEIGHT for weight in weights) or not any(weights):
            raise Invalid("rounds.weights", {"most": MAX_WEIGHT})


def _require_known(base: Run, kind: RunKind, changed: Sequence[Mapping[str, Any]]) -> None:
    """Say at once what does not exist and what would change nothing; the worker makes the changes anew.

    What follows an added order it alone can try. Aims and points of the frontier may come to the base's own problem.
    """
    added = [each["of"] for each in changed if each["kind"] == ChangeKind.ADD_ORDER.value]
    known = {row_of(order["id"]) for order in (base.problem or {}).get("orders", [])}
    open_ = {order_key(order.id) for order in picks.addable_orders(base.round, known)} if added else set()
    strange = next((key for key in added if key not in open_), None)
    if strange is not None:
        raise Invalid("rounds.not_addable", {"order": strange}, field="changes")
    before = list(itertools.takewhile(lambda each: each["kind"] != ChangeKind.ADD_ORDER.value, changed))
    try:
        with resting_collector():
            problem, scores = Problem.from_json(base.problem), base.scores or {}
            same = changes.apply(problem, scores, before, {}) == changes.Changed(problem, dict(scores))
    except changes.NotInRun as error:
        raise Invalid("rounds.bid_not_in_run" if error.what == "offer" else "rounds.not_in_run") from error
    except BadProblem as error:
        raise Invalid(*refusal_of(str(error)), field="changes") from error
    if same and len(before) == len(changed) and kind is RunKind.SCENARIO:
        raise Invalid("rounds.no_changes")
