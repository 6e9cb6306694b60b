"""The judged needs and the paper titles that relevance is measured on, and the measures themselves."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from marketplace.matching.relevance.index import Document


@dataclass(frozen=True, slots=True)
class Judgements:
    """Documents, queries (id to text) and for each judged query the level (1 weak to 4 strong) of each document."""

    documents: list[Document]
    queries: dict[str, str]
    levels: dict[str, dict[str, int]]


def data_folder() -> Path | None:
    """Return the folder of the shared data: TRIPOOL_DATA, or `../shared/data` beside the checkout; None if absent."""
    named = os.environ.get("TRIPOOL_DATA")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "data"
    return folder if folder.is_dir() else None


def technology_needs(folder: Path) -> Judgements:
    """Return the needs of enterprises, the results on offer and the experts' judgements (CCF BDCI 2019)."""
    here = folder / "technology_needs"
    levels: dict[str, dict[str, int]] = {}
    for line in (here / "judgements.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        need, result, level = line.split("\t")
        levels.setdefault(need, {})[result] = int(level)
    needs = {row["id"]: f"{row['title']}\n{row['content']}" for row in _rows(here / "needs.jsonl")}
    documents = [Document(row["id"], row["text"]) for row in _rows(here / "achievements.jsonl")]
    return Judgements(documents, {need: needs[need] for need in sorted(levels)}, levels)


def paper_titles(folder: Path) -> Judgements:
    """Return 1,000 Chinese abstracts as documents and their titles as queries; one document is right for each (CSL)."""
    rows = _rows(folder / "csl" / "papers.jsonl")
    return Judgements(
        [Document(row["id"], "\n" + row["abstract"]) for row in rows],
        {row["id"]: row["title"] for row in rows},
        {row["id"]: {row["id"]: 1} for row in rows},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def kendall_loss(scores: Mapping[str, Mapping[str, float]], levels: Mapping[str, Mapping[str, int]]) -> float:
    """Return the weight of the pairs in wrong order (ties half) over the weight of all pairs, summed over queries.

    A pair is two documents judged for one query at different levels; its weight is the difference of the levels.
    """
    lost = total = 0.0
    for query, of_query in scores.items():
        level = np.array([levels[query][document] for document in of_query], float)
        score = np.fromiter(of_query.values(), float)
        gap = level[:, None] - level[None, :]
        lead = score[:, None] - score[None, :]
        lost += float((gap * ((lead < 0) + 0.5 * (lead == 0)))[gap > 0].sum())
        total += float(gap[gap > 0].sum())
    return lost / total


def ndcg(scores: Mapping[str, Mapping[str, float]], levels: Mapping[str, Mapping[str, int]], at: int = 5) -> float:
    """Return the mean over queries of the discounted gain (2^level - 1) of the first `at`, over the best possible."""
    discount = 1 / np.log2(np.arange(2, at + 2))
    shares = []
    for query, of_query in scores.items():
        gain = np.array([2.0 ** levels[query][document] - 1 for document in of_query])
        order = np.argsort(-np.fromiter(of_query.values(), float), kind="stable")
        best = np.sort(gain)[::-1][:at]
        shares.append(float(gain[order][:at] @ discount[: len(best)] / (best @ discount[: len(best)])))
    return float(np.mean(shares))


def recall(ranked: Mapping[str, list[str]], levels: Mapping[str, Mapping[str, int]], least: int, at: int = 20) -> float:
    """Return the mean over queries of the share of documents of level `least` or higher among the first `at`."""
    shares = []
    for query, found in ranked.items():
        wanted = {document for document, level in levels[query].items() if level >= least}
        if wanted:
            shares.append(len(wanted & set(found[:at])) / min(at, len(wanted)))
    return float(np.mean(shares))
