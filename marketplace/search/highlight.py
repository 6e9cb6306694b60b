"""Marks in a text what a question found in it, and cuts the part of a long text that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.matching.relevance.text import CHINESE, normalise, runs, stem
from marketplace.search.asking import Phrase, Word

SHOWN = 140
"""Characters of a long text that are shown."""
_BEFORE = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``hit`` when it is what was looked for."""

    text: str
    hit: bool = False


def marked(text: str, words: tuple[Word, ...]) -> list[Part]:
    """Return the text in parts, those that were looked for marked."""
    hit = [False] * len(text)
    for start, stop in _places(text, [phrase for word in words for phrase in word.options]):
        hit[start:stop] = [True] * (stop - start)
    parts: list[Part] = []
    begun = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or hit[at] != hit[begun]:
            parts.append(Part(text[begun:at], hit[begun]))
            begun = at
    return parts


def excerpt(text: str, words: tuple[Word, ...]) -> list[Part]:
    """Return about ``SHOWN`` characters of the text around what was looked for, or its beginning; marked."""
    plain = " ".join(text.split())
    places = _places(plain, [phrase for word in words for phrase in word.options])
    first = min((start for start, _ in places), default=0)
    start = max(0, first - _BEFORE) if first + _BEFORE > SHOWN else 0
    cut = plain[start : start + SHOWN]
    parts = marked(cut, words)
    if start:
        parts.insert(0, Part("…"))
    if start + SHOWN < len(plain):
        parts.append(Part("…"))
    return parts


def _places(text: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Return where the phrases' runs stand in ``text``: characters of any spelling that compares equal."""
    spelt, origin = _spelt(text)
    found: list[tuple[int, int]] = []
    wanted = {
        (run.text, run.chinese, phrase.begun and run is phrase.runs[-1]) for phrase in phrases for run in phrase.runs
    }
    at = 0
    for chinese, run in runs(spelt):
        at = spelt.index(run, at)
        for looked, is_chinese, begun in wanted:
            if chinese != is_chinese:
                continue
            if chinese:
                place = run.find(looked)
                while place >= 0:
                    found.append((origin[at + place], origin[at + place + len(looked) - 1] + 1))
                    place = run.find(looked, place + 1)
            elif stem(run) == looked or (begun and run.startswith(looked)):
                found.append((origin[at], origin[at + len(run) - 1] + 1))
        at += len(run)
    return found


def _spelt(text: str) -> tuple[str, list[int]]:
    """Return the text as it is compared, character by character, and where each character came from."""
    spelt, origin = [], []
    for at, sign in enumerate(text):
        plain = normalise(sign) or " "
        spelt.append(plain)
        origin += [at] * len(plain)
    joined = "".join(spelt)
    kept = [at for at in range(len(joined)) if not _inside_chinese(joined, at)]
    return "".join(joined[at] for at in kept), [origin[at] for at in kept]


def _inside_chinese(spelt: str, at: int) -> bool:
    """Return whether a blank stands between Chinese characters, where it does not count."""
    before, after = spelt[:at].rstrip(" ")[-1:], spelt[at:].lstrip(" ")[:1]
    return spelt[at] == " " and bool(CHINESE.fullmatch(before) and CHINESE.fullmatch(after))
