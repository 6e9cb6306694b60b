"""Products with matrices kept as bytes, on processors that multiply four bytes at once (AVX-512 VNNI).

A question's few word pieces meet every weight of the model once, so that reading the weights is what takes the time: as
bytes they are a quarter of the size and stay in the cache. Elsewhere, or without numba, floating point does the same.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.kernels import compiled

Floats32 = npt.NDArray[np.float32]
LANES, QUAD = 16, 4
"""Outputs that one instruction works on, and the inputs that it multiplies for each of them."""
_ROWS = 8
"""Rows worked on together: as many sums stay in registers."""
_MIDDLE = 32_768
"""What is added to a whole number of 16 bits, because the instruction wants its left side without a sign."""


@cache
def available() -> bool:
    """Return whether this processor has the instruction and numba may use it."""
    if find_spec("numba") is None:
        return False
    config = import_module("numba").config
    if config.CPU_NAME is not None or config.CPU_FEATURES is not None or config.DISABLE_JIT:
        return False  # somebody asked for code that runs on other machines as well
    has = import_module("llvmlite.binding").get_host_cpu_features()
    return all(has.get(feature) for feature in ("avx512f", "avx512vnni"))


class Packed:
    """A matrix (inputs x outputs) as bytes, and for each output the step and the value in the middle of its range."""

    def __init__(self, matrix: Floats32) -> None:
        lowest, steps = _grid(matrix)
        whole = (np.rint((matrix - lowest) / steps) - 128).astype(np.int8)
        inputs, outputs = whole.shape
        tiles = whole.T.reshape(outputs // LANES, LANES, inputs // QUAD, QUAD)
        self._tiles = np.ascontiguousarray(tiles.transpose(0, 2, 1, 3))
        middles = np.asarray(lowest + 128 * steps, np.float32)
        self._columns = (np.asarray(steps, np.float32), middles, whole.sum(axis=0, dtype=np.int64))

    @staticmethod
    def fits(matrix: Floats32) -> bool:
        """Return whether a matrix can be packed here."""
        return available() and matrix.shape[0] % QUAD == 0 and matrix.shape[1] % LANES == 0

    def times(self, rows: Floats32, bias: Floats32) -> Floats32:
        """Return rows x matrix + bias; the rows are read in whole numbers of 16 bits, so that next to nothing is lost."""
        out = np.empty((len(rows), len(self._columns[0])), np.float32)
        product(np.ascontiguousarray(rows), self._tiles, self._columns, bias, out)
        return out


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


class Plain:
    """A matrix (inputs x outputs) as it is."""

    def __init__(self, matrix: Floats32) -> None:
        self._matrix = matrix

    def times(self, rows: Floats32, bias: Floats32) -> Floats32:
        """Return rows x matrix + bias."""
        out = rows @ self._matrix
        out += bias
        return out


def in_halves_loop(rows: Floats32, halves: npt.NDArray[np.uint8], steps: Floats32, sums: npt.NDArray[np.int64]) -> None:
    """Write each row as whole numbers of 16 bits, the high bytes to row 2i of `halves` and the low ones to 2i + 1.

    `steps` are what one of them is worth in each row, `sums` what they sum up to.
    """
    for i in range(rows.shape[0]):
        top = np.float32(0)
        for t in range(rows.shape[1]):
            size = abs(rows[i, t])
            top = size if size > top else top
        steps[i] = top / np.float32(_MIDDLE - 1) if top > 0 else np.float32(1)
        finer = np.float32(1) / steps[i]
        total = np.int64(0)
        for t in range(rows.shape[1]):
            whole = np.int32(np.rint(rows[i, t] * finer))
            total += whole
            halves[2 * i, t] = (whole + _MIDDLE) >> 8
            halves[2 * i + 1, t] = (whole + _MIDDLE) & 255
        sums[i] = total


def joined_loop(
    products: npt.NDArray[np.int32],
    rows: tuple[Floats32, npt.NDArray[np.int64]],
    columns: tuple[Floats32, Floats32, npt.NDArray[np.int64]],
    bias: Floats32,
    out: Floats32,
) -> None:
    """Put the products of high and low bytes together again, take off what `_MIDDLE` brought in, and give them their size.

    `rows` are steps and sums, `columns` steps, middles and sums.
    """
    row_steps, row_sums = rows
    column_steps, middles, column_sums = columns
    for i in range(out.shape[0]):
        beside = row_steps[i] * np.float32(row_sums[i])
        for j in range(out.shape[1]):
            whole = (np.int64(products[2 * i, j]) << 8) + np.int64(products[2 * i + 1, j]) - _MIDDLE * column_sums[j]
            out[i, j] = np.float32(whole) * (row_steps[i] * column_steps[j]) + beside * middles[j] + bias[j]


def _tile() -> Any:
    """Return the compiler's own word for: `_ROWS` rows of bytes x one tile, written as whole numbers of 32 bits.

    It is given addresses (tile, rows, sums), the number of quads, and the bytes from row to row on either side.
    """
    types, utils, ir = (import_module(name) for name in ("numba.types", "numba.core.cgutils", "llvmlite.ir"))
    whole, long = ir.IntType(32), ir.IntType(64)
    lanes = ir.VectorType(whole, LANES)
    zeros, undefined = ir.Constant(lanes, [0] * LANES), ir.Constant(lanes, ir.Undefined)

    def write(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        tile, rows, sums, quads, from_row, from_sum = given
        name, kind = "llvm.x86.avx512.vpdpbusd.512", ir.FunctionType(lanes, [lanes, lanes, lanes])
        instruction = builder.module.declare_intrinsic(name, (), kind)

        def place(start: Any, number: Any, step: Any, to: Any) -> Any:
            return builder.inttoptr(builder.add(start, builder.mul(number, step)), ir.PointerType(to))

        held = [utils.alloca_once_value(builder, zeros) for _ in range(_ROWS)]
        for one in held:
            builder.store(zeros, one)
        with utils.for_range(builder, quads, intp=long) as loop:
            weights = builder.load(place(tile, loop.index, long(LANES * QUAD), lanes), align=1)
            offset = builder.add(rows, builder.mul(loop.index, long(QUAD)))
            for at, one in enumerate(held):
                quad = builder.load(place(offset, long(at), from_row, whole), align=1)
                first = builder.insert_element(undefined, quad, whole(0))
                spread = builder.shuffle_vector(first, undefined, zeros)
                builder.store(builder.call(instruction, [builder.load(one), spread, weights]), one)
        for at, one in enumerate(held):
            builder.store(builder.load(one), place(sums, long(at), from_sum, lanes), align=1)
        return None

    def tile(_typing: Any, _tile: Any, _rows: Any, _sums: Any, _quads: Any, _from_row: Any, _from_sum: Any) -> Any:
        return types.void(*[types.int64] * 6), write

    return import_module("numba.extending").intrinsic(tile)


tile = _tile() if available() else None
in_halves, joined = compiled(in_halves_loop), compiled(joined_loop)


def product_loop(
    rows: Floats32,
    tiles: npt.NDArray[np.int8],
    columns: tuple[Floats32, Floats32, npt.NDArray[np.int64]],
    bias: Floats32,
    out: Floats32,
) -> None:
    """Write rows x tiles + bias to `out`; only where the instruction is `available`."""
    count, inputs = rows.shape
    padded = (2 * count + _ROWS - 1) // _ROWS * _ROWS
    halves = np.zeros((padded, inputs), np.uint8)
    products = np.empty((padded, out.shape[1]), np.int32)
    steps, sums = np.empty(count, np.float32), np.empty(count, np.int64)
    in_halves(rows, halves, steps, sums)
    width = 4 * out.shape[1]
    for at in range(tiles.shape[0]):
        here = tiles.ctypes.data + at * tiles.shape[1] * LANES * QUAD
        for row in range(0, padded, _ROWS):
            left = halves.ctypes.data + row * inputs
            right = products.ctypes.data + row * width + at * 4 * LANES
            tile(here, left, right, tiles.shape[1], inputs, width)  # type: ignore[misc]
    joined(products, (steps, sums), columns, bias, out)


product = compiled(product_loop)
