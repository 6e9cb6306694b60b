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
Floats32 = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Held = npt.NDArray[np.bool_]

_REORDER = {"reassoc", "contract"}

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop, plain: Loop | None = None, *, reorder: bool = False) -> Loop:
    """Return `loop` compiled; without numba its NumPy twin `plain` (slower, same numbers), or the loop as it is.

    With `reorder` sums may be added up in any order, many at once: for numbers that are not compared to the last digit.
    """
    if find_spec("numba") is None:
        return loop if plain is None else plain
    # Loaded only where it is installed; it takes half a second. What is divided by is never 0: looking for it each time
    # would keep the compiler from working on many numbers at once.
    made = import_module("numba").njit(
        cache=True, nogil=True, fastmath=_REORDER if reorder else False, error_model="numpy"
    )
    return cast(Loop, made(loop))


def add_postings_numpy(
    scores: Floats, slots: Slots, weights: Floats32, starts: Ints, stops: Ints, factors: Floats
) -> None:
    """Add `factor x weight` to the score of each slot in each of the given spans of postings."""
    for start, stop, factor in zip(starts.tolist(), stops.tolist(), factors.tolist(), strict=True):
        # A term has one posting per slot, so that nothing is lost to the buffering of fancy indexing.
        scores[slots[start:stop]] += factor * weights[start:stop].astype(np.float64)


def add_postings_loop(
    scores: Floats, slots: Slots, weights: Floats32, starts: Ints, stops: Ints, factors: Floats
) -> None:
    """Add `factor x weight` to the score of each slot in each of the given spans of postings."""
    for term in range(len(starts)):
        factor = factors[term]
        here, held = slots[starts[term] : stops[term]], weights[starts[term] : stops[term]]
        for at in range(len(here)):
            # Without a sign: the compiler need not look for places counted from the end.
            scores[np.uint32(here[at])] += factor * np.float64(held[at])


def nearness_numpy(vectors: Bytes, held: Held, query: Bytes, mean: float, size: float, alike: Floats) -> None:
    """Write (row x `query` - `mean`) / `size` for each row of `vectors` (n x d) that is `held`; not a number for others."""
    step = 8192  # keeps the widened copy in the cache
    for start in range(0, len(vectors), step):
        products = vectors[start : start + step].astype(np.float32) @ query.astype(np.float32)
        alike[start : start + step] = (products.astype(np.float64) - mean) / size
    alike[~held] = np.nan


def nearness_loop(vectors: Bytes, held: Held, query: Bytes, mean: float, size: float, alike: Floats) -> None:
    """Write (row x `query` - `mean`) / `size` for each row of `vectors` (n x d) that is `held`; not a number for others."""
    # Kept at 32 bits by hand: left to itself numba multiplies at 64, which takes three times as long.
    wide = query.astype(np.int16)
    for row in range(len(vectors)):
        if not held[row]:
            alike[row] = np.nan
            continue
        total = np.int32(0)
        for at in range(len(wide)):
            total = np.int32(total + np.int32(np.int32(vectors[row, at]) * np.int32(wide[at])))
        alike[row] = (np.float64(total) - mean) / size


def weighed_loop(parts: tuple[Floats, ...], weights: Floats, bias: float, total: Floats) -> None:
    """Write `bias` + weights x parts to `total` wherever all parts are numbers."""
    for at in range(len(total)):
        here = bias
        for part in range(len(parts)):
            here += weights[part] * parts[part][at]
        if not np.isnan(here):
            total[at] = here


def weighed_numpy(parts: tuple[Floats, ...], weights: Floats, bias: float, total: Floats) -> None:
    """Write `bias` + weights x parts to `total` wherever all parts are numbers."""
    here = np.full(len(total), bias)
    for weight, part in zip(weights.tolist(), parts, strict=True):
        here += weight * part
    np.copyto(total, here, where=~np.isnan(here))


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
        # Without branches, which no processor could foretell.
        row, score = best[groups[at]], scores[at]
        first, second, third = row[0], row[1], row[2]
        beaten = min(first, score)
        row[0], row[1], row[2] = max(first, score), max(second, beaten), max(third, min(second, beaten))


add_postings = compiled(add_postings_loop, add_postings_numpy)
nearness = compiled(nearness_loop, nearness_numpy)
weighed = compiled(weighed_loop, weighed_numpy)
best_three = compiled(best_three_loop, best_three_numpy)
