"""What the rounds' use cases are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marketplace.rounds.workflow import Part, RunKind

MAX_WEIGHT = 100
MIN_SECONDS, MAX_SECONDS = 1, 3600
MAX_GAP = 1_000


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """A round's frame: ``weights`` 0 to 100 per part, ``public_share_max`` in basis points of each price (None = no limit),
    ``at_least`` maps a group ("sme", "first_timer", "alliance:<code>") to the least number of its orders to be matched,
    ``time_limit`` in seconds. ``alliance_id`` None = the whole centre.
    """

    title: str
    alliance_id: int | None
    weights: Mapping[Part, int]
    public_share_max: int | None = None
    at_least: Mapping[str, int] = field(default_factory=dict)
    time_limit: int = 60


@dataclass(frozen=True, slots=True)
class BidTreatment:
    """How one bid takes part: as any other, ``locked`` into the answer, or ``forbidden`` with a ``reason``."""

    bid_id: int
    locked: bool = False
    forbidden: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FundPick:
    """A fund in a round; ``ceiling`` (fen) limits what the round may draw, None = all that is available."""

    fund_id: int
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class RunTerms:
    """One solve: its name, seconds to search, the seed that makes it repeatable, and the distance (basis points) at which it
    may stop.
    """

    label: str
    time_limit: int
    seed: int = 0
    gap_target: int = 0


@dataclass(frozen=True, slots=True)
class ScenarioTerms:
    """What if: a name ("" = called by its kind and number, in each reader's language), what kind of question it is, and the
    changes against the run it starts from (see ``whatif.changes``).
    """

    label: str
    changes: Sequence[Mapping[str, Any]]
    kind: RunKind = RunKind.SCENARIO
