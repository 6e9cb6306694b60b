"""The life of a contract and of the things that hang on it."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class Side(StrEnum):
    """The two parties: party A (甲方) orders and pays, party B (乙方) is the institution whose team does the work."""

    ENTERPRISE = "enterprise"
    TEAM = "team"

    @property
    def other(self) -> Side:
        return Side.TEAM if self is Side.ENTERPRISE else Side.ENTERPRISE


class ContractState(StrEnum):
    NEGOTIATING = "negotiating"
    SIGNING = "signing"
    IN_FORCE = "in_force"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    ABANDONED = "abandoned"


C = ContractState
CONTRACT = Workflow(
    "contract",
    ContractState,
    C.NEGOTIATING,
    [
        Transition("first_signature", frozenset({C.NEGOTIATING}), C.SIGNING),
        Transition("edit", frozenset({C.NEGOTIATING, C.SIGNING}), C.NEGOTIATING),
        Transition("enter_force", frozenset({C.SIGNING}), C.IN_FORCE),
        Transition("complete", frozenset({C.IN_FORCE}), C.COMPLETED),
        Transition("terminate", frozenset({C.IN_FORCE}), C.TERMINATED, needs_reason=True),
        Transition("abandon", frozenset({C.NEGOTIATING, C.SIGNING}), C.ABANDONED, needs_reason=True),
    ],
)

BEFORE_FORCE = frozenset({C.NEGOTIATING, C.SIGNING})
SIGNED = frozenset({C.IN_FORCE, C.COMPLETED, C.TERMINATED})
ENDED = frozenset({C.COMPLETED, C.TERMINATED, C.ABANDONED})


class ClauseState(StrEnum):
    """``OPEN``: one side asks for another text and the other side must answer."""

    STANDING = "standing"
    OPEN = "open"


CLAUSE = Workflow(
    "clause",
    ClauseState,
    ClauseState.STANDING,
    [
        Transition("propose", frozenset({ClauseState.STANDING}), ClauseState.OPEN),
        Transition("counter", frozenset({ClauseState.OPEN}), ClauseState.OPEN),
        Transition("accept", frozenset({ClauseState.OPEN}), ClauseState.STANDING),
        Transition("withdraw", frozenset({ClauseState.OPEN}), ClauseState.STANDING),
    ],
)


class ClauseStep(StrEnum):
    """What a version of a clause records."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    COUNTERED = "countered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class ClauseKind(StrEnum):
    """The clauses of a technology contract, in the order in which they are printed (Civil Code 845)."""

    DEFINITIONS = "definitions"
    GOAL = "goal"
    ROUTE = "route"
    TARGETS = "targets"
    PLAN = "plan"
    PRICE = "price"
    CONTRIBUTIONS = "contributions"
    OBJECT = "object"
    ACCEPTANCE = "acceptance"
    OWNERSHIP = "ownership"
    INCOME = "income"
    IMPROVEMENTS = "improvements"
    CONFIDENTIALITY = "confidentiality"
    NO_SUBCONTRACT = "no_subcontract"
    RISK = "risk"
    BREACH = "breach"
    TERMINATION = "termination"
    DISPUTES = "disputes"
    CONTACTS = "contacts"
    COPIES = "copies"


FIXED = frozenset({ClauseKind.TARGETS, ClauseKind.PRICE})
"""Filled from what two people approved: order, bid and funding. Whoever wants them different needs another award."""


class Severity(StrEnum):
    """``VOID`` and ``MISSING`` stand in the way of a signature, ``ADVICE`` does not."""

    VOID = "void"
    MISSING = "missing"
    ADVICE = "advice"


