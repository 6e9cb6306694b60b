"""What a search is given."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.kernel.fields import Field


@dataclass(frozen=True, slots=True)
class Search:
    """Words and limits; None does not limit."""

    text: str = ""
    kind: str | None = None
    field: Field | None = None
    alliance_id: int | None = None
