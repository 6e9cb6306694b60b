"""The words that a question and its answers have in common, for people to read."""

import re
from collections.abc import Callable, Iterator
from operator import add

from marketplace.matching.relevance.text import CHINESE, Terms, is_latin, runs, stem

MOST_WORDS = 8
_ASKED = re.compile(b"\x01+")
"""Neighbouring pairs that the question has."""
READ = 400
"""Characters of an answer that are searched for shared words: what is shown must be quick, not complete."""


def language(title: str, body: str) -> str:
    """Return which language's encoder reads a text: "english" or "chinese"."""
    return "english" if is_latin(f"{title} {body}"[:READ]) else "chinese"


class Shared:
    """The words of one question, ready to be found in its answers; `worth` says what a term is worth."""

    def __init__(self, question: Terms, worth: Callable[[str], float]) -> None:
        self._question = question
        self._worths = _Worths(worth)
        characters = "".join(sorted(term for term in question.singles if CHINESE.fullmatch(term)))
        # Finds in one sweep where pairs can be at all; most of an answer is passed over.
        self._stretches = re.compile(f"[{characters}]{{2,}}") if characters else None
        latin = [term for term in question.singles if not CHINESE.fullmatch(term)]
        self._latin = [stemmed[:-1] if stemmed.endswith("y") else stemmed for stemmed in latin]

    def words(self, answers: list[str]) -> tuple[str, ...]:
        """Return the longest pieces of the normalised `answers` made of the question's terms, most telling first.

        A piece is worth the sum of its terms. No piece stands inside another one.
        """
        found: dict[str, float] = {}
        for answer in answers:
            for piece, terms in self._pieces(answer[:READ]):
                if piece not in found:
                    found[piece] = sum(map(self._worths.__getitem__, terms))
        told: list[str] = []
        for piece in sorted(found, key=lambda piece: (-found[piece], piece)):
            if found[piece] > 0 and not any(piece in longer for longer in told):
                told.append(piece)
                if len(told) == MOST_WORDS:
                    break
        return tuple(told)

    def _pieces(self, answer: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the stretches of neighbouring terms of `answer` that are in the question, each with its terms."""
        pairs = self._question.pairs
        for stretch in self._stretches.findall(answer) if self._stretches else ():
            if len(stretch) > 2:
                yield from self._chinese(stretch)
            elif stretch in pairs:
                yield stretch, [stretch]
        words: list[str] = []
        # Splitting an answer takes longer than seeing that none of the words is in it.
        for chinese, run in runs(answer) if any(map(answer.__contains__, self._latin)) else ():
            if not chinese and stem(run) in self._question.singles:
                words.append(run)
            elif words:
                yield " ".join(words), [stem(word) for word in words]
                words = []
        if words:
            yield " ".join(words), [stem(word) for word in words]

    def _chinese(self, stretch: str) -> Iterator[tuple[str, list[str]]]:
        pairs = list(map(add, stretch, stretch[1:]))
        asked = bytes(map(self._question.pairs.__contains__, pairs))
        for run in _ASKED.finditer(asked):
            yield stretch[run.start() : run.end() + 1], pairs[run.start() : run.end()]


class _Worths(dict[str, float]):
    """What terms are worth, each worked out when it is first asked for."""

    def __init__(self, worth: Callable[[str], float]) -> None:
        super().__init__()
        self._worth = worth

    def __missing__(self, term: str) -> float:
        self[term] = self._worth(term)
        return self[term]
