"""The procedures an order can follow, each a row of switches; a switch that a statute sets names its article.

Nothing here is law for orders that need not be tendered: ``STRICT`` is the Bidding Law's way for those that must be or want to
be, the other rows are the centre's defaults. Pure data: no database, no words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Procedure(StrEnum):
    QUICK = "quick"
    OPEN = "open"
    STRICT = "strict"
    OPEN_LIST = "open_list"
    TWO_STAGE = "two_stage"
    INVITATION = "invitation"
    FRAMEWORK = "framework"


class Article(StrEnum):
    """Where a switch comes from: the Bidding Law (BL) and its Implementing Regulation (REG)."""

    BL_22 = "bl_22"
    BL_23 = "bl_23"
    BL_24 = "bl_24"
    BL_28 = "bl_28"
    BL_37 = "bl_37"
    REG_21 = "reg_21"
    REG_30 = "reg_30"
    REG_54 = "reg_54"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a procedure asks.

    ``min_bids`` valid bids at the opening, else it is unsuccessful; ``min_days`` of bidding; questions are taken and text is
    changed freely until ``clarification_days`` before the deadline; after a change ``extension_days`` must be left, and after
    an answer as well where ``answers_extend``.
    ``expert_share`` of the committee is in basis points (6666: two thirds, rounded down so that 6 of 9 are enough);
    ``standstill_days`` are working days. With ``concepts_first`` concepts without a price come first, and only the teams on the
    shortlist are asked for a full bid, for which at least ``full_days`` are left.
    ``citations`` maps a switch's name to its article.
    """

    min_bids: int = 1
    min_days: int = 5
    clarification_days: int = 2
    extension_days: int = 5
    answers_extend: bool = False
    committee_min: int = 1
    committee_odd: bool = False
    expert_share: int = 0
    standstill_days: int = 3
    two_envelopes: bool = False
    split_key: bool = False
    invited_only: bool = False
    concepts_first: bool = False
    full_days: int = 0
    citations: Mapping[str, Article] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def least_window(self) -> timedelta:
        return timedelta(days=self.min_days)


P = Procedure
RULES: Mapping[Procedure, Rules] = MappingProxyType(
    {
        P.QUICK: Rules(min_bids=1, min_days=3, clarification_days=1, extension_days=2),
        P.OPEN: Rules(min_bids=2, min_days=5, committee_min=3, committee_odd=True, expert_share=5000),
        P.STRICT: Rules(
            min_bids=3,
            min_days=20,
            clarification_days=15,
            extension_days=15,
            answers_extend=True,
            committee_min=5,
            committee_odd=True,
            expert_share=6666,
            standstill_days=3,
            split_key=True,
            citations=MappingProxyType(
                {
                    "min_bids": Article.BL_28,
                    "min_days": Article.BL_24,
                    "clarification_days": Article.BL_23,
                    "extension_days": Article.REG_21,
                    "answers_extend": Article.REG_21,
                    "committee_min": Article.BL_37,
                    "committee_odd": Article.BL_37,
                    "expert_share": Article.BL_37,
                    "standstill_days": Article.REG_54,
                    "sealed": Article.BL_22,
                }
            ),
        ),
        P.OPEN_LIST: Rules(
            min_bids=1,
            min_days=15,
            clarification_days=5,
            committee_min=5,
            committee_odd=True,
            expert_share=6666,
            standstill_days=5,
            two_envelopes=True,
        ),
        P.TWO_STAGE: Rules(
            min_bids=2,
            min_days=15,
            clarification_days=5,
            committee_min=3,
            committee_odd=True,
            expert_share=5000,
            two_envelopes=True,
            concepts_first=True,
            full_days=15,
            citations=MappingProxyType({"concepts_first": Article.REG_30}),
        ),
        P.INVITATION: Rules(min_bids=1, min_days=3, clarification_days=1, extension_days=2, invited_only=True),
        P.FRAMEWORK: Rules(
            min_bids=1, min_days=3, clarification_days=1, extension_days=2, committee_min=3, committee_odd=True,
            invited_only=True,
        ),
    }
)  # fmt: skip
"""Every procedure's switches."""


class Ordered(Protocol):
    """Anything that follows a procedure."""

    @property
    def procedure(self) -> Procedure: ...


class Staged(Ordered, Protocol):
    """Anything that follows a procedure and knows when its concepts were opened."""

    @property
    def concepts_at(self) -> datetime | None: ...


def rules_of(order: Ordered) -> Rules:
    """Return the switches of the order's procedure."""
    return RULES[order.procedure]


def asks_concepts(order: Staged) -> bool:
    """True in the first of two stages: what comes in is a concept without a price, not a bid."""
    return rules_of(order).concepts_first and order.concepts_at is None


def asks_shortlist(order: Staged) -> bool:
    """True in the second of two stages: only teams whose concept was chosen go on."""
    return rules_of(order).concepts_first and order.concepts_at is not None
