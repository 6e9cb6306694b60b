"""The judged needs and the paper titles that relevance is measured on."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

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
