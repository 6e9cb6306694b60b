"""Life of a membership, and who may see what belongs to an alliance."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class Visibility(StrEnum):
    """Who sees a thing that belongs to an alliance: its members, every signed-in member of the centre, or everybody."""

    ALLIANCE = "alliance"
    CENTRE = "centre"
    PUBLIC = "public"


class MembershipState(StrEnum):
    REQUESTED = "requested"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


S = MembershipState
MEMBERSHIP = Workflow(
    "membership",
    MembershipState,
    S.REQUESTED,
    [
        Transition("admit", frozenset({S.REQUESTED}), S.ACTIVE),
        Transition("refuse", frozenset({S.REQUESTED}), S.REFUSED, needs_reason=True),
        Transition("end", frozenset({S.ACTIVE}), S.ENDED, needs_reason=True),
        Transition("request", frozenset({S.REFUSED, S.ENDED}), S.REQUESTED),
    ],
)
