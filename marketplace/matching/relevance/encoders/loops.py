"""The inner loops of the encoders, compiled by numba: all in one file, because each is compiled into those that call it.

Those that only processors with the instruction of `vnni` can run are left as they are elsewhere, and not called.
"""

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.vnni import LANES, QUAD, ROWS, SIDE, tiles_of_rows
from marketplace.matching.relevance.kernels import compiled

Floats32 = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
Unsigned = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int32]
Columns = tuple[Bytes, Floats32, Floats32, Whole, Floats32]
"""A matrix: tiles, and for each output the step, the middle, the sum of its bytes and what is added."""

HEAD = 32
"""Numbers that one head of a transformer compares: known beforehand, they stay in registers."""
_FINE = np.float32(32_767)
_MIDDLE = 32_768
"""What is added to a whole number of 16 bits, because the instruction wants its left side without a sign."""
_SIZE = np.int32(0x7FFFFFFF)
"""All bits of a number in floating point but its sign: sizes are in the same order as these bits as whole numbers."""
_LOG2 = np.float32(1.44269504)
_POWERS = tuple(np.float32(x) for x in (0.99999993, 0.69315307, 0.24015362, 0.05582631, 0.00898935, 0.00187757))
"""2^x from 0 to 1 as a polynomial, off by at most 1e-7 (fitted to the largest relative error)."""
_ERF = tuple(
    np.float32(x) for x in (0.0705230784, 0.0422820123, 0.0092705272, 0.0001520143, 0.0002765672, 0.0000430638)
)


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


def softmax_loop(scores: Floats32) -> None:
    """Make each row, in place, e to its numbers, divided by their sum; 2^x by a polynomial."""
    bits = np.empty(scores.shape[1], np.int32)
    powers = bits.view(np.float32)
    for i in range(scores.shape[0]):
        row = scores[i]
        top = row[0]
        for j in range(len(row)):
            top = max(top, row[j])
        for j in range(len(row)):
            x = max((row[j] - top) * _LOG2, np.float32(-126))
            down = np.floor(x)
            part = x - down
            p = _POWERS[5]
            p = p * part + _POWERS[4]
            p = p * part + _POWERS[3]
            p = p * part + _POWERS[2]
            p = p * part + _POWERS[1]
            row[j] = p * part + _POWERS[0]
            bits[j] = (np.int32(down) + np.int32(127)) << np.int32(23)
        total = np.float32(0)
        for j in range(len(row)):
            row[j] *= powers[j]
            total += row[j]
        share = np.float32(1) / total
        for j in range(len(row)):
            row[j] *= share


def in_halves_loop(rows: Floats32, halves: Unsigned, steps: Floats32, sums: Whole, together: bool) -> None:
    """Write each row as whole numbers of 16 bits: all high bytes to the first rows of `halves`, the low ones to the next.

    `steps` are what one of them is worth in each row (in all of them, with `together`), `sums` what they sum up to.
    """
    count, inputs = rows.shape
    bits = rows.view(np.int32)
    whole = np.empty(inputs, np.int32)
    tops = np.empty(count, np.int32)
    for i in range(count):
        top = np.int32(0)
        for t in range(inputs):
            top = max(top, bits[i, t] & _SIZE)
        tops[i] = top
    if together:
        tops[:] = tops.max()
    sizes = tops.view(np.float32)
    for i in range(count):
        steps[i] = sizes[i] / _FINE if sizes[i] > 0 else np.float32(1)
        row, high, low = rows[i], halves[i], halves[count + i]
        finer = np.float32(1) / steps[i]
        # One thing to a loop: so the compiler works on sixteen numbers at once.
        for t in range(inputs):
            whole[t] = np.int32(np.rint(row[t] * finer))
        total = np.int32(0)
        for t in range(inputs):
            total = np.int32(total + whole[t])
        for t in range(inputs):
            high[t] = np.uint8(np.int32(whole[t] + np.int32(_MIDDLE)) >> np.int32(8))
        for t in range(inputs):
            low[t] = np.uint8(whole[t])
        sums[i] = total


normal = compiled(normal_loop, normal_numpy, reorder=True)
gelu = compiled(gelu_loop, gelu_numpy, reorder=True)
softmax = compiled(softmax_loop, reorder=True)
in_halves = compiled(in_halves_loop)


