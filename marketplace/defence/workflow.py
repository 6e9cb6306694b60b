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
