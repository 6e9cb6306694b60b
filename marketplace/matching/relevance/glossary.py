"""Terms of the alliance's fields in Chinese and English: what lets a Chinese need find English evidence by its words.

`glossary.tsv` is our own list: on each line the Chinese terms, a tab, the English ones, each separated by |. What it does not
list, the labels of the classifications add (`classes.py`).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from marketplace.matching.relevance import classes
from marketplace.matching.relevance.text import is_latin, normalise, runs, stem

_LONGEST = 5
"""Words of the longest English term that is looked for."""


_Sizes = tuple[int, frozenset[str]]
"""The length of the longest term, and what terms begin with: two characters."""


@cache
def _tables() -> tuple[dict[str, str], dict[str, str], _Sizes]:
    """Return Chinese to English terms, English (stemmed) to Chinese ones, and what is known of Chinese ones' sizes."""
    to_english: dict[str, str] = {}
    to_chinese: dict[str, str] = {}
    for chinese, english in _lines():
        for term in chinese:
            to_english.setdefault(term, " , ".join(english))
        for term in english:
            to_chinese.setdefault(_stemmed(term), " , ".join(chinese))
    return to_english, to_chinese, (max(map(len, to_english)), frozenset(term[:2] for term in to_english))


def _lines() -> Iterator[tuple[list[str], list[str]]]:
    """Yield the Chinese and the English terms of one thing each, our own list first: the first line with a term counts."""
    for line in files(__package__).joinpath("glossary.tsv").read_text(encoding="utf-8").splitlines():
        chinese, english = ([normalise(term) for term in side.split("|")] for side in line.split("\t"))
        yield chinese, english
    for thing, named in classes.pairs():
        yield [normalise(thing)], [normalise(named)]


def translated(normalised: str) -> tuple[str, float]:
    """Return the known terms of a normalised text in the other language, and the share of the text they cover.

    Longer terms win over the shorter ones inside them: 锂离子电池 is no 电池.
    """
    found, covered, total = (_english if is_latin(normalised) else _chinese)(normalised)
    return " , ".join(found), covered / total if total else 0.0


def segments(normalised: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the text cut into known terms and what stands between them, each with the other terms of its line.

    The others are synonyms in both languages, in the order of the glossary; what is no term has none.
    """
    cut = _cut_english if is_latin(normalised) else _cut_chinese
    return [(piece, _others().get(piece, ())) for piece in cut(normalised)]


@cache
def _others() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for chinese, english in _lines():
        terms = [*chinese, *english]
        for term in terms:
            found.setdefault(_stemmed(term), tuple(other for other in terms if other != term))
    return found


def _cut_chinese(normalised: str) -> Iterator[str]:
    table, _, sizes = _tables()
    for chinese, run in runs(normalised):
        if not chinese:
            yield stem(run)
            continue
        at = begun = 0
        while at < len(run):
            size = _size(run, at, table, sizes)
            if size:
                yield from filter(None, [run[begun:at], run[at : at + size]])
                begun = at + size
            at += max(1, size)
        if begun < len(run):
            yield run[begun:]


def _cut_english(normalised: str) -> Iterator[str]:
    _, table, _ = _tables()
    words = [run if chinese else stem(run) for chinese, run in runs(normalised)]
    at = 0
    while at < len(words):
        longest = min(_LONGEST, len(words) - at)
        size = next((n for n in range(longest, 0, -1) if " ".join(words[at : at + n]) in table), 1)
        yield " ".join(words[at : at + size])
        at += size


def _size(run: str, at: int, table: Mapping[str, str], sizes: _Sizes) -> int:
    """Return how many characters from `at` are a term, 0 for none; one character is a term only when it stands alone.

    Inside words single characters mean other things: 平板 is no slab (板), and 加氢站 is not looked for as 氢.
    """
    longest, beginnings = sizes
    if run[at : at + 2] not in beginnings:
        return 0
    least = 1 if len(run) == 1 else 2
    return next((n for n in range(min(longest, len(run) - at), least - 1, -1) if run[at : at + n] in table), 0)


def _chinese(normalised: str) -> tuple[list[str], int, int]:
    table, _, sizes = _tables()
    found, covered, total = [], 0, 0
    for chinese, run in runs(normalised):
        total += len(run)
        at = 0
        while chinese and at < len(run):
            size = _size(run, at, table, sizes)
            if size:
                found.append(table[run[at : at + size]])
                covered += size
            at += max(1, size)
    return found, covered, total


def _english(normalised: str) -> tuple[list[str], int, int]:
    _, table, _ = _tables()
    words = [stem(run) for chinese, run in runs(normalised) if not chinese]
    found, covered, at = [], 0, 0
    while at < len(words):
        size = next(
            (n for n in range(min(_LONGEST, len(words) - at), 0, -1) if " ".join(words[at : at + n]) in table), 0
        )
        if size:
            found.append(table[" ".join(words[at : at + size])])
            covered += size
        at += max(1, size)
    return found, covered, len(words)


def _stemmed(term: str) -> str:
    return " ".join(stem(run) for _, run in runs(term))
