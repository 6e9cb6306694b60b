"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.alliances.workflow import Visibility
from marketplace.kernel.fields import Field
from marketplace.talent.workflow import EvidenceKind, ProgrammeKind, WorkKind


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
    """What a team offers; TRL 1–9 (GB/T 22900), usual prices in fen; ``ipc`` are symbols as typed."""

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
    ipc: str = ""


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


@dataclass(frozen=True, slots=True)
class EquipmentTerms:
    """``days`` a quarter that orders may use it."""

    name: str
    purpose: str
    days: int


@dataclass(frozen=True, slots=True)
class ResearcherTerms:
    name_en: str = ""
    orcid: str = ""
    introduction: str = ""
    listed: bool = False
    expert_fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class AffiliationTerms:
    organisation: str
    post: str
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkTerms:
    kind: WorkKind
    title: str
    year: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ProgrammeTerms:
    kind: ProgrammeKind
    field: Field
    title: str
    text: str
    starts_on: date
    ends_on: date
    places: int
    mentor: str = ""
    alliance_id: int | None = None
