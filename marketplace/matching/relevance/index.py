"""Documents in, a ranking out: the face of the relevance package."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from math import log

import numpy as np
import numpy.typing as npt
from scipy import sparse

from marketplace.matching.relevance.text import tokens

TITLE_WEIGHT = 3
BEST_EVIDENCE = 3
MOST_WORDS = 8

_Vector = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Document:
    """One piece of evidence; `text` is its title, a line break and its body.

    `group` names the team it belongs to; a document without one stands for itself. `kind` ("paper", "patent", …) and
    `year` say what it is and how old.
    """

    id: str
    text: str
    group: str | None = None
    kind: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document or a group and how well it answers: `score` from 0 to 1, comparable between queries.

    `evidence` are the pieces that count, best first; `words` what they have in common with the query, most telling
    first.
    """

    id: str
    score: float
    evidence: tuple[tuple[str, float], ...]
    words: tuple[str, ...]


class Index:
    """What can be found. Adding and removing a document takes effect at once, and equals building anew."""

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self._documents: dict[str, Document] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._model: _Model | None = None
        for document in documents:
            self.add(document)

    def __len__(self) -> int:
        return len(self._documents)

    def add(self, document: Document) -> None:
        """Put `document` in, in the place of an earlier one of the same id."""
        self._documents[document.id] = document
        self._counts[document.id] = _counted(document.text)
        self._model = None

    def remove(self, document_id: str) -> None:
        """Take a document out; KeyError when it is not in."""
        del self._documents[document_id]
        del self._counts[document_id]
        self._model = None

    def rank(self, text: str, top: int = 20) -> list[Ranked]:
        """Return the `top` documents, or groups where documents carry one, that answer `text` best (0 = all).

        Equal scores stand in the order of their ids, so that the same question has the same answer.
        """
        if not self._documents:
            return []
        model = self._model = self._model or _Model(self._counts)
        query = model.vector(_counted(text))
        pieces = defaultdict[str, list[tuple[float, str]]](list)
        for document_id, score in zip(model.ids, model.scores(query).tolist(), strict=True):
            group = self._documents[document_id].group
            pieces[document_id if group is None else group].append((-score, document_id))
        answers = []
        for name, found in pieces.items():
            best = nsmallest(BEST_EVIDENCE, found)
            answers.append((sum(minus for minus, _ in best) / len(best), name, best))
        answers.sort(key=lambda answer: answer[:2])
        return [
            Ranked(
                name,
                max(0.0, -minus),
                tuple((document_id, max(0.0, -score)) for score, document_id in best),
                model.words(query, [document_id for _, document_id in best]),
            )
            for minus, name, best in (answers[:top] if top else answers)
        ]


class _Model:
    """The documents' unit vectors: (1 + log count) x smoothed idf per term."""

    def __init__(self, counted: dict[str, Counter[str]]) -> None:
        self.ids = sorted(counted)
        frequency = Counter(term for counts in counted.values() for term in counts)
        self._terms = {term: column for column, term in enumerate(sorted(frequency))}
        self._names = list(self._terms)
        self._idf = np.array([log((1 + len(self.ids)) / (1 + frequency[term])) + 1 for term in self._names])
        rows = [self.vector(counted[document_id]) for document_id in self.ids]
        self._matrix = sparse.csr_array(
            (
                np.concatenate([values for _, values in rows]),
                np.concatenate([columns for columns, _ in rows]),
                np.cumsum([0, *(len(columns) for columns, _ in rows)]),
            ),
            shape=(len(self.ids), len(self._terms)),
        )

    def vector(self, counts: Counter[str]) -> _Vector:
        """Return the columns of the known terms and their weights; terms nobody uses still lengthen the vector."""
        columns = np.array([self._terms[term] for term in counts if term in self._terms], dtype=np.int64)
        weights = np.array([1 + log(count) for term, count in counts.items() if term in self._terms])
        weights = weights * self._idf[columns]
        unknown = sum(1 for term in counts if term not in self._terms) * (log(1 + len(self.ids)) + 1) ** 2
        return columns, weights / (np.sqrt(float(weights @ weights) + unknown) or 1.0)

    def scores(self, query: _Vector) -> npt.NDArray[np.float64]:
        """Return the cosine of each document with `query`, in the order of `ids`."""
        columns, weights = query
        dense = np.zeros(len(self._terms))
        dense[columns] = weights
        return np.minimum(self._matrix @ dense, 1.0)

    def words(self, query: _Vector, document_ids: list[str]) -> tuple[str, ...]:
        """Return the terms that `query` and the documents share, most telling first, none inside another."""
        columns, weights = query
        dense = np.zeros(len(self._terms))
        dense[columns] = weights
        gain = np.zeros(len(self._terms))
        for document_id in document_ids:
            row = self._matrix[[bisect_left(self.ids, document_id)], :]
            gain[row.indices] += row.data * dense[row.indices]
        told: list[str] = []
        for column in np.argsort(-gain, kind="stable")[: 8 * MOST_WORDS]:
            name = self._names[column]
            if gain[column] > 0 and len(name) > 1 and not any(name in other for other in told):
                told = [other for other in told if other not in name] + [name]
        return tuple(told[:MOST_WORDS])


def _counted(text: str) -> Counter[str]:
    """Count the terms of `text`, those of its first line `TITLE_WEIGHT` times."""
    title, _, body = text.partition("\n")
    counts = Counter(tokens(body))
    for term, count in Counter(tokens(title)).items():
        counts[term] += TITLE_WEIGHT * count
    return counts
