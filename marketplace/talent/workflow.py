"""Life of a team's offer of capability."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class CapabilityState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


S = CapabilityState
CAPABILITY = Workflow(
    "capability",
    CapabilityState,
    S.DRAFT,
    [
        Transition("publish", frozenset({S.DRAFT, S.WITHDRAWN}), S.PUBLISHED),
        Transition("withdraw", frozenset({S.PUBLISHED}), S.WITHDRAWN),
    ],
)


class EvidenceKind(StrEnum):
    PAPER = "paper"
    PATENT = "patent"
    PROJECT = "project"
