"""Lives of a round, of a run (one solve of it) and of a proposal."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


ROUND = Workflow(
    "round",
    RoundState,
    RoundState.OPEN,
    [
        Transition("close", frozenset({RoundState.OPEN}), RoundState.CLOSED),
        Transition("reopen", frozenset({RoundState.CLOSED}), RoundState.OPEN, needs_reason=True),
    ],
)


class RunState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    RUNNING = "running"
    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    FAILED = "failed"
    CANCELLED = "cancelled"
    RELEASED = "released"
    RECALLED = "recalled"


R = RunState
RUN = Workflow(
    "run",
    RunState,
    R.DRAFT,
    [
        Transition("queue", frozenset({R.DRAFT}), R.QUEUED),
        Transition("start", frozenset({R.QUEUED, R.RUNNING}), R.RUNNING),
        Transition("solve", frozenset({R.RUNNING}), R.SOLVED),
        Transition("find_infeasible", frozenset({R.RUNNING}), R.INFEASIBLE),
        Transition("fail", frozenset({R.QUEUED, R.RUNNING}), R.FAILED, needs_reason=True),
        Transition("cancel", frozenset({R.DRAFT, R.QUEUED, R.RUNNING}), R.CANCELLED),
        Transition("release", frozenset({R.SOLVED, R.RECALLED}), R.RELEASED),
        Transition("recall", frozenset({R.RELEASED}), R.RECALLED, needs_reason=True),
    ],
)

HAS_RESULT = frozenset({R.SOLVED, R.CANCELLED, R.RELEASED, R.RECALLED})


class RunKind(StrEnum):
    """What a run solves: the round as it is, or an earlier run with changes."""

    ROUND = "round"
    SCENARIO = "scenario"
    HAND = "hand"
    AIM = "aim"
    FRONTIER = "frontier"
    WITHOUT_RULE = "without_rule"


class Aim(StrEnum):
    """What a compared scenario goes for before everything else."""

    HIGHEST_VALUE = "highest_value"
    LEAST_PUBLIC = "least_public"
    WIDEST = "widest"
    MOST_STABLE = "most_stable"


class ChangeKind(StrEnum):
    """One change of a scenario against the run it starts from."""

    LOCK = "lock"
    FORBID = "forbid"
    FREE = "free"
    CHOOSE = "choose"
    MUST = "must"
    DROP_ORDER = "drop_order"
    ADD_ORDER = "add_order"
    BUDGET = "budget"
    CAPACITY = "capacity"
    OWN_FUNDS = "own_funds"
    PRICE = "price"
    FLOOR = "floor"
    PUBLIC_SHARE = "public_share"
    WEIGHTS = "weights"
    DROP_RULE = "drop_rule"
    PUBLIC_PART = "public_part"
    AIM = "aim"
    HAND = "hand"
    REPAIR = "repair"


class StudyKind(StrEnum):
    """What is found out about a run by solving it again."""

    WHY = "why"
    TIES = "ties"
    RULES = "rules"
    LEVERS = "levers"
    REPLAY = "replay"


class StudyState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


STUDY = Workflow(
    "study",
    StudyState,
    StudyState.WAITING,
    [
        Transition("start", frozenset({StudyState.WAITING, StudyState.RUNNING}), StudyState.RUNNING),
        Transition("finish", frozenset({StudyState.RUNNING}), StudyState.DONE),
        Transition("fail", frozenset({StudyState.WAITING, StudyState.RUNNING}), StudyState.FAILED),
        Transition("repeat", frozenset({StudyState.DONE, StudyState.FAILED}), StudyState.WAITING),
    ],
)


class ProposalState(StrEnum):
    """``SUGGESTED`` by the optimiser, ``PROPOSED`` by an officer, ``APPROVED`` by another; ``INVITED`` has no bid yet."""

    SUGGESTED = "suggested"
    INVITED = "invited"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


P = ProposalState
PROPOSAL = Workflow(
    "proposal",
    ProposalState,
    P.SUGGESTED,
    [
        Transition("propose", frozenset({P.SUGGESTED}), P.PROPOSED),
        Transition("change", frozenset({P.PROPOSED}), P.SUGGESTED),
        Transition("approve", frozenset({P.PROPOSED}), P.APPROVED),
        Transition("reject", frozenset({P.SUGGESTED, P.PROPOSED}), P.REJECTED, needs_reason=True),
        Transition("invite", frozenset({P.SUGGESTED}), P.INVITED),
        Transition("lapse", frozenset({P.SUGGESTED, P.PROPOSED, P.INVITED}), P.LAPSED, needs_reason=True),
        Transition("undo", frozenset({P.APPROVED}), P.SUGGESTED, needs_reason=True),
        Transition("restore", frozenset({P.LAPSED}), P.SUGGESTED),
    ],
)


class Part(StrEnum):
    """What a match's value is made of; each part is scored from 0 to 1000 and weighted by the round."""

    FIT = "fit"
    TARGETS = "targets"
    QUALITY = "quality"
    PRICE = "price"
    TIME = "time"
    STABILITY = "stability"


