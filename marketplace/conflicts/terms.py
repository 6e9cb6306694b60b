"""What the use cases of this room are given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.conflicts.workflow import EndKind, RelationKind, Subject


@dataclass(frozen=True, slots=True)
class End:
    """One end of a relation that is known for certain: the row number of a natural person or of an organisation."""

    kind: EndKind
    id: int


@dataclass(frozen=True, slots=True)
class RelationTerms:
    """A relation as declared.

    ``near`` is the end the declaration is about; the other end is named in words (``other_name``, and for a person
    ``other_at``, where that person works) and recognised where that is certain. ``upload`` is a file with evidence, or None.
    """

    kind: RelationKind
    near: End
    other_kind: EndKind
    other_name: str
    evidence: str
    other_at: str = ""
    since: date | None = None
    until: date | None = None
    upload: Any = None


@dataclass(frozen=True, slots=True)
class OverrideTerms:
    """Why one found link (by its ``key``) shall not stand in the way of one subject."""

    subject_kind: Subject
    subject_id: int
    key: str
    reason: str
