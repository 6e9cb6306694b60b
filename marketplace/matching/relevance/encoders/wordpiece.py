"""Word pieces by the longest match (BERT's lower-case English vocabulary, Apache-2.0, in ``wordpieces.txt.xz``)."""

import lzma
import re
import unicodedata
from functools import cache
from importlib.resources import files

START, STOP, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_LONGEST_WORD = 100
_WORDS = re.compile(r"[^\W_]+|[^\s\w]|_|[\u4e00-\u9fff]")


@cache
def vocabulary() -> dict[str, int]:
    """Return the number of each piece; pieces inside a word begin with ##."""
    packed = files(__package__).joinpath("wordpieces.txt.xz").read_bytes()
    return {piece: number for number, piece in enumerate(lzma.decompress(packed).decode("utf-8").splitlines())}


def numbers(text: str, most: int) -> list[int]:
    """Return the numbers of at most `most` pieces of `text`, between those for start and stop."""
    table = vocabulary()
    found: list[int] = []
    for word in _WORDS.findall(_plain(text)):
        found += _pieces(word, table)
        if len(found) >= most:
            break
    return [table[START], *found[:most], table[STOP]]


def _plain(text: str) -> str:
    """Return `text` in lower case without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(sign) != "Mn")


def _pieces(word: str, table: dict[str, int]) -> list[int]:
    if len(word) > _LONGEST_WORD:
        return [table[UNKNOWN]]
    found, at = [], 0
    while at < len(word):
        before = "##" if at else ""
        stop = next((end for end in range(len(word), at, -1) if before + word[at:end] in table), 0)
        if not stop:
            return [table[UNKNOWN]]
        found.append(table[before + word[at:stop]])
        at = stop
    return found
