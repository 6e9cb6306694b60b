"""What the sections and classes of the International Patent Classification and the divisions of GB/T 4754 are about.

`classes.tsv` holds scheme, code, and short labels in Chinese and English, in our own wording. The codes and what they stand for
are facts of the public classifications: IPC (World Intellectual Property Organization), GB/T 4754-2017 (国民经济行业分类).
Things that a label names in both languages are known to the glossary, in the same order on both sides.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

IPC, INDUSTRIES = "IPC", "GB/T 4754"
CHINESE_SEPARATOR, ENGLISH_SEPARATOR = "、", ", "


@cache
def labels() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the Chinese and the English label by scheme and code ("H01", "26"; "H" is a section)."""
    rows = files(__package__).joinpath("classes.tsv").read_text(encoding="utf-8").splitlines()
    return {(scheme, code): (chinese, english) for scheme, code, chinese, english in (row.split("\t") for row in rows)}


def label(symbol: str, *, chinese: bool, scheme: str = IPC) -> str:
    """Return what the class of a symbol ("H01M 10/0525") or division of a code ("2614") is about, "" if not known."""
    length = 3 if scheme == IPC else 2
    found = labels().get((scheme, symbol[:length])) or labels().get((scheme, symbol[:1]))
    return "" if found is None else found[0 if chinese else 1]


def pairs() -> Iterator[tuple[str, str]]:
    """Yield the things that labels name in both languages; a label that names more in one of them says nothing here."""
    for chinese, english in labels().values():
        things, named = chinese.split(CHINESE_SEPARATOR), english.split(ENGLISH_SEPARATOR)
        if len(things) == len(named):
            yield from zip(things, named, strict=True)
