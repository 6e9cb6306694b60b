"""Lives of an award, of an objection to it, and of its reversal; each an independent small table."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class AwardState(StrEnum):
    """``STANDSTILL`` from the public notice on; the last three gave everything back."""

    STANDSTILL = "standstill"
    CONTRACTING = "contracting"
    UNDONE = "undone"
    DECLINED = "declined"
    LAPSED = "lapsed"


A = AwardState
AWARD = Workflow(
    "award",
    AwardState,
    A.STANDSTILL,
    [
        Transition("start_contract", frozenset({A.STANDSTILL}), A.CONTRACTING),
        Transition("undo", frozenset({A.STANDSTILL, A.CONTRACTING}), A.UNDONE, needs_reason=True),
        Transition("decline", frozenset({A.STANDSTILL}), A.DECLINED, needs_reason=True),
        Transition("lapse", frozenset({A.STANDSTILL}), A.LAPSED),
    ],
)

LIVE = frozenset({A.STANDSTILL, A.CONTRACTING})
ENDED = frozenset(A) - LIVE


class NoAward(StrEnum):
    """Why no bid wins an order."""

    NONE_QUALIFIED = "none_qualified"
    NO_FUNDING = "no_funding"
    OTHER = "other"


class Party(StrEnum):
    """Who has to give its word."""

    ENTERPRISE = "enterprise"
    TEAM = "team"


class ReversalKind(StrEnum):
    """``UNDO`` takes back one award, ``RECALL`` all of a released run that have no signed contract."""

    UNDO = "undo"
    RECALL = "recall"


class ReversalState(StrEnum):
    PROPOSED = "proposed"
    DONE = "done"
    REFUSED = "refused"


REVERSAL = Workflow(
    "reversal",
    ReversalState,
    ReversalState.PROPOSED,
    [
        Transition("approve", frozenset({ReversalState.PROPOSED}), ReversalState.DONE),
        Transition("refuse", frozenset({ReversalState.PROPOSED}), ReversalState.REFUSED, needs_reason=True),
    ],
)


class Ground(StrEnum):
    """What an objection is about."""

    SCORING = "scoring"
    QUALIFICATION = "qualification"
    INTEREST = "interest"
    PROCEDURE = "procedure"
    COLLUSION = "collusion"
    OTHER = "other"


class Standing(StrEnum):
    """In what capacity somebody objects."""

    BIDDER = "bidder"
    MEMBER = "member"


class ComplaintState(StrEnum):
    """``ANSWERED`` and ``REVIEWED`` wait for the second person; what that person approves is what the complainant gets."""

    FILED = "filed"
    ACCEPTED = "accepted"
    INADMISSIBLE = "inadmissible"
    ANSWERED = "answered"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    APPEALED = "appealed"
    REVIEWED = "reviewed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


C = ComplaintState
COMPLAINT = Workflow(
    "complaint",
    ComplaintState,
    C.FILED,
    [
        Transition("accept", frozenset({C.FILED}), C.ACCEPTED),
        Transition("reject", frozenset({C.FILED}), C.INADMISSIBLE, needs_reason=True),
        Transition("answer", frozenset({C.ACCEPTED}), C.ANSWERED),
        Transition("return", frozenset({C.ANSWERED}), C.ACCEPTED, needs_reason=True),
        Transition("uphold", frozenset({C.ANSWERED}), C.UPHELD),
        Transition("dismiss", frozenset({C.ANSWERED}), C.DISMISSED),
        Transition("appeal", frozenset({C.INADMISSIBLE, C.DISMISSED}), C.APPEALED, needs_reason=True),
        Transition("review", frozenset({C.APPEALED}), C.REVIEWED),
        Transition("return_review", frozenset({C.REVIEWED}), C.APPEALED, needs_reason=True),
        Transition("decide", frozenset({C.REVIEWED}), C.DECIDED),
        Transition("withdraw", frozenset({C.FILED, C.ACCEPTED, C.ANSWERED, C.APPEALED, C.REVIEWED}), C.WITHDRAWN),
    ],
)

OPEN = frozenset({C.FILED, C.ACCEPTED, C.ANSWERED, C.APPEALED, C.REVIEWED})
"""States in which somebody still has to decide: no contract begins."""

APPEALABLE = frozenset({C.INADMISSIBLE, C.DISMISSED})
"""States that freeze the award as long as an appeal may still come."""

CLOSED = frozenset(C) - OPEN


class Instance(StrEnum):
    """Who found: the centre that awarded, or the panel that had no part in it."""

    FIRST = "first"
    APPEAL = "appeal"


class Finding(StrEnum):
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class Remedy(StrEnum):
    """What follows from an upheld objection."""

    REEVALUATE = "reevaluate"
    EXCLUDE_WINNER = "exclude_winner"
    STANDS = "stands"


class FindingState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    RETURNED = "returned"
    DROPPED = "dropped"


FINDING = Workflow(
    "finding",
    FindingState,
    FindingState.PROPOSED,
    [
        Transition("approve", frozenset({FindingState.PROPOSED}), FindingState.APPROVED),
        Transition("return", frozenset({FindingState.PROPOSED}), FindingState.RETURNED, needs_reason=True),
        Transition("drop", frozenset({FindingState.PROPOSED}), FindingState.DROPPED),
    ],
)
