"""Pictures of a solve, for notebooks and reports; the only module that needs matplotlib, which no other imports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from marketplace.matching.frontier import Point
from marketplace.matching.problem import OWN, Problem
from marketplace.matching.solution import Progress, Solution

WAN_YUAN = 1_000_000  # fen in 10,000 yuan


def convergence(told: Sequence[Progress]) -> Figure:
    """Objective and bound over time, from the progress a solve reported."""
    figure, axes = _axes("seconds", "value")
    for label, points in (
        ("bound", [(each.seconds, each.bound) for each in told if each.bound is not None]),
        ("objective", [(each.seconds, each.objective) for each in told if each.objective is not None]),
    ):
        axes.step(*_columns(points), where="post", label=label)
    axes.legend()
    return figure


def money_flow(problem: Problem, solution: Solution) -> Figure:
    """What the enterprises and each fund pay, beside what each fund had, in 10,000 yuan."""
    paid: Counter[str] = Counter()
    for match in solution.matches:
        paid.update(match.pay)
    budget = {fund.id: fund.budget for fund in problem.funds}
    names = [OWN, *sorted(budget)]
    figure, axes = _axes("source", "10,000 yuan")
    axes.bar(names, [budget.get(name, paid[name]) / WAN_YUAN for name in names], color="#d5dbe3", label="budget")
    axes.bar(names, [paid[name] / WAN_YUAN for name in names], color="#2a5caa", width=0.5, label="paid")
    axes.tick_params(axis="x", rotation=45)
    axes.legend()
    return figure


def value_against_public_money(points: Sequence[Point]) -> Figure:
    """The frontier: best value and its bound against the public money paid."""
    figure, axes = _axes("public money, 10,000 yuan", "value")
    public = [point.public / WAN_YUAN for point in points]
    axes.fill_between(public, [float(p.objective) for p in points], [float(p.bound) for p in points], alpha=0.3)
    axes.plot(public, [float(point.objective) for point in points], marker="o")
    return figure


def _axes(across: str, up: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes: Axes = figure.subplots()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(alpha=0.3)
    return figure, axes


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [across for across, _ in points], [up for _, up in points]
