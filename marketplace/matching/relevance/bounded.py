"""The loops of `candidates`: the best documents of very many questions, by bounds on what common terms can add.

Two bounds, and a document that they hold below the least of the best so far is passed over, because it could not enter.
Where the product of lengths (Cauchy-Schwarz) leaves few documents, these are looked at one by one. Otherwise sixteen
questions together meet all documents in bytes that were rounded up, which is close above the truth.
"""

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.vnni import LANES, QUAD, ROWS, SIDE, available, tiles_of_rows
from marketplace.matching.relevance.kernels import compiled

TOGETHER = 2 * ROWS
"""Questions that share one reading of the table."""
_SLICE, _FEW = 1024, 64
"""Documents whose bounds are made at once, and looked through at once."""
_TAKEN = np.float32(-1e30)
"""Stands for the sum of a document that is among the best already."""
_ABOVE = np.float32(1.0001)
"""What bounds are raised by: far more than single precision loses."""

Ints = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float32]
Tiles = npt.NDArray[np.int8]
Common = tuple[Slots, Reals]
"""A question's common terms: their columns in the table, and what they weigh."""


def tiled(table: Reals) -> tuple[Tiles, Reals]:
    """Return a table (documents x common terms, none below 0) in bytes rounded up, and what a step is worth by term."""
    count, width = table.shape
    tops = table.max(axis=0, initial=0)
    steps = np.where(tops > 0, tops / np.float32(127), np.float32(1)).astype(np.float32)
    rows, columns = -(-count // (SIDE * LANES)) * SIDE * LANES, -(-max(1, width) // QUAD) * QUAD
    whole = np.zeros((rows, columns), np.int8)
    whole[:count, :width] = np.minimum(127, np.ceil(table / steps))
    tiles = whole.reshape(rows // LANES, LANES, columns // QUAD, QUAD).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(tiles), steps


@compiled
def insert(documents: Slots, scores: Reals, held: int, row: int, score: float) -> int:
    """Put a document in its place among the best, of which `held` are there; return how many are there now."""
    if held == len(scores):
        if score <= scores[held - 1]:
            return held
        held -= 1
    at = held
    while at > 0 and scores[at - 1] < score:
        documents[at], scores[at] = documents[at - 1], scores[at - 1]
        at -= 1
    documents[at], scores[at] = row, score
    return held + 1


@compiled
def product(row: Reals, columns: Slots, factors: Reals) -> float:
    """Return the product of a row of the table of common terms with a question's common terms."""
    total = 0.0
    for at in range(len(columns)):
        total += factors[at] * row[columns[at]]
    return total


def highest_loop(sums: Reals, products: Slots, step: float) -> np.float32:
    """Return the highest of `sums` + `products` x `step`."""
    top, size = np.float32(_TAKEN), np.float32(step)
    for at in range(len(sums)):
        here = sums[at] + np.float32(products[at]) * size
        top = here if here > top else top
    return top


def bounds_loop(whole: npt.NDArray[np.uint8], tiles: Tiles, first: int, count: int, products: Slots) -> None:
    """Write to `products` (questions x `_SLICE`) those of all questions with `count` documents from `first` on."""
    quads = tiles.shape[1]
    width = QUAD * quads
    for at in range(0, count, SIDE * LANES):
        here = tiles.ctypes.data + (first + at) * width
        for row in range(0, TOGETHER, ROWS):
            there = products.ctypes.data + 4 * (row * _SLICE + at)
            tiles_of_rows(here, whole.ctypes.data + row * width, there, quads, width, 4 * _SLICE)  # type: ignore[misc]


def bounds_plain_loop(whole: npt.NDArray[np.uint8], tiles: Tiles, first: int, count: int, products: Slots) -> None:
    """Do the same on a processor without the instruction."""
    for row in range(TOGETHER):
        for at in range(count):
            tile, lane = (first + at) // LANES, (first + at) % LANES
            total = np.int32(0)
            for quad in range(tiles.shape[1]):
                for beside in range(QUAD):
                    total += np.int32(whole[row, QUAD * quad + beside]) * np.int32(tiles[tile, quad, lane, beside])
            products[row, at] = total


highest = compiled(highest_loop, reorder=True)
bounds = compiled(bounds_loop if available() else bounds_plain_loop)


def rare_loop(
    terms: Slots, data: Reals, place: Ints, postings: tuple[Ints, Slots, Reals], sums: Reals, touched: Slots,
    columns: Slots, factors: Reals,
) -> tuple[int, int]:  # fmt: skip
    """Add up a question's rare terms in `sums`, note its common ones; return how many documents and how many of these."""
    starts, rows, weights = postings
    found = common = 0
    for at in range(len(terms)):
        term, factor = terms[at], data[at]
        if place[term] >= 0:
            columns[common], factors[common] = place[term], factor
            common += 1
            continue
        for posting in range(starts[term], starts[term + 1]):
            row = rows[posting]
            if sums[row] == 0:
                touched[found] = row
                found += 1
            sums[row] += factor * weights[posting]
    return found, common


rare = compiled(rare_loop)


@compiled
def hopeful(sums: Reals, touched: Slots, lengths: Reals, longest_first: Slots, length: float, least: float) -> int:
    """Return at most how many documents could exceed `least` once the question's common terms are added."""
    count = 0
    for row in touched:
        count += sums[row] + length * lengths[row] > least
    low, high = 0, len(longest_first)
    while low < high:
        middle = (low + high) // 2
        if length * lengths[longest_first[middle]] > least:
            low = middle + 1
        else:
            high = middle
    return count + low


@compiled
def leaders(sums: Reals, touched: Slots, common: Common, table: Reals, best: Slots, scores: Reals) -> int:
    """Make those that lead by their rare terms alone the first best: they set the score that others must exceed."""
    count = 0
    for row in touched:
        count = insert(best, scores, count, row, sums[row])
    first = best[:count].copy()
    scores[:] = 0
    for at in range(count):
        row = first[at]
        insert(best, scores, at, row, sums[row] + product(table[row], common[0], common[1]))
        sums[row] = _TAKEN
    return count


@compiled
def best_of_few(
    sums: Reals, touched: Slots, common: Common, table: Reals, lengths: Reals, longest_first: Slots, length: float,
    best: Slots, scores: Reals,
) -> None:  # fmt: skip
    """Look at the documents that the product of lengths leaves, one by one, and leave `sums` empty."""
    held = len(scores)
    for row in touched:
        if sums[row] > 0 and sums[row] + length * lengths[row] > scores[-1]:
            insert(best, scores, held, row, sums[row] + product(table[row], common[0], common[1]))
    for row in longest_first:
        if length * lengths[row] <= scores[-1]:
            break
        if sums[row] == 0:
            insert(best, scores, held, row, product(table[row], common[0], common[1]))
    sums[touched] = 0


@compiled
def in_bytes(common: Common, steps: Reals, whole: npt.NDArray[np.uint8]) -> np.float32:
    """Write a question's common terms in bytes, rounded up, and return what one step of the bounds is worth."""
    columns, factors = common
    size = np.float32(0)
    for at in range(len(columns)):
        size = max(size, factors[at] * steps[columns[at]])
    size = size / np.float32(255) if size > 0 else np.float32(1)
    whole[:] = 0
    for at in range(len(columns)):
        whole[columns[at]] = np.uint8(min(np.float32(255), np.ceil(factors[at] * steps[columns[at]] / size)))
    return size * _ABOVE


@compiled
def best_of_slice(
    start: int, sums: Reals, products: Slots, size: float, common: Common, table: Reals, held: int, best: Slots,
    scores: Reals,
) -> int:  # fmt: skip
    """Look at those documents from `start` on whose bounds exceed the least of the best; return how many are held."""
    for here in range(0, len(sums), _FEW):
        mine, bound = sums[here : here + _FEW], products[here : here + _FEW]
        if highest(mine, bound, size) * _ABOVE <= scores[-1]:
            continue
        for near in range(len(mine)):
            if (mine[near] + np.float32(bound[near]) * size) * _ABOVE > scores[-1]:
                row = start + here + near
                total = mine[near] + product(table[row], common[0], common[1])
                if total > 0:
                    held = insert(best, scores, held, row, total)
    return held


def best_of_block_loop(
    questions: tuple[Ints, Slots, Reals], place: Ints, postings: tuple[Ints, Slots, Reals], table: Reals,
    packed: tuple[Tiles, Reals], bound: tuple[Reals, Slots, float], documents: Slots, scores: Reals,
) -> None:  # fmt: skip
    """Write the best documents of each question and their scores, best first, to `documents` and `scores`.

    `bound` are the lengths of the documents' common parts, the documents by them, and the share of all documents up to
    which they are looked at one by one.
    """
    indptr, indices, data = questions
    (tiles, steps), (lengths, longest_first, many) = packed, bound
    everything, count = LANES * tiles.shape[0], len(documents)
    sums = np.zeros((TOGETHER, everything), np.float32)
    whole = np.zeros((TOGETHER, QUAD * tiles.shape[1]), np.uint8)
    products, touched = np.empty((TOGETHER, _SLICE), np.int32), np.empty(everything, np.int32)
    columns, factors = np.empty((TOGETHER, len(steps)), np.int32), np.empty((TOGETHER, len(steps)), np.float32)
    asked, commons, held = np.zeros(TOGETHER, np.int64), np.zeros(TOGETHER, np.int64), np.zeros(TOGETHER, np.int64)
    sizes, waiting = np.zeros(TOGETHER, np.float32), 0
    for question in range(count):
        at, mine, best, score = waiting, sums[waiting], documents[question], scores[question]
        here = slice(indptr[question], indptr[question + 1])
        found, width = rare(indices[here], data[here], place, postings, mine, touched, columns[at], factors[at])
        common = (columns[at, :width], factors[at, :width])
        held[at] = leaders(mine, touched[:found], common, table, best, score)
        length = np.sqrt((common[1] * common[1]).sum()) * _ABOVE
        few = hopeful(mine, touched[:found], lengths, longest_first, length, score[-1])
        if held[at] == len(score) and few <= many * len(lengths):
            best_of_few(mine, touched[:found], common, table, lengths, longest_first, length, best, score)
        else:
            asked[at], commons[at], sizes[at] = question, width, in_bytes(common, steps, whole[at])
            waiting += 1
        if waiting < TOGETHER and question + 1 < count:
            continue
        for start in range(0, everything if waiting else 0, _SLICE):
            stop = min(everything, start + _SLICE)
            bounds(whole, tiles, start, stop - start, products)
            for at in range(waiting):
                common = (columns[at, : commons[at]], factors[at, : commons[at]])
                held[at] = best_of_slice(
                    start, sums[at, start:stop], products[at, : stop - start], sizes[at], common, table, held[at],
                    documents[asked[at]], scores[asked[at]],
                )  # fmt: skip
        sums[:waiting] = 0
        waiting = 0
