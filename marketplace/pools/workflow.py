"""Life of an offer to a pool, of a pool's rules, and what an expert may say."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class OfferState(StrEnum):
    OFFERED = "offered"
    EVALUATING = "evaluating"
    EVALUATED = "evaluated"
    PROPOSED = "proposed"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LEFT = "left"


S = OfferState
OPEN = frozenset({S.OFFERED, S.EVALUATING, S.EVALUATED, S.PROPOSED})
OFFER = Workflow(
    "pool_offer",
    OfferState,
    S.OFFERED,
    [
        Transition("appoint", frozenset({S.OFFERED, S.EVALUATING}), S.EVALUATING),
        Transition("evaluate", frozenset({S.EVALUATING}), S.EVALUATED),
        Transition("propose", frozenset({S.EVALUATED}), S.PROPOSED),
        Transition("admit", frozenset({S.PROPOSED}), S.ADMITTED),
        Transition("refuse", frozenset({S.EVALUATED, S.PROPOSED}), S.REFUSED, needs_reason=True),
        Transition("withdraw", frozenset(OPEN), S.WITHDRAWN),
        Transition("leave", frozenset({S.ADMITTED}), S.LEFT, needs_reason=True),
    ],
)


class RulesState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"


R = RulesState
RULES = Workflow(
    "pool_rules",
    RulesState,
    R.PROPOSED,
    [
        Transition("approve", frozenset({R.PROPOSED}), R.IN_FORCE),
        Transition("refuse", frozenset({R.PROPOSED}), R.REFUSED),
        Transition("replace", frozenset({R.IN_FORCE}), R.REPLACED),
    ],
)


class Validity(StrEnum):
    SOLID = "solid"
    DOUBTFUL = "doubtful"
    WEAK = "weak"


class Essentiality(StrEnum):
    ESSENTIAL = "essential"
    USEFUL = "useful"
    MARGINAL = "marginal"


class Relation(StrEnum):
    """To the patents already pooled: pools hold complements, since pooled substitutes would hinder competition."""

    COMPLEMENT = "complement"
    SUBSTITUTE = "substitute"
