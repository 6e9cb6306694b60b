"""Every state × event of the three machines, allowed and forbidden."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.kernel.errors import Conflict
from marketplace.kernel.workflow import Workflow
from marketplace.matching.solution import Reason
from marketplace.rounds.workflow import (
    DEFAULT_WEIGHTS,
    HAS_RESULT,
    PROPOSAL,
    ROUND,
    RUN,
    OptionLabel,
    Part,
    RunState,
    WhyNot,
)

ALLOWED = {
    ("round", "open", "close"): "closed",
    ("round", "closed", "reopen"): "open",
    ("run", "draft", "queue"): "queued",
    ("run", "queued", "start"): "running",
    ("run", "running", "start"): "running",
    ("run", "running", "solve"): "solved",
    ("run", "running", "find_infeasible"): "infeasible",
    ("run", "queued", "fail"): "failed",
    ("run", "running", "fail"): "failed",
    ("run", "draft", "cancel"): "cancelled",
    ("run", "queued", "cancel"): "cancelled",
    ("run", "running", "cancel"): "cancelled",
    ("run", "solved", "release"): "released",
    ("run", "recalled", "release"): "released",
    ("run", "released", "recall"): "recalled",
    ("proposal", "suggested", "propose"): "proposed",
    ("proposal", "suggested", "invite"): "invited",
    ("proposal", "proposed", "change"): "suggested",
    ("proposal", "proposed", "approve"): "approved",
    ("proposal", "suggested", "reject"): "rejected",
    ("proposal", "proposed", "reject"): "rejected",
    ("proposal", "suggested", "lapse"): "lapsed",
    ("proposal", "proposed", "lapse"): "lapsed",
    ("proposal", "invited", "lapse"): "lapsed",
    ("proposal", "approved", "undo"): "suggested",
    ("proposal", "lapsed", "restore"): "suggested",
}
CASES = [
    (machine, state, event)
    for machine in (ROUND, RUN, PROPOSAL)
    for state in machine.states
    for event in dict.fromkeys(t.event for t in machine.transitions)
]


@pytest.mark.parametrize(("machine", "state", "event"), CASES, ids=lambda v: getattr(v, "name", str(v)))
def test_each_event_leads_where_the_rule_book_says_or_nowhere(machine: Workflow[Any], state: Any, event: str) -> None:
    target = ALLOWED.get((machine.name, state.value, event))
    if target is not None:
        assert machine.require(state, event) == target
        return
    with pytest.raises(Conflict):
        machine.require(state, event)


def test_the_engines_words_and_ours_are_the_same() -> None:
    assert {reason.value for reason in Reason} == {reason.value for reason in WhyNot}
    assert {label.value for label in OptionLabel} == {
        "chosen",
        "least_own",
        "least_public",
        "fewest_sources",
        "cheapest",
    }


def test_a_run_that_failed_has_no_result() -> None:
    assert not HAS_RESULT & {RunState.FAILED, RunState.INFEASIBLE, RunState.QUEUED, RunState.RUNNING}


def test_every_part_has_a_weight_to_begin_with() -> None:
    assert set(DEFAULT_WEIGHTS) == set(Part)
    assert sum(DEFAULT_WEIGHTS.values()) == 100
