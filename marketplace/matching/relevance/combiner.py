"""Parts of a score put together to the probability that an answer is strong; the weights are learned."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from marketplace.matching.relevance.kernels import Floats

COMBINERS: dict[str, tuple[str, ...]] = {
    "words": ("singles", "pairs"),
    "meaning": ("singles", "pairs", "meaning"),
    "chinese": ("singles", "pairs", "meaning", "chinese"),
    "english": ("singles", "pairs", "english"),
}
"""The parts that each needs, poorest first: a document is scored by the last one whose parts it has."""


@cache
def weights(combiner: str) -> dict[str, float]:
    """Return the weights of a combiner as benchmarks/relevance_train.py wrote them."""
    table = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in table[combiner].items()}


def probability(parts: Mapping[str, Floats]) -> Floats:
    """Return 1 / (1 + exp(-(bias + weights x parts))) for each document; a part it does not have is not a number."""
    total = np.zeros(len(parts["singles"]))
    for combiner, names in COMBINERS.items():
        if all(name in parts for name in names):
            chosen = weights(combiner)
            here = sum((chosen[name] * parts[name] for name in names), np.full(len(total), chosen["bias"]))
            np.copyto(total, here, where=~np.isnan(here))
    return np.asarray(1.0 / (1.0 + np.exp(-total)), np.float64)
