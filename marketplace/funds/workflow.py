"""Kinds of funds, where a fund's money can be, and the lives of a fund, its rules, a contribution and a transfer."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class FundKind(StrEnum):
    ALLIANCE = "alliance"
    SUBSIDY = "subsidy"
    LOAN = "loan"
    INDUSTRY = "industry"
    PAY_LATER = "pay_later"


LENT = frozenset({FundKind.LOAN, FundKind.PAY_LATER})
"""Kinds whose money is paid back: they say at what interest and within what time."""


class Guarantee(StrEnum):
    """What stands for a loan when it is not paid back."""

    IP_PLEDGE = "ip_pledge"
    GUARANTOR = "guarantor"
    INSURANCE = "insurance"
    CREDIT = "credit"


class Instrument(StrEnum):
    """How an industry fund gives: for good, to be paid back, or for a note that turns into shares."""

    GRANT = "grant"
    REPAYABLE = "repayable"
    EQUITY_NOTE = "equity_note"


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
        Transition("expire", frozenset({FundState.OPEN}), FundState.CLOSED),
    ],
)


class RulesState(StrEnum):
    """``APPROVED`` rules wait for their day; at most one version of a fund is ``IN_FORCE``."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REJECTED = "rejected"


RULES = Workflow(
    "fund_rules",
    RulesState,
    RulesState.PROPOSED,
    [
        Transition("approve", frozenset({RulesState.PROPOSED}), RulesState.APPROVED),
        Transition("reject", frozenset({RulesState.PROPOSED}), RulesState.REJECTED, needs_reason=True),
        Transition("apply", frozenset({RulesState.APPROVED}), RulesState.IN_FORCE),
        Transition("replace", frozenset({RulesState.IN_FORCE}), RulesState.REPLACED),
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


class TransferState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


TRANSFER = Workflow(
    "transfer",
    TransferState,
    TransferState.PROPOSED,
    [
        Transition("approve", frozenset({TransferState.PROPOSED}), TransferState.APPROVED),
        Transition("reject", frozenset({TransferState.PROPOSED}), TransferState.REJECTED, needs_reason=True),
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
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"


ROUTES: dict[Movement, tuple[Purse, Purse]] = {
    Movement.CONTRIBUTE: (Purse.CONTRIBUTED, Purse.AVAILABLE),
    Movement.RESERVE: (Purse.AVAILABLE, Purse.RESERVED),
    Movement.RELEASE: (Purse.RESERVED, Purse.AVAILABLE),
    Movement.COMMIT: (Purse.RESERVED, Purse.COMMITTED),
    Movement.UNCOMMIT: (Purse.COMMITTED, Purse.AVAILABLE),
    Movement.PAY: (Purse.COMMITTED, Purse.PAID),
    Movement.BOUNCE: (Purse.PAID, Purse.COMMITTED),
    Movement.RETURN: (Purse.PAID, Purse.AVAILABLE),
    Movement.TRANSFER_OUT: (Purse.AVAILABLE, Purse.CONTRIBUTED),
    Movement.TRANSFER_IN: (Purse.CONTRIBUTED, Purse.AVAILABLE),
}
