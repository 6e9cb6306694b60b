"""What encoders are built of: normalisations, and matrices kept as bytes on processors that multiply four
bytes at once (AVX-512 VNNI).

A question's few word pieces meet every weight of the model once, so that reading the weights is what takes the time: as
bytes they are a quarter of the size and stay in the cache. Elsewhere, or without numba, floating point does the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.loops import Columns, normal, product
from marketplace.matching.relevance.encoders.vnni import LANES, QUAD, SIDE, available

Floats32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer normalisation: scale and shift."""

    scale: Floats32
    shift: Floats32
    least: float = 1e-12

    def of(self, rows: Floats32) -> Floats32:
        """Return the rows with mean 0 and variance 1, scaled and shifted; ``rows`` is worked on in place."""
        normal(rows, self.scale, self.shift, self.least)
        return rows


class Packed:
    """A matrix (inputs x outputs) and what is added, as bytes and the step and middle of each output's range."""

    def __init__(self, matrix: Floats32, bias: Floats32) -> None:
        lowest, steps = _grid(matrix)
        whole = (np.rint((matrix - lowest) / steps) - 128).astype(np.int8)
        inputs, outputs = whole.shape
        tiles = whole.T.reshape(outputs // LANES, LANES, inputs // QUAD, QUAD)
        self.columns: Columns = (
            np.ascontiguousarray(tiles.transpose(0, 2, 1, 3)),
            np.asarray(steps, np.float32),
            np.asarray(lowest + 128 * steps, np.float32),
            whole.sum(axis=0, dtype=np.int32),
            np.ascontiguousarray(bias, np.float32),
        )

    @staticmethod
    def fits(matrix: Floats32) -> bool:
        """Return whether a matrix can be packed here."""
        return available() and matrix.shape[0] % QUAD == 0 and matrix.shape[1] % (SIDE * LANES) == 0

    @classmethod
    def beside(cls, parts: Sequence["Packed"]) -> "Packed":
        """Return one matrix whose outputs are those of all parts, one after the other."""
        whole = cls.__new__(cls)
        tiles, steps, middles, sums, bias = map(np.concatenate, zip(*(part.columns for part in parts), strict=True))
        whole.columns = (tiles, steps, middles, sums, bias)
        return whole

    def of(self, rows: Floats32, together: int = 1) -> Floats32:
        """Return rows x matrix + bias, of each row and the next ones side by side where `together` is more than 1.

        The rows are read in whole numbers of 16 bits, so that next to nothing is lost.
        """
        out = np.empty((len(rows) - together + 1, len(self.columns[1])), np.float32)
        product(np.ascontiguousarray(rows), together, self.columns, out)
        return out


class Plain:
    """A matrix (inputs x outputs) and what is added, as they are."""

    def __init__(self, matrix: Floats32, bias: Floats32) -> None:
        self.matrix = matrix
        self.bias = bias

    def of(self, rows: Floats32, together: int = 1) -> Floats32:
        """Return rows x matrix + bias, of each row and the next ones side by side where `together` is more than 1."""
        count = len(rows) - together + 1
        out = np.hstack([rows[at : at + count] for at in range(together)]) @ self.matrix
        out += self.bias
        return np.asarray(out, np.float32)


def dense(matrix: Floats32, bias: Floats32) -> Packed | Plain:
    """Return a matrix (inputs x outputs) and what is added, ready for products in the quickest way that works here."""
    return Packed(matrix, bias) if Packed.fits(matrix) else Plain(matrix, np.asarray(bias, np.float32))


def beside(parts: Sequence[Packed | Plain]) -> Packed | Plain:
    """Return one matrix whose outputs are those of all parts, one after the other."""
    packed = [one for one in parts if isinstance(one, Packed)]
    if len(packed) == len(parts):
        return Packed.beside(packed)
    plain = [one for one in parts if isinstance(one, Plain)]
    return Plain(np.hstack([one.matrix for one in plain]), np.concatenate([one.bias for one in plain]))


def _grid(matrix: Floats32) -> tuple[Floats32, Floats32]:
    """Return for each output the lowest value and the step of the 256 values that stand for its own.

    A matrix that was made of bytes with one step for all is found out, and then nothing is lost.
    """
    values = np.unique(matrix)
    if 1 < len(values) <= 256:
        step = np.diff(values).min()
        places = (values - values[0]) / step
        if places[-1] < 255.5 and np.abs(places - np.rint(places)).max() < 0.1:
            exact = (values[-1] - values[0]) / np.rint(places[-1])
            return np.full(matrix.shape[1], values[0]), np.full(matrix.shape[1], exact, np.float32)
    # Nothing stays nothing: many weights are exactly 0, and if each were off by the same they would add up.
    largest = np.abs(matrix).max(axis=0)
    steps = np.where(largest > 0, largest / np.float32(127), np.float32(1))
    return -128 * steps, steps
