"""One instruction of some processors: four bytes times four bytes, added up, for sixteen outputs at once (AVX-512 VNNI)."""

import itertools
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

LANES, QUAD = 16, 4
"""Outputs that one instruction works on, and the inputs that it multiplies for each of them."""
ROWS, SIDE = 8, 2
"""Rows and tiles worked on together: as many sums stay in registers."""
_AHEAD = 2048
"""Bytes by which weights are fetched before they are needed."""


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


def _tiles() -> Any:
    """Return the compiler's own word for: `ROWS` rows of bytes x `SIDE` tiles, written as whole numbers of 32 bits.

    It is given addresses (tiles, rows, sums), the number of quads, and the bytes from row to row on either side.
    """
    types, utils, ir = (import_module(name) for name in ("numba.types", "numba.core.cgutils", "llvmlite.ir"))
    whole, long, byte = ir.IntType(32), ir.IntType(64), ir.PointerType(ir.IntType(8))
    lanes = ir.VectorType(whole, LANES)
    zeros, undefined = ir.Constant(lanes, [0] * LANES), ir.Constant(lanes, ir.Undefined)

    def write(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        tiles, rows, sums, quads, from_row, from_sum = given

        def word(name: str, result: Any, *kinds: Any) -> Any:
            return builder.module.declare_intrinsic(name, (), ir.FunctionType(result, kinds))

        def place(start: Any, number: Any, step: Any, to: Any) -> Any:
            return builder.inttoptr(builder.add(start, builder.mul(number, step)), to)

        add = word("llvm.x86.avx512.vpdpbusd.512", lanes, lanes, lanes, lanes)
        fetch = word("llvm.prefetch.p0", ir.VoidType(), byte, whole, whole, whole)
        held = [[utils.alloca_once_value(builder, zeros) for _ in range(SIDE)] for _ in range(ROWS)]
        for one in itertools.chain(*held):
            builder.store(zeros, one)
        size = builder.mul(quads, long(LANES * QUAD))
        with utils.for_range(builder, quads, intp=long) as loop:
            weights = []
            for beside in range(SIDE):
                quad = builder.add(builder.mul(size, long(beside)), builder.mul(loop.index, long(LANES * QUAD)))
                weights.append(builder.load(place(tiles, quad, long(1), ir.PointerType(lanes)), align=1))
                # For reading, to be used again, data: what comes next is on its way before it is wanted.
                ahead = place(builder.add(tiles, long(_AHEAD)), quad, long(1), byte)
                builder.call(fetch, [ahead, whole(0), whole(3), whole(1)])
            offset = builder.add(rows, builder.mul(loop.index, long(QUAD)))
            for at, ones in enumerate(held):
                quad = builder.load(place(offset, long(at), from_row, ir.PointerType(whole)), align=1)
                spread = builder.shuffle_vector(builder.insert_element(undefined, quad, whole(0)), undefined, zeros)
                for one, weight in zip(ones, weights, strict=True):
                    builder.store(builder.call(add, [builder.load(one), spread, weight]), one)
        for at, ones in enumerate(held):
            for beside, one in enumerate(ones):
                here = builder.add(sums, long(4 * LANES * beside))
                builder.store(builder.load(one), place(here, long(at), from_sum, ir.PointerType(lanes)), align=1)
        return None

    def tile(_typing: Any, _tiles: Any, _rows: Any, _sums: Any, _quads: Any, _from_row: Any, _from_sum: Any) -> Any:
        return types.void(*[types.int64] * 6), write

    return import_module("numba.extending").intrinsic(tile)


tiles_of_rows = _tiles() if available() else None
