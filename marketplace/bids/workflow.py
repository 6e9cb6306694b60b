"""The life of a bid."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class BidState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    NEEDS_RECONFIRM = "needs_reconfirm"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    OPENED = "opened"
    DISQUALIFIED = "disqualified"
    WON = "won"
    LOST = "lost"


S = BidState
BID = Workflow(
    "bid",
    BidState,
    S.DRAFT,
    [
        Transition("submit", frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN}), S.SUBMITTED),
        Transition("withdraw", frozenset({S.SUBMITTED, S.NEEDS_RECONFIRM}), S.WITHDRAWN),
        Transition("ask_reconfirm", frozenset({S.SUBMITTED}), S.NEEDS_RECONFIRM),
        # A submitted bid lapses only with its order: cancelled before the opening, nobody may read it any more.
        Transition("lapse", frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM}), S.LAPSED),
        Transition("open", frozenset({S.SUBMITTED}), S.OPENED),
        Transition("disqualify", frozenset({S.OPENED}), S.DISQUALIFIED, needs_reason=True),
        Transition("win", frozenset({S.OPENED}), S.WON),
        Transition("lose", frozenset({S.OPENED}), S.LOST, needs_reason=True),
        Transition("reopen", frozenset({S.WON, S.LOST}), S.OPENED, needs_reason=True),
    ],
)

EDITABLE = frozenset({S.DRAFT, S.SUBMITTED, S.NEEDS_RECONFIRM, S.WITHDRAWN})
DRAFTED = frozenset({S.DRAFT, S.WITHDRAWN})
"""States in which a change is only kept; in the other editable ones it counts at once, so it is a submission."""
READABLE = frozenset({S.OPENED, S.DISQUALIFIED, S.WON, S.LOST})
"""States in which the content has been opened and lies in ``opened_bids``."""


class Meets(StrEnum):
    """How a bid answers one target."""

    MEETS = "meets"
    EXCEEDS = "exceeds"
    PARTLY = "partly"
    NOT = "not"