DEFAULT_WEIGHTS: dict[Part, int] = {
    Part.FIT: 25,
    Part.TARGETS: 30,
    Part.QUALITY: 15,
    Part.PRICE: 15,
    Part.TIME: 10,
    Part.STABILITY: 5,
}


class OptionLabel(StrEnum):
    """What a funding option is best at; the first is the optimiser's own choice."""

    CHOSEN = "chosen"
    LEAST_OWN = "least_own"
    LEAST_PUBLIC = "least_public"
    FEWEST_SOURCES = "fewest_sources"
    CHEAPEST = "cheapest"


class WhyNot(StrEnum):
    """Why an order got nothing: the optimiser's reasons, each true as told of the run's problem and answer."""

    NO_OFFER = "no_offer"
    FORBIDDEN = "forbidden"
    TEAM_TOO_SMALL = "team_too_small"
    PRICE_ABOVE_FUNDING = "price_above_funding"
    VALUE_NEGATIVE = "value_negative"
    CONFLICT = "conflict"
    TEAM_FULL = "team_full"
    FUND_EXHAUSTED = "fund_exhausted"
    OUTVALUED = "outvalued"
    UNDECIDED = "undecided"


class Dropped(StrEnum):
    """Why a bid did not even enter a run."""

    OWN_SIDE = "own_side"
    SHARED_PERSON = "shared_person"
    ABOVE_CEILING = "above_ceiling"
    CONFLICT = "conflict"
    SUSPENDED = "suspended"


class Changed(StrEnum):
    """What can change between a proposal and its approval."""

    ORDER_TEXT = "order_text"
    TARGETS = "targets"
    OWN_FUNDS = "own_funds"
    PRICE_CEILING = "price_ceiling"
    DELIVERY = "delivery"
    CONTRACT = "contract"
    PARTIES = "parties"
    BID = "bid"
    PRICE = "price"
    LOADS = "loads"
    FUNDING = "funding"
    RULES = "rules"
    PROBLEM = "problem"


class LossReason(StrEnum):
    """Why a bid was not chosen, as its bidder reads it."""

    OUTSCORED = "outscored"
    ROUND_AS_A_WHOLE = "round_as_a_whole"
    KEPT_OUT = "kept_out"
    NOT_SCORED = "not_scored"


class Failure(StrEnum):
    """Why a run ended without an answer."""

    WORKER_DIED = "worker_died"
    BAD_PROBLEM = "bad_problem"
    NOT_VERIFIED = "not_verified"
    NOTHING_FOUND = "nothing_found"
    SOLVER_ERROR = "solver_error"


class Lapse(StrEnum):
    """Why a proposal fell away by itself."""

    ANOTHER_APPROVED = "another_approved"
    NO_AWARD = "no_award"
    TENDERED_AGAIN = "tendered_again"
