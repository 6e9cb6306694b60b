"""Texts as vectors: what is meant, beside the words that say it, and across languages."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders import e5, minilm, use
from marketplace.matching.relevance.kernels import Floats, Held, nearness

ASKED_LAST = 512
"""Texts asked for whose vectors are remembered, a question and its English reading apart: encoding one takes many times as
long as comparing it with all documents."""
STEPS = 508
"""Steps of one vector component: 1/4 becomes 127. A component of a unit vector of 512 is seldom larger."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose product says how alike the texts are."""

    size: int

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """Return one row of length 1 (0 for an empty text) for each `(title, body)`."""


@dataclass(frozen=True, slots=True)
class Encoders:
    """Who turns texts into vectors: one for every text and language, and a better one for each language by itself."""

    general: Encoder | None = None
    chinese: Encoder | None = None
    english: Encoder | None = None


@cache
def installed_encoders() -> Encoders:
    """Return what is installed; without any of the packages only words count."""
    return Encoders(use.installed(), e5.installed(), minilm.installed())


class Questions:
    """What one encoder makes of questions; the last ones are remembered."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._asked: dict[tuple[str, str], npt.NDArray[np.int8]] = {}

    def slow(self, title: str, body: str) -> bool:
        """Return whether the question's vector is still to be made, by one of our own encoders."""
        return (title, body) not in self._asked and isinstance(self.encoder, e5.E5 | minilm.MiniLM)

    def vector(self, title: str, body: str) -> npt.NDArray[np.int8]:
        """Return the question's vector, made now or remembered."""
        key = (title, body)
        row = self._asked.pop(key, None)
        if row is None:
            row = as_bytes(self.encoder.encode([key]))[0]
            while len(self._asked) >= ASKED_LAST:
                # The one not asked for longest stands first.
                del self._asked[next(iter(self._asked))]
        self._asked[key] = row
        return row


class Vectors:
    """The vectors of the documents that one encoder reads, in bytes: products are whole numbers, alike everywhere."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        size = questions.encoder.size
        self._rows = np.zeros((64, size), np.int8)
        self._held = np.zeros(64, np.bool_)
        self._sum = np.zeros(size, np.int64)
        self._count = 0
        self._waiting: dict[int, tuple[str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._waiting) or self._count > 0

    def add(self, slot: int, title: str, body: str) -> None:
        """Note the document in `slot`; it is encoded with the others that wait when the next question comes."""
        self._waiting[slot] = (title, body)

    def held(self, slots: int) -> Held:
        """Return for each slot whether there is a vector."""
        self._encode_waiting(slots)
        return self._held[:slots]

    def remove(self, slot: int) -> None:
        """Take the document in `slot` out."""
        if self._waiting.pop(slot, None) is None:
            self._sum -= self._rows[slot]
            self._rows[slot] = 0
            self._count -= int(self._held[slot])
            self._held[slot] = False

    def slow(self, title: str, body: str) -> bool:
        """Return whether comparing with this question takes long, because it is a new one."""
        return self._questions.slow(title, body)

    def score(
        self,
        title: str,
        body: str,
        slots: int,
        *,
        usual: npt.NDArray[np.int8] | None = None,
        among: Held | None = None,
    ) -> Floats:
        """Return for each slot its cosine with the text, less the mean cosine of all documents with it.

        Without the mean a general text is nearer to everything than a special one, and the scores of two questions
        could not be compared. Slots without a vector, and all of them for a text without one, are not a number.
        With `usual`, the mean vector of texts in the question's language, it is taken off the question first. With
        `among`, whether each slot is asked about, the others are not a number either.
        """
        self._encode_waiting(slots)
        query = self._questions.vector(title, body)
        if not query.any():
            return np.full(slots, np.nan)
        if usual is not None:
            query = np.clip(query.astype(np.int16) - usual, -127, 127).astype(np.int8)
        mean = float(self._sum @ query.astype(np.int64)) / max(1, self._count)
        alike = np.empty(slots)
        if among is None and 2 * self._count >= slots:
            nearness(self._rows[:slots], self._held[:slots], query, mean, STEPS**2, alike)
            return alike
        # Of a language that is seldom here: passing over the others saves most of the time.
        asked = np.flatnonzero(self._held[:slots] if among is None else self._held[:slots] & among)
        found = np.empty(len(asked))
        nearness(self._rows[asked], self._held[asked], query, mean, STEPS**2, found)
        alike.fill(np.nan)
        alike[asked] = found
        return alike

    def _encode_waiting(self, slots: int) -> None:
        encoder = self._questions.encoder
        if slots > len(self._rows):
            more = max(slots, 2 * len(self._rows)) - len(self._rows)
            self._rows = np.concatenate([self._rows, np.zeros((more, encoder.size), np.int8)])
            self._held = np.concatenate([self._held, np.zeros(more, np.bool_)])
        if self._waiting:
            where = sorted(self._waiting)
            rows = as_bytes(encoder.encode([self._waiting[slot] for slot in where]))
            self._rows[where] = rows
            self._held[where] = rows.any(axis=1)
            self._count += int(self._held[where].sum())
            self._sum += rows.sum(axis=0, dtype=np.int64)
            self._waiting.clear()


@cache
def usual_vector(language: str) -> npt.NDArray[np.int8]:
    """Return E5's mean vector of terms in a language (`languages.json`, written by benchmarks/relevance_dictionary.py).

    E5 writes the language of a text into its vector: without this a Chinese text is near to those English ones that are
    near to everything Chinese.
    """
    table = json.loads(files(__package__).joinpath("languages.json").read_text(encoding="utf-8"))
    return np.array(table[language], np.int8)


def as_bytes(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    """Return unit vectors in whole steps from -127 to 127; kept vectors are kept like this."""
    return np.clip(np.rint(vectors * STEPS), -127, 127).astype(np.int8)
