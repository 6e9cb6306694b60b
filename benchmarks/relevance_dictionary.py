"""Chinese terms find their English ones among all terms of our glossary, by vectors only: trials of docs/relevance.md.

python -m benchmarks.relevance_dictionary
"""

from importlib.resources import files

import numpy as np
import numpy.typing as npt

from marketplace.matching.relevance.meaning import Encoder, installed_encoders
from marketplace.matching.relevance.text import normalise

Floats = npt.NDArray[np.float64]


def pairs() -> tuple[list[str], list[str]]:
    """Return the first Chinese and the first English term of each line."""
    table = files("marketplace.matching.relevance").joinpath("glossary.tsv").read_text(encoding="utf-8")
    sides = [line.split("\t") for line in table.splitlines()]
    return [normalise(one.split("|")[0]) for one, _ in sides], [normalise(one.split("|")[0]) for _, one in sides]


def vectors(encoder: Encoder, texts: list[str], *, centred: bool) -> Floats:
    """Return a row to each text, with the mean of all of them taken off if ``centred``."""
    rows = np.asarray(encoder.encode([(text, "") for text in texts]), np.float64)
    return rows - rows.mean(axis=0) if centred else rows


def hits(alike: Floats) -> float:
    """Return the share of the questions (rows) that find the document of their own number first."""
    return float((alike.argmax(axis=1) == np.arange(len(alike))).mean())


def unhubbed(alike: Floats, share: float, nearest: int, *, honest: bool) -> float:
    """Return the hits when each document loses ``share`` of its mean nearness to its ``nearest`` other questions.

    When ``honest`` a document's own question is not among them, as it would not be for a term that no glossary knows;
    otherwise only the question that is being asked is left out.
    """
    bank = alike.copy()
    if honest:
        np.fill_diagonal(bank, -9.0)
    top = -np.sort(-bank, axis=0)[: nearest + 1]
    found = 0
    for question, row in enumerate(alike):
        asked = bank[question] >= top[nearest - 1]
        hub = (top[:nearest].sum(axis=0) + np.where(asked, top[nearest] - bank[question], 0)) / nearest
        found += int((row - share * hub).argmax()) == question
    return found / len(alike)


def main() -> None:
    """Print the hits of each trial."""
    encoders = installed_encoders()
    if encoders.general is None or encoders.chinese is None:
        raise SystemExit("the packages with the encoders' weights are not installed")
    chinese, english = pairs()
    general = vectors(encoders.general, chinese, centred=False) @ vectors(encoders.general, english, centred=False).T
    e5 = vectors(encoders.chinese, chinese, centred=True) @ vectors(encoders.chinese, english, centred=True).T
    print(f"{len(chinese)} terms; general {hits(general):.4f}, E5 less its means {hits(e5):.4f}")
    for weight in (0, 1, 2, 3, 4):
        alike = general + weight * e5
        print(f"general + {weight} x E5: {hits(alike):.4f}")
        for nearest in (2, 5, 10):
            told = [f"{unhubbed(alike, 0.5, nearest, honest=honest):.4f}" for honest in (True, False)]
            print(f"  less half of the nearness to {nearest} questions: honest {told[0]}, with own terms {told[1]}")


if __name__ == "__main__":
    main()
