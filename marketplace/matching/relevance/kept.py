"""Vectors that were made earlier: an encoder that only looks up, and the maker of what it lacks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.meaning import STEPS, Encoder, Encoders, as_bytes
from marketplace.matching.relevance.shared import language
from marketplace.matching.relevance.text import title_and_body

SIZES = {"general": 512, "chinese": 384, "english": 384}
"""The encoders by name, and how many numbers their vectors have."""
_BATCH = 16

Kept = Mapping[str, Mapping[str, bytes]]
"""By encoder, by digest: a vector's components, a byte each."""


def digest(title: str, body: str) -> str:
    """Return what a text, as `title_and_body` splits it, is known by."""
    return sha256(f"{title}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


class Lookup:
    """An encoder that knows the texts it was given; every other one has no vector, so that its words alone count."""

    def __init__(self, size: int, rows: Mapping[str, bytes]) -> None:
        self.size = size
        self._rows = rows

    def encode(self, texts: list[tuple[str, str]]) -> npt.NDArray[np.float32]:
        """Return the kept vector of each text, 0 where there is none."""
        found = np.zeros((len(texts), self.size), np.float32)
        for row, (title, body) in zip(found, texts, strict=True):
            components = self._rows.get(digest(title, body))
            if components is not None and len(components) == self.size:
                row[:] = np.frombuffer(components, np.int8) / np.float32(STEPS)
        return found


def lookups(kept: Kept) -> Encoders:
    """Return encoders that look up what is kept; None for those of which nothing is."""
    made: dict[str, Encoder | None] = {
        name: Lookup(size, kept[name]) if kept.get(name) else None for name, size in SIZES.items()
    }
    return Encoders(made["general"], made["chinese"], made["english"])


def read(texts: Iterable[str], kept: Kept) -> Iterator[bool]:
    """Yield for each text whether the encoder for every language has read it."""
    rows = kept.get("general", {})
    return (bool(rows) and digest(*title_and_body(text)) in rows for text in texts)


def lacking(texts: Iterable[str], encoders: Encoders, kept: Kept) -> dict[str, dict[str, tuple[str, str]]]:
    """Return, by encoder and digest, the texts that it reads and that are not kept; that for Chinese reads all of them."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for text in texts:
        title, body = title_and_body(text)
        key = digest(title, body)
        for name in dict.fromkeys(("general", "chinese", language(title, body))):
            if getattr(encoders, name) is not None and key not in kept.get(name, {}):
                found.setdefault(name, {})[key] = (title, body)
    return found


def make(
    wanted: Mapping[str, Mapping[str, tuple[str, str]]], encoders: Encoders, enough: Callable[[], bool]
) -> Iterator[tuple[str, str, bytes]]:
    """Yield (encoder, digest, components) of the wanted texts until they are done or it is `enough`."""
    for name, texts in sorted(wanted.items()):
        encoder: Encoder = getattr(encoders, name)
        keys = list(texts)
        for start in range(0, len(keys), _BATCH):
            if enough():
                return
            chosen = keys[start : start + _BATCH]
            for key, row in zip(chosen, as_bytes(encoder.encode([texts[key] for key in chosen])), strict=True):
                yield name, key, row.tobytes()
