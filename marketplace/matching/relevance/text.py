"""What counts as the same text: one spelling for widths, cases, scripts and units, then the terms that are matched."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from operator import add

from marketplace.matching.relevance.script import TO_SIMPLIFIED
from marketplace.matching.relevance.stopwords import STOPWORDS

LONGEST_TEXT = 20_000
"""Characters read of one text. What a need asks for stands in its first pages; the rest would only cost time."""
TITLE_WEIGHT = 3
"""How often the first line counts (best of 1, 3, 6 and 8 on judged needs)."""

_CJK = r"\u2e80-\u2fd5\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
CHINESE = re.compile(rf"[{_CJK}]")
"""One Chinese character."""
_RUNS = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+(?:[+#]+(?![^\W{_CJK}]))?)")
_GAP_INSIDE_CHINESE = re.compile(rf"(?<=[{_CJK}])[ \t]+(?=[{_CJK}])")
_UNPRINTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+",
)
_BLANKS = re.compile(r"[^\S\n]+")
_UNITS = (("°c", "摄氏度"), ("℃", "摄氏度"), ("㎡", "平方米"), ("m²", "平方米"), ("㎥", "立方米"), ("m³", "立方米"))
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_SIGNS = str.maketrans({"μ": "u", "Ω": "ohm", "ω": "ohm"})


@dataclass(frozen=True, slots=True)
class Terms:
    """The weighted terms of one text: single characters and words, and pairs of neighbouring ones."""

    singles: dict[str, float]
    pairs: dict[str, float]


def normalise(text: str) -> str:
    """Return the one spelling of `text` that is compared.

    Compatibility forms become plain ones (NFKC: full width, ligatures), letters lower case, traditional characters
    simplified, control characters and lone surrogates blanks; blanks between Chinese characters vanish, because
    segmented and plain Chinese must match. Line breaks stay: the first line is the title. Only the first
    `LONGEST_TEXT` characters are read.
    """
    text = text[:LONGEST_TEXT].translate(_NARROW)  # before the units, which may be written full width
    for sign, word in _UNITS:
        text = text.replace(sign, word)
    text = unicodedata.normalize("NFKC", text).lower().translate(TO_SIMPLIFIED).translate(_SIGNS)
    return _GAP_INSIDE_CHINESE.sub("", _BLANKS.sub(" ", _UNPRINTED.sub(" ", text))).strip()


def runs(normalised: str) -> Iterator[tuple[bool, str]]:
    """Yield `(is Chinese, run)` for each run of Chinese characters and each other word, in order."""
    for match in _RUNS.finditer(normalised):
        yield match.lastindex == 1, match[0]


def title_and_body(text: str) -> tuple[str, str]:
    """Return the first line of `text` and the rest, both normalised; a body pasted twice in a row is taken once."""
    title, _, body = normalise(text).partition("\n")
    half = len(body) // 2
    return title, body[:half] if half > 20 and body[:half] == body[-half:] and len(body) - 2 * half <= 1 else body


def terms(title: str, body: str, *, question: bool = False) -> Terms:
    """Return the weighted terms of a text given as `title_and_body` splits it.

    A term weighs the root of how often it occurs; the Chinese terms of a question as often as they occur, because a
    need repeats the characters of its subject, while an English abstract repeats its fillers (docs/relevance.md).
    """
    chinese, latin = (Counter[str](), Counter[str]()), (Counter[str](), Counter[str]())
    for part, weight in ((title, TITLE_WEIGHT), (body, 1)):
        # Counted by whole lists: an insert spends most of its time here.
        for total, units in zip((*chinese, *latin), _units(part), strict=True):
            total.update(units * weight)
    singles, pairs = (_rooted(of) if not question else {unit: float(n) for unit, n in of.items()} for of in chinese)
    return Terms(singles | _rooted(latin[0]), pairs | _rooted(latin[1]))


def stem(word: str) -> str:
    """Return `word` without the plain English plural; every other ending is left alone."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_latin(normalised: str) -> bool:
    """Return whether words outnumber Chinese characters: whether the text is to be read as English."""
    words = characters = 0
    for chinese, run in runs(normalised):
        words += not chinese
        characters += len(run) if chinese else 0
    return words > characters


def _units(normalised: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Return Chinese characters, pairs of them, other words and pairs of those; no pair crosses from script to script."""
    characters: list[str] = []
    of_characters: list[str] = []
    words: list[str] = []
    of_words: list[str] = []
    before = ""
    for chinese, run in runs(normalised):
        if chinese:
            before = ""
            characters += run
            of_characters += map(add, run, run[1:])
        elif run not in STOPWORDS:
            unit = stem(run)
            words.append(unit)
            if before:
                of_words.append(f"{before} {unit}")
            before = unit
    return characters, of_characters, words, of_words


def _rooted(counts: Mapping[str, int]) -> dict[str, float]:
    return {term: sqrt(count) for term, count in counts.items()}
