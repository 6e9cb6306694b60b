"""Inner loops over postings and vectors, compiled by numba where it is installed; NumPy does the same without it."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.int8]

_REORDER = {"reassoc", "contract"}

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop, plain: Loop | None = None, *, reorder: bool = False) -> Loop:
    """Return `loop` compiled; without numba its NumPy twin `plain` (slower, same numbers), or the loop as it is.

    With `reorder` sums may be added up in any order, many at once: for numbers that are not compared to the last digit.
    """
    if find_spec("numba") is None:
        return loop if plain is None else plain
    # Loaded only where it is installed; it takes half a second.
    return cast(
        Loop, import_module("numba").njit(cache=True, nogil=True, fastmath=_REORDER if reorder else False)(loop)
    )


def add_postings_numpy(
    scores: Floats, slots: Slots, weights: Floats, starts: Ints, stops: Ints, factors: Floats
) -> None:
    """Add `factor x weight` to the score of each slot in each of the given spans of postings."""
    for start, stop, factor in zip(starts.tolist(), stops.tolist(), factors.tolist(), strict=True):
        # A term has one posting per slot, so that nothing is lost to the buffering of fancy indexing.
        scores[slots[start:stop]] += factor * weights[start:stop]


def add_postings_loop(
    scores: Floats, slots: Slots, weights: Floats, starts: Ints, stops: Ints, factors: Floats
) -> None:
    """Add `factor x weight` to the score of each slot in each of the given spans of postings."""
    for term in range(len(starts)):
        factor = factors[term]
        for at in range(starts[term], stops[term]):
            scores[slots[at]] += factor * weights[at]


def dot_bytes_numpy(vectors: Bytes, query: Bytes, products: Ints) -> None:
    """Write the product of each row of `vectors` (n x d) with `query` (d) to `products` (n)."""
    step = 8192  # keeps the widened copy in the cache
    for start in range(0, len(vectors), step):
        rows = vectors[start : start + step].astype(np.float32)
        products[start : start + step] = rows @ query.astype(np.float32)


def dot_bytes_loop(vectors: Bytes, query: Bytes, products: Ints) -> None:
    """Write the product of each row of `vectors` (n x d) with `query` (d) to `products` (n)."""
    # Kept at 32 bits by hand: left to itself numba multiplies at 64, which takes three times as long.
    wide = query.astype(np.int16)
    for row in range(len(vectors)):
        total = np.int32(0)
        for at in range(len(wide)):
            total = np.int32(total + np.int32(np.int32(vectors[row, at]) * np.int32(wide[at])))
        products[row] = total


def best_three_numpy(scores: Floats, groups: Ints, best: Floats) -> None:
    """Fill `best` (groups x 3, descending) with the three highest scores of each group; -1 where there are fewer."""
    best[:] = -1.0
    order = np.lexsort((-scores, groups))
    first = np.r_[0, np.flatnonzero(np.diff(groups[order])) + 1]
    place = np.arange(len(order)) - np.repeat(first, np.diff(np.r_[first, len(order)]))
    kept = order[place < 3]
    best[groups[kept], place[place < 3]] = scores[kept]


def best_three_loop(scores: Floats, groups: Ints, best: Floats) -> None:
    """Fill `best` (groups x 3, descending) with the three highest scores of each group; -1 where there are fewer."""
    best[:] = -1.0
    for at in range(len(scores)):
        row, score = groups[at], scores[at]
        if score > best[row, 2]:
            if score > best[row, 0]:
                best[row, 2], best[row, 1], best[row, 0] = best[row, 1], best[row, 0], score
            elif score > best[row, 1]:
                best[row, 2], best[row, 1] = best[row, 1], score
            else:
                best[row, 2] = score


add_postings = compiled(add_postings_loop, add_postings_numpy)
dot_bytes = compiled(dot_bytes_loop, dot_bytes_numpy)
best_three = compiled(best_three_loop, best_three_numpy)
