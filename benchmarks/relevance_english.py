"""A stand-in for English paper-to-reviewer judgements: docstrings of installed Python packages.

Modules are teams, two thirds of their docstrings the evidence, the others the questions. The nearer the module, the higher
the level: the same module 3, the same package 2, the same distribution 1, another one 0. "Per team" compares different
questions for one team, as a team's list of best orders does; "per question" compares teams.

python -m benchmarks.relevance_english
"""

import ast
import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.index import Document, Index
from marketplace.matching.relevance.measures import kendall_loss

DISTRIBUTIONS = (
    "numpy",
    "scipy",
    "numba",
    "sqlalchemy",
    "alembic",
    "werkzeug",
    "flask",
    "huey",
    "babel",
    "highspy",
    "nacl",
)
LEAST, MOST = 12, 30
"""Docstrings that a module must have, and those that are used of it."""
_SEED = 7

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Evidence by module, questions by id, and for each question the level of each module."""

    documents: list[Document]
    questions: dict[str, str]
    levels: dict[str, dict[str, int]]


def stand_in() -> StandIn:
    """Return the stand-in that the installed packages give."""
    chance = np.random.default_rng(_SEED)
    documents, questions, home = [], {}, {}
    for module, texts in _modules():
        order = chance.permutation(len(texts))[:MOST]
        for place, at in enumerate(order.tolist()):
            key = f"{module}#{place}"
            if place % 3:
                documents.append(Document(key, texts[at], module))
            else:
                questions[key], home[key] = texts[at], module
    modules = sorted(set(home.values()))
    kept = chance.permutation(sorted(questions))[:450].tolist()
    levels = {key: {module: _level(home[key], module) for module in modules} for key in kept}
    return StandIn(documents, {key: questions[key] for key in kept}, levels)


def _modules() -> Iterator[tuple[str, list[str]]]:
    """Yield the modules with enough docstrings; of a package at most eight."""
    for distribution in DISTRIBUTIONS:
        found = importlib.util.find_spec(distribution)
        if found is None or found.origin is None:
            continue
        root, taken = Path(found.origin).parent, 0
        for path in sorted(root.rglob("*.py")):
            if "test" in str(path.relative_to(root)) or taken == 8:
                continue
            texts = _docstrings(path)
            if len(texts) >= LEAST:
                taken += 1
                yield ".".join([distribution, *path.relative_to(root).with_suffix("").parts]), texts


def _docstrings(path: Path) -> list[str]:
    kinds = (ast.FunctionDef, ast.ClassDef)
    told = [ast.get_docstring(node) for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, kinds)]
    return [text for text in told if text and len(text) > 80]


def _level(home: str, other: str) -> int:
    if home == other:
        return 3
    if home.rpartition(".")[0] == other.rpartition(".")[0]:
        return 2
    return 1 if home.split(".")[0] == other.split(".")[0] else 0


def losses(data: StandIn, score: Callable[[str], dict[str, float]]) -> tuple[float, float]:
    """Return the Kendall losses per team and per question of `score`, which gives each module's score for a text."""
    by_question = {key: score(text) for key, text in data.questions.items()}
    teams = sorted({document.group or "" for document in data.documents})
    by_team = {team: {key: scores[team] for key, scores in by_question.items()} for team in teams}
    turned = {team: {key: data.levels[key][team] for key in data.levels} for team in teams}
    return kendall_loss(by_team, turned), kendall_loss(by_question, data.levels)


def main() -> None:
    """Print the losses of words alone and of everything that is installed."""
    data = stand_in()
    teams = len({one.group for one in data.documents})
    print(f"{teams} modules, {len(data.documents)} docstrings as evidence, {len(data.questions)} questions")
    for name, index in (("words", Index(data.documents, encoder=None)), ("installed", Index(data.documents))):

        def score(text: str, index: Index = index) -> dict[str, float]:
            return {one.id: one.score for one in index.rank(text, 0, why=False)}

        per_team, per_question = losses(data, score)
        print(f"{name}: per team {per_team:.4f}, per question {per_question:.4f}", flush=True)


if __name__ == "__main__":
    main()
