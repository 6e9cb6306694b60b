"""From points to a bid's quality: whole numbers, the same for the same points in whatever order. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marketplace.evaluation.terms import MOST_POINTS, WHOLE

BEST = 1000


@dataclass(frozen=True, slots=True)
class Judged:
    """A bid's quality from 0 to 1000, its rank (1 the best; equal qualities share a rank), and the mean points by criterion.

    Means are in hundredths of a point.
    """

    quality: int
    rank: int
    means: Mapping[int, int]


def judge(weights: Mapping[int, int], sheets: Mapping[int, Sequence[Mapping[int, int]]]) -> dict[int, Judged]:
    """Return each bid's result; ``weights`` by criterion sum to WHOLE, ``sheets`` hold one mapping of points per member.

    Raises ValueError for a sheet that lacks a criterion or has points out of range: such scores must never be locked.
    """
    if sum(weights.values()) != WHOLE:
        raise ValueError("the weights are not the whole")
    qualities, means = {}, {}
    for bid, given in sheets.items():
        if not given or any(set(sheet) != set(weights) for sheet in given):
            raise ValueError("a sheet is not complete")
        if any(not 0 <= points <= MOST_POINTS for sheet in given for points in sheet.values()):
            raise ValueError("points out of range")
        sums = {criterion: sum(sheet[criterion] for sheet in given) for criterion in weights}
        weighted = sum(weights[criterion] * total for criterion, total in sums.items())
        qualities[bid] = BEST * weighted // (WHOLE * MOST_POINTS * len(given))
        means[bid] = {criterion: 100 * total // len(given) for criterion, total in sums.items()}
    order = sorted(qualities.values(), reverse=True)
    return {bid: Judged(quality, order.index(quality) + 1, means[bid]) for bid, quality in qualities.items()}
