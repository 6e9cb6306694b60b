"""Kinds of funds, where a fund's money can be, and the lives of a fund and of a contribution to it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class FundKind(StrEnum):
    ALLIANCE = "alliance"
    SUBSIDY = "subsidy"
    LOAN = "loan"
    INDUSTRY = "industry"


class FundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


FUND = Workflow(
    "fund",
    FundState,
    FundState.DRAFT,
    [
        Transition("open", frozenset({FundState.DRAFT, FundState.CLOSED}), FundState.OPEN),
        Transition("close", frozenset({FundState.OPEN}), FundState.CLOSED, needs_reason=True),
    ],
)


class ContributionState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


CONTRIBUTION = Workflow(
    "contribution",
    ContributionState,
    ContributionState.PROPOSED,
    [
        Transition("approve", frozenset({ContributionState.PROPOSED}), ContributionState.APPROVED),
        Transition("reject", frozenset({ContributionState.PROPOSED}), ContributionState.REJECTED, needs_reason=True),
    ],
)


class Purse(StrEnum):
    """The accounts of one fund. ``CONTRIBUTED`` is the source side: its balance is minus the budget."""

    CONTRIBUTED = "contributed"
    AVAILABLE = "available"
    RESERVED = "reserved"
    COMMITTED = "committed"
    PAID = "paid"


class Movement(StrEnum):
    """The only ways money moves, each from one purse to another (see ``funds.ledger``)."""

    CONTRIBUTE = "contribute"
    RESERVE = "reserve"
    RELEASE = "release"
    COMMIT = "commit"
    UNCOMMIT = "uncommit"
    PAY = "pay"
    BOUNCE = "bounce"
    RETURN = "return"


ROUTES: dict[Movement, tuple[Purse, Purse]] = {
    Movement.CONTRIBUTE: (Purse.CONTRIBUTED, Purse.AVAILABLE),
    Movement.RESERVE: (Purse.AVAILABLE, Purse.RESERVED),
    Movement.RELEASE: (Purse.RESERVED, Purse.AVAILABLE),
    Movement.COMMIT: (Purse.RESERVED, Purse.COMMITTED),
    Movement.UNCOMMIT: (Purse.COMMITTED, Purse.AVAILABLE),
    Movement.PAY: (Purse.COMMITTED, Purse.PAID),
    Movement.BOUNCE: (Purse.PAID, Purse.COMMITTED),
    Movement.RETURN: (Purse.PAID, Purse.AVAILABLE),
}
