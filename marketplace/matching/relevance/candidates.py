"""The best few documents for each of very many questions: exact, and split so that most products are never made.

Terms of few documents are summed posting by posting. Terms of many documents (more than `COMMON` of them) stand in a
dense table, which is read only for documents that could still enter the best `top`: those whose sum so far, plus the
most that the common part can add (`bounded`), exceeds the least of the best. What is left out could not have entered, so
the result is exact.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from marketplace.matching.relevance import bounded
from marketplace.matching.relevance.kernels import compiled

COMMON = 0.02
"""Share of the documents above which a term is common (best of 0.01, 0.02 and 0.05)."""
MANY = 0.02
"""Share of the documents from which bounds in bytes for all of them are quicker than looking at so many (measured)."""
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
        self._packed = bounded.tiled(self._table)
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
                (
                    questions.indptr[start : stop + 1].astype(np.int64),
                    questions.indices.astype(np.int32, copy=False),
                    questions.data,
                ),
                self._place,
                (self._starts, self._rows, self._weights),
                self._table,
                self._packed,
                (self._lengths, self._longest_first, self.many),
                found.documents[start:stop],
                found.scores[start:stop],
            )

        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(work, range(0, count, step)))
        return found


def best_of_block_numpy(
    questions: tuple[Ints, Slots, Reals], place: Ints, postings: tuple[Ints, Slots, Reals], table: Reals,
    _packed: tuple[bounded.Tiles, Reals], bound: tuple[Reals, Slots, float], documents: Slots, scores: Reals,
) -> None:  # fmt: skip
    """Do what `best_of_block` does, with every product made."""
    (indptr, indices, data), (starts, rows, weights) = questions, postings
    common = np.flatnonzero(place >= 0)
    for question in range(len(documents)):
        span = slice(indptr[question], indptr[question + 1])
        total = np.zeros(len(bound[0]), np.float32)
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


best_of_block = compiled(bounded.best_of_block_loop, best_of_block_numpy)
