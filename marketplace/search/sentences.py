"""What a whole sentence is about: its telling words, for when no text holds all or most of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.kernel.lazy import LazyModule
from marketplace.matching.relevance.glossary import segments
from marketplace.matching.relevance.text import CHINESE, is_latin, normalise
from marketplace.search.asking import LONGEST, Phrase, Word
from marketplace.search.spelling import runs_of

# Its dictionary takes 32 MB: a process that is never asked a sentence does without.
rjieba = LazyModule("rjieba")

MOST = 12
NAMES = ("n", "j", "eng", "nz")
DEEDS = ("v", "a", "b", "i", "l")
"""Beginnings of the segmenter's tags: what a sentence is about, and what is done; all others say nothing of the subject."""
SURE, LIKELY, PERHAPS = 10, 8, 3
"""What a word counts: a term of the glossary, a noun, anything else."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of a sentence, and what it counts beside how rare it is."""

    word: Word
    text: str
    counts: int


def telling(text: str) -> list[Telling]:
    """Return the words that tell what a sentence is about, in its order, at most ``MOST``; longer ones before their parts."""
    plain = normalise(text[:LONGEST])
    found: dict[str, Telling] = {}
    for piece, others in segments(plain):
        if others:
            also = [(other, Phrase(tuple(runs))) for other in others if (runs := runs_of(other))]
            word = _word(piece, tuple(phrase for _told, phrase in also), tuple(told for told, _phrase in also))
            words = [Telling(word, piece, SURE)] if word and not _is_one_sign(piece) else []
        elif is_latin(plain) or not CHINESE.match(piece):
            words = [Telling(word, piece, LIKELY)] if (word := _word(piece)) else []
        else:
            words = [Telling(word, part, counts) for part, counts in _cut(piece) if (word := _word(part))]
        for one in words:
            found.setdefault(one.text, one)
    return list(found.values())[:MOST]


def _word(text: str, others: tuple[Phrase, ...] = (), told: tuple[str, ...] = ()) -> Word | None:
    runs = runs_of(text)
    return Word(Phrase(tuple(runs)), others, told) if runs else None


def _cut(run: str) -> Iterator[tuple[str, int]]:
    """Yield the telling words of a Chinese run; a noun of one sign belongs to the word after it (热 to 误差)."""
    before = ""
    for word, tag in rjieba.tag(run):
        if tag.startswith(NAMES) and _is_one_sign(word):
            before = word
            continue
        if tag.startswith((*NAMES, *DEEDS)) and not _is_one_sign(word):
            if before:
                yield before + word, LIKELY
            yield word, LIKELY if tag.startswith((*NAMES, "vn")) else PERHAPS
        before = ""


def _is_one_sign(word: str) -> bool:
    return len(word) == 1 and bool(CHINESE.match(word))
