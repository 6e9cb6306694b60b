"""A BERT encoder (Devlin et al. 2019) on texts given as numbers of word pieces, one mean vector to a text."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.loops import HEAD, Columns, gelu, layers
from marketplace.matching.relevance.encoders.products import Norm, Packed, Plain

Floats32 = npt.NDArray[np.float32]
Stack = tuple[tuple[Columns, Columns, Columns, Columns], tuple[Floats32, Floats32, Floats32, Floats32], float]
"""All layers as `layers` wants them: four matrices, scales and shifts after either half, the least variance."""
_TOKENS = 4096
"""Word pieces worked on at once: enough to keep the matrix products busy, a few dozen MB of memory."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer; `mixed` are query, key and value side by side."""

    mixed: Packed | Plain
    joined: Packed | Plain
    after_attention: Norm
    wide: Packed | Plain
    narrow: Packed | Plain
    after_all: Norm


class Words(Protocol):
    """The vectors of the word pieces, however they are kept."""

    def rows(self, numbers: npt.NDArray[np.int64]) -> Floats32:
        """Return the vectors of these word pieces."""


class WordRows:
    """The vectors of the word pieces, kept as bytes and a scale to each row."""

    def __init__(self, values: npt.NDArray[np.int8], scales: Floats32) -> None:
        self._values = values
        self._scales = scales

    def rows(self, numbers: npt.NDArray[np.int64]) -> Floats32:
        """Return the vectors of these word pieces."""
        return np.asarray(self._values[numbers] * self._scales[numbers], np.float32)


class Transformer:
    """The encoder: embedding, layers, mean over the word pieces of a text."""

    def __init__(self, words: Words, places: Floats32, first: Norm, layers: Sequence[Layer], heads: int) -> None:
        self._words = words
        self._places = places
        self._first = first
        self._heads = heads
        self._stack = _stacked(layers) if len(places[0]) == heads * HEAD else None
        self._layers = () if self._stack else layers
        self.size = places.shape[1]
        self.longest = len(places)

    def encode(self, texts: Sequence[Sequence[int]]) -> Floats32:
        """Return for each text, given as at most `longest` numbers of word pieces, its mean vector at length 1.

        Texts of equal length are worked on together, so that nothing is padded and a text's vector hardly depends on
        its company.
        """
        vectors = np.zeros((len(texts), self.size), np.float32)
        by_length: dict[int, list[int]] = defaultdict(list)
        for at, text in enumerate(texts):
            if len(text):
                by_length[len(text)].append(at)
        for length, places in sorted(by_length.items()):
            step = max(1, _TOKENS // length)
            for start in range(0, len(places), step):
                chosen = places[start : start + step]
                vectors[chosen] = self._together(np.array([texts[at] for at in chosen], np.int64))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths, lengths, 1), np.float32)

    def _together(self, numbers: npt.NDArray[np.int64]) -> Floats32:
        """Return the mean vectors of texts of one length."""
        count, length = numbers.shape
        rows = self._words.rows(numbers.ravel())
        rows += np.tile(self._places[:length], (count, 1))
        rows = self._first.of(rows)
        if self._stack:
            matrices, norms, least = self._stack
            rows = layers(rows, length, matrices, norms, least)
        for layer in self._layers:
            rows = self._through(layer, rows, count, length)
        return np.asarray(rows.reshape(count, length, self.size).mean(axis=1), np.float32)

    def _through(self, layer: Layer, rows: Floats32, count: int, length: int) -> Floats32:
        mixed = layer.mixed.of(rows).reshape(count, length, 3, self._heads, -1).transpose(2, 0, 3, 1, 4)
        queries, keys, values = mixed
        scores = np.matmul(queries, keys.swapaxes(2, 3))
        scores *= np.float32(queries.shape[-1] ** -0.5)
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        heard = np.matmul(scores, values).transpose(0, 2, 1, 3).reshape(rows.shape)
        heard = layer.joined.of(heard)
        heard += rows
        rows = layer.after_attention.of(heard)
        wide = layer.wide.of(rows)
        gelu(wide.reshape(-1))
        out = layer.narrow.of(wide)
        out += rows
        return layer.after_all.of(out)


def _stacked(of: Sequence[Layer]) -> Stack | None:
    """Return the layers as arrays with one more dimension in front, for the compiled loop; None where it cannot run."""
    matrices = []
    for name in ("mixed", "joined", "wide", "narrow"):
        packed = [one.columns for layer in of if isinstance(one := getattr(layer, name), Packed)]
        if len(packed) < len(of):
            return None
        tiles, steps, middles, sums, bias = map(np.stack, zip(*packed, strict=True))
        matrices.append((tiles, steps, middles, sums, bias))
    mixed, joined, wide, narrow = matrices
    heard, bent = [layer.after_attention for layer in of], [layer.after_all for layer in of]
    scales, shifts = (
        [np.stack([getattr(norm, part) for norm in half]) for half in (heard, bent)] for part in ("scale", "shift")
    )
    return (mixed, joined, wide, narrow), (scales[0], shifts[0], scales[1], shifts[1]), heard[0].least