def product_loop(rows: Floats32, together: int, matrix: Columns, out: Floats32) -> None:
    """Write to row i of `out` the rows i to i + `together` - 1, side by side, x matrix + bias."""
    tiles, column_steps, middles, column_sums, bias = matrix
    count, width = rows.shape
    inputs, outputs = together * width, out.shape[1]
    reached = (count + len(out) + ROWS - 1) // ROWS * ROWS
    halves = np.zeros((reached + together, width), np.uint8)
    products = np.empty((reached, outputs), np.int32)
    steps, sums = np.empty(count, np.float32), np.empty(count, np.int32)
    in_halves(rows, halves, steps, sums, together > 1)
    for at in range(0, outputs // LANES, SIDE):
        here = tiles.ctypes.data + at * LANES * inputs
        for row in range(0, reached, ROWS):
            left = halves.ctypes.data + row * width
            right = products.ctypes.data + 4 * (row * outputs + at * LANES)
            tiles_of_rows(here, left, right, inputs // QUAD, width, 4 * outputs)  # type: ignore[misc]
    for i in range(len(out)):
        whole_sum = 0
        for beside in range(together):
            whole_sum += sums[i + beside]
        step, offset = steps[i], steps[i] * np.float32(whole_sum)
        high, low, told = products[i], products[count + i], out[i]
        for j in range(outputs):
            # What `_MIDDLE` brought in is taken off while the numbers are whole.
            whole = (np.int64(high[j]) << 8) + np.int64(low[j]) - _MIDDLE * np.int64(column_sums[j])
            told[j] = np.float32(whole) * (step * column_steps[j]) + offset * middles[j] + bias[j]


product = compiled(product_loop)


def attention_loop(mixed: Floats32, length: int, heard: Floats32) -> None:
    """Write to `heard` what each word piece hears from those of its own text, `length` of them to a text.

    `mixed` are queries, keys and values side by side, each of them heads x `HEAD` wide.
    """
    width = heard.shape[1]
    for start in range(0, len(mixed), length):
        text = mixed[start : start + length]
        for head in range(0, width, HEAD):
            queries = text[:, head : head + HEAD].copy()
            keys = text[:, width + head : width + head + HEAD].copy()
            values = text[:, 2 * width + head : 2 * width + head + HEAD].copy()
            queries *= np.float32(HEAD**-0.5)
            scores = np.dot(queries, keys.T)
            softmax(scores)
            heard[start : start + length, head : head + HEAD] = np.dot(scores, values)


attention = compiled(attention_loop, reorder=True)


def layers_loop(
    rows: Floats32,
    length: int,
    matrices: tuple[Columns, Columns, Columns, Columns],
    norms: tuple[Floats32, Floats32, Floats32, Floats32],
    least: float,
) -> Floats32:
    """Return what the layers of a transformer make of the word pieces of texts of one length.

    `matrices` are those for queries, keys and values, for what was heard, and the two of the bend; `norms` scale and
    shift after either half. All of them have one more dimension in front: the layers.
    """
    mixing, joining, widening, narrowing = matrices
    for at in range(len(mixing[0])):
        mixed = np.empty((len(rows), mixing[1].shape[1]), np.float32)
        heard, joined = np.empty_like(rows), np.empty_like(rows)
        wide = np.empty((len(rows), widening[1].shape[1]), np.float32)
        product(rows, 1, (mixing[0][at], mixing[1][at], mixing[2][at], mixing[3][at], mixing[4][at]), mixed)
        attention(mixed, length, heard)
        product(heard, 1, (joining[0][at], joining[1][at], joining[2][at], joining[3][at], joining[4][at]), joined)
        joined += rows
        normal(joined, norms[0][at], norms[1][at], least)
        product(joined, 1, (widening[0][at], widening[1][at], widening[2][at], widening[3][at], widening[4][at]), wide)
        gelu(wide.ravel())
        product(
            wide, 1, (narrowing[0][at], narrowing[1][at], narrowing[2][at], narrowing[3][at], narrowing[4][at]), heard
        )
        heard += joined
        normal(heard, norms[2][at], norms[3][at], least)
        rows = heard
    return rows


layers = compiled(layers_loop)
