"""Lives of a round, of a run (one solve of it) and of a proposal."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


ROUND = Workflow(
    "round",
    RoundState,
    RoundState.OPEN,
    [
        Transition("close", frozenset({RoundState.OPEN}), RoundState.CLOSED),
        Transition("reopen", frozenset({RoundState.CLOSED}), RoundState.OPEN, needs_reason=True),
    ],
)


class RunState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RELEASED = "released"
    RECALLED = "recalled"


R = RunState
RUN = Workflow(
    "run",
    RunState,
    R.DRAFT,
    [
        Transition("queue", frozenset({R.DRAFT}), R.QUEUED),
        Transition("start", frozenset({R.QUEUED, R.RUNNING}), R.RUNNING),
        Transition("solve", frozenset({R.RUNNING}), R.SOLVED),
        Transition("find_infeasible", frozenset({R.RUNNING}), R.INFEASIBLE),
        Transition("fail", frozenset({R.QUEUED, R.RUNNING}), R.FAILED, needs_reason=True),
        Transition("cancel", frozenset({R.DRAFT, R.QUEUED, R.RUNNING}), R.CANCELLED),
        Transition("release", frozenset({R.SOLVED, R.RECALLED}), R.RELEASED),
        Transition("recall", frozenset({R.RELEASED}), R.RECALLED, needs_reason=True),
    ],
)

HAS_RESULT = frozenset({R.SOLVED, R.CANCELLED, R.RELEASED, R.RECALLED})


class ProposalState(StrEnum):
    """``SUGGESTED`` by the optimiser, ``PROPOSED`` by an officer, ``APPROVED`` by another; ``INVITED`` has no bid yet."""

    SUGGESTED = "suggested"
    INVITED = "invited"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


P = ProposalState
PROPOSAL = Workflow(
    "proposal",
    ProposalState,
    P.SUGGESTED,
    [
        Transition("propose", frozenset({P.SUGGESTED}), P.PROPOSED),
        Transition("change", frozenset({P.PROPOSED}), P.SUGGESTED),
        Transition("approve", frozenset({P.PROPOSED}), P.APPROVED),
        Transition("reject", frozenset({P.SUGGESTED, P.PROPOSED}), P.REJECTED, needs_reason=True),
        Transition("invite", frozenset({P.SUGGESTED}), P.INVITED),
        Transition("lapse", frozenset({P.SUGGESTED, P.PROPOSED, P.INVITED}), P.LAPSED, needs_reason=True),
        Transition("undo", frozenset({P.APPROVED}), P.SUGGESTED, needs_reason=True),
    ],
)
