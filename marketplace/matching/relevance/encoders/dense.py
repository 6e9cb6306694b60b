"""What encoders are built of: matrices, normalisations and the bend between two matrices."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.products import Packed, Plain
from marketplace.matching.relevance.kernels import compiled

Floats32 = npt.NDArray[np.float32]


def normal_loop(rows: Floats32, scale: Floats32, shift: Floats32, least: float) -> None:
    """Give each row mean 0 and variance 1 (at least `least` beforehand), then scale and shift it, in place."""
    for i in range(rows.shape[0]):
        total = np.float32(0)
        for t in range(rows.shape[1]):
            total += rows[i, t]
        mean = total / np.float32(rows.shape[1])
        squares = np.float32(0)
        for t in range(rows.shape[1]):
            rows[i, t] -= mean
            squares += rows[i, t] * rows[i, t]
        factor = np.float32(1) / np.sqrt(squares / np.float32(rows.shape[1]) + np.float32(least))
        for t in range(rows.shape[1]):
            rows[i, t] = rows[i, t] * factor * scale[t] + shift[t]


def normal_numpy(rows: Floats32, scale: Floats32, shift: Floats32, least: float) -> None:
    """Give each row mean 0 and variance 1 (at least `least` beforehand), then scale and shift it, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows)[:, None] / rows.shape[1] + np.float32(least))
    rows *= scale
    rows += shift


normal = compiled(normal_loop, normal_numpy, reorder=True)


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


class Dense:
    """A matrix (inputs x outputs) and what is added."""

    def __init__(self, matrix: Floats32, bias: Floats32) -> None:
        self._product: Packed | Plain = Packed(matrix) if Packed.fits(matrix) else Plain(matrix)
        self._bias = np.ascontiguousarray(bias, np.float32)

    def of(self, rows: Floats32) -> Floats32:
        """Return rows x matrix + bias."""
        return self._product.times(rows, self._bias)


_ERF = tuple(
    np.float32(x) for x in (0.0705230784, 0.0422820123, 0.0092705272, 0.0001520143, 0.0002765672, 0.0000430638)
)


def gelu_loop(values: Floats32) -> None:
    """Multiply each value, in place, by the share of a normal distribution below it.

    The error function by Abramowitz and Stegun 7.1.28 (off by at most 3e-7), which needs no exponential.
    """
    for at in range(len(values)):
        x = values[at]
        z = abs(x) * np.float32(0.70710678)
        p = _ERF[5]
        p = p * z + _ERF[4]
        p = p * z + _ERF[3]
        p = p * z + _ERF[2]
        p = p * z + _ERF[1]
        p = p * z + _ERF[0]
        p = p * z + np.float32(1)
        p *= p
        p *= p
        p *= p
        p *= p
        tail = np.float32(0.5) / p  # half of 1 - erf(|x| / sqrt 2)
        values[at] = x * (tail if x < 0 else np.float32(1) - tail)


def gelu_numpy(values: Floats32) -> None:
    """Multiply each value, in place, by the share of a normal distribution below it; the same formula."""
    z = np.abs(values)
    z *= np.float32(0.70710678)
    p = np.full_like(z, _ERF[5])
    for factor in (*_ERF[4::-1], np.float32(1)):
        p *= z
        p += factor
    with np.errstate(over="ignore"):
        for _ in range(4):
            p *= p
    tail = np.float32(0.5) / p
    values *= np.where(values < 0, tail, 1 - tail)


gelu = compiled(gelu_loop, gelu_numpy, reorder=True)
