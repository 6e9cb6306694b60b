"""Scenario: everybody reserves person-days of one team in two quarters, and sometimes gives them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from benchmarks.contention import Writer
from marketplace.audit import service as audit
from marketplace.db.base import db
from marketplace.db.transaction import use_case
from marketplace.kernel.call import Actor, Call
from marketplace.kernel.clock import system_clock
from marketplace.organisations.models import Organisation
from marketplace.organisations.workflow import OrganisationKind, OrganisationState
from marketplace.talent import capacity
from marketplace.talent.models import Team, TeamQuarter

CAPACITY = 200
LARGEST = 40
GIVES_BACK = 0.2
QUARTERS = capacity.quarters_from(date(2027, 1, 1), 2)
ONE_BY_ONE = "00000000000000000X"
"""A code that no organisation can have."""


def prepare() -> int:
    """Make one team with CAPACITY person-days a quarter."""
    return _found(Call(Actor.system(), system_clock(), "prepare")).id


@use_case
def _found(call: Call) -> Team:
    university = Organisation(
        kind=OrganisationKind.UNIVERSITY,
        name="示范大学",
        uscc=ONE_BY_ONE,
        state=OrganisationState.VERIFIED,
        registered_at=call.now,
        verified_at=call.now,
    )
    db.session.add(university)
    db.session.flush()
    team = Team(organisation_id=university.id, name="团队", capacity_days=CAPACITY, created_at=call.now)
    db.session.add(team)
    db.session.flush()
    audit.record(call, "benchmark.found", "team", team.id)
    return team


@use_case
def move(call: Call, team_id: int, loads: capacity.Loads, *, back: bool) -> None:
    """Reserve or release ``loads`` with an audit record, as an approval does."""
    (capacity.release if back else capacity.reserve)(call, loads)
    audit.record(call, "benchmark.move", "team", team_id)


def act(call: Call, subject: int, writer: Writer) -> None:
    """Reserve in both quarters, named in either order, or give back what this writer holds."""
    if writer.memory and writer.random.random() < GIVES_BACK:
        move(call, subject, writer.memory[-1], back=True)
        writer.memory.pop()
        return
    order = writer.random.sample(QUARTERS, len(QUARTERS))
    loads = {(subject, quarter): writer.random.randint(1, LARGEST) for quarter in order}
    move(call, subject, loads, back=False)
    writer.memory.append(loads)


def judge(subject: int) -> Mapping[str, int]:
    """``over``: person-days promised beyond a quarter's capacity."""
    db.session.rollback()
    rows = db.session.scalars(select(TeamQuarter).where(TeamQuarter.team_id == subject))
    return {"over": sum(max(0, row.reserved_days - CAPACITY) for row in rows)}
