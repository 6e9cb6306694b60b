"""What new rules of a fund would break in rooms above this one, which say so themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marketplace.funds.models import Fund


@dataclass(frozen=True, slots=True)
class Broken:
    """Something open that counts on ``amount`` fen of the fund and may not have them under the new rules.

    ``endpoint`` and ``values`` lead to it; ``code`` and ``details`` are the refusal it would meet.
    """

    title: str
    endpoint: str
    values: Mapping[str, Any]
    amount: int
    code: str
    details: Mapping[str, Any]


Watcher = Callable[[Fund, date], Sequence[Broken]]
"""Told of a fund as it would be, and from which day; the fund is no row and must not be stored."""

_WATCHERS: list[Watcher] = []


def on_new_rules(watcher: Watcher) -> Watcher:
    """Register a room's answer to the question what a change of rules breaks there."""
    _WATCHERS.append(watcher)
    return watcher


def broken_by(fund: Fund, on: date) -> list[Broken]:
    """Return everything open that the rules of ``fund`` would break from day ``on``."""
    return [each for watcher in _WATCHERS for each in watcher(fund, on)]
