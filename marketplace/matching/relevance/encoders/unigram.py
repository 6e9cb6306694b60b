"""Word pieces by the most probable split (SentencePiece's unigram model, Kudo 2018)."""

from collections.abc import Mapping

SPACE = "\u2581"
"""Stands for a blank; every text begins with one."""


class Unigram:
    """Splits texts into pieces of a vocabulary with log probabilities."""

    def __init__(self, scores: Mapping[str, tuple[int, float]], unknown: int, spellings: Mapping[int, str]) -> None:
        self._scores = scores
        self._unknown = unknown
        self._spellings = dict(spellings)
        self._penalty = min(score for _, score in scores.values()) - 10.0
        self._longest = max(map(len, scores))

    def numbers(self, text: str) -> list[int]:
        """Return the numbers of the pieces of the split of highest probability."""
        plain = text.translate(self._spellings)
        while "  " in plain:
            plain = plain.replace("  ", " ")
        marked = (plain if plain.startswith(" ") else " " + plain).replace(" ", SPACE)
        best: list[tuple[float, int, int]] = [(0.0, 0, 0)] + [(float("-inf"), 0, 0)] * len(marked)
        for start in range(len(marked)):
            reached = best[start][0]
            for stop in range(start + 1, min(len(marked), start + self._longest) + 1):
                piece = self._scores.get(marked[start:stop])
                if piece is not None and reached + piece[1] > best[stop][0]:
                    best[stop] = (reached + piece[1], start, piece[0])
            if reached + self._penalty > best[start + 1][0]:
                best[start + 1] = (reached + self._penalty, start, self._unknown)
        found, at = [], len(marked)
        while at > 0:
            _, start, number = best[at]
            found.append(number)
            at = start
        return found[::-1]
