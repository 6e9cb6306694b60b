"""The examples of docs/matching.md run as they stand, and the pictures are drawn."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from marketplace.matching.frontier import frontier
from marketplace.matching.plots import convergence, money_flow, value_against_public_money
from marketplace.matching.solution import Progress
from tests.matching.build import fund, offer, order, problem

DOCS = Path(__file__).resolve().parents[2] / "docs" / "matching.md"


def test_the_examples_of_the_documentation_run() -> None:
    examples = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    for example in examples:
        exec(compile(example, str(DOCS), "exec"), names)
    assert len(examples) >= 5


def test_more_public_money_never_buys_less() -> None:
    drawn = problem(
        orders=[order("a", 0), order("b", 0)],
        offers=[offer("x", "a", 100, 5), offer("y", "b", 60, 4)],
        funds=[fund("f", 160, public=True)],
    )
    points = frontier(drawn)
    assert [
        (point.part, point.public, point.objective) for point in points if point.part in (0, 4000, 7000, 10000)
    ] == [
        (0, 0, 0),
        (4000, 60, 4),
        (7000, 100, 5),
        (10000, 160, 9),
    ]


def test_pictures_are_drawn(tmp_path: Path) -> None:
    drawn = problem(orders=[order("a", 40)], offers=[offer("x", "a")], funds=[fund("f", 160, public=True)])
    points = frontier(drawn, [0, 10_000])
    told = [Progress(None, 9.0, None, 0.1), Progress(4.0, 8.0, 0.5, 0.2)]
    from marketplace.matching.engine import solve

    for number, figure in enumerate(
        (convergence(told), money_flow(drawn, solve(drawn)), value_against_public_money(points))
    ):
        figure.savefig(tmp_path / f"{number}.svg")
        assert (tmp_path / f"{number}.svg").stat().st_size > 1000
