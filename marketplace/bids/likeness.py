"""How alike two texts are: the share of their runs of characters that they have in common. Pure.

For art. 9 of the Supreme People's Court's interpretation on technology contracts (the same topic sold twice) and art. 40 of the
Bidding Regulation (abnormally alike bids). A hint to look, never a finding.
"""

from __future__ import annotations

import unicodedata

RUN = 5
ALIKE = 700
"""From this many thousandths on two plans are worth a look."""
LEAST_RUNS = 40
"""Texts with fewer runs than this share their common phrases by chance."""


def runs(text: str) -> frozenset[str]:
    """Return the runs of ``RUN`` letters and digits of a text, whatever its spaces, punctuation, width and case."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(c for c in folded if c.isalnum())
    return frozenset(letters[i : i + RUN] for i in range(len(letters) - RUN + 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> int:
    """Return how alike two texts are, from 0 to 1000; 0 where either is too short to say."""
    if min(len(one), len(other)) < LEAST_RUNS:
        return 0
    return 1000 * len(one & other) // len(one | other)
