"""How good a ranking is, given what people judged."""

from collections.abc import Mapping

import numpy as np

Levels = Mapping[str, Mapping[str, int]]
"""For each question the level of each judged document: the higher, the better it answers."""
Scores = Mapping[str, Mapping[str, float]]


def kendall_loss(scores: Scores, levels: Levels) -> float:
    """Return the weight of the pairs in wrong order (ties half) over the weight of all pairs, summed over questions.

    A pair is two documents judged for one question at different levels; its weight is the difference of the levels.
    Not a number when there is no such pair.
    """
    lost = total = 0.0
    for question, of_question in scores.items():
        level = np.array([levels[question][document] for document in of_question], float)
        score = np.fromiter(of_question.values(), float)
        gap = level[:, None] - level[None, :]
        lead = score[:, None] - score[None, :]
        lost += float((gap * ((lead < 0) + 0.5 * (lead == 0)))[gap > 0].sum())
        total += float(gap[gap > 0].sum())
    return lost / total if total else float("nan")


def ndcg(scores: Scores, levels: Levels, at: int = 5) -> float:
    """Return the mean over questions of the discounted gain (2^level - 1) of the first `at`, over the best possible."""
    discount = 1 / np.log2(np.arange(2, at + 2))
    shares = []
    for question, of_question in scores.items():
        gain = np.array([2.0 ** levels[question][document] - 1 for document in of_question])
        order = np.argsort(-np.fromiter(of_question.values(), float), kind="stable")
        best = np.sort(gain)[::-1][:at]
        if best.any():
            shares.append(float(gain[order][:at] @ discount[: len(best)] / (best @ discount[: len(best)])))
    return float(np.mean(shares)) if shares else float("nan")


def recall(ranked: Mapping[str, list[str]], levels: Levels, least: int, at: int = 20) -> float:
    """Return the mean over questions of the share of documents of level `least` or higher among the first `at`."""
    shares = []
    for question, found in ranked.items():
        wanted = {document for document, level in levels[question].items() if level >= least}
        if wanted:
            shares.append(len(wanted & set(found[:at])) / min(at, len(wanted)))
    return float(np.mean(shares)) if shares else float("nan")
