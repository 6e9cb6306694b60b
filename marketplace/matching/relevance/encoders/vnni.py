"""One instruction of some processors: four bytes times four bytes, added up, for sixteen outputs at once (AVX-512 VNNI)."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LANES, QUAD = 16, 4
"""Outputs that one instruction works on, and the inputs that it multiplies for each of them."""
ROWS = 8
"""Rows worked on together: as many sums stay in registers."""


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


def _tile() -> Any:
    """Return the compiler's own word for: `ROWS` rows of bytes x one tile, written as whole numbers of 32 bits.

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

        held = [utils.alloca_once_value(builder, zeros) for _ in range(ROWS)]
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
