"""How texts are written in the index, so that both databases find the same: words to compare, tokens to look up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from marketplace.matching.relevance.stopwords import STOPWORDS
from marketplace.matching.relevance.text import normalise, runs, stem

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of Chinese characters, or one word of another script without its plural."""

    text: str
    chinese: bool


def runs_of(text: str) -> list[Run]:
    """Return what counts of ``text``, in order: English filler words are left out."""
    return [
        Run(run if chinese else stem(run), chinese)
        for chinese, run in runs(normalise(text))
        if chinese or run not in STOPWORDS
    ]


def compared(texts: list[str]) -> str:
    """Return the texts as they are compared: their runs with a blank before and after each."""
    return " " + "".join(f"{run.text} " for text in texts for run in runs_of(text))


def tokens(run: Run) -> list[str]:
    """Return what a run is looked up by: a word, or pairs of neighbouring characters and the last one alone."""
    if not run.chinese:
        return ["w" + _plain(run.text)]
    pairs = ["c" + _plain(run.text[at : at + 2]) for at in range(len(run.text) - 1)]
    return [*pairs, "c" + _plain(run.text[-1])]


def indexed(texts: list[str]) -> str:
    """Return every token of the texts, once each."""
    return " ".join(dict.fromkeys(token for text in texts for run in runs_of(text) for token in tokens(run)))


@lru_cache(maxsize=65_536)
def _plain(text: str) -> str:
    """Return ``text`` in letters and digits of ASCII, four to each other character.

    So no database's idea of a letter matters, and the beginning of a text is written as the beginning of its spelling.
    """
    return "".join(sign if sign.isascii() and sign.isalnum() else _four(ord(sign)) for sign in text)


@lru_cache(maxsize=16_384)
def _four(number: int) -> str:
    return "".join(_DIGITS[number // 36**place % 36] for place in (3, 2, 1, 0))
