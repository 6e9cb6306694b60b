"""Kinds of threats, the life of a threat and of a defence case, and the rules by which its cost is shared."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class ThreatKind(StrEnum):
    LETTER = "letter"
    SUIT = "suit"
    CUSTOMS = "customs"
    OTHER = "other"


class ThreatState(StrEnum):
    REPORTED = "reported"
    IN_CASE = "in_case"
    CLOSED = "closed"


T = ThreatState
THREAT = Workflow(
    "threat",
    ThreatState,
    T.REPORTED,
    [
        Transition("take_up", frozenset({T.REPORTED}), T.IN_CASE),
        Transition("close", frozenset({T.REPORTED, T.IN_CASE}), T.CLOSED, needs_reason=True),
    ],
)


class CaseState(StrEnum):
    GATHERING = "gathering"
    DEFENDING = "defending"
    CLOSED = "closed"


C = CaseState
CASE = Workflow(
    "defence_case",
    CaseState,
    C.GATHERING,
    [
        Transition("begin", frozenset({C.GATHERING}), C.DEFENDING),
        Transition("close", frozenset({C.GATHERING, C.DEFENDING}), C.CLOSED, needs_reason=True),
    ],
)


class CostRule(StrEnum):
    """How members share a case's cost; stated before anybody joins."""

    EQUAL = "equal"
    EXPOSURE = "exposure"
    REVENUE = "revenue"


class ContestState(StrEnum):
    """``OPEN`` takes entries until its closing time; ``AWARDING`` waits for the second person, ``AWARDED`` for the bank."""

    PROPOSED = "proposed"
    OPEN = "open"
    AWARDING = "awarding"
    AWARDED = "awarded"
    PAID = "paid"
    ENDED = "ended"


K = ContestState
CONTEST = Workflow(
    "contest",
    ContestState,
    K.PROPOSED,
    [
        Transition("open", frozenset({K.PROPOSED}), K.OPEN),
        Transition("propose_award", frozenset({K.OPEN}), K.AWARDING),
        Transition("think_again", frozenset({K.AWARDING}), K.OPEN),
        Transition("award", frozenset({K.AWARDING}), K.AWARDED),
        Transition("pay", frozenset({K.AWARDED}), K.PAID),
        Transition("end", frozenset({K.PROPOSED, K.OPEN}), K.ENDED, needs_reason=True),
    ],
)


class CovenantKind(StrEnum):
    """``ON_TRANSFER``: a patent sold to somebody who only asserts is licensed to the other members the moment before."""

    ON_TRANSFER = "on_transfer"
    NON_ASSERTION = "non_assertion"


class CovenantState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REJECTED = "rejected"
    ENDED = "ended"


V = CovenantState
COVENANT = Workflow(
    "covenant",
    CovenantState,
    V.PROPOSED,
    [
        Transition("enact", frozenset({V.PROPOSED}), V.IN_FORCE),
        Transition("reject", frozenset({V.PROPOSED}), V.REJECTED, needs_reason=True),
        Transition("end", frozenset({V.IN_FORCE}), V.ENDED, needs_reason=True),
    ],
)
