"""Where a judgement comes from, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Source(StrEnum):
    """The most telling first: of several about one team and order, the first one counts."""

    STAFF = "staff"
    WON = "won"
    APPROVED = "approved"
    REJECTED = "rejected"
    ANSWERED = "answered"
    INVITED = "invited"
    LOST = "lost"


FITS, FITS_NOT = 4, 1
LEVELS: Mapping[Source, int] = {
    Source.WON: 4,
    Source.APPROVED: 4,
    Source.ANSWERED: 3,
    Source.INVITED: 2,
    Source.LOST: 2,
    Source.REJECTED: FITS_NOT,
}
"""What is known from what happened; a member of staff says it in person."""


def telling(found: Mapping[Source, int]) -> int:
    """Return the level that counts of several sources' levels."""
    return found[min(found, key=list(Source).index)]
