"""Draw the trials of docs/relevance.md: python -m benchmarks.relevance_plot"""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

TRIALS = (
    ("BM25 over jieba words", 0.314),
    ("word TF-IDF", 0.268),
    ("character pairs", 0.271),
    ("character 1-3 TF-IDF", 0.230),
    ("sentence encoder alone", 0.231),
    ("e5-small alone", 0.228),
    ("single characters, idf² and root", 0.2135),
    ("characters and pairs, learned", 0.2135),
    ("… + sentence encoder", 0.1937),
    ("… + e5-small, title only (in use)", 0.1888),
)


TIMES = (
    ("by words", 3.9),
    ("vectors looked up", 8.0),
    ("encoded anew, before", 36.5),
    ("encoded anew, now", 19.9),
)
"""Median CPU time of a title on 50,000 documents, in milliseconds, two loaded cores."""


def bars(axes: Axes, trials: Sequence[tuple[str, float]], goal: float, form: str) -> None:
    """Draw the trials from top to bottom, those in use in another colour, and the goal as a line."""
    names, values = zip(*reversed(trials), strict=True)
    used = ["in use" in name or "now" in name for name in names]
    drawn = axes.barh(names, values, color=["#1f6feb" if one else "#9fb3c8" for one in used])
    axes.bar_label(drawn, fmt=form, padding=3, fontsize=8)
    axes.axvline(goal, color="#b42318", linewidth=1)
    place = (goal, len(trials) - 0.6)
    axes.annotate(f"goal {goal:g}", place, (3, 0), textcoords="offset points", color="#b42318", fontsize=8)
    axes.spines[["top", "right"]].set_visible(False)


def main() -> None:
    """Write docs/relevance.svg."""
    mpl.rcParams["svg.hashsalt"] = "relevance"  # the same drawing gives the same file
    figure, (quality, time) = plt.subplots(
        2, 1, figsize=(7.5, 5.4), layout="constrained", height_ratios=(len(TRIALS), len(TIMES) + 1)
    )
    bars(quality, TRIALS, 0.19, "%.3f")
    quality.set(xlim=(0.15, 0.33), xlabel="weighted Kendall loss on judged needs (lower is better)")
    bars(time, TIMES, 15, "%.1f")
    time.set(xlim=(0, 40), xlabel="a question on 50,000 documents, CPU ms, median (goal: p95)")
    figure.savefig(Path(__file__).resolve().parents[1] / "docs" / "relevance.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
