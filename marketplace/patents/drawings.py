"""Where a patent stands in its life, as per mille of the term; drawn by ``patents/drawings.html``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marketplace.patents.models import Patent


@dataclass(frozen=True, slots=True)
class Life:
    """Positions between filing (0) and the end of the term (1000); None for what has not happened."""

    published: int | None
    granted: int | None
    ended: int | None
    today: int
    years_left: int


def life(patent: Patent, today: date) -> Life:
    term = max(1, (patent.expires_on - patent.filed_on).days)

    def place(day: date | None) -> int | None:
        return None if day is None else min(1000, max(0, (day - patent.filed_on).days * 1000 // term))

    left = max(0, (patent.expires_on - today).days // 365)
    return Life(place(patent.published_on), place(patent.granted_on), place(patent.ended_on), place(today) or 0, left)
