"""Which path solves a problem: chosen by its size and shape, never by the caller."""
from __future__ import annotations

from marketplace.matching.answer import Answer, Hearing
from marketplace.matching.encoding import Arrays
from marketplace.matching.exact import solve_exact


def solve_arrays(arrays: Arrays, hearing: Hearing) -> Answer:
    """Solve a columnar problem, in rows. Raises modes.TooManyMinimums."""
    return solve_exact(arrays, hearing)
