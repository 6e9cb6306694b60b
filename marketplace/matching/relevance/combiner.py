"""Parts of a score put together to the probability that an answer is strong; the weights are learned."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.kernels import Floats, weighed

COMBINERS: dict[str, tuple[str, ...]] = {
    "words": ("singles", "pairs"),
    "meaning": ("singles", "pairs", "meaning"),
    "crossing": ("singles", "pairs", "meaning", "crossing"),
    "chinese": ("singles", "pairs", "meaning", "chinese"),
    "english": ("singles", "pairs", "english"),
}
"""The parts that each needs, poorest first: a document is scored by the last one whose parts it has."""

Weights = Mapping[str, Mapping[str, float]]


@cache
def weights(combiner: str) -> dict[str, float]:
    """Return the weights of a combiner as benchmarks/relevance_train.py wrote them."""
    table = json.loads(files(__package__).joinpath("weights.json").read_text(encoding="utf-8"))
    return {name: float(weight) for name, weight in table[combiner].items()}


def packaged() -> Weights:
    """Return the weights of every combiner that came with the program."""
    return {name: weights(name) for name in COMBINERS}


def chosen(parts: Mapping[str, Floats]) -> npt.NDArray[np.int64]:
    """Return for each document the number of the combiner that scores it: the last one whose parts it has."""
    found = np.zeros(len(parts["singles"]), np.int64)
    for number, names in enumerate(COMBINERS.values()):
        if all(name in parts for name in names):
            found[~np.isnan(sum(parts[name] for name in names))] = number
    return found


def probability(parts: Mapping[str, Floats], table: Weights | None = None) -> Floats:
    """Return 1 / (1 + exp(-(bias + weights x parts))) for each document; a part it does not have is not a number.

    `table` are weights learned later; by default those that came with the program.
    """
    table = table or packaged()
    total = np.zeros(len(parts["singles"]))
    for combiner, names in COMBINERS.items():
        if all(name in parts for name in names):
            told = table[combiner]
            weighed(tuple(parts[name] for name in names), np.array([told[name] for name in names]), told["bias"], total)
    return np.asarray(1.0 / (1.0 + np.exp(-total)), np.float64)
