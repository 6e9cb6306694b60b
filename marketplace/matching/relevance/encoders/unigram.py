"""Word pieces by the most probable split (SentencePiece's unigram model, Kudo 2018)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.kernels import Slots, compiled

SPACE = "\u2581"
"""Stands for a blank; every text begins with one."""
_UNKNOWN = -10.0
"""How much less probable than the rarest piece a character is that no piece begins with."""

Codes = npt.NDArray[np.uint32]
Hashes = npt.NDArray[np.uint64]
_FACTOR, _BITS = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)


def table_loop(codes: Codes, lengths: Slots, keys: Hashes, places: Slots) -> None:
    """Enter texts, given as all their characters and how many each has, in a table of 2^n places by what they hash to.

    What stands twice is found by its first place; 64 bits of hash, never 0, stand for the text itself.
    """
    most, at = np.uint64(len(keys) - 1), 0
    for number in range(len(lengths)):
        key = _FACTOR
        for _ in range(lengths[number]):
            key = (key ^ np.uint64(codes[at])) * _FACTOR
            key ^= key >> _BITS
            at += 1
        place = key & most
        while keys[place] != 0 and keys[place] != key:
            place = (place + np.uint64(1)) & most
        if keys[place] == 0:
            keys[place], places[place] = key, number


def split_loop(
    codes: Codes,
    keys: Hashes,
    places: Slots,
    scores: npt.NDArray[np.float64],
    longest: int,
    unknown: float,
    found: Slots,
) -> int:
    """Write the places of the pieces of the best split to the end of `found`, -1 for no piece; return where they begin."""
    most, size = np.uint64(len(keys) - 1), len(codes)
    best = np.full(size + 1, -np.inf)
    starts, pieces = np.zeros(size + 1, np.int32), np.zeros(size + 1, np.int32)
    best[0] = 0.0
    for start in range(size):
        reached, key = best[start], _FACTOR
        for stop in range(start + 1, min(size, start + longest) + 1):
            key = (key ^ np.uint64(codes[stop - 1])) * _FACTOR
            key ^= key >> _BITS
            place = key & most
            while keys[place] != 0 and keys[place] != key:
                place = (place + np.uint64(1)) & most
            if keys[place] == key and reached + scores[places[place]] > best[stop]:
                best[stop] = reached + scores[places[place]]
                starts[stop], pieces[stop] = start, places[place]
        if reached + unknown > best[start + 1]:
            best[start + 1], starts[start + 1], pieces[start + 1] = reached + unknown, start, -1
    at, room = size, len(found)
    while at > 0:
        room -= 1
        found[room] = pieces[at]
        at = starts[at]
    return room


table, split = compiled(table_loop), compiled(split_loop)


class Unigram:
    """Splits texts into pieces of a vocabulary with log probabilities; `spellings` are what characters become first."""

    def __init__(self, scores: Mapping[str, tuple[int, float]], unknown: int, spellings: Mapping[int, str]) -> None:
        self._spellings = spellings
        self._longest = max(map(len, scores))
        self._numbers = np.array([*(number for number, _ in scores.values()), unknown], np.int64)
        self._scores = np.array([score for _, score in scores.values()], np.float64)
        self._unknown = float(self._scores.min()) + _UNKNOWN
        self._keys = np.zeros(1 << (2 * len(scores)).bit_length(), np.uint64)
        self._places = np.zeros(len(self._keys), np.int32)
        with np.errstate(over="ignore"):
            table(_codes("".join(scores)), np.array([*map(len, scores)], np.int32), self._keys, self._places)

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of the split of highest probability; blanks at either end do not count."""
        words = [word for word in text.translate(self._spellings).split(" ") if word]
        codes = _codes("".join(SPACE + word for word in words))
        found = np.empty(len(codes), np.int32)
        with np.errstate(over="ignore"):
            start = split(codes, self._keys, self._places, self._scores, self._longest, self._unknown, found)
        told: list[int] = self._numbers[found[start:]].tolist()
        return told


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
