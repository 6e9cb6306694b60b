"""What the engine asks of a path and gets from it, in rows instead of ids: the face both paths share."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from marketplace.matching.ledger import Choice
from marketplace.matching.solution import Progress, Status, relative_gap

WITHIN = Fraction(1, 10**9)


@dataclass(frozen=True, slots=True)
class Settings:
    """How long and how well: seconds, relative gap to stop at, funding options per match, seed of the search."""

    time_limit: float = 60.0
    gap: float = 0.0
    options: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """Choices with their payments (None: nothing that satisfies every demand was found) and what was proved of them."""

    status: Status
    choices: tuple[Choice, ...] | None
    objective: Fraction | None
    bound: Fraction | None
    team_price: Mapping[int, float] = field(default_factory=dict)
    fund_price: Mapping[int, float] = field(default_factory=dict)
    certificate: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Hearing:
    """The caller's ear and voice during a solve: progress out, cancel in, and how much time is left."""

    settings: Settings
    on_progress: Callable[[Progress], None] | None = None
    cancelled: Callable[[], bool] | None = None
    begun: float = field(default_factory=time.monotonic)
    stopped: bool = False

    def seconds(self) -> float:
        return time.monotonic() - self.begun

    def left(self) -> float:
        return max(0.0, self.settings.time_limit - self.seconds())

    def stop(self) -> bool:
        """Whether the caller asked to stop; once said, it stays said."""
        self.stopped = self.stopped or (self.cancelled is not None and self.cancelled())
        return self.stopped

    def report(self, objective: Fraction | None, bound: Fraction | None) -> None:
        if self.on_progress is not None:
            self.on_progress(
                Progress(
                    None if objective is None else float(objective),
                    None if bound is None else float(bound),
                    relative_gap(objective, bound),
                    self.seconds(),
                )
            )


def status_of(objective: Fraction | None, bound: Fraction | None, stopped: bool) -> Status:
    """Optimal when the bound is within 1e-9, else feasible, or cancelled when stopped or when nothing was found."""
    if objective is not None and bound is not None and bound - objective <= WITHIN * abs(bound):
        return Status.OPTIMAL
    return Status.CANCELLED if stopped or objective is None else Status.FEASIBLE
