"""The pool map: owners by fields in numbers, and every patent by field and year of expiry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import ngettext

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
    """Return heat data: the owners with the most patents, all others in one row, by field; names read better as rows."""
    per_owner = Counter(offer.patent.owner_id for offer in offers)
    names = {offer.patent.owner_id: in_language(offer.patent.owner) for offer in offers}
    shown = [key for key, _ in per_owner.most_common(OWNERS_SHOWN)]
    others = len(per_owner) - len(shown)
    fields = [field for field in Field if any(offer.patent.field is field for offer in offers)]
    cells = Counter(
        (offer.patent.owner_id if offer.patent.owner_id in shown else None, offer.patent.field) for offer in offers
    )
    rows: list[tuple[int | None, str]] = [(key, names[key]) for key in shown]
    if others:
        rows.append((None, ngettext("%(num)d other owner", "%(num)d other owners", others)))
    values = [[cells[key, field] or None for field in fields] for key, _name in rows]
    return {
        "unit": "",
        "max": max((value for row in values for value in row if value), default=1),
        "columns": [label(field) for field in fields],
        "rows": [name for _key, name in rows],
        "values": values,
    }
