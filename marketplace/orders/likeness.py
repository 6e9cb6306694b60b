"""How alike two texts are, by the pairs of characters and the words that they share. Pure."""

from __future__ import annotations

import re
from collections import Counter
from math import sqrt

_WORD = re.compile(r"[a-z0-9]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def features(text: str) -> Counter[str]:
    """Return the Chinese character pairs and the Latin words of ``text`` with how often each stands there."""
    lower = text.lower()
    found = Counter(_WORD.findall(lower))
    for run in _HAN.findall(lower):
        found.update(run[i : i + 2] for i in range(len(run) - 1))
    return found


def likeness(one: Counter[str], two: Counter[str]) -> float:
    """Return the cosine of two texts' features: 1.0 for the same text, 0.0 for nothing in common."""
    small, large = sorted((one, two), key=len)
    shared = sum(count * large[key] for key, count in small.items())
    length = sqrt(sum(c * c for c in one.values())) * sqrt(sum(c * c for c in two.values()))
    return shared / length if length else 0.0
