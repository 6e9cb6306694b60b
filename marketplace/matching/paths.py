"""Which path solves a problem: chosen by its size and shape, never by the caller."""

from __future__ import annotations

from collections.abc import Sequence

from marketplace.matching.answer import Answer, Hearing
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact
from marketplace.matching.ledger import Choice


def solve_arrays(arrays: Arrays, hearing: Hearing, warm: Sequence[Choice] = ()) -> Answer:
    """Solve a columnar problem, in rows, starting from what still holds of `warm`."""
    return solve_exact(arrays, hearing, warm)
