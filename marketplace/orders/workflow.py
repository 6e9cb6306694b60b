"""The life of an order, as in the centre's rule book; later rooms add nothing to this table, they only use it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class OrderState(StrEnum):
    DRAFT = "draft"
    SCREENING = "screening"
    NEEDS_WORK = "needs_work"
    PUBLISHED = "published"
    BIDDING = "bidding"
    CONCEPTS = "concepts"
    OPENED = "opened"
    EVALUATING = "evaluating"
    PROPOSED = "proposed"
    APPROVED = "approved"
    STANDSTILL = "standstill"
    CONTRACTING = "contracting"
    IN_DELIVERY = "in_delivery"
    COMPLETED = "completed"
    UNSUCCESSFUL = "unsuccessful"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


S = OrderState
ORDER = Workflow(
    "order",
    OrderState,
    S.DRAFT,
    [
        Transition("submit", frozenset({S.DRAFT, S.NEEDS_WORK}), S.SCREENING),
        Transition("send_back", frozenset({S.SCREENING}), S.NEEDS_WORK, needs_reason=True),
        Transition("publish", frozenset({S.SCREENING}), S.PUBLISHED),
        # The first bid (or draft of one) would show that somebody answers, so bidding starts by the clock, not by a bid.
        Transition("start_bidding", frozenset({S.PUBLISHED}), S.BIDDING),
        # In two stages the deadline passes twice: first for concepts, then for the full bids of the shortlist.
        Transition("open_concepts", frozenset({S.BIDDING}), S.CONCEPTS),
        Transition("ask_full_bids", frozenset({S.CONCEPTS}), S.BIDDING),
        Transition("open_bids", frozenset({S.BIDDING}), S.OPENED),
        Transition("evaluate", frozenset({S.OPENED}), S.EVALUATING),
        Transition("propose", frozenset({S.EVALUATING}), S.PROPOSED),
        Transition("return", frozenset({S.PROPOSED}), S.EVALUATING, needs_reason=True),
        Transition("approve", frozenset({S.PROPOSED}), S.APPROVED),
        Transition("announce", frozenset({S.APPROVED}), S.STANDSTILL),
        # Taken back before a contract is signed, by two people or by the rules of the standstill (see ``awards``).
        Transition("undo_award", frozenset({S.APPROVED, S.STANDSTILL, S.CONTRACTING}), S.EVALUATING, needs_reason=True),
        Transition("start_contract", frozenset({S.STANDSTILL}), S.CONTRACTING),
        Transition("start_delivery", frozenset({S.CONTRACTING}), S.IN_DELIVERY),
        Transition("complete", frozenset({S.IN_DELIVERY}), S.COMPLETED),
        Transition(
            "fail",
            frozenset({S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING, S.PROPOSED}),
            S.UNSUCCESSFUL,
            needs_reason=True,
        ),
        Transition(
            "cancel",
            frozenset({S.DRAFT, S.SCREENING, S.NEEDS_WORK, S.PUBLISHED, S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING}),
            S.CANCELLED,
            needs_reason=True,
        ),
        Transition("terminate", frozenset({S.CONTRACTING, S.IN_DELIVERY}), S.TERMINATED, needs_reason=True),
    ],
)

ON_BOARD = frozenset({S.PUBLISHED, S.BIDDING, S.CONCEPTS, S.OPENED, S.EVALUATING, S.PROPOSED, S.APPROVED, S.STANDSTILL})
"""States that are before the public eye and not over; an order once published stays readable to the end (see ``policy``)."""

EDITABLE = frozenset({S.DRAFT, S.NEEDS_WORK})
"""States in which the enterprise writes the order."""

AMENDABLE = frozenset({S.PUBLISHED, S.BIDDING})
"""States in which only the public text may still change, with notice to everybody (see ``amending``)."""

AFTER_PUBLICATION = frozenset(S) - {S.DRAFT, S.SCREENING, S.NEEDS_WORK, S.CANCELLED}


class ContractType(StrEnum):
    """Technology contracts of the Civil Code, articles 843 to 887."""

    ENTRUSTED = "entrusted"
    JOINT = "joint"
    TRANSFER = "transfer"
    LICENCE = "licence"
    CONSULTING = "consulting"
    SERVICE = "service"


class IpWish(StrEnum):
    """Who shall own the result: the order's wish, settled in the contract (Civil Code 859, 860)."""

    ENTERPRISE = "enterprise"
    TEAM = "team"
    JOINT = "joint"
    POOL = "pool"
    OPEN = "open"


