"""Draw the trials of docs/relevance.md: python -m benchmarks.relevance_plot"""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

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
    ("… + e5-small, title only (in use)", 0.1885),
)


def main() -> None:
    """Write docs/relevance.svg."""
    mpl.rcParams["svg.hashsalt"] = "relevance"  # the same drawing gives the same file
    figure, axes = plt.subplots(figsize=(7.5, 3.6), layout="constrained")
    names, losses = zip(*reversed(TRIALS), strict=True)
    colours = ["#1f6feb" if "in use" in name else "#9fb3c8" for name in names]
    bars = axes.barh(names, losses, color=colours)
    axes.bar_label(bars, fmt="%.3f", padding=3, fontsize=8)
    axes.axvline(0.19, color="#b42318", linewidth=1)
    axes.annotate(
        "goal 0.19", (0.19, len(TRIALS) - 0.6), (3, 0), textcoords="offset points", color="#b42318", fontsize=8
    )
    axes.set(xlim=(0.15, 0.33), xlabel="weighted Kendall loss on judged needs (lower is better)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(Path(__file__).resolve().parents[1] / "docs" / "relevance.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
