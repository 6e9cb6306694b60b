"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.defence.workflow import CostRule, ThreatKind


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
