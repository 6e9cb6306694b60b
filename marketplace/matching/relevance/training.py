"""Learning the combiner's weights from judgements."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.optimize import minimize

from marketplace.matching.relevance.kernels import Floats

PENALTY = 1e-3
STRONG = 3
"""The level from which a judgement counts as strong: what the probability is the probability of."""


def table(parts: Mapping[str, Floats], names: Sequence[str]) -> Floats:
    """Return the parts side by side; what has no vector, or is in the other language, says nothing in that part."""
    nothing = np.zeros(len(parts["singles"]))
    return np.nan_to_num(np.stack([parts.get(name, nothing) for name in names], axis=1))


def fit(parts: Sequence[Floats], levels: Sequence[Floats], more: Floats, weight_of_more: float = 1.0) -> Floats:
    """Return weights, none below 0, that order the judged documents of each question best (logistic over pairs).

    `more` are further pairs, each as the lead that the better one has in every part; together they weigh
    `weight_of_more` beside the judged ones.
    """
    deltas, gaps = [np.zeros((0, more.shape[1]))], [np.zeros(0)]
    for rows, level in zip(parts, levels, strict=True):
        gap = level[:, None] - level[None, :]
        better, worse = np.nonzero(gap > 0)
        deltas.append(rows[better] - rows[worse])
        gaps.append(gap[better, worse])
    scale = np.vstack([*parts, np.zeros((1, more.shape[1]))]).std(axis=0)
    scale[scale == 0] = 1.0  # a part that nobody has learns nothing
    delta, weight = np.vstack([*deltas, more]) / scale, np.concatenate(gaps)
    share = np.full(len(more), weight_of_more / max(1, len(more)))
    weight = np.concatenate([weight / (weight.sum() or 1.0), share])

    def loss(beta: Floats) -> tuple[float, Floats]:
        lead = delta @ beta
        slope = -delta.T @ (weight / (1 + np.exp(lead))) + 2 * PENALTY * beta
        return float(weight @ np.logaddexp(0, -lead) + PENALTY * beta @ beta), slope

    found = minimize(loss, np.full(len(scale), 0.1), jac=True, bounds=[(0, None)] * len(scale))
    return np.asarray(found.x / scale)


def calibrate(parts: Sequence[Floats], levels: Sequence[Floats], beta: Floats) -> tuple[float, float]:
    """Return (bias, factor) so that 1 / (1 + exp(-(bias + factor x score))) is the share of strong judgements."""
    score = np.concatenate([rows @ beta for rows in parts])
    strong = np.concatenate([level >= STRONG for level in levels])

    def loss(line: Floats) -> float:
        total = line[0] + line[1] * score
        return float(np.mean(np.logaddexp(0, total) - strong * total))

    bias, factor = minimize(loss, np.array([-2.0, 1.0])).x
    return float(bias), float(factor)