class Flaw(StrEnum):
    """What the clause linter finds: the six void clauses of the interpretation's article 10, then contents that lack."""

    GRANT_BACK = "grant_back"
    RIVAL_SOURCES = "rival_sources"
    MARKET_LIMITS = "market_limits"
    TIE_IN = "tie_in"
    INPUT_SOURCES = "input_sources"
    NO_CHALLENGE = "no_challenge"
    INVENTORS_FLOOR = "inventors_floor"
    NO_NAME = "no_name"
    NO_CONTENT = "no_content"
    NO_PLAN = "no_plan"
    NO_SECRECY = "no_secrecy"
    NO_OWNERSHIP = "no_ownership"
    NO_ACCEPTANCE = "no_acceptance"
    NO_DEFINITIONS = "no_definitions"
    NO_PRICE = "no_price"
    NO_PATENT_DATA = "no_patent_data"
    PLACEHOLDER = "placeholder"
    NO_METHOD = "no_method"


class MilestoneState(StrEnum):
    OPEN = "open"
    DELIVERED = "delivered"
    PART = "part"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


M = MilestoneState
MILESTONE = Workflow(
    "milestone",
    MilestoneState,
    M.OPEN,
    [
        Transition("deliver", frozenset({M.OPEN, M.PART, M.REJECTED}), M.DELIVERED),
        Transition("accept", frozenset({M.DELIVERED, M.DISPUTED}), M.ACCEPTED),
        Transition("accept_part", frozenset({M.DELIVERED, M.DISPUTED}), M.PART, needs_reason=True),
        Transition("reject", frozenset({M.DELIVERED, M.DISPUTED}), M.REJECTED, needs_reason=True),
        Transition("dispute", frozenset({M.PART, M.REJECTED}), M.DISPUTED, needs_reason=True),
        Transition(
            "cancel", frozenset({M.OPEN, M.DELIVERED, M.PART, M.REJECTED, M.DISPUTED}), M.CANCELLED, needs_reason=True
        ),
    ],
)

TEAM_OWES = frozenset({M.OPEN, M.PART, M.REJECTED})
"""States in which the team must deliver; past its day such a milestone is overdue."""


class VerdictBy(StrEnum):
    """Whose word it is: the enterprise's, an independent expert's, the clock's after a reminder, or a settled dispute's."""

    ENTERPRISE = "enterprise"
    EXPERT = "expert"
    CLOCK = "clock"
    DISPUTE = "dispute"


class Outcome(StrEnum):
    ACCEPT = "accept"
    PART = "part"
    REJECT = "reject"


class DisputeState(StrEnum):
    """The cheap ladder: talk, then an expert's advice, then the committee's word."""

    TALKING = "talking"
    WITH_EXPERT = "with_expert"
    ADVISED = "advised"
    WITH_COMMITTEE = "with_committee"
    SETTLED = "settled"


D = DisputeState
DISPUTE = Workflow(
    "dispute",
    DisputeState,
    D.TALKING,
    [
        Transition("agree", frozenset({D.TALKING, D.ADVISED}), D.SETTLED),
        Transition("ask_expert", frozenset({D.TALKING}), D.WITH_EXPERT),
        Transition("advise", frozenset({D.WITH_EXPERT}), D.ADVISED, needs_reason=True),
        Transition("ask_committee", frozenset({D.ADVISED}), D.WITH_COMMITTEE),
        Transition("rule", frozenset({D.WITH_COMMITTEE}), D.SETTLED, needs_reason=True),
    ],
)


class PaymentKind(StrEnum):
    """``CLAWBACK`` flows back from the institution; the others flow to it."""

    MILESTONE = "milestone"
    RETENTION = "retention"
    SETTLEMENT = "settlement"
    CLAWBACK = "clawback"


class PaymentState(StrEnum):
    DUE = "due"
    CHECKED = "checked"
    APPROVED = "approved"
    ORDERED = "ordered"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    CANCELLED = "cancelled"


