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
