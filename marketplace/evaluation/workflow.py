"""The life of an evaluation, and of a member's part in it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class EvaluationState(StrEnum):
    SETUP = "setup"
    SCORING = "scoring"
    LOCKED = "locked"


E = EvaluationState
EVALUATION = Workflow(
    "evaluation",
    EvaluationState,
    E.SETUP,
    [
        Transition("begin", frozenset({E.SETUP}), E.SCORING),
        # Nothing leads back: whoever could open locked scores could open them after the prices are known.
        Transition("lock", frozenset({E.SCORING}), E.LOCKED),
    ],
)


class MemberState(StrEnum):
    INVITED = "invited"
    READY = "ready"
    DONE = "done"
    REPLACED = "replaced"


M = MemberState
MEMBER = Workflow(
    "evaluator",
    MemberState,
    M.INVITED,
    [
        Transition("accept", frozenset({M.INVITED}), M.READY),
        Transition("submit", frozenset({M.READY}), M.DONE),
        # Scores that were given stay given: a member is replaced before handing them in, never because of them.
        Transition("replace", frozenset({M.INVITED, M.READY}), M.REPLACED, needs_reason=True),
    ],
)

ACTIVE = frozenset({M.INVITED, M.READY, M.DONE})


class ExclusionState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


X = ExclusionState
EXCLUSION = Workflow(
    "exclusion",
    ExclusionState,
    X.PROPOSED,
    [
        Transition("confirm", frozenset({X.PROPOSED}), X.CONFIRMED),
        Transition("reject", frozenset({X.PROPOSED}), X.REJECTED),
        Transition("propose", frozenset({X.REJECTED}), X.PROPOSED, needs_reason=True),
    ],
)
