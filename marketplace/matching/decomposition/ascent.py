"""Projected Adam on multipliers: the step rule both duals share."""

from __future__ import annotations

import numpy as np

from marketplace.matching.decomposition.market import Real

MEAN, SQUARE = 0.9, 0.99  # decay of the first and second moment


class Adam:
    """Moves `x` against a subgradient, coordinate by coordinate at about the same speed, and keeps x ≥ floor.

    Every coordinate is scaled so that 1 is a typical value; the step then shrinks geometrically to `last` of its size in
    `length` moves, and stays there: measured, that ends two to three times nearer the minimum than step / (1 + k / fade).
    """

    def __init__(self, start: Real, scale: Real, floor: Real, step: Real | float, length: int, last: float) -> None:
        self.scale, self.floor, self.step, self.length, self.last = scale, floor, step, length, last
        self.x = start / scale
        self.first = np.zeros_like(self.x)
        self.second = np.zeros_like(self.x)
        self.count = 0

    def move(self, gradient: Real) -> None:
        """One step; `gradient` is with respect to the unscaled variables."""
        scaled = gradient * self.scale
        self.first += (1 - MEAN) * (scaled - self.first)
        self.second += (1 - SQUARE) * (scaled * scaled - self.second)
        self.count += 1
        rate = self.step * self.last ** min(1.0, (self.count - 1) / self.length)
        first = self.first / (1 - MEAN**self.count)
        spread = np.sqrt(self.second / (1 - SQUARE**self.count)) + 1e-12
        np.maximum(self.x - rate * first / spread, self.floor, out=self.x)

    @property
    def value(self) -> Real:
        """The unscaled variables."""
        return self.x * self.scale
