"""Train the weights of the combiner on judged needs, or report how well it does.

python -m benchmarks.relevance_train              figures, by cross-validation over needs
python -m benchmarks.relevance_train --write      figures, then weights.json trained on all needs
"""

import argparse
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.relevance_data import Judgements, data_folder, paper_titles, technology_needs
from marketplace.matching.relevance import training
from marketplace.matching.relevance.combiner import COMBINERS, weights
from marketplace.matching.relevance.index import Index
from marketplace.matching.relevance.meaning import Encoders, installed_encoders
from marketplace.matching.relevance.measures import kendall_loss, ndcg, recall

Floats = npt.NDArray[np.float64]
FOLDS, REPEATS = 10, 5
TITLES = 1.0
"""Weight of the pairs of paper titles beside that of the needs' pairs: short questions want exact words."""
CROSSING = 2.0
"""What E5 counts beside the general encoder between two languages (benchmarks/relevance_dictionary.py)."""
ENGLISH_WORDS, ENGLISH = 0.8, 4.0
"""For English texts: what of the words' weights counts beside the encoder, and its own weight (tried on the stand-in)."""


class Sheet:
    """For each judged need: the judged documents, their levels and the parts of their scores."""

    def __init__(self, judged: Judgements, index: Index, names: Sequence[str]) -> None:
        self.queries = list(judged.queries)
        self.documents: list[list[str]] = []
        self.levels: list[Floats] = []
        self.parts: list[Floats] = []
        for query in self.queries:
            ids, parts = index.parts(judged.queries[query])
            place = {document: at for at, document in enumerate(ids)}
            chosen = [place[document] for document in judged.levels[query]]
            self.documents.append(list(judged.levels[query]))
            self.levels.append(np.array(list(judged.levels[query].values()), float))
            self.parts.append(training.table(parts, names)[chosen])

    def fit(self, rows: Sequence[int], titles: Floats) -> Floats:
        """Return the weights that order the needs in `rows` and the pairs of `titles` best."""
        return training.fit([self.parts[row] for row in rows], [self.levels[row] for row in rows], titles, TITLES)

    def calibrate(self, rows: Sequence[int], beta: Floats) -> tuple[float, float]:
        """Return the bias and the factor that turn scores into probabilities."""
        return training.calibrate([self.parts[row] for row in rows], [self.levels[row] for row in rows], beta)

    def scores(self, rows: Sequence[int], beta: Floats) -> dict[str, dict[str, float]]:
        """Return the scores of the judged documents of the needs in `rows`."""
        return {
            self.queries[row]: dict(zip(self.documents[row], (self.parts[row] @ beta).tolist(), strict=True))
            for row in rows
        }

    def cross_validated(self, levels: dict[str, dict[str, int]], titles: Floats) -> tuple[float, float]:
        """Return Kendall loss and NDCG@5 on needs that the weights were not trained on, mean of `REPEATS` splits."""
        figures = []
        for seed in range(REPEATS):
            order = np.random.default_rng(seed).permutation(len(self.queries))
            scores: dict[str, dict[str, float]] = {}
            for fold in range(FOLDS):
                held = set(order[fold::FOLDS].tolist())
                beta = self.fit([row for row in range(len(self.queries)) if row not in held], titles)
                scores |= self.scores(sorted(held), beta)
            figures.append((kendall_loss(scores, levels), ndcg(scores, levels)))
        return float(np.mean([one for one, _ in figures])), float(np.mean([one for _, one in figures]))


class Titles:
    """For each paper title, the parts of the scores of all abstracts, and which one is its own."""

    def __init__(self, papers: Judgements, index: Index, names: Sequence[str]) -> None:
        self.parts: list[Floats] = []
        self.own: list[int] = []
        for query, text in papers.queries.items():
            ids, parts = index.parts(text)
            self.parts.append(training.table(parts, names))
            self.own.append(ids.index(query))

    def pairs(self, rows: Sequence[int], rivals: int = 20) -> Floats:
        """Return by how much the parts of each title's own abstract exceed those of the `rivals` likest others."""
        deltas = []
        for row in rows:
            parts, own = self.parts[row], self.own[row]
            others = [at for at in np.argsort(-parts.sum(axis=1))[: rivals + 1].tolist() if at != own]
            deltas.append(parts[own] - parts[others])
        return np.vstack(deltas)

    def hits(self, rows: Sequence[int], beta: Floats) -> int:
        """Return how many of these titles find their own abstract first."""
        return sum(int(np.argmax(self.parts[row] @ beta)) == self.own[row] for row in rows)


def report(folder: Path, *, write: bool) -> None:
    """Print the figures; with `write`, train on all needs and titles and write the weights."""
    judged, papers = technology_needs(folder), paper_titles(folder)
    encoders = installed_encoders()
    index, abstracts = Index(judged.documents, encoder=encoders), Index(papers.documents, encoder=encoders)
    table = {name: weights(name) for name in COMBINERS}
    for combiner in ("words", *_of(encoders)):
        names = COMBINERS[combiner]
        sheet, titles = Sheet(judged, index, names), Titles(papers, abstracts, names)
        for at, name in enumerate(names):
            alone = sheet.scores(range(len(sheet.queries)), np.eye(len(names))[at])
            print(f"{combiner:8} {name:8} alone: Kendall {kendall_loss(alone, judged.levels):.4f}", end="  ")
            print(f"NDCG@5 {ndcg(alone, judged.levels):.4f}")
        everything, all_titles = range(len(sheet.queries)), range(len(titles.own))
        loss, gain = sheet.cross_validated(judged.levels, titles.pairs(all_titles))
        print(f"{combiner:8} combined, cross-validated: Kendall {loss:.4f}  NDCG@5 {gain:.4f}", flush=True)
        found = 0
        for half in (0, 1):
            seen, held = all_titles[half::2], all_titles[1 - half :: 2]
            found += titles.hits(held, sheet.fit(everything, titles.pairs(seen)))
        print(f"{combiner:8} abstract found by its title, hit@1, titles not trained on: {found / len(all_titles):.4f}")
        beta = sheet.fit(everything, titles.pairs(all_titles))
        bias, factor = sheet.calibrate(everything, beta)
        table[combiner] = {"bias": bias} | dict(zip(names, (factor * beta).tolist(), strict=True))
    words = table["words"]
    table["crossing"] = table["meaning"] | {"crossing": CROSSING * table["meaning"]["meaning"]}
    table["english"] = {part: words[part] * (1.0 if part == "bias" else ENGLISH_WORDS) for part in words}
    table["english"]["english"] = ENGLISH
    if write:
        target = Path(str(files("marketplace.matching.relevance") / "weights.json"))
        rounded = {name: {part: round(weight, 4) for part, weight in of.items()} for name, of in table.items()}
        target.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    ranked = {query: [one.id for one in index.rank(text, 20, why=False)] for query, text in judged.queries.items()}
    print(f"needs: recall@20 of strong results {recall(ranked, judged.levels, training.STRONG):.4f}")


def _of(encoders: Encoders) -> list[str]:
    """Return the combiners that can be trained here on Chinese needs."""
    found = ["meaning"] if encoders.general else []
    return [*found, "chinese"] if encoders.general and encoders.chinese else found


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write the trained weights into the package")
    folder = data_folder()
    if folder is None:
        raise SystemExit("no judged data: set TRIPOOL_DATA to the folder that holds technology_needs and csl")
    report(folder, write=parser.parse_args().write)


if __name__ == "__main__":
    main()
