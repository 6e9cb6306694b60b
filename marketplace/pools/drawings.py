"""The pool map: fields by owners in numbers, and every patent by field and year of expiry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.kernel.fields import Field
from marketplace.pools.models import PoolOffer
from marketplace.web.filters import in_language
from marketplace.web.words import label

OWNERS_SHOWN = 12
YEARS = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """One patent on the map: ``column`` years from now, ``stack`` how many lie below it."""

    offer: PoolOffer
    column: int
    stack: int


@dataclass(frozen=True, slots=True)
class Row:
    """One field of the map; ``height`` is its tallest column."""

    name: str
    marks: tuple[Mark, ...]
    height: int


def expiry_map(offers: Sequence[PoolOffer], year: int) -> list[Row]:
    """Return the fields that have patents, each patent in the column of its last year."""
    rows = []
    for field in Field:
        stacks: Counter[int] = Counter()
        marks = []
        for offer in (one for one in offers if one.patent.field is field):
            column = min(YEARS, max(0, offer.patent.expires_on.year - year))
            marks.append(Mark(offer, column, stacks[column]))
            stacks[column] += 1
        if marks:
            rows.append(Row(label(field), tuple(marks), max(stacks.values())))
    return rows


def owners_map(offers: Sequence[PoolOffer]) -> dict[str, Any]:
    """Return heat data: fields by the owners with the most patents, all others in one column."""
    per_owner = Counter(offer.patent.owner_id for offer in offers)
    names = {offer.patent.owner_id: in_language(offer.patent.owner) for offer in offers}
    shown = [key for key, _ in per_owner.most_common(OWNERS_SHOWN)]
    fields = [field for field in Field if any(offer.patent.field is field for offer in offers)]
    cells = Counter((offer.patent.field, offer.patent.owner_id) for offer in offers)
    values = [[cells[field, key] or None for key in shown] for field in fields]
    return {
        "unit": "",
        "max": max((value for row in values for value in row if value), default=1),
        "columns": [names[key] for key in shown],
        "rows": [label(field) for field in fields],
        "values": values,
    }
