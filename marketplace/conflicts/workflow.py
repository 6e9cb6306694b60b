"""Kinds of relations, how long each counts, and the lives of a declared relation and of an override."""

from __future__ import annotations

from enum import StrEnum

from marketplace.kernel.workflow import Transition, Workflow


class EndKind(StrEnum):
    """What stands at an end of a relation."""

    PERSON = "person"
    ORGANISATION = "organisation"


class RelationKind(StrEnum):
    """What people declare; each with evidence."""

    SAME_INSTITUTION = "same_institution"
    EMPLOYMENT = "employment"
    FAMILY = "family"
    CO_AUTHORS = "co_authors"
    SHARES = "shares"
    OTHER = "other"


class LinkKind(StrEnum):
    """Every kind of link that a check can find: the declared ones, and those the site sees in its own data."""

    SAME_INSTITUTION = "same_institution"
    EMPLOYMENT = "employment"
    FAMILY = "family"
    CO_AUTHORS = "co_authors"
    SHARES = "shares"
    OTHER = "other"
    SAME_PERSON = "same_person"
    SAME_ORGANISATION = "same_organisation"
    AFFILIATION = "affiliation"
    COLLEAGUES = "colleagues"
    SHARED_WORKPLACE = "shared_workplace"
    JOINT_INVENTORS = "joint_inventors"


_P, _O = EndKind.PERSON, EndKind.ORGANISATION
ENDS: dict[RelationKind, frozenset[tuple[EndKind, EndKind]]] = {
    RelationKind.SAME_INSTITUTION: frozenset({(_P, _P), (_P, _O), (_O, _P)}),
    RelationKind.EMPLOYMENT: frozenset({(_P, _O), (_O, _P)}),
    RelationKind.FAMILY: frozenset({(_P, _P)}),
    RelationKind.CO_AUTHORS: frozenset({(_P, _P)}),
    RelationKind.SHARES: frozenset({(_P, _O), (_O, _P), (_O, _O)}),
    RelationKind.OTHER: frozenset({(_P, _P), (_P, _O), (_O, _P), (_O, _O)}),
}
"""Between what each kind of relation can hold."""

ALWAYS = frozenset({LinkKind.FAMILY, LinkKind.SAME_PERSON, LinkKind.SAME_ORGANISATION})
"""Links that never stop counting."""

LOOK_BACK_YEARS = 3
"""How many years after its end every other link still counts, as for suppliers in public procurement."""


class RelationState(StrEnum):
    """A declared relation counts at once; ``REFUSED`` and ``WITHDRAWN`` ones stay readable and count no more."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = RelationState
RELATION = Workflow(
    "relation",
    RelationState,
    S.DECLARED,
    [
        Transition("confirm", frozenset({S.DECLARED}), S.CONFIRMED),
        Transition("refuse", frozenset({S.DECLARED, S.CONFIRMED}), S.REFUSED, needs_reason=True),
        Transition("withdraw", frozenset({S.DECLARED}), S.WITHDRAWN, needs_reason=True),
    ],
)

COUNTING = frozenset({S.DECLARED, S.CONFIRMED})
"""States in which a relation is found by a check."""

DECIDED = frozenset(S) - {S.DECLARED}


class OverrideState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


OVERRIDE = Workflow(
    "override",
    OverrideState,
    OverrideState.PROPOSED,
    [
        Transition("approve", frozenset({OverrideState.PROPOSED}), OverrideState.APPROVED),
        Transition(
            "refuse",
            frozenset({OverrideState.PROPOSED, OverrideState.APPROVED}),
            OverrideState.REFUSED,
            needs_reason=True,
        ),
    ],
)


class Subject(StrEnum):
    """What an override is for: it never reaches further than this one thing."""

    ORDER = "order"
    EVALUATION = "evaluation"
    COMPLAINT = "complaint"
