"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marketplace.awards.workflow import Finding, Ground, Remedy
from marketplace.kernel.call import Role


@dataclass(frozen=True, slots=True)
class ComplaintTerms:
    """An objection: about what, in which words; ``bid_id`` when a losing bidder objects, else the member ``organisation_id``."""

    ground: Ground
    text: str
    bid_id: int | None = None
    organisation_id: int | None = None
    upload: Any = None


@dataclass(frozen=True, slots=True)
class FindingTerms:
    """What one person finds about an objection: ``answer`` is for whoever objected, ``summary`` for everybody else."""

    finding: Finding
    answer: str
    summary: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class ReversalTerms:
    """Why an award or a run's release is taken back: ``reason`` for the file, ``public_reason`` for the notice."""

    reason: str
    public_reason: str
    exclude_winner: bool = False


@dataclass(frozen=True, slots=True)
class LevelTerms:
    """Above ``above`` fen one more approval is needed, by ``role``; ``waits`` for the earlier ones, or not."""

    above: int
    role: Role
    waits: bool
    reason: str
