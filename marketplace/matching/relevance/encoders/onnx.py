"""The constants of an ONNX file, read without any ONNX library."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

_GRAPH, _INITIALIZER = 7, 5
_DIMS, _TYPE, _NAME, _RAW = 1, 2, 8, 9
_KINDS = {1: "<f4", 3: "i1", 7: "<i8"}
"""Of the format's types those that weights come in."""


def constants(path: Path) -> dict[str, npt.NDArray[np.generic]]:
    """Return the named constants of a model, in the order of the file, which is that of the layers."""
    found = {}
    for number, graph in fields(memoryview(path.read_bytes())):
        if number == _GRAPH and isinstance(graph, memoryview):
            for inner, value in fields(graph):
                if inner == _INITIALIZER and isinstance(value, memoryview):
                    name, array = _tensor(value)
                    if array is not None:
                        found[name] = array
    return found


def _tensor(data: memoryview) -> tuple[str, npt.NDArray[np.generic] | None]:
    shape: list[int] = []
    kind, name, raw = 0, "", memoryview(b"")
    for number, value in fields(data):
        if isinstance(value, int):
            if number == _DIMS:
                shape.append(value)
            elif number == _TYPE:
                kind = value
        elif number == _DIMS:
            shape += list(_numbers(value))
        elif number == _NAME:
            name = bytes(value).decode("utf-8")
        elif number == _RAW:
            raw = value
    if kind not in _KINDS:
        return name, None
    return name, np.frombuffer(raw, _KINDS[kind]).reshape(shape)


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield `(number, value)` of each field of a protocol buffer's message."""
    at = 0
    while at < len(data):
        tag, at = _number(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _number(data, at)
            yield tag >> 3, value
            continue
        if kind == 2:
            length, at = _number(data, at)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError(f"no ONNX file: a field of kind {kind}")
        yield tag >> 3, data[at : at + length]
        at += length


def _numbers(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _number(data, at)
        yield value


def _number(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
