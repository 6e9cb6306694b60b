"""Tracked changes: what one text takes out of another and puts in, in pieces that a reader can follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\n|.", re.DOTALL)
SHORTEST = 2
"""A run of unchanged characters shorter than this between two changes is noise: it is shown as changed with them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """``kind`` is kept, removed or added."""

    kind: str
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """Return the pieces; the kept and removed ones make ``before``, the kept and added ones make ``after``."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    matcher = SequenceMatcher(a=old, b=new, autojunk=False)
    pieces: list[Piece] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("kept", "".join(old[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("removed", "".join(old[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("added", "".join(new[b1:b2])))
    return _smooth(pieces)


def _smooth(pieces: list[Piece]) -> list[Piece]:
    """Join changes that only a stray character separates: 甲[乙→丙]方 reads worse than one replaced word."""
    runs: list[tuple[str, str]] = []
    """(removed, added) of a change, or (text, text) of what is kept, marked by equality."""
    for index, piece in enumerate(pieces):
        inside = 0 < index < len(pieces) - 1
        if piece.kind == "kept" and not (inside and len(piece.text) < SHORTEST and piece.text.strip()):
            runs.append((piece.text, piece.text))
            continue
        removed = piece.text if piece.kind in {"kept", "removed"} else ""
        added = piece.text if piece.kind in {"kept", "added"} else ""
        if runs and runs[-1][0] != runs[-1][1]:
            runs[-1] = (runs[-1][0] + removed, runs[-1][1] + added)
        else:
            runs.append((removed, added))
    smooth: list[Piece] = []
    for removed, added in runs:
        if removed == added:
            smooth.append(Piece("kept", removed))
            continue
        smooth.extend(Piece(kind, text) for kind, text in (("removed", removed), ("added", added)) if text)
    return smooth
