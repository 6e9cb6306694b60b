"""Kinds and lives of licences, statements, receipts, distributions, and open licences."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class LicenceKind(StrEnum):
    """Ordinary: others may be licensed too; sole: only the owner beside; exclusive: not even the owner; open: to everybody."""

    ORDINARY = "ordinary"
    SOLE = "sole"
    EXCLUSIVE = "exclusive"
    OPEN = "open"


class FeeMode(StrEnum):
    LUMP = "lump"
    RUNNING = "running"
    ENTRY_RUNNING = "entry_running"
    FREE = "free"
    PAY_LATER = "pay_later"


class LicenceState(StrEnum):
    REQUESTED = "requested"
    OFFERED = "offered"
    RUNNING = "running"
    ENDED = "ended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Ahead(StrEnum):
    """How a running licence is shown before its first day: it binds its sides, and nobody may use it yet."""

    SIGNED = "signed"


S = LicenceState
LICENCE = Workflow(
    "licence",
    LicenceState,
    S.REQUESTED,
    [
        Transition("offer", frozenset({S.REQUESTED, S.OFFERED}), S.OFFERED),
        Transition("start", frozenset({S.OFFERED}), S.RUNNING),
        Transition("decline", frozenset({S.REQUESTED, S.OFFERED}), S.DECLINED, needs_reason=True),
        Transition("withdraw", frozenset({S.REQUESTED, S.OFFERED}), S.WITHDRAWN),
        Transition("end", frozenset({S.RUNNING}), S.ENDED, needs_reason=True),
    ],
)


class Side(StrEnum):
    LICENSOR = "licensor"
    LICENSEE = "licensee"


class Breach(StrEnum):
    """What a side may not have kept of a licence; the first three are a licensee's, the others a licensor's."""

    UNPAID = "unpaid"
    UNSTATED = "unstated"
    BEYOND = "beyond"
    LAPSED = "lapsed"
    INTRUDED = "intruded"


class Outlook(StrEnum):
    """What follows when somebody asks for a licence's end now: a proposal, the end by agreement, the end alone, nothing new."""

    PROPOSE = "propose"
    AGREE = "agree"
    ALONE = "alone"
    SAID = "said"


class Right(StrEnum):
    """What lets an organisation use a patent, if anything does."""

    OWN = "own"
    LICENSED = "licensed"
    MISSING = "missing"


class StatementState(StrEnum):
    DUE = "due"
    FILED = "filed"
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"


T = StatementState
STATEMENT = Workflow(
    "royalty_statement",
    StatementState,
    T.DUE,
    [
        Transition("file", frozenset({T.DUE, T.QUESTIONED}), T.FILED),
        Transition("question", frozenset({T.FILED}), T.QUESTIONED, needs_reason=True),
        Transition("accept", frozenset({T.FILED}), T.ACCEPTED),
    ],
)


class MoneyState(StrEnum):
    """Of a receipt and of a distribution: proposed by one person, in the journal once a different one approved."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


M = MoneyState
_MONEY = [
    Transition("approve", frozenset({M.PROPOSED}), M.APPROVED),
    Transition("reject", frozenset({M.PROPOSED}), M.REJECTED, needs_reason=True),
]
RECEIPT = Workflow("royalty_receipt", MoneyState, M.PROPOSED, _MONEY)
DISTRIBUTION = Workflow("distribution", MoneyState, M.PROPOSED, _MONEY)


class OpenState(StrEnum):
    DECLARED = "declared"
    WITHDRAWN = "withdrawn"


OPEN_LICENCE = Workflow(
    "open_licence",
    OpenState,
    OpenState.DECLARED,
    [Transition("withdraw", frozenset({OpenState.DECLARED}), OpenState.WITHDRAWN)],
)


class Account(StrEnum):
    """The accounts of the royalty journal. ``PAID_IN`` is the source side: its balance is minus what licensees paid."""

    PAID_IN = "paid_in"
    HELD = "held"
    POOL = "pool"
    OWNER = "owner"
    INVENTOR = "inventor"


DIVIDED = (Account.POOL, Account.OWNER, Account.INVENTOR)
"""Where royalties end."""


class Entry(StrEnum):
    """The only ways royalties move."""

    RECEIVE = "receive"
    DISTRIBUTE = "distribute"