Y = PaymentState
PAYMENT = Workflow(
    "payment",
    PaymentState,
    Y.DUE,
    [
        Transition("check", frozenset({Y.DUE}), Y.CHECKED),
        Transition("send_back", frozenset({Y.CHECKED, Y.APPROVED}), Y.DUE, needs_reason=True),
        Transition("approve", frozenset({Y.CHECKED}), Y.APPROVED),
        Transition("order", frozenset({Y.APPROVED}), Y.ORDERED),
        Transition("declare", frozenset({Y.DUE}), Y.ORDERED),
        Transition("settle", frozenset({Y.ORDERED}), Y.PAID),
        Transition("receive", frozenset({Y.APPROVED}), Y.PAID),
        Transition("fail", frozenset({Y.ORDERED}), Y.FAILED, needs_reason=True),
        Transition("bounce", frozenset({Y.PAID}), Y.RETURNED, needs_reason=True),
        Transition("retry", frozenset({Y.FAILED, Y.RETURNED}), Y.DUE),
        Transition(
            "cancel",
            frozenset({Y.DUE, Y.CHECKED, Y.APPROVED, Y.FAILED, Y.RETURNED}),
            Y.CANCELLED,
            needs_reason=True,
        ),
    ],
)

UNDER_WAY = frozenset({Y.ORDERED})
"""Money that may arrive at any moment: nobody settles an end of the contract meanwhile."""


class ReceiptOutcome(StrEnum):
    """What the bank says about a payment order's line."""

    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"


class ChangeKind(StrEnum):
    """Why a contract changes or ends: typed, so that reasons can be counted (as ProZorro does for contract changes)."""

    EXTENSION = "extension"
    FORCE_MAJEURE = "force_majeure"
    THIRD_PARTY = "third_party"
    TECHNICAL = "technical"
    QUALITY = "quality"
    SCOPE_CUT = "scope_cut"
    PRICE_CUT = "price_cut"
    END_AGREED = "end_agreed"
    END_BREACH = "end_breach"
    END_PUBLISHED = "end_published"
    END_FAILED = "end_failed"


X = ChangeKind
ENDS = frozenset({X.END_AGREED, X.END_BREACH, X.END_PUBLISHED, X.END_FAILED})
"""Kinds that end the contract with a settlement instead of changing its milestones."""

ONE_SIDED = ENDS - {X.END_AGREED}
"""Ends that are one side's right where the law's reason is there (Civil Code 562, 563, 857, 858)."""

MAY_MOVE_DAYS = frozenset({X.EXTENSION, X.FORCE_MAJEURE, X.THIRD_PARTY, X.TECHNICAL, X.SCOPE_CUT})
MAY_CUT_MONEY = frozenset({X.SCOPE_CUT, X.PRICE_CUT})
MAY_REWRITE = frozenset({X.TECHNICAL, X.QUALITY, X.SCOPE_CUT})


class ChangeState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


CHANGE = Workflow(
    "change",
    ChangeState,
    ChangeState.PROPOSED,
    [
        Transition("accept", frozenset({ChangeState.PROPOSED}), ChangeState.ACCEPTED),
        Transition("reject", frozenset({ChangeState.PROPOSED}), ChangeState.REJECTED, needs_reason=True),
        Transition("withdraw", frozenset({ChangeState.PROPOSED}), ChangeState.WITHDRAWN),
    ],
)


class TrainingState(StrEnum):
    ACTIVE = "active"
    FINISHED = "finished"
    LEFT = "left"


TRAINING = Workflow(
    "training",
    TrainingState,
    TrainingState.ACTIVE,
    [
        Transition("finish", frozenset({TrainingState.ACTIVE}), TrainingState.FINISHED),
        Transition("leave", frozenset({TrainingState.ACTIVE}), TrainingState.LEFT, needs_reason=True),
    ],
)


class TrainingLevel(StrEnum):
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"
    POSTDOC = "postdoc"


class ResultKind(StrEnum):
    """What came out of a contract; patent applications flow to the patent pool."""

    PATENT = "patent"
    KNOW_HOW = "know_how"
    PAPER = "paper"
    SOFTWARE = "software"
    STANDARD = "standard"
    PRODUCT = "product"
