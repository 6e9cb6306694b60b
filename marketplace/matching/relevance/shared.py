"""The words that a question and its answers have in common, for people to read."""

from collections.abc import Callable, Iterable, Iterator
from operator import add

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.text import CHINESE, Terms, is_latin, runs, stem

MOST_WORDS = 8
_BITS = 21
"""Bits of a character."""
_AT_ONCE = 64
"""Answers whose texts are searched together."""
READ = 400
"""Characters of an answer that are searched for shared words: what is shown must be quick, not complete."""


def language(title: str, body: str) -> str:
    """Return which language's encoder reads a text: "english" or "chinese"."""
    return "english" if is_latin(f"{title} {body}"[:READ]) else "chinese"


class Shared:
    """The words of one question, ready to be found in its answers; `worth` says what a term is worth."""

    def __init__(self, question: Terms, worth: Callable[[str], float]) -> None:
        self._singles = question.singles
        self._worths = _Worths(worth)
        codes = _codes("".join(pair for pair in question.pairs if CHINESE.match(pair))).reshape(-1, 2)
        self._pairs = np.sort(codes[:, 0] << _BITS | codes[:, 1])
        self._known = np.zeros(1 << _BITS, np.bool_)
        self._known[codes] = True
        latin = [term for term in question.singles if not CHINESE.fullmatch(term)]
        self._latin = [stemmed[:-1] if stemmed.endswith("y") else stemmed for stemmed in latin]

    def words(self, answers: list[list[str]]) -> list[tuple[str, ...]]:
        """Return for each answer, given as normalised texts, its longest pieces made of the question's terms.

        The most telling come first: a piece is worth the sum of its terms. No piece stands inside another one.
        """
        parts = (answers[start : start + _AT_ONCE] for start in range(0, len(answers), _AT_ONCE))
        return [words for part in parts for words in self._words(part)]

    def _words(self, answers: list[list[str]]) -> Iterator[tuple[str, ...]]:
        together = "\n".join(text[:READ] for texts in answers for text in texts)
        stretches = iter(self._stretches(together))
        start, stop = next(stretches, (len(together), 0))
        end = 0
        for texts in answers:
            found: dict[str, float] = {}
            end += sum(min(READ, len(text)) + 1 for text in texts)
            while start < min(end, len(together)):
                piece = together[start:stop]
                if piece not in found:
                    found[piece] = sum(map(self._worths.__getitem__, map(add, piece, piece[1:])))
                start, stop = next(stretches, (len(together), 0))
            for piece, terms in (told for text in texts for told in self._latin_pieces(text[:READ])):
                if piece not in found:
                    found[piece] = sum(map(self._worths.__getitem__, terms))
            yield _most_telling(found)

    def _stretches(self, text: str) -> Iterable[tuple[int, int]]:
        """Return from where to where the question has every pair of Chinese characters of `text`."""
        codes = _codes(text)
        known = self._known[codes]
        at = np.flatnonzero(known[:-1] & known[1:])
        pairs = codes[at] << _BITS | codes[at + 1]
        at = at[self._pairs[np.searchsorted(self._pairs[:-1], pairs)] == pairs] if len(at) else at
        first = np.diff(at, prepend=-2) != 1
        last = np.append(first[1:], True)[: len(at)]
        return zip(at[first].tolist(), (at[last] + 2).tolist(), strict=True)

    def _latin_pieces(self, text: str) -> Iterator[tuple[str, list[str]]]:
        """Yield the neighbouring words of `text` that are in the question, each with its terms."""
        words: list[str] = []
        # Splitting a text takes longer than seeing that none of the words is in it.
        for chinese, run in runs(text) if any(map(text.__contains__, self._latin)) else ():
            if not chinese and stem(run) in self._singles:
                words.append(run)
            elif words:
                yield " ".join(words), [stem(word) for word in words]
                words = []
        if words:
            yield " ".join(words), [stem(word) for word in words]


def _most_telling(found: dict[str, float]) -> tuple[str, ...]:
    """Return the pieces of highest worth that stand in no other one."""
    told: list[str] = []
    for piece in sorted(found, key=lambda piece: (-found[piece], piece)):
        if found[piece] > 0 and not any(piece in longer for longer in told):
            told.append(piece)
            if len(told) == MOST_WORDS:
                break
    return tuple(told)


def _codes(text: str) -> npt.NDArray[np.int64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)


class _Worths(dict[str, float]):
    """What terms are worth, each worked out when it is first asked for."""

    def __init__(self, worth: Callable[[str], float]) -> None:
        super().__init__()
        self._worth = worth

    def __missing__(self, term: str) -> float:
        self[term] = self._worth(term)
        return self[term]
