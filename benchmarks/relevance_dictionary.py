"""Chinese terms find their English ones among all terms of our glossary, which is denied those that are asked for.

python -m benchmarks.relevance_dictionary            the trials of docs/relevance.md, by halves
python -m benchmarks.relevance_dictionary --write    and the mean vector of each language, from all terms
"""

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance import dictionary, glossary
from marketplace.matching.relevance.index import Document, Index, _translation
from marketplace.matching.relevance.meaning import STEPS, Encoder, Encoders, installed_encoders
from marketplace.matching.relevance.text import normalise

WEIGHTS = (0.0, 1.0, 1.5, 2.0, 3.0, 4.0)
"""What E5 is tried to count beside the general encoder."""

Floats = npt.NDArray[np.float64]
Line = tuple[list[str], list[str]]


def lines() -> list[Line]:
    """Return the Chinese and the English terms of each line of the glossary."""
    table = files("marketplace.matching.relevance").joinpath("glossary.tsv").read_text(encoding="utf-8")
    sides = [line.split("\t") for line in table.splitlines()]
    return [
        ([normalise(term) for term in one.split("|")], [normalise(term) for term in two.split("|")])
        for one, two in sides
    ]


def vectors(encoder: Encoder, texts: list[str]) -> Floats:
    """Return a row to each text."""
    return np.asarray(encoder.encode([(text, "") for text in texts]), np.float64)


def hits(alike: Floats, own: npt.NDArray[np.int64]) -> float:
    """Return the share of the questions (rows) that find their own document (`own`) first."""
    return float((alike.argmax(axis=1) == own).mean())


@contextmanager
def denied(known: list[Line]) -> Iterator[None]:
    """Let the glossary know only some lines."""
    with patch.object(glossary, "_lines", lambda: iter(known)):
        for table in (glossary._tables, glossary._others, _translation):
            table.cache_clear()
        yield
    for table in (glossary._tables, glossary._others, _translation):
        table.cache_clear()


def found_first(index: Index, texts: list[str], own: npt.NDArray[np.int64]) -> float:
    """Return the share of `texts` for which the ranker puts their own document first."""
    return float(
        np.mean([index.rank(text, 1, why=False)[0].id == str(at) for text, at in zip(texts, own, strict=True)])
    )


def main() -> None:
    """Print the hits of each trial."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write the mean vectors into the package")
    encoders = installed_encoders()
    if encoders.general is None or encoders.chinese is None:
        raise SystemExit("the packages with the encoders' weights are not installed")
    asked = parser.parse_args()
    known = lines()
    chinese, english = [one[0] for one, _ in known], [two[0] for _, two in known]
    general = vectors(encoders.general, chinese) @ vectors(encoders.general, english).T
    questions, documents = vectors(encoders.chinese, chinese), vectors(encoders.chinese, english)
    order = np.random.default_rng(0).permutation(len(known))
    halves = (order[0::2], order[1::2])
    for weight in WEIGHTS:
        told = []
        for own, other in (halves, halves[::-1]):
            alike = general + weight * ((questions - questions[other].mean(axis=0)) @ documents.T)
            told.append(hits(alike[own], own))
        print(
            f"{len(known)} terms, general + {weight} x E5 less the other half's mean: {np.mean(told):.4f}", flush=True
        )
    listing = dictionary.installed()
    whole = sum(bool(listing.meanings(term)) for term in chinese) if listing else 0
    print(f"the dictionary lists {whole} of {len(chinese)} terms whole", flush=True)
    evidence = [Document(str(at), term) for at, term in enumerate(english)]
    for name, chosen in (("general", Encoders(encoders.general)), ("general and E5", encoders)):
        index, told, unread = Index(evidence, encoder=chosen), [], []
        for own, other in (halves, halves[::-1]):
            with denied([known[at] for at in other.tolist()]):
                told.append(found_first(index, [chinese[at] for at in own.tolist()], own))
                with patch.object(dictionary, "installed", lambda: None):
                    unread.append(found_first(index, [chinese[at] for at in own.tolist()], own))
        listed = found_first(index, chinese, np.arange(len(known)))
        print(
            f"ranker with {name}, glossary denied what is asked: {np.mean(told):.4f}, "
            f"without the dictionary {np.mean(unread):.4f}, with both {listed:.4f}",
            flush=True,
        )
    if asked.write:
        means = {"chinese": questions.mean(axis=0), "english": documents.mean(axis=0)}
        rows = {name: np.clip(np.rint(mean * STEPS), -127, 127).astype(int).tolist() for name, mean in means.items()}
        told_rows = ",\n".join(f'"{name}": {json.dumps(row, separators=(",", ":"))}' for name, row in rows.items())
        target = Path(str(files("marketplace.matching.relevance") / "languages.json"))
        target.write_text("{\n" + told_rows + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
