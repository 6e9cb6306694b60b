"""Word for word, what a text was and what it is now. Pure: pieces in order, from which both texts can be put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*|\s+|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]+|[^。！？；\n]+", re.DOTALL)
MOST_WORDS = 1500
"""Longer changed passages are shown whole: comparing them word for word would take long and read badly."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text: ``same``, ``removed`` or ``added``."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return the pieces: all but the added ones make ``before``, all but the removed ones make ``after``."""
    pieces: list[Piece] = []
    for kind, old, new in _runs(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        if kind == "same":
            pieces += [Piece("same", text) for text in old]
        elif len(old) == len(new):
            for was, now in zip(old, new, strict=True):
                pieces += _words(was, now)
        else:
            pieces += _words("".join(old), "".join(new))
    return _joined(pieces)


def _words(old: str, new: str) -> list[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or not after or len(before) + len(after) > MOST_WORDS:
        return [Piece("removed", old), Piece("added", new)]
    found = []
    for kind, was, now in _runs(before, after):
        gone, come = "".join(was), "".join(now)
        found += [Piece("same", gone)] if kind == "same" else [Piece("removed", gone), Piece("added", come)]
    return found


def _runs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        yield "same" if tag == "equal" else "changed", before[i1:i2], after[j1:j2]


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without empty ones, neighbours of one kind as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].kind == piece.kind:
            joined[-1] = Piece(piece.kind, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined
