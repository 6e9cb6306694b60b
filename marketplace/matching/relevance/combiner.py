"""Parts of a score put together to the probability that an answer is strong; the weights are learned."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from marketplace.matching.relevance.kernels import Floats

PARTS = ("singles", "pairs", "meaning")


@cache
def weights(combiner: str) -> dict[str, float]:
    """Return the weights of `combiner` ("words" or "meaning") as benchmarks/relevance_train.py wrote them."""
    table = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in table[combiner].items()}


def probability(parts: Mapping[str, Floats]) -> Floats:
    """Return 1 / (1 + exp(-(bias + weights x parts))) for each document; without meaning, the words' own weights."""
    chosen = weights("meaning" if "meaning" in parts else "words")
    total = np.full(len(next(iter(parts.values()))), chosen["bias"])
    for name in PARTS:
        if name in parts:
            total += chosen[name] * parts[name]
    return np.asarray(1.0 / (1.0 + np.exp(-total)), np.float64)
