"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.talent.workflow import EvidenceKind


@dataclass(frozen=True, slots=True)
class TeamTerms:
    """``capacity_days`` are the team's usual person-days per quarter; ``lead`` is the account that leads it, if any."""

    name: str
    capacity_days: int
    name_en: str = ""
    introduction: str = ""
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class CapabilityTerms:
    """What a team offers; TRL 1–9 (GB/T 22900), usual prices in fen."""

    title: str
    summary: str
    field: Field
    trl_from: int
    trl_to: int
    price_from: int
    price_to: int
    title_en: str = ""
    visibility: Visibility = Visibility.PUBLIC
    alliance_id: int | None = None


@dataclass(frozen=True, slots=True)
class EvidenceTerms:
    """A paper, patent or project; ``reference`` is a number or address by which others can check it."""

    kind: EvidenceKind
    title: str
    body: str = ""
    year: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """Filters of the directory; None or empty = all. ``trl`` is a level the capability must cover."""

    text: str = ""
    field: Field | None = None
    trl: int | None = None
    kind: str | None = None
    alliance_id: int | None = None
