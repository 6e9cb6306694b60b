"""What somebody typed, as conditions: every word must be there, itself or one of its synonyms in either language."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.matching.relevance.glossary import segments
from marketplace.matching.relevance.text import is_latin, normalise
from marketplace.search.spelling import Run, runs_of, tokens

LONGEST = 200
"""Characters of a question that are read."""
MOST_WORDS = 8
MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Phrase:
    """Runs that must stand side by side; ``begun`` means that the last one may go on (somebody is still typing)."""

    runs: tuple[Run, ...]
    begun: bool = False

    @property
    def pattern(self) -> str:
        """For LIKE on what ``spelling.compared`` wrote: words are whole, Chinese runs may be part of a longer one."""
        first = "" if self.runs[0].chinese else " "
        last = "" if self.runs[-1].chinese or self.begun else " "
        return "%" + first + " ".join(run.text for run in self.runs) + last + "%"

    @property
    def tokens(self) -> list[tuple[str, bool]]:
        """Return (token, is its beginning enough) of everything that a text with this phrase must hold."""
        found = []
        for place, run in enumerate(self.runs):
            last = place == len(self.runs) - 1
            if not run.chinese:
                found.append((tokens(run)[0], last and self.begun))
            elif len(run.text) == 1:
                found.append((tokens(run)[0], True))
            else:
                found += [(token, False) for token in tokens(run)[:-1]]
        return found


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that must be found: the phrase that was typed, or else one of its synonyms."""

    typed: Phrase
    others: tuple[Phrase, ...] = ()
    told: tuple[str, ...] = ()
    """The synonyms as people read them."""

    @property
    def options(self) -> tuple[Phrase, ...]:
        return (self.typed, *self.others)


def asked(text: str) -> tuple[Word, ...]:
    """Return the words of a question, empty when nothing of it counts.

    A Chinese stretch is cut at the terms that the glossary knows (动力电池热失控: 动力电池 and 热失控), so that synonyms
    of each count and the terms may stand apart; what is left of one character is dropped.
    """
    plain = normalise(text[:LONGEST])
    parts = [plain] if is_latin(plain) else plain.split()
    found: dict[Phrase, Word] = {}
    for part in parts:
        for word in _words(part):
            found.setdefault(word.typed, word)
    return tuple(found.values())[:MOST_WORDS]


def begun(text: str) -> tuple[Word, ...]:
    """Return the words of a question that is still being typed: as typed, the last one perhaps unfinished."""
    plain = normalise(text[:LONGEST])
    phrases = [runs_of(part) for part in plain.split()]
    phrases = [runs for runs in phrases if runs][:MOST_WORDS]
    return tuple(Word(Phrase(tuple(runs), begun=at == len(phrases) - 1)) for at, runs in enumerate(phrases))


def pieces(words: tuple[Word, ...]) -> list[Phrase]:
    """Return the smallest things to find when no text holds every word: single words and pairs of characters."""
    found: dict[str, Phrase] = {}
    for word in words:
        for run in word.typed.runs:
            cut = [run.text] if not run.chinese or len(run.text) < 3 else map(str.__add__, run.text, run.text[1:])
            for piece in cut:
                found.setdefault(piece, Phrase((Run(piece, run.chinese),)))
    return list(found.values())[:MOST_PIECES]


def _words(part: str) -> list[Word]:
    cut = segments(part)
    if not any(others for _, others in cut):
        found = runs_of(part)
        if is_latin(part):
            return [Word(Phrase((run,))) for run in found]
        return [Word(Phrase(tuple(found)))] if found else []
    words = []
    for piece, others in cut:
        found = runs_of(piece)
        if not found or (len(cut) > 1 and not others and found[0].chinese and len(piece) == 1):
            continue
        also = [(other, Phrase(tuple(runs_of(other)))) for other in others if runs_of(other)]
        words.append(Word(Phrase(tuple(found)), tuple(p for _, p in also), tuple(told for told, _ in also)))
    return words
