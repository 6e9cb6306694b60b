"""The best few documents for each of very many questions: exact, and split so that most products are never made.

Terms of few documents are summed posting by posting. Terms of many documents (more than `COMMON` of them) stand in a
dense table, which is read only for documents that could still enter the best `top`: those whose sum so far, plus the
most that the common part can add (Cauchy-Schwarz: length of the question's common part x that of the document's),
exceeds the least of the best. What is left out could not have entered, so the result is exact. Where that would leave
too many, the common terms are added to all documents, column by column.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from marketplace.matching.relevance.kernels import compiled

COMMON = 0.02
"""Share of the documents above which a term is common (best of 0.01, 0.02 and 0.05)."""
MANY = 0.05
"""Share of the documents from which adding the common terms to all of them is quicker than choosing (measured)."""
_BLOCK = 256
ALL, NEARLY_ALL = 1.0, 0.2
"""How much of the bound is feared: all of it is exact; what a common part really adds is seldom a fifth of its bound."""

Ints = npt.NDArray[np.int64]
Slots = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Best:
    """For each question the rows of its best documents, best first, and their scores; -1 and 0 where there are none."""

    documents: Slots
    scores: Reals


class Candidates:
    """Documents (rows) as weights of terms (columns), none below 0, made ready for many questions.

    With `feared` below `ALL` documents are passed over whose common terms would have to add more than that share of what
    they can add at most: quicker, and nearly all of the best are still found (`NEARLY_ALL`: benchmarks.relevance_scale).
    """

    def __init__(self, documents: sparse.csr_array, feared: float = ALL) -> None:
        documents = documents.astype(np.float32)
        documents.eliminate_zeros()
        count, width = documents.shape
        frequency = np.bincount(documents.indices, minlength=width)
        common = np.flatnonzero(frequency > COMMON * count)
        self.many = MANY
        self.loop = best_of_block
        self._place = np.full(width, -1, np.int64)
        self._place[common] = np.arange(len(common))
        by_term = documents.tocsc()
        self._starts = by_term.indptr.astype(np.int64)
        self._rows = by_term.indices.astype(np.int32)
        self._weights = by_term.data
        self._table = np.ascontiguousarray(by_term[:, common].toarray())
        self._across = np.ascontiguousarray(self._table.T)
        # Rounded up by far more than single precision loses, so that no bound is below the true product.
        self._lengths = np.linalg.norm(self._table, axis=1).astype(np.float32) * np.float32(1.0001 * feared)
        self._longest_first = np.argsort(-self._lengths, kind="stable").astype(np.int32)

    def best(self, questions: sparse.csr_array, top: int = 20, threads: int = 1) -> Best:
        """Return the `top` documents of highest product with each question; of equal ones, the lower rows may win."""
        questions = questions.astype(np.float32)
        questions.eliminate_zeros()
        count = questions.shape[0]
        found = Best(np.full((count, top), -1, np.int32), np.zeros((count, top), np.float32))
        step = max(_BLOCK, -(-count // (8 * threads)))

        def work(start: int) -> None:
            stop = min(count, start + step)
            self.loop(
                questions.indptr[start : stop + 1].astype(np.int64),
                questions.indices.astype(np.int32, copy=False),
                questions.data,
                self._place,
                self._starts,
                self._rows,
                self._weights,
                self._table,
                self._across,
                self._lengths,
                self._longest_first,
                found.documents[start:stop],
                found.scores[start:stop],
                self.many,
            )

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(0, count, step)))
        return found


def best_of_block_numpy(
    indptr: Ints,
    indices: Slots,
    data: Reals,
    place: Ints,
    starts: Ints,
    rows: Slots,
    weights: Reals,
    table: Reals,
    _across: Reals,
    lengths: Reals,
    _longest_first: Slots,
    documents: Slots,
    scores: Reals,
    _many: float,
) -> None:
    """Do what `best_of_block` does, with every product made."""
    common = np.flatnonzero(place >= 0)
    for question in range(len(documents)):
        span = slice(indptr[question], indptr[question + 1])
        total = np.zeros(len(lengths), np.float32)
        dense = np.zeros(len(place), np.float32)
        dense[indices[span]] = data[span]
        for term, weight in zip(indices[span].tolist(), data[span].tolist(), strict=True):
            if place[term] < 0:
                total[rows[starts[term] : starts[term + 1]]] += weight * weights[starts[term] : starts[term + 1]]
        total += table @ dense[common]
        best = np.argsort(-total, kind="stable")[: documents.shape[1]]
        best = best[total[best] > 0]
        documents[question, : len(best)] = best
        scores[question, : len(best)] = total[best]


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
def best_of_all(sums: Reals, columns: Slots, factors: Reals, across: Reals, documents: Slots, scores: Reals) -> None:
    """Write the best documents by adding every common term to every document: for questions that few bounds cut."""
    for at in range(len(columns)):
        sums += factors[at] * across[columns[at]]
    held = 0
    for row in range(len(sums)):
        if sums[row] > 0 and (held < len(scores) or sums[row] > scores[held - 1]):
            held = insert(documents, scores, held, row, sums[row])
    sums[:] = 0


@compiled
def best_of_few(
    sums: Reals, touched: Slots, columns: Slots, factors: Reals, table: Reals, lengths: Reals, longest_first: Slots,
    length: float, documents: Slots, scores: Reals,
) -> None:  # fmt: skip
    """Write the best documents by adding the common terms only to those that could still be among the best."""
    held = len(scores)
    leaders = documents.copy()
    scores[:] = 0
    for at in range(held):
        # Those that lead by their rare terms alone come first: they set the score that others must exceed.
        row = leaders[at]
        insert(documents, scores, at, row, sums[row] + product(table[row], columns, factors))
        sums[row] = -1
    for row in touched:
        if sums[row] > 0 and sums[row] + length * lengths[row] > scores[-1]:
            insert(documents, scores, held, row, sums[row] + product(table[row], columns, factors))
    for row in longest_first:
        if length * lengths[row] <= scores[-1]:
            break
        if sums[row] == 0:
            insert(documents, scores, held, row, product(table[row], columns, factors))
    sums[touched] = 0


def best_of_block_loop(
    indptr: Ints, indices: Slots, data: Reals, place: Ints, starts: Ints, rows: Slots, weights: Reals, table: Reals,
    across: Reals, lengths: Reals, longest_first: Slots, documents: Slots, scores: Reals, many: float,
) -> None:  # fmt: skip
    """Write the best documents of each question and their scores, best first, to `documents` and `scores`."""
    sums = np.zeros(len(lengths), np.float32)
    touched = np.empty(len(lengths), np.int32)
    columns = np.empty(table.shape[1], np.int32)
    factors = np.empty(table.shape[1], np.float32)
    for question in range(len(documents)):
        found = common = 0
        for at in range(indptr[question], indptr[question + 1]):
            term, factor = indices[at], data[at]
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
        least, held = 0.0, 0
        for row in touched[:found]:
            held = insert(documents[question], scores[question], held, row, sums[row])
        if held == documents.shape[1]:
            least = scores[question, held - 1]
        length = np.sqrt((factors[:common] * factors[:common]).sum()) * 1.0001
        few = hopeful(sums, touched[:found], lengths, longest_first, length, least)
        if held < documents.shape[1] or few > many * len(lengths):
            documents[question], scores[question] = -1, 0
            best_of_all(sums, columns[:common], factors[:common], across, documents[question], scores[question])
        else:
            best_of_few(
                sums, touched[:found], columns[:common], factors[:common], table, lengths, longest_first, length,
                documents[question], scores[question],
            )  # fmt: skip


best_of_block = compiled(best_of_block_loop, best_of_block_numpy)
