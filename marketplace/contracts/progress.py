"""Milestones as a strip over time, and the money that each source pays when: what the pages draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.contracts.calling import own_first, own_place
from marketplace.contracts.models import Contract, Milestone
from marketplace.contracts.split import held_back, schedule
from marketplace.contracts.workflow import ENDED, TEAM_OWES
from marketplace.web.filters import CITY
from marketplace.web.words import tone


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone on the strip, in thousandths of the whole time; ``done`` is where it was accepted."""

    milestone: Milestone
    start: int
    width: int
    done: int | None
    tone: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """``today`` in thousandths, None outside the time; ``months`` are (place, text) of the axis."""

    bars: list[Bar]
    today: int | None
    months: list[tuple[int, str]]


def strip(contract: Contract, milestones: Sequence[Milestone], today: date) -> Strip:
    """Lay the milestones out between the contract's first day and its last (or today, if that is later and work is open)."""
    decided = [row.decided_at.astimezone(CITY).date() for row in milestones if row.decided_at]
    last = max([contract.ends_on, *(row.due_on for row in milestones), *decided])
    first = min([contract.starts_on, *decided])
    days = max(1, (last - first).days)

    def place(day: date) -> int:
        return max(0, min(1000, (day - first).days * 1000 // days))

    bars, before = [], contract.starts_on
    for row in milestones:
        start = place(min(before, row.due_on))
        accepted = row.decided_at.astimezone(CITY).date() if row.decided_at and row.open_amount == 0 else None
        bars.append(
            Bar(
                milestone=row,
                start=start,
                width=max(12, place(row.due_on) - start),
                done=place(accepted) if accepted else None,
                tone=tone(row.state),
                overdue=row.state in TEAM_OWES and row.due_on < today,
            )
        )
        before = row.due_on
    return Strip(bars, place(today) if first <= today <= last else None, _axis(first, last, place))


def _axis(first: date, last: date, place: Callable[[date], int]) -> list[tuple[int, str]]:
    """At most eight month marks."""
    months = []
    year, month = first.year, first.month
    while (day := date(year, month, 1)) <= last:
        if day >= first:
            months.append(day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(1, -(-len(months) // 8))
    return [(place(day), f"{day:%Y-%m}") for day in months[::step]]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What one call asks of each source (fen), in the order of the sources."""

    title: str
    due_on: date | None
    parts: list[int]
    total: int


def plan_of(contract: Contract, milestones: Sequence[Milestone], retention_title: str) -> list[PlanLine]:
    """Return the payments to come if everything is accepted as planned, the retention last; exact to the fen.

    None is to come of a contract that has ended: its sources keep what was not called.
    """
    if contract.state in ENDED:
        return []
    rows = [row for row in milestones if row.open_amount]
    amounts = [row.open_amount - held_back(row.open_amount, contract.retention) for row in rows]
    left = [source.uncalled for source in contract.sources]
    rest = sum(left) - sum(amounts)
    calls = [*amounts, rest] if rest > 0 else amounts
    parts = schedule(calls, left, own=own_place(contract.sources), own_first=own_first(contract.sources))
    titles: list[tuple[str, date | None]] = [(row.title, row.due_on) for row in rows]
    if rest > 0:
        titles.append((retention_title, None))
    return [PlanLine(title, due, part, sum(part)) for (title, due), part in zip(titles, parts, strict=True)]
