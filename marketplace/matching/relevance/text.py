"""What counts as the same text: one spelling for widths, cases, scripts and units, then tokens."""

import re
import unicodedata
from collections.abc import Iterator

from marketplace.matching.relevance.script import TO_SIMPLIFIED

LONGEST_TEXT = 20_000
"""Characters read of one text. What a need asks for stands in its first pages; the rest would only cost time."""

_CJK = r"\u2e80-\u2fd5\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUNS = re.compile(rf"([{_CJK}]+)|([^\W_{_CJK}]+(?:[+#]+(?![\w]))?)")
_GAP_INSIDE_CHINESE = re.compile(rf"(?<=[{_CJK}])[ \t]+(?=[{_CJK}])")
_UNPRINTED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_UNITS = str.maketrans({"μ": "u", "Ω": "ohm", "ω": "ohm", "‰": " permille "})
_UNIT_WORDS = {
    "°c": "摄氏度", "℃": "摄氏度", "㎡": "平方米", "m²": "平方米", "m³": "立方米", "㎥": "立方米",
}  # fmt: skip


def normalise(text: str) -> str:
    """Return the one spelling of `text` that is compared.

    Compatibility forms become plain ones (NFKC: full width, ligatures, ㎡), letters lower case, traditional characters
    simplified, control characters and lone surrogates blanks; blanks between Chinese characters vanish, because
    segmented and plain Chinese must match. Line breaks stay: the first line is the title. Only the first
    `LONGEST_TEXT` characters are read.
    """
    text = text[:LONGEST_TEXT]
    for sign, word in _UNIT_WORDS.items():
        text = text.replace(sign, word)
    text = unicodedata.normalize("NFKC", text).lower().translate(TO_SIMPLIFIED).translate(_UNITS)
    text = _UNPRINTED.sub(" ", text)
    return _GAP_INSIDE_CHINESE.sub("", _BLANKS.sub(" ", text)).strip()


def runs(normalised: str) -> Iterator[tuple[bool, str]]:
    """Yield `(is Chinese, run)` for each run of Chinese characters and each other word, in order."""
    for match in _RUNS.finditer(normalised):
        yield match.lastindex == 1, match[0]


def tokens(text: str) -> list[str]:
    """Return what is matched: runs of 1–3 characters of Chinese, single words and pairs of words of anything else."""
    found: list[str] = []
    before = ""
    for chinese, run in runs(normalise(text)):
        if chinese:
            found += (run[at : at + size] for size in (1, 2, 3) for at in range(len(run) - size + 1))
            before = ""
            continue
        word = stem(run)
        found.append(word)
        if before:
            found.append(f"{before} {word}")
        before = word
    return found


def stem(word: str) -> str:
    """Return `word` without the plain English plural; every other ending is left alone."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
