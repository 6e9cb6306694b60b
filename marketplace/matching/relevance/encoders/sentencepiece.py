"""A model of SentencePiece (Kudo and Richardson 2018): its pieces and its spellings, read without that library."""

import struct
import unicodedata
from pathlib import Path

import numpy as np

from marketplace.matching.relevance.encoders.onnx import fields
from marketplace.matching.relevance.encoders.unigram import Unigram

START, STOP, UNKNOWN = 1, 2, 0
"""Numbers of the pieces that stand for where a text starts and stops, and for what no piece has."""
_PIECE, _TEXT, _SCORE = 1, 1, 2
_TRAINED, _SPELLINGS = 3, 2


class Pieces:
    """Turns texts into numbers of word pieces, between those for start and stop."""

    def __init__(self, path: Path) -> None:
        scores: dict[str, tuple[int, float]] = {}
        spellings = b""
        number = 0
        for field, value in fields(memoryview(path.read_bytes())):
            if field == _PIECE and isinstance(value, memoryview):
                piece = {name: bytes(of) for name, of in fields(value) if isinstance(of, memoryview)}
                score = struct.unpack("<f", piece.get(_SCORE, bytes(4)))[0]
                scores.setdefault(piece.get(_TEXT, b"").decode("utf-8"), (number, score))
                number += 1
            elif field == _TRAINED and isinstance(value, memoryview):
                spellings = next(
                    (bytes(of) for name, of in fields(value) if name == _SPELLINGS and not isinstance(of, int)), b""
                )
        self._unigram = Unigram(scores, UNKNOWN, _Spellings(spellings))

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of `text`; a text of nothing but blanks is one unknown piece."""
        # What the model spells as one though it is several characters is a letter with its accents: composed beforehand.
        found = self._unigram.numbers(unicodedata.normalize("NFKC", text))
        return [START, *(found or [UNKNOWN]), STOP]


class _Spellings(dict[int, str]):
    """What each character becomes, looked up in the model's double array when it is first met."""

    def __init__(self, packed: bytes) -> None:
        super().__init__()
        size = struct.unpack_from("<I", packed)[0] if packed else 0
        self._units = np.frombuffer(packed, "<u4", size // 4, 4).tolist() if packed else []
        self._texts = packed[4 + size :]

    def __missing__(self, character: int) -> str:
        self[character] = told = self._spelt(chr(character))
        return told

    def _spelt(self, character: str) -> str:
        if not self._units:
            return character
        node = _children(self._units[0])
        leaf = False
        for byte in character.encode("utf-8", "surrogatepass"):
            node ^= byte
            unit = self._units[node]
            if unit & 0x800000FF != byte:
                return character
            node ^= _children(unit)
            leaf = bool(unit & 0x100)
        if not leaf:
            return character
        start = self._units[node] & 0x7FFFFFFF
        return self._texts[start : self._texts.index(b"\0", start)].decode("utf-8")


def _children(unit: int) -> int:
    """Return how far from a node of the double array those stand that follow it."""
    return (unit >> 10) << ((unit & 0x200) >> 6)
