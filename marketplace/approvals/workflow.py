"""Life of an approval level: two people put it in force, two people end it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class LevelState(StrEnum):
    """``ENDING`` levels still count: one person alone weakens nothing."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDING = "ending"
    ENDED = "ended"


S = LevelState
LEVEL = Workflow(
    "level",
    LevelState,
    S.PROPOSED,
    [
        Transition("approve", frozenset({S.PROPOSED}), S.ACTIVE),
        Transition("reject", frozenset({S.PROPOSED}), S.ENDED),
        Transition("propose_end", frozenset({S.ACTIVE}), S.ENDING),
        Transition("keep", frozenset({S.ENDING}), S.ACTIVE),
        Transition("end", frozenset({S.ENDING}), S.ENDED),
    ],
)

COUNTING = frozenset({S.ACTIVE, S.ENDING})
