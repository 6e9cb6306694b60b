"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.defence.workflow import CostRule, CovenantKind, ThreatKind
from marketplace.kernel.fields import Field


@dataclass(frozen=True, slots=True)
class WatchTerms:
    name: str
    words: str = ""
    ipc: str = ""
    applicant: str = ""


@dataclass(frozen=True, slots=True)
class ThreatTerms:
    """``asserted`` are the numbers of the patents held against the member, ``who`` holds them."""

    alliance_id: int
    kind: ThreatKind
    asserted: str
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseTerms:
    """``counsel`` is read by those who joined; ``budget`` in fen."""

    title: str
    asserted: str
    budget: int
    rule: CostRule
    summary: str = ""
    counsel: str = ""


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """An exposed product: ``revenue`` in fen a year, ``patents`` among the asserted numbers."""

    name: str
    revenue: int
    patents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContestTerms:
    """``elements`` are the parts of ``claim`` of patent ``number``; art counts when published before ``before_on``."""

    number: str
    claim: str
    elements: tuple[str, ...]
    before_on: date
    bounty: int
    fund_id: int
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class ArtTerms:
    """``passages`` has a text for each element of the contest, '' where the document does not show it."""

    title: str
    reference: str
    published_on: date
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CovenantTerms:
    kind: CovenantKind
    title: str
    text: str
    field: Field | None = None
