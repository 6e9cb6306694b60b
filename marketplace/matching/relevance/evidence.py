"""How much one piece of evidence may count, by what it is and how old it is."""

BEST = 3
"""A team is as good as the mean of its best three pieces: one lucky piece is not enough, a long list no merit."""
HALF_LIFE = 8
"""Years after which half of what age can take is gone."""
LASTING = 0.7
"""What remains of evidence however old it is."""

_KINDS = {"project": 1.0, "capability": 1.0, "patent": 0.95, "paper": 0.95, "bid": 0.9}


def trust(kind: str, year: int | None, now: int | None) -> float:
    """Return the factor from 0 to 1 on a piece's score: 1 for a kind not listed and while a year is not known.

    Work delivered counts most, an offer made least; these factors are our judgement, no data stands behind them yet.
    """
    of_kind = _KINDS.get(kind, 1.0)
    if year is None or now is None:
        return of_kind
    fresh: float = 0.5 ** (max(0, now - year) / HALF_LIFE)
    return of_kind * (LASTING + (1 - LASTING) * fresh)
