"""Life of an organisation and of an invitation into it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class OrganisationKind(StrEnum):
    ENTERPRISE = "enterprise"
    UNIVERSITY = "university"
    INSTITUTE = "institute"


class Size(StrEnum):
    """Classes of enterprises by the national statistical standard."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class OrganisationState(StrEnum):
    REGISTERED = "registered"
    VERIFIED = "verified"
    REJECTED = "rejected"
    SUSPENDED = "suspended"


S = OrganisationState
ORGANISATION = Workflow(
    "organisation",
    OrganisationState,
    S.REGISTERED,
    [
        Transition("verify", frozenset({S.REGISTERED, S.REJECTED}), S.VERIFIED),
        Transition("reject", frozenset({S.REGISTERED}), S.REJECTED, needs_reason=True),
        Transition("correct", frozenset({S.REGISTERED, S.REJECTED}), S.REGISTERED),
        Transition("suspend", frozenset({S.VERIFIED}), S.SUSPENDED, needs_reason=True),
        Transition("restore", frozenset({S.SUSPENDED}), S.VERIFIED),
    ],
)


class InvitationState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


INVITATION = Workflow(
    "invitation",
    InvitationState,
    InvitationState.OPEN,
    [
        Transition("accept", frozenset({InvitationState.OPEN}), InvitationState.ACCEPTED),
        Transition("withdraw", frozenset({InvitationState.OPEN}), InvitationState.WITHDRAWN),
    ],
)
