"""Life of an account and of a role."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class AccountState(StrEnum):
    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"


ACCOUNT = Workflow(
    "account",
    AccountState,
    AccountState.UNCONFIRMED,
    [
        Transition("confirm", frozenset({AccountState.UNCONFIRMED}), AccountState.ACTIVE),
        Transition("suspend", frozenset({AccountState.ACTIVE}), AccountState.SUSPENDED, needs_reason=True),
        Transition("restore", frozenset({AccountState.SUSPENDED}), AccountState.ACTIVE),
    ],
)


class GrantState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    REJECTED = "rejected"
    ENDED = "ended"


GRANT = Workflow(
    "grant",
    GrantState,
    GrantState.PROPOSED,
    [
        Transition("approve", frozenset({GrantState.PROPOSED}), GrantState.ACTIVE),
        Transition("reject", frozenset({GrantState.PROPOSED}), GrantState.REJECTED, needs_reason=True),
        Transition("end", frozenset({GrantState.ACTIVE}), GrantState.ENDED),
    ],
)
