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


class WorkKind(StrEnum):
    """What a person says to have made; ``reference`` lets a reader check it."""

    PAPER = "paper"
    PATENT = "patent"
    PROJECT = "project"
    STANDARD = "standard"


class ProgrammeKind(StrEnum):
    COURSE = "course"
    PLACEMENT = "placement"
    MENTORING = "mentoring"


class ProgrammeState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


PROGRAMME = Workflow(
    "programme",
    ProgrammeState,
    ProgrammeState.OPEN,
    [Transition("close", frozenset({ProgrammeState.OPEN}), ProgrammeState.CLOSED, needs_reason=True)],
)


class PlaceState(StrEnum):
    """A person's place in a programme; ``GIVEN`` takes one of its places."""

    ASKED = "asked"
    GIVEN = "given"
    REFUSED = "refused"
    LEFT = "left"
    COMPLETED = "completed"


P = PlaceState
PLACE = Workflow(
    "place",
    PlaceState,
    P.ASKED,
    [
        Transition("give", frozenset({P.ASKED}), P.GIVEN),
        Transition("refuse", frozenset({P.ASKED}), P.REFUSED),
        Transition("leave", frozenset({P.ASKED, P.GIVEN}), P.LEFT),
        Transition("complete", frozenset({P.GIVEN}), P.COMPLETED),
    ],
)
