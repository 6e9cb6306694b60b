"""What judgements of teams say about the ranking, and what can be learned from them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from marketplace.matching.relevance import training
from marketplace.matching.relevance.combiner import COMBINERS, Weights, chosen, packaged, probability
from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.kernels import Floats
from marketplace.matching.relevance.meaning import Encoders
from marketplace.matching.relevance.measures import Levels, kendall_loss, ndcg

HELD_BACK = 3
"""One question in so many is never trained on: what is learned must do better on these."""
LEAST_PAIRS = 30
"""Pairs of differently judged teams below which nothing is concluded, in training and in what is held back."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a ranking agrees with judgements: `loss` as in `measures.kendall_loss` over `pairs` pairs."""

    questions: int
    pairs: int
    loss: float
    ndcg: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What training gave: new weights, and the figures of the present and the new ones on what was held back.

    `better` tells whether the new ones may take the place of the present ones.
    """

    weights: Weights
    before: Figures
    after: Figures

    @property
    def enough(self) -> bool:
        """Whether enough was held back to tell which weights are better."""
        return self.before.pairs >= LEAST_PAIRS

    @property
    def better(self) -> bool:
        return self.enough and self.after.loss < self.before.loss


class Judged:
    """Documents in teams, questions, and the levels that people gave to teams."""

    def __init__(
        self, documents: list[Document], questions: Mapping[str, str], levels: Levels, encoder: Encoders, year: int
    ) -> None:
        self._documents, self._encoder, self._year = documents, encoder, year
        self._teams = {document.id: document.group or document.id for document in documents}
        present = set(self._teams.values())
        self._levels = {
            question: {team: level for team, level in of.items() if team in present}
            for question, of in levels.items()
            if question in questions
        }
        self._questions = questions

    def held_back(self) -> list[str]:
        """Return the questions that are never trained on: always the same ones, whatever else is judged later."""
        return [key for key in sorted(self._levels) if sha256(key.encode()).digest()[0] % HELD_BACK == 0]

    def figures(self, weights: Weights | None, questions: list[str] | None = None) -> Figures:
        """Return how well these weights (None = the packaged ones) agree with the judgements of some questions."""
        index = self._index(weights)
        scores: dict[str, dict[str, float]] = {}
        for key in sorted(self._levels) if questions is None else questions:
            ranked = {one.id: one.score for one in index.rank(self._questions[key], 0, why=False)}
            scores[key] = {team: ranked[team] for team in sorted(self._levels[key])}
        pairs = sum(_pairs(self._levels[key]) for key in scores)
        return Figures(len(scores), pairs, kendall_loss(scores, self._levels), ndcg(scores, self._levels))

    def learn(self, present: Weights | None) -> Learned | None:
        """Return what the judgements that are not held back teach; None where they are too few for any combiner."""
        held = self.held_back()
        seen = [key for key in sorted(self._levels) if key not in set(held)]
        rows = self._rows(seen, present)
        table = {name: dict(of) for name, of in (present or packaged()).items()}
        learned = False
        for number, (name, parts) in enumerate(COMBINERS.items()):
            sheets = [(row[which == number], level[which == number]) for row, which, level in rows[name]]
            strong = np.concatenate([level >= training.STRONG for _, level in sheets] or [np.zeros(0, bool)])
            pairs = sum(_pairs(dict(enumerate(level.astype(int).tolist()))) for _, level in sheets)
            if pairs < LEAST_PAIRS or strong.all() or not strong.any():
                continue
            values, levels = [row for row, _ in sheets], [level for _, level in sheets]
            beta = training.fit(values, levels, np.zeros((0, len(parts))))
            bias, factor = training.calibrate(values, levels, beta)
            if factor > 0 and beta.any():
                table[name] = {"bias": bias} | dict(zip(parts, (factor * beta).tolist(), strict=True))
                learned = True
        return Learned(table, self.figures(present, held), self.figures(table, held)) if learned else None

    def _index(self, weights: Weights | None) -> Index:
        return Index(self._documents, year=self._year, encoder=self._encoder, weights=weights)

    def _rows(
        self, questions: list[str], weights: Weights | None
    ) -> dict[str, list[tuple[Floats, "np.ndarray[tuple[int], np.dtype[np.int64]]", Floats]]]:
        """Return by combiner, for each question, the parts of each judged team's best piece, who scores it, its level."""
        index = self._index(weights)
        found: dict[str, list[tuple[Floats, np.ndarray[tuple[int], np.dtype[np.int64]], Floats]]] = {
            name: [] for name in COMBINERS
        }
        for key in questions:
            ids, parts = index.parts(self._questions[key])
            scores, which = probability(parts, weights), chosen(parts)
            best: dict[str, int] = {}
            for at, document in enumerate(ids):
                team = self._teams[document]
                if team in self._levels[key] and (team not in best or scores[at] > scores[best[team]]):
                    best[team] = at
            places = [best[team] for team in self._levels[key]]
            level = np.array(list(self._levels[key].values()), float)
            for name, of in COMBINERS.items():
                found[name].append((training.table(parts, of)[places], which[places], level))
        return found


def _pairs(levels: Mapping[Any, int]) -> int:
    """Return how many pairs are at different levels."""
    values = np.array(list(levels.values()))
    return int((values[:, None] > values[None, :]).sum()) if len(values) else 0
