"""An inverted index that grows: which documents hold a term, and how much of them it is."""

from collections.abc import Mapping
from math import log, sqrt

import numpy as np

from marketplace.matching.relevance.kernels import Floats, add_postings

_ROOM = 4
"""Postings a new term has room for; the room doubles each time it is full."""


class Postings:
    """The terms of one kind (single or pair) of all documents.

    A document's weights have length 1 and never change: what a term is worth in this collection (idf) enters with the
    query. So an insert touches only the document's own terms, and gives the same index as building anew.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._slots = np.zeros(1024, np.int32)
        self._weights = np.zeros(1024, np.float32)
        self._end = 0
        self._starts = np.zeros(256, np.int64)
        self._lengths = np.zeros(256, np.int64)
        self._rooms = np.zeros(256, np.int64)
        self._terms_of: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}

    def add(self, slot: int, terms: Mapping[str, float]) -> None:
        """Enter the terms of the document in `slot`, which must be new."""
        length = sqrt(sum(weight * weight for weight in terms.values())) or 1.0
        known = self._numbers
        for term in terms:
            if term not in known:
                self._number(term)
        numbers = np.fromiter(map(known.__getitem__, terms), np.int64, len(terms))
        weights = np.fromiter(terms.values(), np.float64, len(terms)) / length
        full = numbers[self._lengths[numbers] == self._rooms[numbers]]
        for number in full.tolist():
            self._move(number)
        at = self._starts[numbers] + self._lengths[numbers]
        self._slots[at] = slot
        self._weights[at] = weights
        self._lengths[numbers] += 1
        self._terms_of[slot] = numbers

    def remove(self, slot: int) -> None:
        """Take the document in `slot` out; the slot may be used again."""
        for number in self._terms_of.pop(slot).tolist():
            start, last = int(self._starts[number]), int(self._starts[number] + self._lengths[number]) - 1
            # The order of a term's postings means nothing: the last one fills the gap.
            at = start + int(np.flatnonzero(self._slots[start : last + 1] == slot)[0])
            self._slots[at], self._weights[at] = self._slots[last], self._weights[last]
            self._lengths[number] -= 1

    def score(self, terms: Mapping[str, float], documents: int, slots: int) -> Floats:
        """Return for each slot how much of `terms` it holds, from 0 to 1, given the number of documents alive.

        A cosine whose document side knows no idf: sum of (query weight x idf) x (document weight x idf), the query at
        length 1, idf = log((n + 1) / (df + 1/2)) divided by its highest value log((n + 1) / (1/2)).
        """
        scores = np.zeros(slots)
        # In the order of the terms themselves, so that sums round alike whatever order the documents came in.
        wanted = sorted(terms)
        numbers = np.array([self._numbers.get(term, -1) for term in wanted], np.int64)
        weights = np.array([terms[term] for term in wanted])
        known = numbers >= 0
        found = np.where(known, self._lengths[numbers], 0)
        idf = np.maximum(0.0, np.log((documents + 1) / (found + 0.5)) / log((documents + 1) / 0.5))
        length = sqrt(float(np.sum((weights * idf) ** 2)))
        if not length:
            return scores
        starts = self._starts[numbers[known]]
        factors = (weights * idf * idf / length)[known]
        add_postings(scores, self._slots, self._weights, starts, starts + found[known], factors)
        return scores

    def worth(self, term: str, documents: int) -> float:
        """Return what `term` is worth among so many documents, from 0 (everybody's) to 1 (nobody's)."""
        number = self._numbers.get(term, -1)
        found = int(self._lengths[number]) if number >= 0 else 0
        return max(0.0, log((documents + 1) / (found + 0.5)) / log((documents + 1) / 0.5))

    def _number(self, term: str) -> int:
        number = self._numbers.setdefault(term, len(self._numbers))
        if number == len(self._starts):
            for name in ("_starts", "_lengths", "_rooms"):
                setattr(self, name, np.concatenate([getattr(self, name), np.zeros(number, np.int64)]))
        return number

    def _move(self, number: int) -> None:
        """Give a term twice the room, at the end of the pool; the old room stays empty until the next rebuild."""
        start, length = int(self._starts[number]), int(self._lengths[number])
        room = max(_ROOM, 2 * length)
        while self._end + room > len(self._slots):
            self._slots = np.concatenate([self._slots, np.zeros_like(self._slots)])
            self._weights = np.concatenate([self._weights, np.zeros_like(self._weights)])
        self._slots[self._end : self._end + length] = self._slots[start : start + length]
        self._weights[self._end : self._end + length] = self._weights[start : start + length]
        self._starts[number], self._rooms[number] = self._end, room
        self._end += room
