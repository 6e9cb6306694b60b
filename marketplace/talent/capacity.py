"""A team's person-days by quarter: spreading a project over quarters, and promising days so that none is promised twice."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Table, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from marketplace.db.base import db
from marketplace.kernel import money
from marketplace.kernel.call import Call
from marketplace.kernel.errors import Conflict
from marketplace.talent.models import Team, TeamQuarter

Quarter = str
"""Such as "2027Q1"; sorts as time does."""

Loads = Mapping[tuple[int, Quarter], int]
"""Person-days by (team id, quarter)."""

_QUARTERS = cast("Table", TeamQuarter.__table__)
_INSERT: dict[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def quarter_of(day: date) -> Quarter:
    """Return the calendar quarter that ``day`` is in."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def quarters_from(day: date, count: int) -> list[Quarter]:
    """Return ``count`` quarters, the one of ``day`` first."""
    first = day.year * 4 + (day.month - 1) // 3
    return [f"{n // 4}Q{n % 4 + 1}" for n in range(first, first + count)]


def spread(person_days: int, start_on: date, months: int) -> dict[Quarter, int]:
    """Spread ``person_days`` over ``months`` from ``start_on`` on, by calendar days; the parts sum to it exactly.

    Quarters that get nothing are left out. Raises ValueError for negative days or fewer than one month.
    """
    if months < 1:
        raise ValueError("a project lasts at least one month")
    end = _months_later(start_on, months)
    weights: dict[Quarter, int] = {}
    day = start_on
    while day < end:
        after = min(_next_quarter(day), end)
        weights[quarter_of(day)] = (after - day).days
        day = after
    parts = money.split(person_days, list(weights.values()))
    return {quarter: days for quarter, days in zip(weights, parts, strict=True) if days}


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _next_quarter(day: date) -> date:
    last_month = (day.month + 2) // 3 * 3
    return date(day.year, last_month, monthrange(day.year, last_month)[1]) + timedelta(days=1)


def free_days(pairs: Iterable[tuple[int, Quarter]]) -> dict[tuple[int, Quarter], int]:
    """Return the person-days not yet promised for each (team id, quarter); 0 for a team that does not exist."""
    wanted = list(pairs)
    usual = _usual({team for team, _ in wanted})
    kept = {
        (row.team_id, row.quarter): row.capacity_days - row.reserved_days
        for row in db.session.execute(
            select(_QUARTERS).where(tuple_(_QUARTERS.c.team_id, _QUARTERS.c.quarter).in_(wanted))
        )
    }
    return {pair: kept.get(pair, usual.get(pair[0], 0)) for pair in wanted}


@dataclass(frozen=True, slots=True)
class QuarterLoad:
    """How much of a team's quarter is promised, in person-days."""

    quarter: Quarter
    capacity: int
    reserved: int

    @property
    def free(self) -> int:
        return self.capacity - self.reserved


def outlook(team: Team, quarters: list[Quarter]) -> list[QuarterLoad]:
    """Return a team's load in each of ``quarters``."""
    rows = db.session.execute(
        select(_QUARTERS).where(_QUARTERS.c.team_id == team.id, _QUARTERS.c.quarter.in_(quarters))
    )
    kept = {row.quarter: QuarterLoad(row.quarter, row.capacity_days, row.reserved_days) for row in rows}
    return [kept.get(quarter, QuarterLoad(quarter, team.capacity_days, 0)) for quarter in quarters]


def reserve(call: Call, loads: Loads) -> None:  # noqa: ARG001 - every writer takes the call first
    """Promise ``loads`` inside the running use case: all of them, or Conflict ``talent.full`` naming the first that fails.

    The condition is in the UPDATE itself, so two approvals that race for the same days cannot both have them. Rows are
    touched in one fixed order, so that such races wait for each other instead of dead-locking.
    """
    wanted = sorted((pair, days) for pair, days in loads.items() if days > 0)
    _make_rows([pair for pair, _ in wanted])
    q = _QUARTERS.c
    for (team, quarter), days in wanted:
        done = db.session.execute(
            update(_QUARTERS)
            .where(q.team_id == team, q.quarter == quarter, q.reserved_days + days <= q.capacity_days)
            .values(reserved_days=q.reserved_days + days)
        )
        if cast("CursorResult[Any]", done).rowcount != 1:
            raise Conflict("talent.full", _shortage(team, quarter, days))


def release(call: Call, loads: Loads) -> None:  # noqa: ARG001 - every writer takes the call first
    """Give promised days back inside the running use case; Conflict ``talent.not_reserved`` when they were not promised."""
    q = _QUARTERS.c
    for (team, quarter), days in sorted(loads.items()):
        if days <= 0:
            continue
        done = db.session.execute(
            update(_QUARTERS)
            .where(q.team_id == team, q.quarter == quarter, q.reserved_days >= days)
            .values(reserved_days=q.reserved_days - days)
        )
        if cast("CursorResult[Any]", done).rowcount != 1:
            raise Conflict("talent.not_reserved", {"quarter": quarter, "days": days})


def _usual(teams: set[int]) -> dict[int, int]:
    rows = db.session.execute(select(Team.id, Team.capacity_days).where(Team.id.in_(teams)).order_by(Team.id))
    return {team: days for team, days in rows}  # noqa: C416 - rows are not plain tuples to mypy


def _make_rows(pairs: list[tuple[int, Quarter]]) -> None:
    """Add the quarters that have no row yet, with the team's usual capacity; a racing insert of the same row is fine."""
    usual = _usual({team for team, _ in pairs})
    rows = [
        {"team_id": team, "quarter": quarter, "capacity_days": usual[team], "reserved_days": 0}
        for team, quarter in pairs
        if team in usual
    ]
    if rows:
        insert = _INSERT[db.session.get_bind().dialect.name]
        db.session.execute(insert(_QUARTERS).on_conflict_do_nothing(), rows)


def _shortage(team_id: int, quarter: Quarter, asked: int) -> dict[str, object]:
    name = db.session.scalar(select(Team.name).where(Team.id == team_id)) or ""
    free = free_days([(team_id, quarter)])[team_id, quarter]
    return {"team": name, "quarter": quarter, "free": free, "asked": asked}