class Comparator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUAL = "equal"
    BETWEEN = "between"


class NdaState(StrEnum):
    REQUESTED = "requested"
    SIGNED = "signed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REVOKED = "revoked"


N = NdaState
NDA = Workflow(
    "nda",
    NdaState,
    N.REQUESTED,
    [
        Transition("sign", frozenset({N.REQUESTED}), N.SIGNED),
        Transition("decline", frozenset({N.REQUESTED}), N.DECLINED, needs_reason=True),
        Transition("withdraw", frozenset({N.REQUESTED}), N.WITHDRAWN),
        Transition("expire", frozenset({N.SIGNED}), N.EXPIRED),
        Transition("revoke", frozenset({N.SIGNED}), N.REVOKED, needs_reason=True),
    ],
)
NDA_ALIVE = frozenset({N.REQUESTED, N.SIGNED})
"""A team has at most one agreement on an order in these states."""

NDA_WAS_SIGNED = frozenset({N.SIGNED, N.EXPIRED, N.REVOKED})


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


Q = QuestionState
QUESTION = Workflow(
    "question",
    QuestionState,
    Q.ASKED,
    [
        Transition("answer", frozenset({Q.ASKED}), Q.ANSWERED),
        Transition("decline", frozenset({Q.ASKED}), Q.DECLINED, needs_reason=True),
    ],
)


class DeadlineState(StrEnum):
    """A change of the deadline alone: one person asks, another decides."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


D = DeadlineState
DEADLINE = Workflow(
    "deadline",
    DeadlineState,
    D.PROPOSED,
    [
        Transition("approve", frozenset({D.PROPOSED}), D.APPROVED),
        Transition("reject", frozenset({D.PROPOSED}), D.REJECTED, needs_reason=True),
        # Another change moved the deadline meanwhile, or it passed: what was asked for is not what would be decided.
        Transition("lapse", frozenset({D.PROPOSED}), D.LAPSED),
    ],
)


class InvitationState(StrEnum):
    INVITED = "invited"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


INVITATION = Workflow(
    "order_invitation",
    InvitationState,
    InvitationState.INVITED,
    [
        Transition("decline", frozenset({InvitationState.INVITED}), InvitationState.DECLINED),
        Transition("withdraw", frozenset({InvitationState.INVITED}), InvitationState.WITHDRAWN),
        Transition("renew", frozenset({InvitationState.DECLINED, InvitationState.WITHDRAWN}), InvitationState.INVITED),
    ],
)


class PoolState(StrEnum):
    """A team's place in an alliance's framework pool."""

    APPLIED = "applied"
    ADMITTED = "admitted"
    REFUSED = "refused"
    ENDED = "ended"


P = PoolState
POOL = Workflow(
    "pool",
    PoolState,
    P.APPLIED,
    [
        Transition("admit", frozenset({P.APPLIED}), P.ADMITTED),
        Transition("refuse", frozenset({P.APPLIED}), P.REFUSED, needs_reason=True),
        Transition("end", frozenset({P.ADMITTED}), P.ENDED, needs_reason=True),
    ],
)
POOL_ALIVE = frozenset({P.APPLIED, P.ADMITTED})


class Frequency(StrEnum):
    """How often a follower of fields hears of new orders."""

    DAILY = "daily"
    WEEKLY = "weekly"
